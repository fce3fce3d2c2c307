//! The columns of `message` that are read, by the position at which the query gives them, and the values in them.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::database::value;
use crate::formats::sqlite::Place;
use crate::time::AppleTime;

macro_rules! columns {
    ($($column:ident = $name:literal,)*) => {
        /// A column of `message`.
        #[derive(Debug, Clone, Copy)]
        pub(super) enum Column {
            $($column,)*
        }

        /// Their names, in the same order.
        pub(super) const NAMES: &[&str] = &[$($name,)*];
    };
}

columns! {
    Guid = "guid",
    Text = "text",
    AttributedBody = "attributedBody",
    Subject = "subject",
    Handle = "handle_id",
    Service = "service",
    Error = "error",
    Date = "date",
    DateRead = "date_read",
    DateDelivered = "date_delivered",
    IsDelivered = "is_delivered",
    IsFromMe = "is_from_me",
    IsAutoReply = "is_auto_reply",
    IsRead = "is_read",
    IsSent = "is_sent",
    WasDowngraded = "was_downgraded",
    IsAudio = "is_audio_message",
    IsPlayed = "is_played",
    DatePlayed = "date_played",
    ItemType = "item_type",
    OtherHandle = "other_handle",
    GroupTitle = "group_title",
    GroupAction = "group_action_type",
    ShareStatus = "share_status",
    ShareDirection = "share_direction",
    IsExpirable = "is_expirable",
    AssociatedGuid = "associated_message_guid",
    AssociatedType = "associated_message_type",
    Bundle = "balloon_bundle_id",
    Payload = "payload_data",
    Effect = "expressive_send_style_id",
    Summary = "message_summary_info",
    OwnHandle = "destination_caller_id",
    IsSpam = "is_spam",
    ThreadOriginator = "thread_originator_guid",
    ThreadPart = "thread_originator_part",
    WasQuiet = "was_delivered_quietly",
    DateRetracted = "date_retracted",
    DateEdited = "date_edited",
    IsSatellite = "is_stewie",
    IsSos = "is_sos",
    AssociatedEmoji = "associated_message_emoji",
    WaitsForSatellite = "is_pending_satellite_send",
    ScheduleType = "schedule_type",
    OffGrid = "sent_or_received_off_grid",
    Filter = "filter_action",
    SubFilter = "filter_sub_action",
}

/// The values of one row of `message`, each read when it is asked for.
pub(super) enum Values<'r> {
    /// What the query for [`NAMES`] gave.
    Queried(&'r Row<'r>),
    /// A record, and where in it the values of [`NAMES`] lie.
    Stored(&'r [u8], &'r [Place; NAMES.len()]),
}

impl<'r> Values<'r> {
    fn of_column(&self, column: Column) -> ValueRef<'r> {
        match self {
            Self::Queried(row) => row.get_ref(column as usize).unwrap_or(ValueRef::Null),
            Self::Stored(record, places) => {
                places.get(column as usize).map_or(ValueRef::Null, |place| place.value(record))
            }
        }
    }

    /// The integer in a column.
    pub(super) fn number(&self, column: Column) -> Option<i64> {
        value::integer(self.of_column(column))
    }

    /// Whether that is not zero.
    pub(super) fn is(&self, column: Column) -> bool {
        self.number(column).is_some_and(|number| number != 0)
    }

    /// The time in a column.
    pub(super) fn moment(&self, column: Column) -> Option<AppleTime> {
        self.number(column).and_then(AppleTime::from_seconds_or_nanoseconds)
    }

    /// The text in a column.
    pub(super) fn words(&self, column: Column) -> Option<String> {
        value::text(self.of_column(column))
    }

    /// The text in a column, `None` where it is empty too.
    pub(super) fn some(&self, column: Column) -> Option<String> {
        self.words(column).filter(|text| !text.is_empty())
    }

    /// The bytes in a column.
    pub(super) fn bytes(&self, column: Column) -> Option<&'r [u8]> {
        value::blob(self.of_column(column))
    }
}
