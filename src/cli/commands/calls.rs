//! `corer calls`: the call history, printed or written as a page, a table and data.

use clap::{Args, ValueEnum};
use corer_exporters::calls::{CallsExporter, Format, Layout};
use corer_exporters::output::report::AppliedFilter;
use corer_schemas::Kind;
use corer_schemas::calls::{CallSource, Calls, Direction, Filter, KIND};

use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::SelectArgs;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{KindArgs, OpenContext, OpenError, Opened};
use crate::cli::run::records::RecordsJob;

/// Show or export calls
///
/// Prints to the terminal; with -o writes files: a page with totals by person and by month (html), a table for spreadsheets
/// (csv), JSON Lines for programs (jsonl). A name that ends in .html, .csv or .jsonl makes that one file. FaceTime and calls
/// of apps such as WhatsApp are among them. Since iOS 13 only encrypted backups hold calls.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct CallsArgs {
    /// Formats to write, with commas between them: html, csv, jsonl [default: html,csv]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    #[arg(requires = "output")]
    pub format: Vec<Format>,

    /// The columns of the table: for people, or as iMazing writes them
    #[arg(long, value_name = "LAYOUT", value_enum, default_value_t, requires = "output")]
    pub layout: Layout,

    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub which: CallSelectArgs,
}

/// Which calls, beside when and with whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct CallSelectArgs {
    /// Only incoming calls that nobody took
    #[arg(long)]
    pub missed: bool,

    /// Only incoming calls
    #[arg(long, conflicts_with = "outgoing")]
    pub incoming: bool,

    /// Only outgoing calls
    #[arg(long)]
    pub outgoing: bool,

    /// Only calls made with this: phone, facetime, whatsapp, a part of an app's name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub service: Vec<String>,

    /// Whose list: the phone's (phone), WhatsApp's own (whatsapp), or all, where a call that both have counts once [default: all]
    #[arg(long, value_name = "LIST", value_enum, hide_possible_values = true)]
    pub source: Option<ListOf>,
}

/// Whose list of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListOf {
    /// All of them
    All,
    /// The phone's
    Phone,
    /// WhatsApp's own
    #[value(name = "whatsapp")]
    WhatsApp,
}

impl ListOf {
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Phone => "phone",
            Self::WhatsApp => "whatsapp",
        }
    }
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer calls --missed --since 2024-01-01", "read them here"),
            ("corer calls -o calls/", "a page and a table"),
            ("corer calls --with Mum -o mum.csv", "one table"),
        ],
        help::TAKING,
    )
}

impl KindArgs for CallsArgs {
    const KIND: &'static Kind = &KIND;
    const START: &'static str = "calls.html";
    const TAKES_NAMES: bool = true;
    const REMEMBERS: bool = true;

    type Format = Format;
    type Query = Filter;
    type Job<'s> = RecordsJob<'s, Calls<'s>, CallsExporter>;

    fn formats(&self) -> &[Format] {
        &self.format
    }

    fn filters(&self) -> Vec<AppliedFilter> {
        let which = &self.which;
        let flags = [("missed", which.missed), ("incoming", which.incoming), ("outgoing", which.outgoing)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| AppliedFilter::new(name, "yes"));
        let services = which.service.iter().map(|service| AppliedFilter::new("service", service));
        let source = which.source.filter(|source| *source != ListOf::All);
        let source = source.map(|source| AppliedFilter::new("source", source.name()));
        self.select.filters().into_iter().chain(flags).chain(services).chain(source).collect()
    }

    fn resolve(&self, zone: &Zone) -> Result<Filter, Failure> {
        let direction = match (self.which.incoming, self.which.outgoing) {
            (true, _) => Some(Direction::Incoming),
            (_, true) => Some(Direction::Outgoing),
            _ => None,
        };
        let common = self.select.resolve(zone)?;
        Ok(Filter { common, missed: self.which.missed, direction, services: self.which.service.clone() })
    }

    fn open<'s>(&self, filter: Filter, at: OpenContext<'s>) -> Result<Opened<Self::Job<'s>>, OpenError> {
        let from = match self.which.source {
            None | Some(ListOf::All) => CallSource::All,
            Some(ListOf::Phone) => CallSource::Phone,
            Some(ListOf::WhatsApp) => CallSource::WhatsApp,
        };
        let calls = Calls::open_from(at.source(), at.directory, from)?;
        let notes = calls.notes().to_vec();
        let exporter = CallsExporter { layout: self.layout };
        let mut opened = RecordsJob::open(&KIND, calls, filter, exporter, &self.format, at);
        opened.warnings.extend(notes);
        Ok(opened)
    }
}
