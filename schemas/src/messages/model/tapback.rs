//! Reactions and votes.

use serde::{Deserialize, Serialize};

use super::json::shared;
use super::{Attachment, Sender};
use crate::time::AppleTime;

/// One reaction to a part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tapback {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// Whether the owner reacted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_from_me: bool,
    /// Who reacted; `None` for the owner.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub sender: Sender,
    /// The identifier of the message reacted to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Which part of it, by [`super::Part::index`].
    pub part: u32,
    /// How.
    pub reaction: Reaction,
    /// Whether it was taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// The identifier of the row that took it back, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_by: Option<String>,
    /// What the device wrote for phones that know no reactions: `Loved “See you”`. Its first 1,024 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How somebody reacted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// A heart.
    Loved,
    /// A thumb up.
    Liked,
    /// A thumb down.
    Disliked,
    /// Ha ha.
    Laughed,
    /// Two exclamation marks.
    Emphasized,
    /// A question mark.
    Questioned,
    /// Any emoji.
    Emoji(String),
    /// A sticker put on the message.
    Sticker(Option<Box<Attachment>>),
    /// Another one, by its number.
    Other(i64),
}

impl Reaction {
    /// The reaction as an emoji. `None` for stickers and unknown ones.
    pub fn emoji(&self) -> Option<&str> {
        Some(match self {
            Self::Loved => "❤️",
            Self::Liked => "👍",
            Self::Disliked => "👎",
            Self::Laughed => "😂",
            Self::Emphasized => "‼️",
            Self::Questioned => "❓",
            Self::Emoji(emoji) => emoji,
            Self::Sticker(_) | Self::Other(_) => return None,
        })
    }
}

/// One vote in a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vote {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub guid: Option<String>,
    /// When.
    pub date: Option<AppleTime>,
    /// Whether the owner voted.
    pub is_from_me: bool,
    /// Who voted; `None` for the owner.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub sender: Sender,
    /// The identifier of the poll's message.
    pub target: Option<String>,
    /// The options voted for, by [`super::app::PollOption::id`].
    pub options: Vec<String>,
}
