//! Notes as plain records.

mod attachment;
mod text;

use serde::{Deserialize, Serialize};

pub use attachment::{Attachment, AttachmentKind, FileRole, NoteFile, Place};
pub use text::{Paragraph, ParagraphKind, Span, Style, Table};

use crate::source::Entry;
use crate::time::AppleTime;

/// One note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The row number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The identifier that it has on all devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The account that it is in, as people see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The folder that it is in, and those around that, the outermost first.
    pub folder: Vec<String>,
    /// Its title: the first line of most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What lists show below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<AppleTime>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<AppleTime>,
    /// Whether it is pinned to the top of lists.
    #[serde(default)]
    pub pinned: bool,
    /// Whether it is kept or deleted.
    pub state: State,
    /// How it is locked, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// What it says.
    pub body: Body,
    /// Its hashtags, without the `#`, in the order of the text.
    pub tags: Vec<String>,
    /// Who is mentioned in it, without the `@`.
    pub mentions: Vec<String>,
    /// Who else can see it.
    pub shared_with: Vec<Participant>,
    /// What is in it beside text.
    pub attachments: Vec<Attachment>,
    /// The place of the note itself among the files of an export: it is a file there, which stays where it is. No backup has it.
    pub page: Entry,
    /// Values that make no sense, each with its name.
    pub odd: Vec<String>,
}

/// Whether a note is kept or deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is in a folder.
    Kept,
    /// It is among the recently deleted ones.
    RecentlyDeleted,
    /// It is gone from the device's lists, and waits to be removed.
    Removed,
}

/// What a note says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// Its paragraphs.
    Text(Vec<Paragraph>),
    /// It cannot be read, and why.
    Missing {
        /// Why.
        why: String,
        /// Whether the backup should hold it readable.
        expected: bool,
    },
}

/// How a note is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// In which way.
    pub scheme: Scheme,
    /// The hint that its owner chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether it was opened with a password.
    pub is_open: bool,
}

/// A way to lock notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// With a password of the account, in columns of their own (iOS 9.3 and later).
    Classic,
    /// With a password, all of it in one archive (iOS 17 and later).
    Neo,
    /// With the passcode of the device (iOS 16 and later): no password opens it.
    Device,
    /// In a way that nobody knows here.
    Unknown,
}

/// Somebody who can see a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The name, as the note has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The mail address or number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether it is the owner's note.
    pub is_owner: bool,
    /// Whether it is whose device this is.
    pub is_self: bool,
    /// As stored: 0 unknown, 1 pending, 2 accepted, 3 removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<i64>,
}

impl Note {
    /// Its paragraphs; none where it cannot be read.
    pub fn paragraphs(&self) -> &[Paragraph] {
        match &self.body {
            Body::Text(paragraphs) => paragraphs,
            Body::Missing { .. } => &[],
        }
    }

    /// The attachment of an identifier that a [`Span`] refers to.
    pub fn attachment(&self, identifier: &str) -> Option<&Attachment> {
        self.attachments.iter().find(|attachment| attachment.identifier == identifier)
    }

    /// Its text, with a line for each paragraph. What is attached stands as U+FFFC.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for paragraph in self.paragraphs() {
            paragraph.spans.iter().for_each(|span| text.push_str(&span.text));
            text.push('\n');
        }
        text
    }
}
