//! Files sent with messages.

use serde::{Deserialize, Serialize};

use crate::source::Entry;
use crate::time::AppleTime;

/// One file sent with a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// The name that the sender's file had.
    pub name: String,
    /// The media type, as stored or guessed from the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Apple's type identifier, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uti: Option<String>,
    /// The size that the database records, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// When the file was made or sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<AppleTime>,
    /// What an audio message says, as the device understood it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transcription: Option<String>,
    /// The sticker that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sticker: Option<Box<Sticker>>,
    /// The app that it came from, where the device knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app: Option<Box<SourceApp>>,
    /// What a picture in a line of text shows, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the phone hides it because it belongs to the content of an app.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_hidden: bool,
    /// Whether the device covers it because it may show somebody naked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sensitive: bool,
    /// Where its content is.
    pub content: AttachmentContent,
}

impl Attachment {
    /// A file of which only this is known.
    pub fn new(id: i64, name: impl Into<String>, content: AttachmentContent) -> Self {
        Self {
            id,
            guid: None,
            name: name.into(),
            mime: None,
            uti: None,
            size: None,
            created: None,
            transcription: None,
            sticker: None,
            app: None,
            description: None,
            is_hidden: false,
            is_sensitive: false,
            content,
        }
    }
}

/// Where the content of an attachment is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentContent {
    /// The source records this file. Its [`Entry::presence`] says whether the bytes are there.
    File(Entry),
    /// It stands in the message itself: the card of a person.
    Inline(Vec<u8>),
    /// The source has no such file, and why as far as known.
    Unknown(String),
}

/// The app that a file came from: a drawing board, a shop of stickers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceApp {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The bundle identifier of the app or of its message extension, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle_id: Option<String>,
    /// Its number in the App Store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_id: Option<String>,
}

/// A sticker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    /// What made it.
    pub source: StickerSource,
    /// The pack or app that it is of, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// How it was made to look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<StickerEffect>,
}

/// What made a sticker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StickerSource {
    /// A picture made from words.
    Genmoji {
        /// The words, where the device kept them.
        prompt: Option<String>,
    },
    /// The owner's drawn face.
    Memoji,
    /// Cut out of a photo.
    UserMade,
    /// An app.
    App {
        /// Its name, where it is known.
        name: Option<String>,
    },
    /// It does not say.
    Unknown,
}

/// How a sticker looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StickerEffect {
    /// As it is.
    Normal,
    /// With a line around.
    Outline,
    /// Like a drawing.
    Comic,
    /// Like foam.
    Puffy,
    /// Like foil.
    Shiny,
    /// Another one, as stored.
    Other(String),
}
