//! Conversations as files: pages to read and keep ([`html`]), JSON Lines for programs ([`jsonl`]), and lines for the
//! terminal ([`text`]).
//!
//! [`export()`] drives them: it reads each conversation once, in parallel, saves the attachments, and writes all formats
//! from the same records. The bytes do not depend on how many threads there are.

mod attachment;
mod chat;
mod export;
pub mod html;
pub mod jsonl;
mod picture;
mod tally;
pub mod text;
mod title;

use corer_schemas::messages::{Chat, Message};
use corer_schemas::{Entry, Opened, Skipped, SourceError};
use jiff::tz::TimeZone;

pub use attachment::Fate;
pub use export::{Progress, export};
pub use tally::Totals;
pub use title::title;

use crate::clock;
use crate::output::{About, SafePath};

/// Where conversations come from.
pub trait Conversations: Sync {
    /// Hands on the messages of one conversation, ordered by date and row number, and returns those that could not be
    /// read.
    ///
    /// # Errors
    /// When nothing of the conversation can be read.
    fn messages(&self, chat: &Chat, each: &mut dyn FnMut(Message)) -> Result<Vec<Skipped>, SourceError>;

    /// Opens the content of an attachment.
    ///
    /// # Errors
    /// When its bytes are not there or cannot be read.
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError>;
}

/// How conversations are exported.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the run is about.
    pub about: About,
    /// The zone of all times that are written.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// Whether to write pages.
    pub html: bool,
    /// Whether to write `messages.jsonl`.
    pub jsonl: bool,
    /// How many conversations are written at a time; at least one.
    pub jobs: usize,
}
