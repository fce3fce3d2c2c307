//! Voicemail as files: a page that plays them ([`html`]), a table ([`table`]), JSON Lines for programs ([`jsonl`]), lines
//! for the terminal ([`text`]), and the sounds themselves.
//!
//! A device stores sound as AMR, which browsers and the players of Windows and macOS refuse. [`export()`] copies it as it
//! is, and writes the same beside it as they play it ([`sound`](crate::sound)).

mod export;
pub mod html;
pub mod jsonl;
mod sound;
pub mod table;
mod tally;
pub mod text;
mod words;

use corer_schemas::voicemail::Voicemail;
use corer_schemas::{Entry, Opened, Skipped, SourceError};
use jiff::tz::TimeZone;

pub use export::{export, single};
pub use sound::{Fate, Fates};
pub use tally::Totals;

use crate::formats;
use crate::output::{About, SafePath};

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

/// Where voicemails come from.
pub trait Mailbox {
    /// The voicemails, ordered by time.
    fn voicemails(&self) -> &[Voicemail];

    /// What could not be read.
    fn skipped(&self) -> &[Skipped];

    /// Opens a sound.
    ///
    /// # Errors
    /// When its bytes are not there or cannot be read.
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError>;
}

/// How voicemails are exported.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the run is about.
    pub about: About,
    /// The zone of all times that are written.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// What to write beside the sounds.
    pub formats: Vec<Format>,
}
