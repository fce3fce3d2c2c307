//! When a message was sent, and when it was delivered and read.

use corer_schemas::AppleTime;
use corer_schemas::messages::Message;
use jiff::tz::TimeZone;

use crate::clock::Moment;

/// The time beside a message.
pub(super) struct Time {
    pub(super) exact: String,
    pub(super) short: String,
    /// When it was delivered and read.
    pub(super) more: Option<String>,
}

impl Time {
    pub(super) fn new(message: &Message, moment: &Moment, zone: &TimeZone) -> Self {
        let of = |time: Option<AppleTime>| time.and_then(|time| Moment::new(time, zone));
        let delivered = of(message.date_delivered.filter(|_| message.is_from_me));
        let read = of(message.date_read);
        let mut more = String::new();
        if let Some(delivered) = &delivered {
            more.push_str("Delivered ");
            delivered.push_near(moment, &mut more);
        }
        if let Some(read) = &read {
            more.push_str(if delivered.is_some() { ", read " } else { "Read " });
            read.push_near(moment, &mut more);
        }
        Self { exact: moment.exact(), short: moment.time(), more: Some(more).filter(|more| !more.is_empty()) }
    }
}
