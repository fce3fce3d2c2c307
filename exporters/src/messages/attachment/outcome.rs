//! What becomes of an attachment.

use corer_schemas::messages::{Attachment, AttachmentContent, Message, MessageKind, Reaction};
use corer_schemas::{Absence, Entry, Presence, SourceError};

use crate::convert::Content;
use crate::output::SafePath;

/// What became of an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteOutcome {
    /// Its content was saved.
    Saved {
        /// Where, from the folder of this kind.
        path: SafePath,
        /// Its length in bytes.
        bytes: u64,
        /// Its SHA-256.
        sha256: [u8; 32],
        /// What it holds, whatever it is called. `None` for what is no picture or movie that is known.
        content: Option<Content>,
        /// For a picture that browsers show: its width and height in pixels.
        picture: Option<(u32, u32)>,
        /// The picture or sound that was made of it for browsers, where one was.
        converted: Option<SafePath>,
        /// Why none could be made, where one was asked for or is needed.
        unconverted: Option<String>,
        /// What is missing of a sound that was made.
        partial: Option<String>,
    },
    /// Its content stays where it is.
    Linked {
        /// The file, by its address.
        place: String,
    },
    /// Its content is there and was not asked for.
    Present,
    /// Its content is not there.
    Missing {
        /// Why.
        why: String,
        /// Whether the backup should hold it.
        expected: bool,
    },
    /// Its content is there and could not be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

impl WriteOutcome {
    /// What is known before the content is opened.
    pub fn without_writing(attachment: &Attachment) -> Self {
        match &attachment.content {
            AttachmentContent::Unknown(why) => Self::Missing { why: why.clone(), expected: false },
            AttachmentContent::File(Entry { presence: Presence::Absent(why), .. }) => Self::absent(*why),
            AttachmentContent::File(_) | AttachmentContent::Inline(_) => Self::Present,
        }
    }

    /// Where it is, as far as anybody can go there: a path in the export, or the address of a file elsewhere.
    pub(in crate::messages) fn place(&self) -> &str {
        match self {
            Self::Saved { path, .. } => path.as_str(),
            Self::Linked { place } => place,
            Self::Present | Self::Missing { .. } | Self::Unreadable { .. } => "",
        }
    }

    /// What only ever was in iCloud is no loss; everything else that is recorded should be there.
    pub(super) fn absent(why: Absence) -> Self {
        Self::Missing { why: why.to_string(), expected: why != Absence::InCloud }
    }

    pub(super) fn failed(error: &SourceError) -> Self {
        match error {
            SourceError::Absent { why, .. } => Self::absent(*why),
            SourceError::Missing { .. } => Self::absent(Absence::Lost),
            error => Self::Unreadable { why: error.to_string() },
        }
    }
}

/// All files of a message: its attachments, then the stickers that were put on it.
pub(in crate::messages) fn files(message: &Message) -> impl Iterator<Item = &Attachment> {
    let alone = match &message.kind {
        MessageKind::Tapback(tapback) => Some(&**tapback),
        _ => None,
    };
    let stickers = message.tapbacks.iter().chain(alone).filter_map(|tapback| match &tapback.reaction {
        Reaction::Sticker(Some(sticker)) => Some(&**sticker),
        _ => None,
    });
    message.attachments.iter().chain(stickers)
}

/// The fates of the stickers that were put on a message, out of those of all its files.
pub(in crate::messages) fn sticker_outcomes<'f>(message: &Message, outcomes: &'f [WriteOutcome]) -> &'f [WriteOutcome] {
    outcomes.get(message.attachments.len()..).unwrap_or_default()
}
