//! `corer calls`: the call history, printed or written as a page, a table and data.

mod job;

use clap::{Args, ValueEnum};
use corer_exporters::calls::Layout as TableLayout;
use corer_exporters::output::Checksums;
use corer_exporters::output::report::Filter;
use corer_schemas::calls::{Calls, Choice, DATABASE, Direction, KIND};
use corer_schemas::people::Directory;

use job::CallsJob;
pub use job::whole;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SelectArgs, SourceArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::whom::{self, Whom};
use crate::cli::input::zone::Zone;
use crate::cli::run::drive::{How, carry_out};
use crate::cli::run::formats::{self, Format};
use crate::cli::run::kind::{self, Beside};
use crate::cli::terminal::console::Console;

/// The formats that are one file.
const ONE_FILE: &[&str] = &["html", "csv", "jsonl"];

/// Show or export calls
///
/// Prints to the terminal; with -o writes files: a page with totals by person and by month (html), a table for spreadsheets
/// (csv), JSON Lines for programs (jsonl). A name that ends in .html, .csv or .jsonl makes that one file. FaceTime and calls
/// of apps such as WhatsApp are among them. Since iOS 13 only encrypted backups hold calls.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
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
    pub which: WhichArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

/// Which calls, beside when and with whom.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub struct WhichArgs {
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
}

/// The columns of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// For people
    #[default]
    People,
    /// As iMazing writes it
    Imazing,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer calls --missed --since 2024-01-01", "read them here"),
            ("corer calls -o calls/", "a page and a table"),
            ("corer calls --with Mum -o mum.csv", "one table"),
        ],
        help::TAKING,
    )
}

/// Shows or exports the calls.
///
/// # Errors
/// When the backup cannot be opened or holds no calls, when nothing matched, or the output cannot be written.
pub fn run(args: &CallsArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let choice = args.choice(&zone)?;
    let session = Session::open(&args.source, Some(DATABASE.1), console)?;
    let output = args.output.resolve(Checksums::Written, ONE_FILE, &session.place)?;
    let directory = Directory::read(session.source());
    let calls = Calls::open(session.source(), &directory).map_err(|error| kind::unopened(error, &KIND, &session))?;
    let mut about = session.about(&zone.name());
    about.filters = args.filters();
    let job = CallsJob {
        calls,
        choice,
        about,
        zone: zone.time_zone().clone(),
        formats: formats::written(&args.format),
        layout: args.layout(),
    };
    let whom = Whom::of(&job.choice.selection, &directory, || job.people());
    whom.iter().for_each(|whom| whom.say(console));
    if !job.has_any() {
        let failure = session.or_lost(job.failure());
        return Err(whom::or_unknown(whom, &directory, failure));
    }
    let how = How { output, args: &args.output, formats: formats::extensions(&args.format), one_file: ONE_FILE };
    let beside = Beside::new(&session, Vec::new()).with_names(&directory).with_whom(whom.as_ref());
    carry_out(&job, how, beside, console)
}

impl CallsArgs {
    fn choice(&self, zone: &Zone) -> Result<Choice, Failure> {
        let direction = match (self.which.incoming, self.which.outgoing) {
            (true, _) => Some(Direction::Incoming),
            (_, true) => Some(Direction::Outgoing),
            _ => None,
        };
        let selection = self.select.resolve(zone)?;
        Ok(Choice { selection, missed: self.which.missed, direction, services: self.which.service.clone() })
    }

    /// What narrowed the choice, as typed.
    fn filters(&self) -> Vec<Filter> {
        let which = &self.which;
        let one = |name: &str, value: &str| Filter { name: name.to_owned(), value: value.to_owned() };
        let flags = [("missed", which.missed), ("incoming", which.incoming), ("outgoing", which.outgoing)];
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| one(name, "yes"));
        let services = which.service.iter().map(|service| one("service", service));
        self.select.filters().into_iter().chain(flags).chain(services).collect()
    }

    fn layout(&self) -> TableLayout {
        match self.layout {
            Layout::People => TableLayout::People,
            Layout::Imazing => TableLayout::Imazing,
        }
    }
}
