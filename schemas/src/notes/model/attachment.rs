//! What is in a note beside text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Table;
use crate::notes::lock::FileLock;
use crate::source::Entry;

/// Something in a note beside text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The row number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The identifier by which the text refers to it.
    pub identifier: String,
    /// Its type as stored: `public.jpeg`, `com.apple.notes.table`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uti: Option<String>,
    /// What it is.
    pub kind: AttachmentKind,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What stands in the text in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it leads: an address, or what a tag, a mention or a link to a note stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What is shown below it, and what the device recognised in it: text in pictures, handwriting, speech.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recognised: Option<String>,
    /// The table that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
    /// The identifiers of the attachments that are in it, in order: pages of a scan, sounds of a call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<String>,
    /// The identifier of the attachment that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// How long it plays, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Where it is: latitude and longitude in degrees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<(f64, f64)>,
    /// Its files.
    pub files: Vec<NoteFile>,
    /// All that is stored of one whose type nobody knows here; bytes as base64.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub raw: BTreeMap<String, String>,
}

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A hashtag.
    Hashtag,
    /// A mention of a person.
    Mention,
    /// A link to another note.
    NoteLink,
    /// A result or graph of a calculation.
    Calculation,
    /// A table.
    Table,
    /// A picture.
    Image,
    /// A drawing.
    Drawing,
    /// Pages that were scanned.
    Scan,
    /// A PDF.
    Pdf,
    /// A sound, such as that of a call.
    Audio,
    /// A video.
    Video,
    /// A page of the web.
    Web,
    /// A place on a map.
    Map,
    /// A card of a contact.
    Contact,
    /// An event of a calendar.
    Event,
    /// Any other file.
    File,
    /// Something that nobody knows here.
    Unknown,
}

/// A file of an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteFile {
    /// What it is of the attachment.
    pub role: FileRole,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// What opens it, where it is locked with its note and a password is known. Never written anywhere.
    #[serde(skip)]
    pub lock: Option<FileLock>,
}

/// What a file is of an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The file that was attached.
    Original,
    /// What a drawing looks like.
    Picture,
    /// What pages look like.
    Document,
    /// A small picture of it.
    Preview,
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A file of the source.
    Stored(Entry),
    /// It is not there, and why; whether the backup should hold it.
    Missing {
        /// Why.
        why: String,
        /// Whether it should be there.
        expected: bool,
    },
}

impl Attachment {
    /// One of which only this is known.
    pub fn new(identifier: String, kind: AttachmentKind) -> Self {
        Self {
            id: None,
            identifier,
            uti: None,
            kind,
            title: None,
            text: None,
            target: None,
            recognised: None,
            table: None,
            children: Vec::new(),
            parent: None,
            duration: None,
            place: None,
            files: Vec::new(),
            raw: BTreeMap::new(),
        }
    }

    /// The file that shows or plays it: the original, else what it looks like.
    pub fn main_file(&self) -> Option<&NoteFile> {
        let stored = |file: &&NoteFile| matches!(file.place, Place::Stored(_));
        self.files.iter().find(stored).or(self.files.first())
    }
}
