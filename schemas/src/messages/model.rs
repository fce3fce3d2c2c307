//! The neutral model of conversations: plain data, no rendering.
//!
//! A [`Chat`] has [`Message`]s; a message is made of [`Part`]s (what the phone shows as bubbles), and everything that was
//! done to it later stands at it: [`Tapback`]s, [`Edit`]s, parts that were taken back, votes. What is said about a text
//! lies beside it as ranges ([`Span`]), never inside of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

mod announcement;
pub mod app;
mod attachment;
mod chat;
mod history;
mod json;
mod marks;
mod message;
mod tapback;
mod text;

pub use announcement::{Announcement, ChatCall, Sharing};
pub use app::{App, AppContent, Card};
pub use attachment::{Attachment, AttachmentContent, SourceApp, Sticker, StickerEffect, StickerSource};
pub use chat::{Chat, ChatSort, Filtered, Origin, Properties, Service};
pub use history::{Deleted, DeletedPart, Edit, Reply, Schedule, Translation, Version};
pub use marks::{Marks, Receipt};
pub use message::{Delivery, Effect, Message, MessageKind, Sorted};
pub use tapback::{Reaction, Tapback, Vote};
pub use text::{Detected, DetectedKind, Part, PartContent, Span, Style, TextEffect};

/// A phone number or address that takes part in conversations.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Handle {
    /// The number in international form, or the mail address, as stored.
    pub address: String,
    /// The person's name, where the backup's contacts know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Who wrote: the owner, somebody else, or somebody whom the row does not name. Many messages share one handle.
pub type Sender = Option<Arc<Handle>>;

/// Whose device it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owner {
    /// The name, where the backup's contacts know the owner's own numbers or addresses.
    pub name: Option<String>,
    /// The numbers and addresses that messages came to and went from, the most used first.
    pub handles: Vec<String>,
}
