//! Carrying out the command of one kind: shown in the terminal, as a stream for programs, as one file, or as a tree of files
//! with its report.

use std::ops::ControlFlow;
use std::sync::Arc;

use corer_exporters::formats::Format;
use corer_exporters::output::report::{ExportInfo, PossibleDuplicate, Verdict};
use corer_exporters::output::{KindReport, Report};
use corer_exporters::saved::SavedError;
use corer_schemas::Kind;
use corer_schemas::people::Directory;
use serde_json::{Map, Value};

use super::absent;
use super::as_before::as_before;
use super::command::{Destination, Job, KindArgs, OnProgress, OpenContext, OpenError, Opened, WriteContext, WritePlan};
use super::extras::ReportExtras;
use super::keep::{Keep, head_of, remembers};
use super::output::{Output, conclude, exit_of};
use super::parsed_command::ParsedCommand;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::KeepArgs;
use crate::cli::input::matched_people::MatchedPeople;
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::state::fingerprint::Fingerprint;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt::{self, Stoppable};
use crate::cli::terminal::json::Lines;
use crate::cli::terminal::progress::Unit;

/// So many pairs of records that may be the same are shown in the terminal.
const MOST_PAIRS: usize = 20;

/// Shows or writes what was asked for.
///
/// # Errors
/// When the backup cannot be opened or holds none of it, when nothing matched, and when it cannot be written.
pub fn run<C: KindArgs>(typed: &ParsedCommand<C>, console: &Console) -> Result<Exit, Failure> {
    let before = as_before(typed, console)?;
    carry_out(before.as_ref().unwrap_or(typed), console)
}

fn carry_out<C: KindArgs>(typed: &ParsedCommand<C>, console: &Console) -> Result<Exit, Failure> {
    let args = &typed.own;
    let zone = Zone::resolve(typed.zone.tz.as_deref(), console)?;
    let query = args.resolve(&zone)?;
    let found = Session::find(&typed.source, C::KIND.database(), console)?;
    let one_file: Vec<&str> = C::Format::one_file().into_iter().map(Format::extension).collect();
    let output = typed.keep.output(&typed.output).resolve(C::CHECKSUMS, &one_file, &found.0)?;
    let format = match &output {
        Some(output) => {
            args.refuse(output)?;
            refuse_keep::<C>(&typed.keep, output)?;
            one_format::<C>(output, args.formats(), console)?
        }
        None => None,
    };
    let fingerprint = output.as_ref().and_then(|output| fingerprint(typed, &zone, &found.0, output));
    if let Some(output) = output.as_ref().filter(|output| output.updated_folder().is_some() && !typed.output.dry_run)
        && let Some(report) = fingerprint.as_ref().and_then(Fingerprint::last_report)
    {
        return unchanged(&report, output, typed.output.strict, console);
    }
    let session = Session::open_found(found, &typed.source, console)?;
    let directory = if C::TAKES_NAMES { Directory::read(session.source()) } else { Directory::default() };
    let about = ExportInfo { filters: args.filters(), ..session.about(&zone.name()) };
    let at = OpenContext {
        session: &session,
        directory: &directory,
        about: about.clone(),
        zone: zone.time_zone().clone(),
        threads: args.work().threads(),
        names_unread: &[],
        asks: Some(console),
    };
    let opened = args.open(query, at).map_err(|error| match error {
        OpenError::Source(error) => absent::failure(error, C::KIND, &session),
        OpenError::Failure(failure) => failure,
    })?;
    let Opened { job, whom, notes, warnings, skipped } = opened;
    whom.iter().for_each(|whom| whom.say(console));
    let is_update = output.as_ref().and_then(Output::updated_folder).is_some_and(remembers);
    if !is_update && job.is_empty() {
        return Err(nothing_matched(&job, &whom, &session, C::TAKES_NAMES.then_some(&directory)));
    }
    warnings.iter().for_each(|warning| console.warn(warning));
    let extras = ReportExtras::new(&session, skipped);
    let extras = if C::TAKES_NAMES { extras.with_names(&directory) } else { extras };
    let extras = extras.with_whom(&whom).with_notes(notes).with_notes(warnings);
    let keep = Keep::new(&typed.output, &typed.keep, &typed.choice, &zone);
    let is_complete = extras.is_complete();
    let run = Run {
        keep,
        is_complete,
        job: &job,
        kind: C::KIND,
        about: &about,
        strict: typed.output.strict,
        fingerprint,
        console,
    };
    run.go(output.as_ref(), format, typed.output.dry_run, extras)
}

/// Refuses what only an export that remembers can do.
fn refuse_keep<C: KindArgs>(keep: &KeepArgs, output: &Output) -> Result<(), Failure> {
    if let Some(head) = output.folder().filter(|_| !C::REMEMBERS).map(head_of).transpose()?.flatten() {
        return Err(SavedError::OtherKind { there: head.kind, here: C::KIND.name.to_owned() }.into());
    }
    match keep.mirror || keep.same_person {
        true if !C::REMEMBERS => Err(Failure::usage(format!(
            "An export of {} does not remember earlier backups yet: --update makes it equal to this one.",
            C::KIND.plural
        ))),
        _ => Ok(()),
    }
}

