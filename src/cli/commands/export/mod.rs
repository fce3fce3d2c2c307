//! `corer export`: everything, or the kinds that are named, each in a folder of its own, with one start page and one report.

mod page;

use clap::Args;
use clap::builder::PossibleValuesParser;
use corer_exporters::output::report::{Item, Missing};
use corer_exporters::output::{Checksums, KindReport, Report, SafePath, Tree};
use corer_schemas::people::Directory;
use corer_schemas::{Absence, SourceError};

use crate::cli::commands::kinds::{COMMANDS, KindCommand};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SourceArgs, WorkArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::run::drive::watch;
use crate::cli::run::kind::{Beside, Whole, item};
use crate::cli::run::output::{Output, conclude};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::progress::Unit;
use corer_schemas::Kind;

/// Export everything at once, or several kinds
///
/// Takes out messages, contacts, calls, voicemail and photos, or those that are named, each in its usual formats and in a
/// folder of its own (messages/, contacts/ …), with a start page (index.html) that says what is here and what is missing, and one
/// report. What this backup does not hold is said there and is no error.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct ExportArgs {
    /// The kinds to export [default: all]
    #[arg(value_name = "KIND", value_parser = PossibleValuesParser::new(COMMANDS.iter().map(|command| command.kind.name)))]
    pub kinds: Vec<String>,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer export -o everything/", "every kind of data, with a start page"),
            ("corer export calls voicemail -o calls.zip", "two kinds, in one archive"),
            ("corer export -o everything/ --update", "later: only what is new"),
        ],
        help::TAKING,
    )
}

/// Exports the kinds that were named, or all.
///
/// # Errors
/// When the backup cannot be opened, and when the output cannot be written.
pub fn run(args: &ExportArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let session = Session::open(&args.source, None, console)?;
    let output = args.output.resolve(Checksums::Written, &[], &session.place)?;
    let output = output.ok_or_else(|| {
        Failure::usage("An export needs a place to write to.").hint("Name a folder, or an archive: -o FOLDER, -o X.zip")
    })?;
    let directory = Directory::read(session.source());
    let mut about = session.about(&zone.name());
    let kinds: Vec<&'static KindCommand> = COMMANDS.iter().filter(|command| args.wants(command.kind)).collect();
    if !args.kinds.is_empty() {
        about.filters = kinds.iter().map(|command| page::filter(command.kind)).collect();
    }
    let whole = Whole {
        source: session.source(),
        directory: &directory,
        names_unread: session.take_unread(),
        about,
        zone: zone.time_zone().clone(),
        threads: args.work.threads(),
        updated: output.updated_folder(),
    };
    if args.output.dry_run {
        output.check()?;
        return dry_run(&kinds, &whole, &output, console);
    }
    let run = Run { kinds, whole, session: &session, console };
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let tree = output.tree()?;
    let report = run.write(&tree)?;
    interrupt::check()?;
    tree.finish()?;
    drop(hold);
    conclude(&report, &output, args.output.strict, console)
}

impl ExportArgs {
    fn wants(&self, kind: &Kind) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|name| name == kind.name)
    }
}

/// One export, with all that its kinds share.
struct Run<'a> {
    kinds: Vec<&'static KindCommand>,
    whole: Whole<'a>,
    session: &'a Session,
    console: &'a Console,
}

impl Run<'_> {
    /// Writes every kind, the start page and the report.
    fn write(&self, tree: &Tree) -> Result<Report, Failure> {
        let mut report = Report::new(self.whole.about.clone());
        for command in &self.kinds {
            report.kinds.push(self.write_kind(command, tree)?);
        }
        page::write(&self.kinds, &report, self.session, tree)?;
        report.write(tree)?;
        Ok(report)
    }

    fn write_kind(&self, command: &KindCommand, tree: &Tree) -> Result<KindReport, Failure> {
        let kind = command.kind;
        let records = match (command.open)(&self.whole) {
            Ok(records) => records,
            Err(error) => return Ok(unopened(kind, error, self.session)),
        };
        let progress = self.console.progress(kind.title, Unit::Items, records.total());
        let mut report = records.write(&SafePath::new(kind.name), tree, &|done| watch(&progress, done))?;
        let mut beside = Beside::new(self.session, Vec::new());
        if records.takes_names() {
            report.skipped.extend(self.whole.names_unread.iter().cloned().map(item));
            beside = beside.with_names(self.whole.directory);
        }
        beside.add_to(&mut report);
        Ok(report)
    }
}

/// The report of a kind that could not be opened: what the backup never held is no damage.
fn unopened(kind: &Kind, error: SourceError, session: &Session) -> KindReport {
    let mut report = KindReport::new(kind.name);
    let missing = |why: String, expected| Missing { item: kind.nouns.1.to_owned(), why, expected };
    match error {
        SourceError::Missing { .. } if session.leaves_out(kind) => {
            let why = "a device saves them only in encrypted backups, and this one is not";
            report.missing.push(missing(why.to_owned(), false));
        }
        SourceError::Missing { .. } => {
            report.missing.push(missing("there are none in this backup".to_owned(), session.has_lost_records()));
        }
        SourceError::Absent { why, .. } => report.missing.push(missing(why.to_string(), why == Absence::Lost)),
        error => report.skipped.push(Item { item: kind.nouns.1.to_owned(), why: error.to_string() }),
    }
    report.skipped.extend(session.take_unread().into_iter().map(item));
    report
}

fn dry_run(kinds: &[&KindCommand], whole: &Whole<'_>, output: &Output, console: &Console) -> Result<Exit, Failure> {
    let count = |command: &KindCommand| (command.open)(whole).ok().and_then(|records| records.total());
    let counts: Vec<_> =
        kinds.iter().map(|command| Planned { kind: command.kind.name, records: count(command) }).collect();
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document("plan", &Plan { kinds: counts })?;
    } else {
        answer.line(format_args!("Would write to {}:", output.place()))?;
        for (command, planned) in kinds.iter().zip(&counts) {
            let kind = command.kind;
            let (one, many) = kind.nouns;
            let records = planned.records.map_or_else(|| "none".to_owned(), |number| human::count(number, one, many));
            answer.line(format_args!("  {:<12} {records}", kind.name))?;
        }
    }
    answer.finish()?;
    Ok(Exit::Done)
}

/// What would be written, for programs.
#[derive(serde::Serialize)]
struct Plan {
    kinds: Vec<Planned>,
}

/// One kind of it; `null` where the backup holds none.
#[derive(serde::Serialize)]
struct Planned {
    kind: &'static str,
    records: Option<u64>,
}
