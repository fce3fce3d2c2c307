//! Photos as files.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use corer_exporters::convert::Converter;
use corer_exporters::output::report::Verdict;
use corer_exporters::output::{Report, SafePath};
use corer_exporters::photos::{self, Known, Options, Plan, RECORDS, Totals};
use serde::Serialize;

use super::watched::WatchedSource;
use super::{Job, PhotosArgs, preview};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::kind::Beside;
use crate::cli::run::output::{Output, conclude};
use crate::cli::state::unchanged::Question;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt::{self, Stoppable};
use crate::cli::terminal::progress::Unit;

/// Writes the photos.
///
/// # Errors
/// When the output cannot be written.
pub fn run(
    args: &PhotosArgs,
    job: &Job<'_>,
    output: &Output,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    if output.is_stdout() && console.is_json() {
        return preview::run(job, beside, args.output.strict, console);
    }
    if output.is_single() && !args.output.dry_run {
        return single(job, output, beside, args.output.strict, console);
    }
    let options = Options {
        about: job.about.clone(),
        zone: job.zone.time_zone().clone(),
        base: SafePath::root(),
        layout: job.layout.clone(),
        edited: args.layout.edited(),
        with_adjustments: args.layout.aae,
        jobs: args.work.threads(),
    };
    let known = output.updated_folder().map(|folder| Known::read(&folder.join(RECORDS))).unwrap_or_default();
    let (files, bytes) = Plan::new(&job.library, &options, &known).size();
    if args.output.dry_run {
        output.check()?;
        return dry_run(job, (files, bytes), output, console);
    }
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let tree = output.tree()?;
    let progress = Arc::new(console.progress("Photos", Unit::Bytes, Some(bytes)));
    let source = WatchedSource {
        inner: job.session.source(),
        is_by_kernel: output.takes_kernel_copies(),
        progress: Arc::clone(&progress),
    };
    let kept = AtomicU64::new(0);
    let told = |done: photos::Progress| {
        progress.advance(done.kept.saturating_sub(kept.fetch_max(done.kept, Ordering::Relaxed)));
        if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let converter = Converter::default();
    let made = args.beside.companions(&converter, &options.about, &options.zone);
    let gallery = made.gallery();
    let companions = made.all(gallery.as_ref());
    let export = photos::Job {
        source: &source,
        again: job.session.source(),
        library: &job.library,
        options: &options,
        known: &known,
        companions: &companions,
    };
    let mut kind = photos::export(export, &tree, &told)?;
    beside.add_to(&mut kind);
    let mut report = Report::new(options.about.clone());
    report.kinds.push(kind);
    report.write(&tree)?;
    interrupt::check()?;
    tree.finish()?;
    drop((progress, hold));
    remember(job, &report, console);
    preview::tell(&job.library, console);
    conclude(&report, output, args.output.strict, console)
}

/// Remembers what the folder answers, so that an update may see at a glance that nothing is new. What has gaps is looked
/// at again every time.
fn remember(job: &Job<'_>, report: &Report, console: &Console) {
    let question = job.question.as_ref().filter(|_| report.verdict(false) == Verdict::Complete);
    if let Some(Err(error)) = question.map(Question::remember) {
        console.detail(format_args!("The next update will look at everything: {error}."));
    }
}

/// Tells the end of an update that found everything as the last run left it.
///
/// # Errors
/// Those of writing to stdout.
pub fn unchanged(report: &Report, output: &Output, strict: bool, console: &Console) -> Result<Exit, Failure> {
    for note in report.kinds.iter().flat_map(|kind| &kind.notes) {
        console.note(note);
    }
    conclude(report, output, strict, console)
}

/// Writes the records or the table alone, as the extension of the name says, and no photo.
fn single(job: &Job<'_>, output: &Output, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let hold = interrupt::hold();
    let mut file = Stoppable(output.single()?);
    let zone = job.zone.time_zone();
    let written = match output.place().to_ascii_lowercase().ends_with(".csv") {
        true => photos::table(&job.library, zone, &mut file).map(|_| ()),
        false => photos::stream(&job.library, &job.about, zone, &mut file),
    };
    interrupt::check()?;
    written.map_err(|error| Failure::io(format!("{} could not be written.", output.place()), &error))?;
    file.0.finish()?;
    drop(hold);
    let mut report = Report::new(job.about.clone());
    report.kinds.push(preview::kind(job, beside));
    conclude(&report, output, strict, console)
}

/// What would be written, for programs.
#[derive(Serialize)]
struct Planned {
    #[serde(flatten)]
    totals: Totals,
}

fn dry_run(job: &Job<'_>, (files, bytes): (u64, u64), output: &Output, console: &Console) -> Result<Exit, Failure> {
    let totals = Totals { files, bytes, ..Totals::of(&job.library) };
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document("plan", &Planned { totals })?;
    } else {
        let items = human::count(totals.assets, "item", "items");
        let files = human::count(files, "file", "files");
        answer.line(format_args!("Would write {items} as {files} ({}) to {}.", human::size(bytes), output.place()))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}
