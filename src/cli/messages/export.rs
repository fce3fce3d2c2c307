//! Conversations as files.

use std::ops::ControlFlow;

use corer_exporters::messages::{ExportError, Options, Progress as Done, export};
use corer_exporters::output::{Report, SafePath};

use super::{Beside, Format, Job, MessagesArgs, preview};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::{Output, conclude};
use crate::cli::progress::Unit;
use crate::cli::{human, interrupt};

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
    if args.output.dry_run {
        if !output.is_stdout() {
            output.check()?;
        }
        return dry_run(&job, &output, console);
    }
    if output.is_stdout() {
        return to_stdout(args, &job, beside, console);
    }
    let tree = output.tree()?;
    let Job { chosen, chats, about, zone } = job;
    let wants = |format| args.format.is_empty() || args.format.contains(&format);
    let options = Options {
        about: about.clone(),
        zone: zone.time_zone().clone(),
        base: SafePath::root(),
        html: wants(Format::Html),
        jsonl: wants(Format::Jsonl),
        jobs: args.work.threads(),
    };
    // How many of all messages are asked for shows only at the end.
    let total = chosen.messages.count().ok().filter(|_| about.filters.is_empty()).map(|counts| counts.messages);
    let progress = console.progress("Messages", Unit::Items, total);
    let hold = interrupt::hold();
    let told = |done: Done| {
        progress.reach(done.messages);
        if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut kind = export(&chosen, &chats, &options, &tree, &told).map_err(|error| match error {
        ExportError::Interrupted => Failure::interrupted(),
        ExportError::Output(error) => error.into(),
    })?;
    beside.add_to(&mut kind);
    let mut report = Report::new(about);
    report.kinds.push(kind);
    report.write(&tree)?;
    tree.finish()?;
    drop((progress, hold));
    conclude(&report, &output, args.output.strict, console)
}

/// `-o -`: only JSON Lines are one stream.
fn to_stdout(args: &MessagesArgs, job: &Job<'_>, beside: Beside, console: &Console) -> Result<Exit, Failure> {
    if args.format != [Format::Jsonl] {
        return Err(Failure::usage("Pages are many files and cannot go to the standard output.")
            .hint("For JSON Lines: corer messages -f jsonl -o -"));
    }
    preview::run_as_lines(job, beside, args.output.strict, console)
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
