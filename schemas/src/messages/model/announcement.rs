//! What is said in the middle of a conversation.

use serde::{Deserialize, Serialize};

use super::Sender;
use super::json::{shared, shared_list};

/// Something that happened to the conversation rather than in it. Who did it is the sender of the message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announcement {
    /// Somebody was added.
    Added(#[serde(with = "shared")] Sender),
    /// Somebody was removed.
    Removed(#[serde(with = "shared")] Sender),
    /// Somebody has another number or address now.
    NumberChanged(#[serde(with = "shared")] Sender),
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
        #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
        with: Sender,
    },
    /// An audio message was kept by whom it was sent to.
    AudioKept,
    /// Something was watched or listened to together, or a FaceTime call ended.
    SharePlay,
    /// The whole message was taken back.
    Unsent,
    /// Several people were added at once.
    AddedSeveral(#[serde(with = "shared_list")] Vec<Sender>),
    /// Several people were removed at once.
    RemovedSeveral(#[serde(with = "shared_list")] Vec<Sender>),
    /// The sender joined, by a link or after having asked.
    Joined,
    /// The conversation was begun.
    Created,
    /// What the group is about was written or changed, and what it says now where that is known.
    DescriptionChanged(Option<String>),
    /// From here on only those who take part can read what is said.
    Encrypted,
    /// Somebody has a new phone, or installed the app anew: the code by which two people check who they talk to changed.
    SecurityCodeChanged(#[serde(with = "shared")] Sender),
    /// Messages vanish after this many seconds, or do not any more (0); `None` where that is not known.
    TimerChanged(Option<u64>),
    /// Somebody called.
    Called(ChatCall),
    /// A message was sent that had not come when the backup was made.
    Awaited,
    /// Something that another app than Messages noted and of which nobody knows what it is.
    Unknown {
        /// What the row says of its kind: `type 10, event 58`.
        what: String,
    },
    /// Another one, by its numbers.
    Other {
        /// `item_type` of the row.
        item_type: i64,
        /// `group_action_type` of the row.
        action: i64,
    },
}

/// A call, as its conversation tells of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatCall {
    /// Whether it was with pictures; `None` where the conversation does not say.
    pub is_video: Option<bool>,
    /// Whether it was one of a group.
    pub is_group: bool,
    /// How long it took, in seconds; 0: nobody talked. `None` where the conversation does not say.
    pub seconds: Option<u64>,
    /// Whether the owner missed it.
    pub is_missed: bool,
}

/// Whether sharing began or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// It began.
    Started,
    /// It ended.
    Stopped,
}
