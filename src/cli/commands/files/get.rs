//! `corer files get`: files as they were on the device, in a folder or a zip.

use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use corer_exporters::output::report::{self, AppliedFilter, MissingItem};
use corer_exporters::output::{Checksums, CopyError, KindReport, Report, SHA256SUMS, SafePath, Tree, UniqueNames};
use corer_schemas::{Absence, EntryKind, Opened, Skipped, SourceError};
use rayon::iter::{ParallelBridge, ParallelIterator};
use serde::Serialize;

use super::selected::{self, Counts, WalkSummary};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{OutputArgs, SourceArgs, WorkArgs};
use crate::cli::input::items::{self, Item, Items, OpenedFile};
use crate::cli::input::patterns::Patterns;
use crate::cli::input::session::Session;
use crate::cli::run::output::{self, Output};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::progress::{Progress, Unit};
use crate::cli::terminal::progress_reader::ProgressReader;

/// Take files out, decrypted, with their folders and times
///
/// Writes `Domain/path` below the folder. Files are whole when they have their name; after an interruption, run the
/// same command with --update. Links are not made: the report says where they point.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct GetArgs {
    /// Only these: `Domain/path` patterns
    #[arg(value_name = "PATTERN")]
    pub patterns: Vec<String>,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer files get -o phone/", "everything"),
            ("corer files get 'CameraRollDomain/**' -o roll/", "photos and videos as they lie in the backup"),
            ("corer files get -o phone/ --update", "go on after an interruption, or take what is new"),
        ],
        help::TAKING,
    )
}

/// Takes the files out.
///
/// # Errors
/// When the backup cannot be opened, nothing matched, or the output cannot be written. A file that cannot be read is
/// no error: it is in the report.
pub fn run(args: &GetArgs, console: &Console) -> Result<Exit, Failure> {
    if args.output.output.is_none() {
        return Err(Failure::usage("Files need a place to go.").hint("Say where: corer files get -o FOLDER"));
    }
    let session = Session::open(&args.source, None, console)?;
    let Some(output) = args.output.resolve(Checksums::None, &[], &session.place)? else {
        return Err(Failure::usage("Files need a place to go."));
    };
    let mut bytes = 0_u64;
    let walk = selected::for_each(&session, &args.patterns, console, |_, item| {
        bytes = bytes.saturating_add(item.size().unwrap_or(0));
        Ok(())
    })?;
    if args.output.dry_run {
        output.check()?;
        return dry_run(walk.counts, bytes, &output, console);
    }
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let _hold = interrupt::hold();
    let tree = output.tree()?;
    let progress = Arc::new(console.progress("Taking files", Unit::Bytes, Some(bytes)));
    let taker = GetWork { tree: &tree, is_by_kernel: output.takes_kernel_copies(), progress, result: Mutex::default() };
    taker.take_all(&mut FileJobs::new(&session, &args.patterns)?, args.work.threads())?;
    let report = report(taker.into_result(), walk, &session, &args.patterns);
    report.write(&tree)?;
    interrupt::check()?;
    tree.finish()?;
    output::conclude(&report, &output, args.output.strict, console)
}

/// What would be written, for programs.
#[derive(Serialize)]
struct GetPlan {
    #[serde(flatten)]
    counts: Counts,
    bytes: u64,
}

/// Says what would be written.
fn dry_run(counts: Counts, bytes: u64, output: &Output, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document("plan", &GetPlan { counts, bytes })?;
    } else {
        answer.line(format_args!("Would write {counts} ({}) to {}.", human::size(bytes), output.place()))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}

/// Completes the report with what was not taken file by file.
fn report(mut kind: KindReport, walk: WalkSummary, session: &Session, patterns: &[String]) -> Report {
    kind.kind = "files".to_owned();
    kind.found = walk.counts.files;
    kind.skipped.extend(walk.problems.into_iter().map(|Skipped { item, why, .. }| report::SkippedItem { item, why }));
    let doubt = |Skipped { item, why, .. }| format!("{item}: {why}; whether it was asked for cannot be told");
    kind.notes.extend(walk.doubts.into_iter().map(doubt));
    kind.notes.extend(session.notes().iter().map(|note| format!("{}: {}", note.item, note.why)));
    // The same order whichever thread was first.
    kind.skipped.sort();
    kind.missing.sort();
    kind.notes.sort();
    kind.skipped.dedup();
    kind.missing.dedup();
    kind.notes.dedup();
    let mut about = session.about("UTC");
    about.filters = patterns.iter().map(|pattern| AppliedFilter::new("pattern", pattern)).collect();
    let mut report = Report::new(about);
    report.kinds.push(kind);
    report
}

