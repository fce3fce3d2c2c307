//! Conversations in the terminal, or as JSON Lines for programs.

use corer_exporters::messages::{Conversations, jsonl, text};
use corer_exporters::output::{KindReport, Report};
use corer_schemas::Skipped;
use corer_schemas::messages::{Chat, Message};

use super::Job;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::kind::{Beside, item};
use crate::cli::run::output::exit_of;
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::json::Lines;
use crate::cli::terminal::printable::Printable;

/// Prints the conversations.
///
/// # Errors
/// Those of writing to stdout, and [`Exit::NothingMatched`].
pub fn run(job: &Job<'_>, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    if console.is_json() {
        return run_as_lines(job, beside, strict, console);
    }
    let mut answer = console.answer();
    let kind = show(job, &mut answer)?;
    answer.finish()?;
    conclude(job, kind, beside, strict, console)
}

/// Prints the conversations as JSON Lines.
///
/// # Errors
/// As for [`run`].
pub fn run_as_lines(job: &Job<'_>, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    let mut lines = Lines::new(answer.stream());
    let kind =
        jsonl::stream(&job.chosen, &job.chats, &job.streamed(), &mut lines).map_err(|error| Failure::stdout(&error))?;
    answer.finish()?;
    conclude(job, kind, beside, strict, console)
}

/// Says what could not be read, and gives the code that the run ends with.
///
/// # Errors
/// [`Exit::NothingMatched`].
pub fn conclude(
    job: &Job<'_>,
    mut kind: KindReport,
    beside: Beside,
    strict: bool,
    console: &Console,
) -> Result<Exit, Failure> {
    if let Some(names) = &beside.names {
        console.warn(format_args!("{}: {}", names.item, names.why));
    }
    beside.add_to(&mut kind);
    for item in &kind.skipped {
        console.warn(format_args!("{}: {}", item.item, item.why));
    }
    let mut report = Report::new(job.about.clone());
    report.kinds.push(kind);
    match exit_of(&report, strict) {
        Exit::NothingMatched => Err(super::nothing_matched(job.chosen.selection)),
        exit => Ok(exit),
    }
}

fn show(job: &Job<'_>, answer: &mut Answer) -> Result<KindReport, Failure> {
    let mut kind = KindReport::new("messages");
    for chat in &job.chats {
        match show_chat(job, chat, answer, &mut kind)? {
            Ok(skipped) => kind.skipped.extend(skipped.into_iter().map(item)),
            Err(error) => kind.skipped.push(item(Skipped::new(text::heading(chat), error))),
        }
    }
    Ok(kind)
}

type Read = Result<Vec<Skipped>, corer_schemas::SourceError>;

/// Prints one conversation, its heading before its first message. The inner result is that of reading.
fn show_chat(job: &Job<'_>, chat: &Chat, answer: &mut Answer, kind: &mut KindReport) -> Result<Read, Failure> {
    let mut written = Ok(());
    let before = kind.found;
    let read = job.chosen.messages(chat, &mut |message| {
        if written.is_ok() {
            written = show_message(job, chat, &message, kind.found == before, answer);
            kind.found += 1;
            kind.exported += 1;
        }
    });
    written?;
    if kind.found > before {
        answer.line("")?;
    }
    Ok(read)
}

fn show_message(
    job: &Job<'_>,
    chat: &Chat,
    message: &Message,
    is_first: bool,
    answer: &mut Answer,
) -> Result<(), Failure> {
    if is_first {
        answer.line(answer.paint().head(&Printable(text::heading(chat)).to_string()))?;
    }
    text::each_line(chat, message, job.owner.as_deref(), job.zone.time_zone(), &mut |line| {
        answer.line(Printable(line.replace('\t', "    ")))
    })
}
