//! What happened to a message: replies, edits, deletion, translation, sending later.

use serde::{Deserialize, Serialize};

use super::json::shared;
use super::{Sender, Span};
use crate::time::AppleTime;

/// The message that another one answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The identifier of the message that began the thread.
    pub guid: String,
    /// Which part of it is answered, by [`super::Part::index`].
    pub part: u32,
    /// Its row number. `None` when the backup does not hold it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// When it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// Whether the owner sent it. Not known where [`id`](Self::id) is `None`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_from_me: bool,
    /// Who sent it; `None` for the owner, and where that is not known.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub sender: Sender,
    /// The beginning of the part that is answered, on one line; `None` where it holds no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

impl Reply {
    /// Whether it is known who wrote what is answered.
    pub fn is_known(&self) -> bool {
        self.id.is_some() || self.sender.is_some() || self.is_from_me
    }
}

/// The versions of a part of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Which part, by [`super::Part::index`].
    pub part: u32,
    /// Its versions from the first to the last, which is the one shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<Version>,
}

/// One version of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// When it was written.
    pub date: Option<AppleTime>,
    /// Its text.
    pub text: String,
    /// What is said about ranges of it.
    pub spans: Vec<Span>,
}

/// That a message, or parts of it, were deleted and could still be recovered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// When the whole message was deleted; `None` where only parts were, or the device does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// Whether the whole message was deleted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_whole: bool,
    /// The parts that were deleted by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<DeletedPart>,
}

/// A part that was deleted by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeletedPart {
    /// Which part, by [`super::Part::index`].
    pub index: u32,
    /// When it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// Its text, where it had any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a message says in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Translation {
    /// The language of the translation, as `de-DE`.
    pub language: Option<String>,
    /// The translation.
    pub text: String,
}

/// That a message is sent later than it was written, since iOS 18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// It waits; its date is when it will be sent.
    Pending,
    /// It was sent at its time.
    Sent,
    /// Another state, as stored.
    Other(i64),
}
