//! The columns of `message` that are read, by the position at which the query gives them.

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
