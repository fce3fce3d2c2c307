//! WhatsApp and WhatsApp Business: conversations, from `ChatStorage.sqlite` in the app group of each.
//!
//! [`WhatsApp`] reads the stores of both apps into the model of [`messages`](crate::messages), so that all that is done with
//! messages is done with these too. They are Core Data stores whose columns came and went; a reader asks which are there.
//!
//! Two stores beside it say who people are: `ContactsV2.sqlite`, the app's copy of the address book, and `LID.sqlite`, whose
//! number is behind an identifier that says nothing (`…@lid`). Either may be missing.
//!
//! Column names: the CREATE statements of WhatsApp 2.23 (iOS 15.3.1). What they mean: that store's rows, and what several public
//! readers of stores of iOS 14 to 26 agree about; `docs/formats/whatsapp.md` says which of it is how sure.

mod account;
mod addressed;
mod chats;
mod columns;
mod contact_cards;
mod content;
mod dates;
mod events;
mod jid;
mod joins;
mod media;
mod members;
mod message;
mod metadata;
mod names;
mod numbers;
mod owner;
mod payments;
mod places;
mod previews;
mod push_name;
mod reader;
mod receipt_info;
mod replies;
mod store;
mod text;

use crate::kind::{Area, Content, Kept, Kind};

pub use account::Account;
pub use reader::WhatsApp;

pub(crate) use metadata::Metadata;
pub(crate) use names::Names;
pub(crate) use receipt_info::ReceiptInfo;

/// Where the app's own address book lies, below the folder of its group.
pub const CONTACTS: &str = "ContactsV2.sqlite";

/// Where it is noted whose number is behind an identifier.
pub const LIDS: &str = "LID.sqlite";

/// Where the app's calls lie.
pub const CALLS: &str = "CallHistory.sqlite";

/// The folder of what was sent and received.
const MEDIA: &str = "Message/Media/";

/// What the app makes of it.
const MADE_OF_MEDIA: &[&str] = &[".thumb", ".mmsthumb", ".favicon"];

/// Conversations of WhatsApp, and what was sent in them.
pub static KIND: Kind = Kind {
    name: "whatsapp",
    title: "WhatsApp",
    plural: "WhatsApp messages",
    nouns: ("message", "messages"),
    contents: &[
        Content { title: "WhatsApp", kept: Kept::Always, places: Account::Personal.places() },
        Content { title: "WhatsApp Business", kept: Kept::Always, places: Account::Business.places() },
    ],
    areas: &[
        Area::many(Account::Personal.domain(), MEDIA, "a file of a WhatsApp chat", "files of WhatsApp chats")
            .of_records(MADE_OF_MEDIA),
        Area::many(
            Account::Business.domain(),
            MEDIA,
            "a file of a WhatsApp Business chat",
            "files of WhatsApp Business chats",
        )
        .of_records(MADE_OF_MEDIA),
        Area::many(Account::Personal.domain(), "", "WhatsApp chats or media", "WhatsApp chats and media"),
        Area::many(
            Account::Business.domain(),
            "",
            "WhatsApp Business chats or media",
            "WhatsApp Business chats and media",
        ),
        Area::many("AppDomain-net.whatsapp.WhatsApp", "Documents/", "old WhatsApp chats", "old WhatsApp chats"),
    ],
};
