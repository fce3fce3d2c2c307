//! Conversations as files.

use std::ops::ControlFlow;
use std::sync::Arc;

use corer_exporters::messages::{Attachments, Formats, Layout, Options, Progress as Done, export};
use corer_exporters::output::{Report, SafePath};

use super::{Attached, CsvLayout, Format, Job, MessagesArgs, preview, single};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::kind::Beside;
use crate::cli::run::output::{Output, conclude};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::progress::Unit;

/// Writes the conversations.
///
/// # Errors
/// When the output cannot be written.
pub fn run(
    args: &MessagesArgs,
    job: Job<'_>,
    output: Output,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    let is_stdout = output.is_stdout();
    if args.shape.layout.is_some() && !args.format.is_empty() && !args.format.contains(&Format::Csv) {
        return Err(Failure::usage("--layout is about csv, which is not among the formats.").hint("Add it: -f csv"));
    }
    if is_stdout || output.is_single() {
        refuse_pages(args, is_stdout, console)?;
    }
    if args.output.dry_run {
        if !is_stdout {
            output.check()?;
        }
        return dry_run(&job, &output, console);
    }
    match (is_stdout, output.is_single()) {
        (true, _) => preview::run_as_lines(&job, beside, args.output.strict, console),
        (_, true) => single::run(job, &output, beside, args.output.strict, console),
        _ => to_tree(args, job, &output, beside, console),
    }
}

/// Writes a folder or an archive.
fn to_tree(
    args: &MessagesArgs,
    job: Job<'_>,
    output: &Output,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let tree = output.tree()?;
    let progress = console.progress("Messages", Unit::Items, job.total());
    let Job { chosen, chats, about, zone, owner } = job;
    let options = Options {
        about: about.clone(),
        zone: zone.time_zone().clone(),
        base: SafePath::root(),
        formats: formats(args),
        attachments: match args.shape.attachments {
            Attached::Copy => Attachments::Copy,
            Attached::Link => Attachments::Link,
            Attached::None => Attachments::Leave,
        },
        convert: args.shape.convert.is_some(),
        converter: Arc::default(),
        search: !args.shape.no_search,
        owner,
        jobs: args.work.threads(),
    };
    let told = |done: Done| {
        progress.reach(done.messages);
        if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut kind = export(&chosen, &chats, &options, &tree, &told)?;
    beside.add_to(&mut kind);
    let mut report = Report::new(about);
    report.kinds.push(kind);
    report.write(&tree)?;
    interrupt::check()?;
    tree.finish()?;
    drop((progress, hold));
    conclude(&report, output, args.output.strict, console)
}

/// The formats that were asked for. A layout of tables takes the place of our own table.
fn formats(args: &MessagesArgs) -> Formats {
    let wants = |format, by_default| match &*args.format {
        [] => by_default,
        formats => formats.contains(&format),
    };
    let csv = wants(Format::Csv, true);
    let layout = args.shape.layout.filter(|_| csv).map(|layout| match layout {
        CsvLayout::Imazing => Layout::Imazing15,
        CsvLayout::Imazing14 => Layout::Imazing14,
        CsvLayout::Imazing13 => Layout::Imazing13,
        CsvLayout::Imazing12 => Layout::Imazing12,
    });
    Formats {
        html: wants(Format::Html, true),
        jsonl: wants(Format::Jsonl, true),
        csv: csv && layout.is_none(),
        layout,
        txt: wants(Format::Txt, false),
    }
}

/// Only JSON Lines are one stream: those that were asked for by name, by the name of the file, or with `--json`.
fn refuse_pages(args: &MessagesArgs, is_stdout: bool, console: &Console) -> Result<(), Failure> {
    let is_implied = args.format.is_empty() && (!is_stdout || console.is_json());
    if is_implied || args.format == [Format::Jsonl] {
        return Ok(());
    }
    let place = if is_stdout { "the standard output" } else { "one file" };
    Err(Failure::usage(format!("Pages are many files and cannot go to {place}."))
        .hint("For JSON Lines: corer messages -f jsonl -o -, or a name that ends in .jsonl")
        .hint("For pages: corer messages -o FOLDER"))
}

fn dry_run(job: &Job<'_>, output: &Output, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    let chats = job.chats.len() as u64;
    if console.is_json() {
        answer.json_document("plan", &Plan { chats })?;
    } else {
        let chats = human::count(chats, "conversation", "conversations");
        answer.line(format_args!("Would write at the most {chats} to {}.", output.place()))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}

/// What would be written, for programs.
#[derive(serde::Serialize)]
struct Plan {
    chats: u64,
}
