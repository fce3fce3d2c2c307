//! Calls as files: a page to read, print and keep ([`html`]), a table ([`table`]), JSON Lines for programs ([`jsonl`]), and
//! lines for the terminal ([`text`]).
//!
//! [`CallsExporter`] reads the calls once and writes all formats from the same records.

mod adopt;
mod export;
pub mod html;
pub mod jsonl;
mod labels;
pub mod table;
pub mod text;
mod totals;

pub use export::CallsExporter;
pub use table::Layout;
pub use totals::{Sums, Totals};

use crate::formats;

/// The table.
const TABLE: &str = "calls.csv";

/// The records for programs.
const RECORDS: &str = "calls.jsonl";

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

/// How calls are exported: [`CallsExporter`] in the formats of [`Format`].
pub(crate) type Context = crate::write::Context<Format>;
