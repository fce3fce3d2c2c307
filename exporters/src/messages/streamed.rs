//! Going through conversations for a format that is one stream, without saving attachments.

use std::io;
use std::ops::ControlFlow;

use corer_schemas::messages::{Chat, Message};

use super::attachment::{WriteOutcome, files};
use super::totals::RunTotals;
use super::{Conversations, Options};
use crate::saved::Kept;

/// What comes next in a stream.
pub(super) enum Streamed<'s> {
    /// A conversation, before its first message; also one of which nothing was chosen to be left out.
    Chat(&'s Chat),
    /// A message of it, and what becomes of its files.
    Message(&'s Chat, &'s Kept<Message>, &'s [WriteOutcome]),
}

/// Hands on each conversation and its messages. Gives what was counted.
///
/// # Errors
/// Those of `next`.
pub(super) fn each_message(
    source: &dyn Conversations,
    chats: &[Chat],
    options: &Options,
    next: &mut dyn FnMut(Streamed<'_>) -> io::Result<()>,
) -> io::Result<RunTotals> {
    let mut totals = RunTotals::default();
    for chat in chats {
        let mut part = RunTotals::default();
        let mut written = Ok(());
        let read = source.messages(chat, &mut |message| {
            let outcomes: Vec<WriteOutcome> = files(&message).map(WriteOutcome::without_writing).collect();
            let is_first = part.totals.messages == 0;
            let begun = if is_first { next(Streamed::Chat(chat)) } else { Ok(()) };
            part.message(chat, &message, &outcomes);
            written = begun.and_then(|()| next(Streamed::Message(chat, &message, &outcomes)));
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        part.read(chat, read);
        if part.end_chat(&options.about) && part.totals.messages == 0 {
            next(Streamed::Chat(chat))?;
        }
        totals.merge(part);
    }
    Ok(totals)
}
