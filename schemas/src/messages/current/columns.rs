//! The columns of `message` that are read, by the position at which the query gives them, and the values in them.

use rusqlite::Row;

use super::super::moment;
use crate::database::Fields;
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

impl Column {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        NAMES.get(self as usize).copied().unwrap_or_default()
    }
}

/// The values of one row of `message`.
pub(super) struct Values<'r>(Fields<'r>);

impl<'r> Values<'r> {
    /// Takes what the query for [`NAMES`] gave.
    pub(super) fn of(row: &'r Row<'r>) -> Self {
        Self(Fields::Queried(row, 0))
    }

    /// Takes a record, and where in it the values of [`NAMES`] lie.
    pub(super) fn stored(record: &'r [u8], places: &'r [Place]) -> Self {
        Self(Fields::Stored(record, places))
    }

    /// The integer in a column.
    pub(super) fn number(&self, column: Column) -> Option<i64> {
        self.0.integer(column as usize)
    }

    /// Whether that is not zero.
    pub(super) fn is(&self, column: Column) -> bool {
        self.0.truth(column as usize)
    }

    /// The moment in a column, or what stands there instead.
    pub(super) fn moment(&self, column: Column) -> Result<Option<AppleTime>, String> {
        moment::read(self.0.value(column as usize))
    }

    /// The text in a column.
    pub(super) fn words(&self, column: Column) -> Option<String> {
        self.0.text(column as usize)
    }

    /// The text in a column, `None` where it is empty too.
    pub(super) fn some(&self, column: Column) -> Option<String> {
        self.0.some_text(column as usize)
    }

    /// The bytes in a column.
    pub(super) fn bytes(&self, column: Column) -> Option<&'r [u8]> {
        self.0.blob(column as usize)
    }
}
