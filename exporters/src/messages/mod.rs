//! Conversations as files: pages to read and keep ([`html`]), JSON Lines for programs ([`jsonl`]), tables ([`csv`]),
//! and lines for the terminal and plain files ([`text`]).
//!
//! [`export()`] drives them: it reads each conversation once, in parallel, saves the attachments, and writes all formats
//! from the same records. The bytes do not depend on how many threads there are.

mod app_name;
mod attachment;
mod avatars;
mod card;
mod chat;
pub mod csv;
mod export;
pub mod html;
pub mod jsonl;
mod labels;
mod marks;
mod people;
mod picture;
mod remembered;
mod run;
mod scratch;
mod search;
mod sentence;
mod streamed;
pub mod text;
mod title;
mod totals;
mod unplayable;
mod whatsapp_text;

use std::fmt::Display;
use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use corer_schemas::messages::{Chat, Message};
use corer_schemas::{Entry, Opened, Skipped, SourceError};
use jiff::tz::TimeZone;

pub use attachment::WriteOutcome;
pub use csv::Layout;
pub use export::export;
pub use remembered::{ChatFeed, RememberedChats};
pub use run::Progress;
pub use title::title;
pub use totals::Totals;

use crate::convert::Converter;
use crate::formats;
use crate::output::{ExportInfo, SafePath};
use crate::saved::Kept;

/// A format of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// Pages.
    Html,
    /// JSON Lines.
    Jsonl,
    /// A table of all of them.
    Csv,
    /// A text for each conversation.
    Txt,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Html, Self::Jsonl, Self::Csv, Self::Txt];
    const DEFAULT: &'static [Self] = &[Self::Html, Self::Csv, Self::Jsonl];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Txt => "txt",
        }
    }

    fn is_one_file(self) -> bool {
        matches!(self, Self::Jsonl | Self::Csv)
    }
}

/// Where conversations come from.
pub trait Conversations: Sync {
    /// Hands on the messages of one conversation, ordered by date and row number, until it is told to stop, and returns those
    /// that could not be read.
    ///
    /// # Errors
    /// When nothing of the conversation can be read.
    fn messages(
        &self,
        chat: &Chat,
        each: &mut dyn FnMut(Kept<Message>) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError>;

    /// Tells which conversations will be asked for, so that they can be read ahead together, in `threads` threads. `temp_file`
    /// makes a temporary file, which nobody else can open.
    ///
    /// # Errors
    /// When nothing can be read at all.
    fn read_ahead(
        &self,
        _chats: &[Chat],
        _temp_file: &dyn Fn() -> io::Result<File>,
        _threads: usize,
        _keep_going: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Result<(), SourceError> {
        Ok(())
    }

    /// Opens the content of an attachment.
    ///
    /// # Errors
    /// When its bytes are not there or cannot be read.
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError>;

    /// Where the content of an attachment lies as it is, for links to it. `None` where no such file is, as in an
    /// encrypted backup.
    fn place(&self, _entry: &Entry) -> Option<PathBuf> {
        None
    }

    /// What an earlier run wrote of an attachment, where the backup gives its content no more, which is told. `None` where none did.
    fn earlier(&self, _entry: &Entry, _why: &dyn Display) -> Option<Opened> {
        None
    }

    /// Whether an earlier run put another file at a place, from the folder of this kind, than this one of the source, whose content
    /// has this sum.
    fn is_of_another(&self, _entry: Option<&Entry>, _path: &SafePath, _sha256: &[u8; 32]) -> bool {
        false
    }

    /// Where the content of an attachment is in the export already and stays, from the folder of this kind: that of a message which
    /// only earlier backups had.
    fn stays_at(&self, _entry: &Entry) -> Option<SafePath> {
        None
    }

    /// Hears where the content of an attachment was placed in the export, as it is.
    fn note_placed(&self, _entry: &Entry, _path: &SafePath) {}

    /// The photo of whom a number or address is of, in any format. `None` where there is none.
    fn photo_of(&self, _address: &str) -> Option<Vec<u8>> {
        None
    }
}

/// How conversations are exported.
#[derive(Clone)]
pub struct Options {
    /// The kind that the report calls them.
    pub kind: &'static str,
    /// What people call them, for the start page.
    pub title: &'static str,
    /// What the run is about.
    pub about: ExportInfo,
    /// The zone of all times that are written.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// Which formats are written.
    pub formats: Formats,
    /// What becomes of attachments.
    pub attachments: Attachments,
    /// Whether pictures that browsers do not show get a picture beside them that they do.
    pub convert: bool,
    /// What makes pictures for pages.
    pub converter: Arc<Converter>,
    /// Whether the pages come with an index of all that was said.
    pub search: bool,
    /// The owner's name, where it is known.
    pub owner: Option<String>,
    /// How many conversations are written at a time; at least one.
    pub jobs: usize,
}

/// The formats of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Formats {
    /// Pages.
    pub html: bool,
    /// `messages.jsonl`.
    pub jsonl: bool,
    /// `messages.csv`.
    pub csv: bool,
    /// A table for each conversation, in a layout that other programs read.
    pub layout: Option<Layout>,
    /// `messages.txt` in the folder of each conversation.
    pub txt: bool,
}

/// What becomes of attachments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Attachments {
    /// Their content is saved beside the pages.
    #[default]
    Copy,
    /// Pages point to where it lies.
    Link,
    /// They are named and no more.
    #[cfg_attr(feature = "cli", value(name = "none"))]
    Leave,
}
