//! What is said in the middle of a conversation.

use super::Sender;

/// Something that happened to the conversation rather than in it. Who did it is the sender of the message.
#[derive(Debug, Clone, PartialEq)]
pub enum Announcement {
    /// Somebody was added.
    Added(Sender),
    /// Somebody was removed.
    Removed(Sender),
    /// Somebody has another number or address now.
    NumberChanged(Sender),
    /// The sender left.
    Left,
    /// The group was named; `None`: its name was taken away.
    Renamed(Option<String>),
    /// The group got another picture. It is among the attachments where it is kept.
    PhotoChanged,
    /// The group's picture was taken away.
    PhotoRemoved,
    /// The conversation got another background.
    BackgroundChanged,
    /// The background was taken away.
    BackgroundRemoved,
    /// Somebody began or ended to share where they are.
    Location {
        /// Began or ended, where the row says.
        sharing: Option<Sharing>,
        /// With whom, where the row says.
        with: Sender,
    },
    /// An audio message was kept by whom it was sent to.
    AudioKept,
    /// Something was watched or listened to together, or a FaceTime call ended.
    SharePlay,
    /// The whole message was taken back.
    Unsent,
    /// Another one, by its numbers.
    Other {
        /// `item_type` of the row.
        item_type: i64,
        /// `group_action_type` of the row.
        action: i64,
    },
}

/// Whether sharing began or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// It began.
    Started,
    /// It ended.
    Stopped,
}
