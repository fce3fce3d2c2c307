//! What Safari keeps as files: bookmarks that every browser imports ([`netscape`]), a page of bookmarks, the reading list and tabs
//! with the history on pages of its own ([`html`]), tables ([`table`]), JSON Lines for programs ([`jsonl`]), and lines for the
//! terminal ([`text`]).

mod export;
pub mod html;
pub mod jsonl;
mod labels;
pub mod netscape;
pub mod table;
pub mod text;
mod totals;

pub use export::SafariExporter;
pub use totals::Totals;

use crate::formats;

/// The page to begin with.
const START: &str = "safari.html";

/// The bookmarks, as browsers import them.
const BOOKMARKS: &str = "bookmarks.html";

/// The table of everything that was asked for.
const TABLE: &str = "safari.csv";

/// The records for programs.
const RECORDS: &str = "safari.jsonl";

/// A format of what Safari keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// Pages to read.
    Html,
    /// Bookmarks and the reading list, as browsers import them.
    Bookmarks,
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Html, Self::Bookmarks, Self::Csv, Self::Jsonl];
    const DEFAULT: &'static [Self] = &[Self::Html, Self::Bookmarks, Self::Csv];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Html | Self::Bookmarks => "html",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    /// The one page that is one file is that of bookmarks, for other browsers.
    fn is_one_file(self) -> bool {
        matches!(self, Self::Bookmarks | Self::Csv | Self::Jsonl)
    }
}

/// How what Safari keeps is exported.
pub(crate) type Context = crate::write::Context<Format>;
