//! How a message went its way.

use corer_schemas::messages::{Delivery, Schedule, Sorted};
use serde::Serialize;

use super::is_false;

/// Only what is out of the ordinary, so that most messages need none of it.
#[derive(Default, Serialize, PartialEq)]
pub(super) struct DeliveryRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    is_delivered: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_read: bool,
    #[serde(skip_serializing_if = "is_false")]
    by_satellite: bool,
    #[serde(skip_serializing_if = "is_false")]
    waits_for_satellite: bool,
    #[serde(skip_serializing_if = "is_false")]
    was_downgraded: bool,
    #[serde(skip_serializing_if = "is_false")]
    was_quiet: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_auto_reply: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_audio: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_played: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_expirable: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_sos: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_spam: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_handle: Option<&'a str>,
}

impl<'a> DeliveryRecord<'a> {
    pub(super) fn new(delivery: &'a Delivery) -> Self {
        Self {
            error: delivery.error,
            schedule: delivery.schedule.map(|schedule| match schedule {
                Schedule::Pending => "pending",
                Schedule::Sent => "sent",
                Schedule::Other(_) => "other",
            }),
            is_delivered: delivery.is_delivered,
            is_read: delivery.is_read,
            by_satellite: delivery.by_satellite,
            waits_for_satellite: delivery.waits_for_satellite,
            was_downgraded: delivery.was_downgraded,
            was_quiet: delivery.was_quiet,
            is_auto_reply: delivery.is_auto_reply,
            is_audio: delivery.is_audio,
            is_played: delivery.is_played,
            is_expirable: delivery.is_expirable,
            is_sos: delivery.is_sos,
            is_spam: delivery.is_spam,
            filter: delivery.filter,
            filter_name: delivery.sorted().and_then(|sorted| match sorted {
                Sorted::Allowed => Some("allow"),
                Sorted::Junk => Some("junk"),
                Sorted::Promotion => Some("promotion"),
                Sorted::Transaction => Some("transaction"),
                Sorted::Other(_) => None,
            }),
            own_handle: delivery.own_handle.as_deref(),
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}
