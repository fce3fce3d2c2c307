//! What some apps remember about a message that others do not.

use corer_schemas::messages::{Marks, Receipt};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::is_false;
use super::person::Person;
use crate::clock::exact;

/// Only what there is.
#[derive(Serialize)]
pub(super) struct MarksRecord<'a> {
    #[serde(skip_serializing_if = "is_false")]
    is_starred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    forwarded: Option<u64>,
    #[serde(skip_serializing_if = "is_false")]
    is_view_once: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_gif: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_video_note: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_revoked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    receipts: Vec<ReceiptRecord<'a>>,
}

#[derive(Serialize)]
struct ReceiptRecord<'a> {
    person: Option<Person<'a>>,
    delivered: Option<String>,
    read: Option<String>,
}

impl<'a> MarksRecord<'a> {
    pub(super) fn new(marks: &'a Marks, zone: &TimeZone) -> Self {
        let receipt = |receipt: &'a Receipt| ReceiptRecord {
            person: Person::of(&receipt.person),
            delivered: exact(receipt.delivered, zone),
            read: exact(receipt.read, zone),
        };
        Self {
            is_starred: marks.is_starred,
            forwarded: marks.forwarded,
            is_view_once: marks.is_view_once,
            is_gif: marks.is_gif,
            is_video_note: marks.is_video_note,
            is_revoked: marks.is_revoked,
            seconds: marks.seconds,
            sent: exact(marks.sent, zone),
            receipts: marks.receipts.iter().map(receipt).collect(),
        }
    }
}