/// The work, shared by all threads.
struct GetWork<'t> {
    tree: &'t Tree,
    is_by_kernel: bool,
    progress: Arc<Progress>,
    result: Mutex<KindReport>,
}

/// One entry and the place it gets.
struct FileJob<'s> {
    item: Item<'s>,
    name: String,
    path: SafePath,
}

impl GetWork<'_> {
    fn take_all(&self, jobs: &mut FileJobs<'_>, threads: usize) -> Result<(), Failure> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| Failure::failed("No threads could be started.").because(error))?;
        // The iterator gives out names in the order of the listing, whichever thread asks.
        pool.install(|| {
            jobs.par_bridge().try_for_each(|job| {
                interrupt::check()?;
                self.take(&job)
            })
        })
    }

    fn take(&self, job: &FileJob<'_>) -> Result<(), Failure> {
        if job.name != job.path.as_str() {
            self.note(|report| report.notes.push(format!("{} is written as {}", job.name, job.path)));
        }
        match job.item.kind {
            EntryKind::Directory => self.tree.folder(&job.path, job.item.modified())?,
            EntryKind::Symlink => self.take_link(job),
            EntryKind::File => self.take_file(job)?,
        }
        Ok(())
    }

    /// Links are not made: in another tree they would lead anywhere.
    fn take_link(&self, job: &FileJob<'_>) {
        let target = job.item.target().unwrap_or_else(|| "a place that its record does not name".to_owned());
        self.note(|report| report.notes.push(format!("{} is a link to {target}", job.name)));
    }

    fn take_file(&self, job: &FileJob<'_>) -> Result<(), Failure> {
        let OpenedFile { opened, damage } = match job.item.open() {
            Ok(taken) => taken,
            Err(error) => {
                self.note_unreadable(job, error);
                return Ok(());
            }
        };
        let Opened { len, plain, .. } = &opened;
        let modified = job.item.modified();
        if len.is_some_and(|len| self.tree.is_current(&job.path, len, modified)) {
            self.progress.advance(len.unwrap_or(0));
            self.tree.keep(&job.path, plain.is_some())?;
        } else if let Err(error) =
            self.tree.copy(ProgressReader::wrap(opened, self.is_by_kernel, &self.progress), &job.path, modified)
        {
            return self.failed(job, error);
        }
        self.note(|report| report.exported += 1);
        if let Some(why) = damage {
            self.note_skipped(job, why);
        }
        Ok(())
    }

    fn failed(&self, job: &FileJob<'_>, error: CopyError) -> Result<(), Failure> {
        interrupt::check()?;
        match error {
            CopyError::Output(error) => Err(error.into()),
            CopyError::Source(error) => {
                self.note_skipped(job, error.to_string());
                Ok(())
            }
        }
    }

    fn note_unreadable(&self, job: &FileJob<'_>, error: SourceError) {
        match error {
            SourceError::Absent { why, .. } => {
                let item = job.name.clone();
                let missing = MissingItem { item, why: why.to_string(), expected: why != Absence::InCloud };
                self.note(|report| report.missing.push(missing));
            }
            SourceError::Unreadable { why, .. } => self.note_skipped(job, why),
            other => self.note_skipped(job, other.to_string()),
        }
    }

    fn note_skipped(&self, job: &FileJob<'_>, why: String) {
        self.note(|report| report.skipped.push(report::SkippedItem { item: job.name.clone(), why }));
    }

    fn note(&self, write: impl FnOnce(&mut KindReport)) {
        write(&mut self.result.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn into_result(self) -> KindReport {
        self.result.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is to be done, in the order of the listing.
struct FileJobs<'s> {
    items: Items<'s>,
    patterns: Patterns,
    names: UniqueNames,
}

impl<'s> FileJobs<'s> {
    fn new(session: &'s Session, patterns: &[String]) -> Result<Self, Failure> {
        let mut names = UniqueNames::new();
        for own in ["report.json", "report.txt", SHA256SUMS] {
            names.reserve(&SafePath::new(own));
        }
        let (items, _) = items::all(session);
        Ok(Self { items, patterns: Patterns::new(patterns)?, names })
    }
}

impl<'s> Iterator for FileJobs<'s> {
    type Item = FileJob<'s>;

    fn next(&mut self) -> Option<FileJob<'s>> {
        let mut name = String::new();
        let item = self.items.by_ref().find(|item| {
            item.write_name(&mut name);
            self.patterns.take(&name)
        })?;
        let path = match item.kind {
            EntryKind::Directory => self.names.folder(name.split('/')),
            EntryKind::File | EntryKind::Symlink => self.names.file(name.split('/')),
        };
        Some(FileJob { item, name, path })
    }
}
