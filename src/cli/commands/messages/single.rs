//! Conversations as one file of JSON Lines: the records of `--json`, without saving attachments.

use corer_exporters::messages::{Conversations, jsonl};
use corer_exporters::output::Report;
use corer_schemas::messages::{Chat, Message};
use corer_schemas::{Entry, Opened, Skipped, SourceError};

use super::Job;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::kind::Beside;
use crate::cli::run::output::{Output, conclude};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::interrupt::{self, Stoppable};
use crate::cli::terminal::progress::{Progress, Unit};

/// Writes the file.
///
/// # Errors
/// When it cannot be written, and when somebody asked to stop.
pub fn run(job: Job<'_>, output: &Output, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let mut file = Stoppable(output.single()?);
    let progress = console.progress("Messages", Unit::Items, job.total());
    let counted = Counted { inner: &job.chosen, progress: &progress };
    let streamed = jsonl::stream(&counted, &job.chats, &job.streamed(), &mut file);
    interrupt::check()?;
    let cannot = |error| Failure::io(format!("{} could not be written.", output.place()), &error);
    let mut kind = streamed.map_err(cannot)?;
    file.0.finish()?;
    drop((progress, hold));
    beside.add_to(&mut kind);
    let mut report = Report::new(job.about);
    report.kinds.push(kind);
    conclude(&report, output, strict, console)
}

/// Conversations that count for the progress as they are read.
struct Counted<'c> {
    inner: &'c dyn Conversations,
    progress: &'c Progress,
}

impl Conversations for Counted<'_> {
    fn messages(&self, chat: &Chat, each: &mut dyn FnMut(Message)) -> Result<Vec<Skipped>, SourceError> {
        self.inner.messages(chat, &mut |message| {
            self.progress.advance(1);
            each(message);
        })
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.inner.open(entry)
    }
}
