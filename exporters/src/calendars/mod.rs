//! Calendars as files: iCalendar, a table ([`table`]), JSON Lines for programs ([`jsonl`]), pages of months,
//! and lines for the terminal ([`text`]).

mod export;
mod html;
mod ics;
pub mod jsonl;
mod labels;
mod series;
pub mod table;
pub mod text;
mod totals;
mod when;

pub use export::CalendarsExporter;
pub use totals::Totals;

use crate::formats;

/// The page to begin with.
const START: &str = "calendars.html";

/// All events as one calendar.
const ALL: &str = "calendars.ics";

/// The folder of the calendars by themselves.
const FOLDER: &str = "calendars";

/// The table.
const TABLE: &str = "calendars.csv";

/// The records for programs.
const RECORDS: &str = "calendars.jsonl";

/// A format of calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// iCalendar: one file of all, and one of each calendar.
    Ics,
    /// Pages of months.
    Html,
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
}

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Ics, Self::Html, Self::Csv, Self::Jsonl];
    const DEFAULT: &'static [Self] = &[Self::Ics, Self::Html, Self::Csv];
    const LINES: Self = Self::Jsonl;

    fn extension(self) -> &'static str {
        match self {
            Self::Ics => "ics",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    fn is_one_file(self) -> bool {
        matches!(self, Self::Ics | Self::Csv | Self::Jsonl)
    }
}

/// How calendars are exported.
pub(crate) type Context = crate::write::Context<Format>;