/// The one format that goes to a stream: that of the file's name, or the one that was asked for. `None` for a tree.
fn one_format<C: KindArgs>(
    output: &Output,
    asked: &[C::Format],
    console: &Console,
) -> Result<Option<C::Format>, Failure> {
    if !output.is_stdout() && !output.is_single() {
        return Ok(None);
    }
    let named = output.extension().and_then(|extension| C::Format::of_extension(&extension));
    match (asked, named) {
        ([], Some(named)) => Ok(Some(named)),
        ([asked], Some(named)) if *asked == named => Ok(Some(named)),
        ([asked], None) if asked.is_one_file() => Ok(Some(*asked)),
        ([], None) if console.is_json() => Ok(Some(C::Format::LINES)),
        ([], None) if C::Format::STREAM.is_some() => Ok(C::Format::STREAM),
        (_, Some(named)) => {
            Err(Failure::usage(format!("The name ends in .{}, and -f says something else.", named.extension())))
        }
        _ if !C::HAS_FORMAT => Err(super::output::many_files()),
        _ => {
            let known: Vec<&str> = C::Format::one_file().into_iter().map(Format::extension).collect();
            let failure = Failure::usage("Standard output or a single file can hold only one format.")
                .hint(format!("Say which with -f: {}", known.join(", ")));
            match known.len() == C::Format::ALL.len() {
                true => Err(failure),
                false => Err(failure.hint(format!("The others are many files: corer {} -o FOLDER", C::KIND.name))),
            }
        }
    }
}

/// What the run answers, where an update may ask the same again.
fn fingerprint<C: KindArgs>(
    typed: &ParsedCommand<C>,
    zone: &Zone,
    backup: &std::path::Path,
    output: &Output,
) -> Option<Fingerprint> {
    let (words, folder) = (typed.own.fingerprint()?, output.folder()?);
    let checksums = typed.output.checksums;
    Fingerprint::new(&format!("{} {words} {checksums} {}", C::KIND.name, zone.name()), backup, folder)
}

/// Tells the end of an update that found everything as the last run left it.
fn unchanged(report: &Report, output: &Output, strict: bool, console: &Console) -> Result<Exit, Failure> {
    for note in report.kinds.iter().flat_map(|kind| &kind.notes) {
        console.note(note);
    }
    conclude(report, output, strict, console)
}

/// Says that nothing matches, and whom somebody may have meant.
fn nothing_matched(
    job: &impl Job,
    whom: &[MatchedPeople],
    session: &Session,
    directory: Option<&Directory>,
) -> Failure {
    let failure = session.or_unreadable(job.nothing_matched());
    if !job.is_about_people() {
        return failure;
    }
    let failure = whom.iter().fold(failure, |failure, whom| whom.suggest(failure, &|name| job.finds(name)));
    match directory.filter(|_| whom.iter().any(MatchedPeople::is_of_people)) {
        Some(directory) => absent::or_unknown(directory, failure),
        None => failure,
    }
}

/// One run, once its records are chosen.
struct Run<'a, J> {
    keep: Keep,
    is_complete: bool,
    job: &'a J,
    kind: &'static Kind,
    about: &'a ExportInfo,
    strict: bool,
    fingerprint: Option<Fingerprint>,
    console: &'a Console,
}

