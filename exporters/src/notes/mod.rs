//! Notes as files: Markdown, one file a note in its folders ([`markdown`]), pages ([`html`]), plain text ([`text`]), JSON Lines for programs
//! ([`jsonl`]), and what is attached beside them.
//!
//! A note has one name in all formats, which is legal on every system and in links of every program, and which it keeps when an
//! export is updated (`names`).

mod content;
mod export;
mod files;
pub mod html;
pub mod jsonl;
mod labels;
mod links;
pub mod markdown;
mod names;
pub mod text;
mod totals;

pub use export::NotesExporter;
pub use files::{FileOutcome, SavedFile};
pub use links::NoteLinks;
pub use totals::Totals;

use crate::formats;

/// The records for programs.
const RECORDS: &str = "notes.jsonl";

/// The page to begin with.
const START: &str = "index.html";

/// The folder of what is attached.
const ATTACHMENTS: &str = "attachments";

/// A format of notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// A Markdown file for each note.
    #[cfg_attr(feature = "cli", value(alias = "md"))]
    Markdown,
    /// A page for each note, and one to begin with.
    Html,
    /// A file of plain text for each note.
    #[cfg_attr(feature = "cli", value(alias = "text"))]
    Txt,
    /// JSON Lines.
    #[cfg_attr(feature = "cli", value(alias = "json"))]
    Jsonl,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Markdown, Self::Html, Self::Txt, Self::Jsonl];
    const DEFAULT: &'static [Self] = &[Self::Markdown];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Txt => "txt",
            Self::Jsonl => "jsonl",
        }
    }

    fn is_one_file(self) -> bool {
        self == Self::Jsonl
    }
}

/// How notes are exported.
pub(crate) type Context = crate::write::Context<Format>;
