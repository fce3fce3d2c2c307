//! The neutral model of conversations: plain data, no rendering.

use crate::source::Entry;
use crate::time::AppleTime;

/// A phone number or address that takes part in conversations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    /// The number in international form, or the mail address, as stored.
    pub address: String,
    /// The person's name, where the backup's contacts know it.
    pub name: Option<String>,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// The row number in the database (in iOS 5, 2^32 is added for iMessage conversations, which have a table of their
    /// own); 0 for the messages that belong to no conversation.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub guid: String,
    /// The number, address or group identifier.
    pub identifier: String,
    /// The name that people gave a group.
    pub display_name: Option<String>,
    /// `iMessage`, `SMS`, `RCS` … as stored.
    pub service: Option<String>,
    /// Everybody but the owner.
    pub participants: Vec<Handle>,
}

impl Chat {
    /// The conversation that stands for the messages which belong to none.
    pub(super) fn of_lonely_messages() -> Self {
        Self {
            id: 0,
            guid: String::new(),
            identifier: String::new(),
            display_name: None,
            service: None,
            participants: Vec::new(),
        }
    }
}

/// What a message is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageKind {
    /// Something that a person wrote or attached.
    Normal,
    /// A reaction to another message.
    Tapback,
    /// Somebody joined, left, renamed the group …: said in the middle of the conversation.
    Announcement,
    /// The content of an app: a link preview, a payment, a game.
    App {
        /// The bundle identifier of the app or of its message extension.
        bundle_id: String,
    },
    /// A kind that this version does not know: shown, never left out.
    Unsupported {
        /// What the row says about itself, for the report.
        what: String,
    },
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub guid: Option<String>,
    /// The conversation, by [`Chat::id`].
    pub chat_id: i64,
    /// When it was sent or received.
    pub date: Option<AppleTime>,
    /// When the other side read it, or the owner did.
    pub date_read: Option<AppleTime>,
    /// When it arrived.
    pub date_delivered: Option<AppleTime>,
    /// Whether the owner of the device sent it.
    pub is_from_me: bool,
    /// Who sent it; `None` for the owner, and where the row does not say.
    pub sender: Option<Handle>,
    /// `iMessage`, `SMS`, `RCS` … as stored.
    pub service: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// The subject line, where one was written.
    pub subject: Option<String>,
    /// The text. U+FFFC stands where an attachment stood in it.
    pub text: Option<String>,
    /// The files sent with it, in their order.
    pub attachments: Vec<Attachment>,
}

/// One file sent with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub guid: Option<String>,
    /// The name that the sender's file had.
    pub name: String,
    /// The media type, as stored or guessed from the name.
    pub mime: Option<String>,
    /// The size that the database records, in bytes.
    pub size: Option<u64>,
    /// Where its content is.
    pub content: AttachmentContent,
}

/// Where the content of an attachment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentContent {
    /// The source records this file. Its [`Entry::presence`] says whether the bytes are there.
    File(Entry),
    /// The source has no such file, and why as far as known.
    Unknown(String),
}
