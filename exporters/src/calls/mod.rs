//! Calls as files: a page to read, print and keep ([`html`]), a table ([`table`]), JSON Lines for programs ([`jsonl`]), and
//! lines for the terminal ([`text`]).
//!
//! [`export()`] reads the calls once and writes all formats from the same records; [`single`] writes one of them to one
//! stream.

mod export;
pub mod html;
pub mod jsonl;
pub mod table;
mod tally;
pub mod text;
mod words;

use std::ops::ControlFlow;

use corer_schemas::Skipped;
use corer_schemas::calls::Call;
use jiff::tz::TimeZone;

pub use export::{export, single};
pub use table::Layout;
pub use tally::{Sums, Totals};

use crate::formats;
use crate::output::{About, SafePath};

/// A format of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// A page.
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
        true
    }
}

/// Where calls come from.
pub trait History {
    /// Hands on the calls in the order of time until it is told to stop, and returns what could not be read.
    fn calls(&self, each: &mut dyn FnMut(Call) -> ControlFlow<()>) -> Vec<Skipped>;
}

/// How calls are exported.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the run is about.
    pub about: About,
    /// The zone of all times that are written.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// What to write.
    pub formats: Vec<Format>,
    /// The layout of the table.
    pub layout: Layout,
}