impl<J: Job> Run<'_, J> {
    /// Shows the records, or writes them in the format of one stream, or as a tree.
    fn go(
        &self,
        output: Option<&Output>,
        format: Option<J::Format>,
        is_dry: bool,
        extras: ReportExtras<'_>,
    ) -> Result<Exit, Failure> {
        match (output, format) {
            (None, _) => self.preview(extras),
            (Some(output), _) if is_dry => self.plan(output),
            (Some(output), Some(format)) if output.is_stdout() => self.to_stdout(format, extras),
            (Some(output), Some(format)) => self.to_file(format, output, extras),
            (Some(output), None) => self.to_tree(output, extras),
        }
    }

    fn preview(&self, extras: ReportExtras<'_>) -> Result<Exit, Failure> {
        let for_programs = self.console.is_json();
        if for_programs && !self.job.is_document() {
            return self.to_stdout(J::Format::LINES, extras);
        }
        let mut answer = self.console.answer();
        let report = self.job.show(&mut answer, for_programs)?;
        answer.finish()?;
        self.tell(report, extras)
    }

    fn to_stdout(&self, format: J::Format, extras: ReportExtras<'_>) -> Result<Exit, Failure> {
        let mut answer = self.console.answer();
        let keep_going: &OnProgress<'_> = &|_| ControlFlow::Continue(());
        let streamed = match format == J::Format::LINES {
            true => self.job.stream(format, &mut Lines::new(answer.stream()), keep_going),
            false => self.job.stream(format, answer.stream(), keep_going),
        };
        let report = streamed.map_err(|error| Failure::stdout(&error))?;
        answer.finish()?;
        self.tell(report, extras)
    }

    /// Says what of it is not there, beside an answer on stdout.
    fn tell(&self, mut report: KindReport, extras: ReportExtras<'_>) -> Result<Exit, Failure> {
        if let Some(names) = &extras.names {
            self.console.warn(format_args!("{}: {}", names.item, names.why));
        }
        self.print_notes(&report.notes, &report.may_be_same);
        extras.add_to(&mut report);
        for item in &report.skipped {
            self.console.warn(format_args!("{}: {}", item.item, item.why));
        }
        match exit_of(&self.report(report), self.strict) {
            Exit::NothingMatched if self.job.has_more_than_records() => Ok(Exit::Done),
            Exit::NothingMatched => Err(self.job.nothing_matched()),
            exit => Ok(exit),
        }
    }

    fn to_file(&self, format: J::Format, output: &Output, extras: ReportExtras<'_>) -> Result<Exit, Failure> {
        // From here on, an interruption ends the work in order, so that no temporary file stays.
        let hold = interrupt::hold();
        let mut file = Stoppable(output.single()?);
        let progress = self.console.progress(self.kind.title, Unit::Items, self.job.total());
        let streamed = self.job.stream(format, &mut file, &|done| {
            progress.reach(done);
            interrupt::keep_going()
        });
        interrupt::check()?;
        let cannot = |error| Failure::io(format!("{} could not be written.", output.place()), &error);
        let mut report = streamed.map_err(cannot)?;
        file.0.finish()?;
        drop((progress, hold));
        self.print_notes(&report.notes, &report.may_be_same);
        extras.add_to(&mut report);
        conclude(&self.report(report), output, self.strict, self.console)
    }

    fn to_tree(&self, output: &Output, extras: ReportExtras<'_>) -> Result<Exit, Failure> {
        let place = Destination::root(output, self.keep.clone());
        let (unit, work) = self.job.work(&place);
        let hold = interrupt::hold();
        let tree = output.tree()?;
        let progress = Arc::new(self.console.progress(self.kind.title, unit, work));
        let mut written = self.job.write(&WriteContext {
            tree: &tree,
            place,
            progress: Arc::clone(&progress),
            console: self.console,
            is_complete: self.is_complete,
        })?;
        let (notes, pairs) = (written.notes.clone(), written.may_be_same.clone());
        // Of a part, nobody knows which files belong to the rest.
        let is_all = self.about.filters.is_empty();
        let extras = if is_all { extras.with_files_of_no_record(self.kind) } else { extras };
        extras.add_to(&mut written);
        let report = self.report(written);
        report.write(&tree)?;
        interrupt::check()?;
        tree.finish()?;
        drop((progress, hold));
        self.remember(&report);
        self.print_notes(&notes, &pairs);
        conclude(&report, output, self.strict, self.console)
    }

    fn report(&self, kind: KindReport) -> Report {
        let mut report = Report::new(self.about.clone());
        report.kinds.push(kind);
        report
    }

    /// Remembers what the folder answers, so that an update may see at a glance that nothing is new. What has gaps is looked
    /// at again every time.
    fn remember(&self, report: &Report) {
        let fingerprint = self.fingerprint.as_ref().filter(|_| report.verdict(false) == Verdict::Complete);
        if let Some(Err(error)) = fingerprint.map(Fingerprint::remember) {
            self.console.detail(format_args!("The next update will look at everything: {error}."));
        }
    }

    /// Says what the records have to say of themselves, such as who was merged.
    fn print_notes(&self, notes: &[String], pairs: &[PossibleDuplicate]) {
        notes.iter().for_each(|note| self.console.note(note));
        for pair in pairs.iter().take(MOST_PAIRS) {
            self.console.note(format_args!("May be the same, and left apart: {pair}."));
        }
        if pairs.len() > MOST_PAIRS {
            let more = pairs.len() - MOST_PAIRS;
            self.console.note(format_args!(
                "{more} more pairs may be the same; the report of an export into a folder lists them."
            ));
        }
    }

    fn plan(&self, output: &Output) -> Result<Exit, Failure> {
        if !output.is_stdout() {
            output.check()?;
        }
        let WritePlan { records, words, more } = self.job.plan(&Destination::root(output, self.keep.clone()));
        let mut answer = self.console.answer();
        if self.console.is_json() {
            answer.json_document("plan", &PlanDocument { records, more })?;
        } else {
            let (one, many) = self.kind.nouns;
            let counted = || records.map_or_else(|| many.to_owned(), |records| human::count(records, one, many));
            let words = words.unwrap_or_else(|| format!("up to {}", counted()));
            answer.line(format_args!("Would write {words} to {}.", output.place()))?;
        }
        answer.finish()?;
        Ok(Exit::Done)
    }
}

/// What would be written, for programs.
#[derive(serde::Serialize)]
struct PlanDocument {
    records: Option<u64>,
    #[serde(flatten)]
    more: Map<String, Value>,
}
