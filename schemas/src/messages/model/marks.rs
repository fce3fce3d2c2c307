//! What some apps remember about a message that others do not.

use serde::{Deserialize, Serialize};

use super::Sender;
use super::json::shared;
use crate::time::AppleTime;

/// What an app remembers about a message besides what was said: most messages have none of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// Whether the owner marked it with a star.
    pub is_starred: bool,
    /// How often it had been forwarded before it came, where it was.
    pub forwarded: Option<u64>,
    /// Whether its picture, film or sound was meant to be seen or heard once.
    pub is_view_once: bool,
    /// Whether its film plays without a sound and again and again.
    pub is_gif: bool,
    /// Whether it is a film made as a message, which the app shows in a circle.
    pub is_video_note: bool,
    /// Whether it was taken back for everybody.
    pub is_revoked: bool,
    /// How long its sound or film is, in seconds.
    pub seconds: Option<u64>,
    /// When the app noted that what the owner wrote had been sent.
    pub sent: Option<AppleTime>,
    /// What became of it at each of those whom the owner sent it to.
    pub receipts: Vec<Receipt>,
}

/// What became of a message at one of those whom it was sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// At whom.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub person: Sender,
    /// When it arrived there.
    pub delivered: Option<AppleTime>,
    /// When it was read there.
    pub read: Option<AppleTime>,
}

impl Marks {
    /// Itself, unless there is nothing in it.
    pub fn some(self) -> Option<Box<Self>> {
        (self != Self::default()).then(|| Box::new(self))
    }
}
