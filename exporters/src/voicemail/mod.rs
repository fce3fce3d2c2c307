//! Voicemail as files: a page that plays them ([`html`]), a table ([`table`]), JSON Lines for programs ([`jsonl`]), lines
//! for the terminal ([`text`]), and the sounds themselves.
//!
//! A device stores sound as AMR, which browsers and the players of Windows and macOS refuse. [`VoicemailExporter`] copies it as it
//! is, and writes the same beside it as they play it ([`sound`](crate::sound)).

mod adopt;
mod export;
pub mod html;
pub mod jsonl;
mod labels;
mod sound;
pub mod table;
pub mod text;
mod totals;

pub use export::VoicemailExporter;
pub use totals::Totals;

use crate::formats;

/// The table.
const TABLE: &str = "voicemail.csv";

/// The records for programs.
const RECORDS: &str = "voicemail.jsonl";

/// A format of voicemail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// A page that plays the sounds beside it.
    Html,
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Html, Self::Csv, Self::Jsonl];
    const DEFAULT: &'static [Self] = &[Self::Html, Self::Csv];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    fn is_one_file(self) -> bool {
        matches!(self, Self::Csv | Self::Jsonl)
    }
}

/// How voicemails are exported.
pub(crate) type Context = crate::write::Context<Format>;
