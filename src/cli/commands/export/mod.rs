//! `corer export`: everything, or the kinds that are named, each in a folder of its own, with one start page and one report.

mod forget;
mod start_page;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueHint};
use corer_exporters::output::{Checksums, Report, Tree};
use corer_exporters::saved::{Losses, SavedError, Update};
use corer_schemas::Kind;
use corer_schemas::people::Directory;

use crate::cli::commands::kinds::{COMMANDS, KindCommand};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{KeepArgs, OutputArgs, SourceArgs, WorkArgs, ZoneArgs};
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::run::command::{Destination, OpenContext};
use crate::cli::run::keep::{Existing, Keep, ZONE, head_of};
use crate::cli::run::output::{Output, conclude};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;

/// Export everything at once, or several kinds
///
/// Takes out messages, contacts, calls, voicemail, voice memos, notes, Safari and photos, or those that are named, each in its usual formats and in a
/// folder of its own (messages/, contacts/ …), with a start page (index.html) that says what is here and what is missing, and one
/// report. What this backup does not hold is said there and is no error.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
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
    pub keep: KeepArgs,

    /// Remove what an export remembers of earlier backups, before it is handed on
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    #[arg(conflicts_with_all = ["kinds", "output"])]
    pub forget_history: Option<PathBuf>,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn after_help() -> String {
    help::after_help(
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
    if let Some(folder) = &args.forget_history {
        return forget::run(folder, console);
    }
    if args.keep.mirror {
        return Err(Failure::usage("--mirror is for one kind at a time.").hint("corer calls --mirror -o FOLDER/calls"));
    }
    let zone = Zone::resolve(args.zone_of_folder()?.as_deref(), console)?;
    let session = Session::open(&args.source, None, console)?;
    let output = args.keep.output(&args.output).resolve(Checksums::Written, &[], &session.place)?;
    let output = output.ok_or_else(|| {
        Failure::usage("An export needs a place to write to.").hint("Name a folder, or an archive: -o FOLDER, -o X.zip")
    })?;
    let kinds: Vec<&'static KindCommand> = COMMANDS.iter().filter(|command| args.wants(command.kind)).collect();
    let mut about = session.about(&zone.name());
    if !args.kinds.is_empty() {
        about.filters = kinds.iter().map(|command| start_page::filter(command.kind)).collect();
    }
    let directory = Directory::read(session.source());
    let names_unread = session.take_unreadable();
    let run = ExportRun {
        at: OpenContext {
            session: &session,
            directory: &directory,
            about,
            zone: zone.time_zone().clone(),
            threads: args.work.threads(),
            names_unread: &names_unread,
            asks: None,
        },
        kinds,
        console,
    };
    if args.output.dry_run {
        output.check()?;
        return run.plan(&output);
    }
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let tree = output.tree()?;
    if let Some(head) = output.folder().map(head_of).transpose()?.flatten() {
        return Err(SavedError::OtherKind { there: head.kind, here: "an export of everything".to_owned() }.into());
    }
    let root = Destination::root(&output, Keep::new(&args.output, &args.keep, &[], &zone));
    run.check(&tree, &root)?;
    let root = Destination { keep: Keep { was_asked: true, ..root.keep.clone() }, ..root };
    let report = run.write(&tree, &root)?;
    interrupt::check()?;
    tree.finish()?;
    drop(hold);
    conclude(&report, &output, args.output.strict, console)
}

impl ExportArgs {
    /// The zone that was typed, else that of the folder which is brought up to date.
    fn zone_of_folder(&self) -> Result<Option<String>, Failure> {
        let Some(folder) = self.output.output.as_deref().filter(|_| self.output.update && self.zone.tz.is_none())
        else {
            return Ok(self.zone.tz.clone());
        };
        for command in COMMANDS.iter().filter(|command| command.remembers) {
            let head = head_of(&folder.join(command.kind.name))?;
            if let Some(zone) = head.and_then(|head| head.choice.into_iter().find(|word| word.name == ZONE)) {
                return Ok(Some(zone.value));
            }
        }
        Ok(None)
    }

    fn wants(&self, kind: &Kind) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|name| name == kind.name)
    }
}

/// One export, with all that its kinds share.
struct ExportRun<'a> {
    kinds: Vec<&'static KindCommand>,
    at: OpenContext<'a>,
    console: &'a Console,
}

impl ExportRun<'_> {
    /// Refuses what the folders of kinds remember that does not go with this run, before anything is written.
    fn check(&self, tree: &Tree, root: &Destination) -> Result<(), Failure> {
        let agrees = |_: &Losses| false;
        let asked = root.keep.asked(&self.at.about.corer_version, self.at.session.taken(), &agrees);
        for command in self.kinds.iter().filter(|command| command.remembers) {
            Update::check(command.kind, &asked, tree, &root.folder_of(command.kind).base)?;
        }
        if matches!(root.keep.existing, Existing::Overwrite | Existing::Mirror) {
            for command in self.kinds.iter().filter(|command| command.remembers) {
                (command.look)(self.at.clone(), tree, root.folder_of(command.kind), self.console)?;
            }
        }
        Ok(())
    }

    /// Writes every kind, the start page and the report. What remembers comes first: if it refuses, nothing has been written.
    fn write(&self, tree: &Tree, root: &Destination) -> Result<Report, Failure> {
        let mut written = Vec::new();
        let mut order: Vec<(usize, &KindCommand)> = self.kinds.iter().copied().enumerate().collect();
        order.sort_by_key(|(_, command)| !command.remembers);
        for (number, command) in order {
            let place = root.folder_of(command.kind);
            written.push((number, (command.write)(self.at.clone(), tree, place, self.console)?));
        }
        written.sort_by_key(|(number, _)| *number);
        let mut report = Report::new(self.at.about.clone());
        report.kinds = written.into_iter().map(|(_, kind)| kind).collect();
        start_page::write(&self.kinds, &report, self.at.session, tree)?;
        report.write(tree)?;
        Ok(report)
    }

    fn plan(&self, output: &Output) -> Result<Exit, Failure> {
        let count = |command: &KindCommand| (command.count)(self.at.clone());
        let counts: Vec<_> =
            self.kinds.iter().map(|command| PlannedKind { kind: command.kind.name, records: count(command) }).collect();
        let mut answer = self.console.answer();
        if self.console.is_json() {
            answer.json_document("plan", &ExportPlan { kinds: counts })?;
        } else {
            answer.line(format_args!("Would write to {}:", output.place()))?;
            for (command, planned) in self.kinds.iter().zip(&counts) {
                let (one, many) = command.kind.nouns;
                let records =
                    planned.records.map_or_else(|| "none".to_owned(), |number| human::count(number, one, many));
                answer.line(format_args!("  {:<12} {records}", command.kind.name))?;
            }
        }
        answer.finish()?;
        Ok(Exit::Done)
    }
}

/// What would be written, for programs.
#[derive(serde::Serialize)]
struct ExportPlan {
    kinds: Vec<PlannedKind>,
}

/// One kind of it; `null` where the backup holds none.
#[derive(serde::Serialize)]
struct PlannedKind {
    kind: &'static str,
    records: Option<u64>,
}
