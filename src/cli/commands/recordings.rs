//! `corer recordings`: what the recorder recorded, printed or written as a page that plays it, a table and data.

use clap::Args;
use corer_exporters::output::report::AppliedFilter;
use corer_exporters::recordings::{Format, RecordingsExporter};
use corer_schemas::Kind;
use corer_schemas::recordings::{Filter, KIND, Recordings};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::TimeArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;

/// Show or export voice memos
///
/// Prints titles and what is said to the terminal; with -o writes files: the sounds as they are, a page that plays them with
/// their words beside (html), a table for spreadsheets (csv), what is said as text (txt) or captions (srt) beside each sound, and
/// JSON Lines for programs (jsonl). Words are those that the device wrote down, since iOS 18. A name that ends in .csv or .jsonl
/// makes that one file, without the sounds.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct RecordingsArgs {
    /// Formats to write beside the sounds, with commas between them: html, csv, jsonl, txt, srt [default: html,csv,txt]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub time: TimeArgs,

    #[command(flatten)]
    pub which: RecordingSelectArgs,
}

/// Which voice memos, beside when.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct RecordingSelectArgs {
    /// Only those in this folder: a part of its name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub folder: Vec<String>,

    /// Only those with these words in their title or in what is said; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub text: Vec<String>,

    /// Only favourites
    #[arg(long)]
    pub favorites: bool,

    /// Without those that are recently deleted
    #[arg(long)]
    pub no_deleted: bool,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer recordings", "read titles and what is said here"),
            ("corer recordings -o memos/", "sounds, a page that plays them, a table, texts"),
            ("corer recordings --text dentist -o dentist.zip", "those in which a word is said"),
        ],
        help::TAKING,
    )
}

impl KindArgs for RecordingsArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "recordings.html";
    const TAKES_NAMES: bool = false;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = RecordsJob<'s, Recordings<'s>, RecordingsExporter>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        let which = &self.which;
        let flags = [("favorites", which.favorites), ("no-deleted", which.no_deleted)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| AppliedFilter::new(name, "yes"));
        let folders = which.folder.iter().map(|folder| AppliedFilter::new("folder", folder));
        let words = which.text.iter().map(|text| AppliedFilter::new("text", text));
        self.time.filters().into_iter().chain(folders).chain(words).chain(flags).collect()
    }

    fn resolve(&self, zone: &Zone) -> Result<Filter, Failure> {
        let RecordingSelectArgs { folder, text, favorites, no_deleted } = &self.which;
        Ok(Filter {
            common: self.time.resolve(zone)?,
            folders: folder.clone(),
            words: text.clone(),
            favorites: *favorites,
            without_deleted: *no_deleted,
        })
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError> {
        let recordings = Recordings::open(at.source())?;
        Ok(RecordsJob::open(&KIND, recordings, filter, RecordingsExporter, &self.format, at))
    }
}
