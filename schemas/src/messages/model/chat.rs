//! Conversations.

use serde::{Deserialize, Serialize};

use super::json::is_default;
use super::{Attachment, Handle};

/// By what a message travels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Apple's own.
    IMessage,
    /// Text and multimedia messages of the phone network.
    Sms,
    /// Their successor.
    Rcs,
    /// iMessage by satellite (`iMessageLite`).
    Satellite,
    /// WhatsApp.
    WhatsApp,
    /// WhatsApp Business, an app of its own on the same phone.
    WhatsAppBusiness,
    /// Another one, as stored.
    Other(String),
}

impl Service {
    /// Reads the name that databases use.
    pub fn read(name: &str) -> Self {
        match name {
            "iMessage" => Self::IMessage,
            "SMS" => Self::Sms,
            "RCS" => Self::Rcs,
            "iMessageLite" => Self::Satellite,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The name that databases use.
    pub fn as_str(&self) -> &str {
        match self {
            Self::IMessage => "iMessage",
            Self::Sms => "SMS",
            Self::Rcs => "RCS",
            Self::Satellite => "iMessageLite",
            Self::WhatsApp => "WhatsApp",
            Self::WhatsAppBusiness => "WhatsApp Business",
            Self::Other(name) => name,
        }
    }
}

/// One conversation, as the phone shows it: what several services or numbers of the same people hold is one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Chat {
    /// The row number in the database (in iOS 5, 2^32 is added for iMessage conversations, which have a table of their
    /// own); 0 for the messages that belong to no conversation. Of a conversation made of several, that of the newest.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub guid: String,
    /// The number, address or group identifier.
    pub identifier: String,
    /// The name that people gave a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// By what it travels, of the newest where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Everybody but the owner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Handle>,
    /// Those of [`participants`](Self::participants), by place and ascending, who are somebody that another one is already:
    /// another number or address of one person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubled: Vec<usize>,
    /// Whether it is a group, whoever is left in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_group: bool,
    /// What it is, where it is more or less than a conversation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sort: ChatSort,
    /// The other conversations of the database that are shown as a part of this one, ordered by [`Origin::id`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Origin>,
    /// Whether and where it is kept apart from known people.
    pub filtered: Filtered,
    /// What else the device remembers about it.
    pub properties: Properties,
}

/// What a conversation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatSort {
    /// A conversation of two people or a group.
    #[default]
    Conversation,
    /// What holds several groups together, and where those who lead it tell all of them something.
    Community,
    /// A list of people to whom the owner wrote the same at once.
    Broadcast,
    /// What people showed to everybody for a day.
    Status,
    /// What somebody tells whoever wants to hear it.
    Channel,
    /// Another one, as stored.
    Other(i64),
}

/// A conversation of the database that is shown as a part of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The row number in the database, as [`Chat::id`].
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub guid: String,
    /// The number, address or group identifier.
    pub identifier: String,
    /// By what it travels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
}

/// Whether and where a conversation is kept apart from those with known people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filtered {
    /// It is among the others.
    #[default]
    No,
    /// Nobody in it is known.
    UnknownSender,
    /// The device took it for unwanted.
    Spam,
    /// The owner blocked who writes.
    Blocked,
    /// Another list of a newer version, as stored: transactions, promotions and their kin.
    Other(i64),
}

/// What a device remembers about a conversation besides its messages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Properties {
    /// The picture that a group was given last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<Box<Attachment>>,
    /// The owner's own number or address in it, as last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_handle: Option<String>,
    /// Whether the owner put it away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_archived: bool,
    /// Whether the owner deleted it, and the app keeps its row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_removed: bool,
    /// Whether the app does not show it in its list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_hidden: bool,
    /// Whether others see when the owner has read, where this was set for the conversation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_receipts: Option<bool>,
    /// Whether it makes no sound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_muted: bool,
    /// Whether it was set to go by SMS whatever is possible.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_forced_to_sms: bool,
    /// Whether it has a background of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_background: bool,
}

impl Chat {
    /// The conversation that stands for the messages which belong to none.
    pub(in crate::messages) fn of_orphans() -> Self {
        Self::default()
    }

    /// Everybody but the owner, each person once.
    pub fn people(&self) -> impl Iterator<Item = &Handle> {
        let mut doubled = self.doubled.iter().peekable();
        let people = self.participants.iter().enumerate();
        people.filter_map(move |(place, handle)| doubled.next_if(|next| **next == place).is_none().then_some(handle))
    }

    /// The one person who takes part beside the owner. `None` where there are several, or nobody is known.
    pub fn only(&self) -> Option<&Handle> {
        let mut people = self.people();
        people.next().filter(|_| people.next().is_none())
    }

    /// The other person of a conversation of two.
    pub fn other(&self) -> Option<&Handle> {
        self.only().filter(|_| !self.is_group && self.id != 0)
    }

    /// The numbers of all conversations of the database that this one is made of.
    pub fn origins(&self) -> impl Iterator<Item = i64> {
        std::iter::once(self.id).chain(self.merged.iter().map(|origin| origin.id))
    }
}
