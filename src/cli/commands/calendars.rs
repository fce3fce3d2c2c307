//! `corer calendars`: what was planned, printed or written as iCalendar, pages of months, a table and data.

use clap::Args;
use corer_exporters::calendars::{CalendarsExporter, Format};
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::calendars::{Calendars, Filter, KIND};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;

/// Show or export calendars
///
/// Prints events to the terminal; with -o writes files: calendars that other programs import (ics), one of all and one of each
/// calendar, pages of months (html), a table for spreadsheets (csv), and JSON Lines for programs (jsonl). A series is one event
/// with its rule, and is taken where any of it may lie in the time that is asked for; what the device only suggests is counted
/// and left out. A name that ends in .ics, .csv or .jsonl makes that one file.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct CalendarsArgs {
    /// Formats to write, with commas between them: ics, html, csv, jsonl [default: ics,html,csv]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub which: EventSelectArgs,
}

/// Which events, beside when and with whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct EventSelectArgs {
    /// Only those in this calendar: a part of its name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub calendar: Vec<String>,

    /// Only those with these words in their title, description or place; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub text: Vec<String>,

    /// Also what the device found in apps and mails, and nobody took over
    #[arg(long)]
    pub suggestions: bool,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer calendars --since 2024-01-01 --until 2024-12-31", "read a year here"),
            ("corer calendars -o calendars/", "files to import, pages of months, a table"),
            ("corer calendars --calendar Work -o work.ics", "one calendar as one file"),
        ],
        help::TAKING,
    )
}

impl KindArgs for CalendarsArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "calendars.html";
    const TAKES_NAMES: bool = false;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = RecordsJob<'s, Calendars, CalendarsExporter>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        let which = &self.which;
        let calendars = which.calendar.iter().map(|calendar| AppliedFilter::new("calendar", calendar));
        let words = which.text.iter().map(|text| AppliedFilter::new("text", text));
        let more = which.suggestions.then(|| AppliedFilter::new("suggestions", "yes"));
        self.select.filters().into_iter().chain(calendars).chain(words).chain(more).collect()
    }

    fn resolve(&self, zone: &Zone) -> Result<Filter, Failure> {
        let EventSelectArgs { calendar, text, suggestions } = &self.which;
        let (calendars, words, suggestions) = (calendar.clone(), text.clone(), *suggestions);
        Ok(Filter { common: self.select.resolve(zone)?, calendars, words, suggestions })
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError> {
        let calendars = Calendars::open(at.source())?;
        let suggestions_left_out = if filter.suggestions { 0 } else { calendars.suggestions() };
        let exporter = CalendarsExporter { made: at.session.taken().made, suggestions_left_out };
        Ok(RecordsJob::open(&KIND, calendars, filter, exporter, &self.format, at))
    }
}
