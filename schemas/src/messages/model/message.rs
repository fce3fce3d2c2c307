//! Messages.

use serde::{Deserialize, Serialize};

use super::json::{is_default, shared};
use super::{
    Announcement, App, Attachment, Deleted, Edit, Marks, Part, Reply, Schedule, Sender, Service, Tapback, Translation,
    Vote,
};
use crate::time::AppleTime;

/// What a message is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Something that a person wrote or attached.
    #[default]
    Normal,
    /// A reaction to a message that is not among those asked for, or not in the backup any more. All others stand at
    /// their message.
    Tapback(Box<Tapback>),
    /// A vote in a poll that is not among the messages asked for, or not in the backup any more.
    Vote(Box<Vote>),
    /// Somebody joined, left, renamed the group …: said in the middle of the conversation.
    Announcement(Announcement),
    /// The content of an app: a link preview, a payment, a game.
    App(Box<App>),
    /// A kind that this version does not know: shown, never left out.
    Unsupported {
        /// What the row says about itself, for the report.
        what: String,
    },
}

/// One message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// The conversation, by [`super::Chat::id`].
    pub chat_id: i64,
    /// When it was sent or received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// When the other side read it, or the owner did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_read: Option<AppleTime>,
    /// When it arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_delivered: Option<AppleTime>,
    /// When it was last changed, or a part of it taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_edited: Option<AppleTime>,
    /// When an audio message or an effect was played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_played: Option<AppleTime>,
    /// Whether the owner of the device sent it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_from_me: bool,
    /// Who sent it; `None` for the owner, and where the row does not say.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub sender: Sender,
    /// By what it travelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// What it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: MessageKind,
    /// The subject line, where one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text. U+FFFC stands where an attachment stood in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The text with attributes, where the database has it with other words than [`text`](Self::text).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributed_text: Option<String>,
    /// What it is made of, in order. A message without any text or file has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The files sent with it, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The reactions to it, in the order of their dates, those that were taken back among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tapbacks: Vec<Tapback>,
    /// The message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Box<Reply>>,
    /// The messages that answer it, by [`Message::id`], in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<i64>,
    /// Earlier versions, by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// The effect that it arrived with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// That it was deleted and could still be recovered, or that parts of it were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Box<Deleted>>,
    /// What it says in the owner's language, where the device translated it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translation: Option<Box<Translation>>,
    /// How it came or went.
    #[serde(default, skip_serializing_if = "is_default")]
    pub delivery: Delivery,
    /// What else its app remembers about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marks: Option<Box<Marks>>,
}

/// How a message came or went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The number of the error with which sending failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<i64>,
    /// Whether the device knows that it arrived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_delivered: bool,
    /// Whether it was read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_read: bool,
    /// Whether it is still to be sent, or was written ahead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Whether it travelled by satellite.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_satellite: bool,
    /// Whether it waits for a satellite.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits_for_satellite: bool,
    /// Whether it went as a text message because iMessage was not possible.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_downgraded: bool,
    /// Whether it arrived without a sound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_quiet: bool,
    /// Whether the device answered by itself (while driving, during a call).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_auto_reply: bool,
    /// Whether it is an audio message.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_audio: bool,
    /// Whether an audio message was played.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_played: bool,
    /// Whether an audio message vanishes after it was played unless it is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_expirable: bool,
    /// Whether it called for help.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sos: bool,
    /// Whether the device took it for unwanted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_spam: bool,
    /// The list and the list below it into which the device sorted it, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<(i64, i64)>,
    /// The owner's own number or address that it came to or went from.
    #[serde(default, with = "shared", skip_serializing_if = "Option::is_none")]
    pub own_handle: Option<std::sync::Arc<str>>,
}

/// The list into which a device sorted a message, since iOS 27.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sorted {
    /// It is wanted.
    Allowed,
    /// It is unwanted.
    Junk,
    /// It wants to sell something.
    Promotion,
    /// It is about an order, a payment, a code.
    Transaction,
    /// Another list, by its number.
    Other(i64),
}

impl Delivery {
    /// The list into which the device sorted it.
    pub fn sorted(&self) -> Option<Sorted> {
        self.filter.map(|(action, _)| match action {
            1 => Sorted::Allowed,
            2 => Sorted::Junk,
            3 => Sorted::Promotion,
            4 => Sorted::Transaction,
            other => Sorted::Other(other),
        })
    }
}

/// The effect that a message arrived with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The bubble slams down.
    Slam,
    /// The bubble grows and trembles.
    Loud,
    /// The bubble begins small.
    Gentle,
    /// The bubble is covered until it is wiped.
    InvisibleInk,
    /// The screen fills with copies of the bubble.
    Echo,
    /// A light falls on the bubble.
    Spotlight,
    /// Balloons rise.
    Balloons,
    /// Confetti falls.
    Confetti,
    /// A heart grows out of the bubble.
    Love,
    /// Lasers light the screen.
    Lasers,
    /// Fireworks light the screen.
    Fireworks,
    /// A star falls.
    ShootingStar,
    /// Sparks rise.
    Celebration,
    /// Another one, as stored.
    Other(String),
}

impl Effect {
    /// Reads the identifier that databases use.
    pub fn read(identifier: &str) -> Self {
        let name = identifier.rsplit('.').next().unwrap_or_default();
        match name {
            "impact" => Self::Slam,
            "loud" => Self::Loud,
            "gentle" => Self::Gentle,
            "invisibleink" => Self::InvisibleInk,
            "CKEchoEffect" => Self::Echo,
            "CKSpotlightEffect" => Self::Spotlight,
            "CKHappyBirthdayEffect" => Self::Balloons,
            "CKConfettiEffect" => Self::Confetti,
            "CKHeartEffect" => Self::Love,
            "CKLasersEffect" => Self::Lasers,
            "CKFireworksEffect" => Self::Fireworks,
            "CKShootingStarEffect" => Self::ShootingStar,
            "CKSparklesEffect" => Self::Celebration,
            _ => Self::Other(identifier.to_owned()),
        }
    }

    /// What the phone calls it.
    pub fn name(&self) -> &str {
        match self {
            Self::Slam => "Slam",
            Self::Loud => "Loud",
            Self::Gentle => "Gentle",
            Self::InvisibleInk => "Invisible Ink",
            Self::Echo => "Echo",
            Self::Spotlight => "Spotlight",
            Self::Balloons => "Balloons",
            Self::Confetti => "Confetti",
            Self::Love => "Love",
            Self::Lasers => "Lasers",
            Self::Fireworks => "Fireworks",
            Self::ShootingStar => "Shooting Star",
            Self::Celebration => "Celebration",
            Self::Other(identifier) => identifier,
        }
    }
}
