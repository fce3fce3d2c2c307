//! `corer safari`: history, bookmarks, reading list and tabs, printed or written as pages, bookmarks for browsers, a table and data.

use clap::{Args, ValueEnum};
use corer_exporters::output::report::AppliedFilter;
use corer_exporters::safari::{Format, SafariExporter};
use corer_schemas::Kind;
use corer_schemas::safari::{Filter, KIND, Part, Safari};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::TimeArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;

/// Show or export Safari's history, bookmarks and tabs
///
/// Prints visits, bookmarks, the reading list and tabs to the terminal; with -o writes files: pages to read (html), bookmarks and the
/// reading list as every browser imports them (bookmarks), a table for spreadsheets (csv), JSON Lines for programs (jsonl). A name
/// that ends in .html makes the one file of bookmarks for browsers, one in .csv or .jsonl that file. Since iOS 13 only encrypted
/// backups hold history and tabs. Private tabs come with --private alone.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct SafariArgs {
    /// Formats to write, with commas between them: html, bookmarks, csv, jsonl [default: html,bookmarks,csv]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub time: TimeArgs,

    #[command(flatten)]
    pub which: SafariSelectArgs,
}

/// Which pages, beside when.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct SafariSelectArgs {
    /// Only these, with commas between them: history, bookmarks, reading-list, tabs
    #[arg(long, value_name = "PARTS", value_enum, value_delimiter = ',', hide_possible_values = true)]
    pub only: Vec<Only>,

    /// Only those with these words in their title or address; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub text: Vec<String>,

    /// Private tabs, too
    #[arg(long)]
    pub private: bool,
}

/// A part of what Safari keeps, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Visits, and those that were removed
    History,
    /// Bookmarks and their folders
    Bookmarks,
    /// Pages to be read later
    ReadingList,
    /// Tabs, their groups and profiles
    Tabs,
}

impl Only {
    const fn part(self) -> Part {
        match self {
            Self::History => Part::History,
            Self::Bookmarks => Part::Bookmarks,
            Self::ReadingList => Part::ReadingList,
            Self::Tabs => Part::Tabs,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Bookmarks => "bookmarks",
            Self::ReadingList => "reading-list",
            Self::Tabs => "tabs",
        }
    }
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer safari --only history --since 2024-01-01", "where somebody went, here"),
            ("corer safari -o safari/", "pages, bookmarks for browsers, a table"),
            ("corer safari --only bookmarks,reading-list -o marks.html", "one file that every browser imports"),
        ],
        help::TAKING,
    )
}

impl KindArgs for SafariArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "safari.html";
    const TAKES_NAMES: bool = false;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = RecordsJob<'s, Safari<'s>, SafariExporter>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        let SafariSelectArgs { only, text, private } = &self.which;
        let parts = only.iter().map(|part| part.name()).collect::<Vec<_>>().join(",");
        let only = (!parts.is_empty()).then(|| AppliedFilter::new("only", parts));
        let words = text.iter().map(|text| AppliedFilter::new("text", text));
        let private = private.then(|| AppliedFilter::new("private", "yes"));
        self.time.filters().into_iter().chain(only).chain(words).chain(private).collect()
    }

    fn resolve(&self, zone: &Zone) -> Result<Filter, Failure> {
        let SafariSelectArgs { only, text, private } = &self.which;
        Ok(Filter {
            common: self.time.resolve(zone)?,
            parts: only.iter().map(|part| part.part()).collect(),
            words: text.clone(),
            with_private: *private,
        })
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError> {
        let safari = Safari::open(at.source())?;
        Ok(RecordsJob::open(&KIND, safari, filter, SafariExporter, &self.format, at))
    }
}
