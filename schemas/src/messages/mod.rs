//! Messages: iMessage, SMS, RCS and satellite conversations from `Library/SMS/sms.db` of iOS 3 to 26.
//!
//! [`Messages`] reads the database of any version into the neutral model of [`model`], from which every format is
//! written. Two generations of tables hide behind it: handles, chats and messages since iOS 6, and the text message
//! groups of iOS 3 to 5 with the iMessage columns that iOS 5 added beside them.

mod announcement;
mod apps;
mod assemble;
mod associate;
mod attachments;
mod body;
mod connections;
mod current;
mod filter;
mod generation;
mod grouping;
mod identity;
mod kind;
mod legacy;
pub mod model;
mod moment;
mod persons;
mod port;
mod reader;
mod stickers;
mod summary;
mod tapback;
mod threads;
mod walk;

use crate::kind::{Area, Content, Kept, Kind};

pub(crate) use apps::read as read_app;
pub(crate) use connections::ConnectionPool;
pub use filter::{Category, Filter};
pub use identity::without_service;
pub use model::{
    Announcement, App, AppContent, Attachment, AttachmentContent, Card, Chat, ChatCall, ChatSort, Deleted, DeletedPart,
    Delivery, Detected, DetectedKind, Edit, Effect, Filtered, Handle, Marks, Message, MessageKind, Origin, Owner, Part,
    PartContent, Properties, Reaction, Receipt, Reply, Schedule, Sender, Service, Sharing, Sorted, SourceApp, Span,
    Sticker, StickerEffect, StickerSource, Style, Tapback, TextEffect, Translation, Version, Vote, app,
};
pub use port::ChatReader;
pub use reader::{Counts, Grouping, Messages};

/// Where the database lies: domain and path.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/SMS/sms.db");

/// Where the files of attachments lie: domain, and the path that all of theirs begin with.
pub const ATTACHMENTS: (&str, &str) = ("MediaDomain", "Library/SMS");

/// Conversations, and what was sent in them.
pub static KIND: Kind = Kind {
    name: "messages",
    title: "Messages",
    plural: "messages",
    nouns: ("message", "messages"),
    contents: &[Content { title: "Messages", kept: Kept::Always, places: &[DATABASE] }],
    areas: &[
        Area::one(DATABASE.0, DATABASE.1, "the database of all messages"),
        Area::many(ATTACHMENTS.0, "Library/SMS/Attachments/", "an attachment of a message", "attachments of messages")
            .of_records(&[".ktx"]),
    ],
};
