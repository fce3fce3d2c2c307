//! Voice memos as files: a page that plays them with their words beside ([`html`]), a table ([`table`]), JSON Lines for programs
//! ([`jsonl`]), the words as text and as captions ([`captions`]), lines for the terminal ([`text`]), and the sounds themselves.

pub mod captions;
mod export;
pub mod html;
pub mod jsonl;
mod labels;
pub mod table;
pub mod text;
mod totals;

pub use export::RecordingsExporter;
pub use totals::Totals;

use crate::formats;

/// The page.
const START: &str = "recordings.html";

/// The table.
const TABLE: &str = "recordings.csv";

/// The records for programs.
const RECORDS: &str = "recordings.jsonl";

/// A format of voice memos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// A page that plays the sounds beside it.
    Html,
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
    /// What is said, as text beside each sound.
    Txt,
    /// What is said, as captions beside each sound, which players show.
    Srt,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Html, Self::Csv, Self::Jsonl, Self::Txt, Self::Srt];
    const DEFAULT: &'static [Self] = &[Self::Html, Self::Csv, Self::Txt];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Txt => "txt",
            Self::Srt => "srt",
        }
    }

    fn is_one_file(self) -> bool {
        matches!(self, Self::Csv | Self::Jsonl)
    }
}

/// How voice memos are exported.
pub(crate) type Context = crate::write::Context<Format>;
