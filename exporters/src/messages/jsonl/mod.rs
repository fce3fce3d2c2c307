//! `messages.jsonl`: one JSON record a line, for programs. `docs/formats/messages.md` describes it and
//! `docs/formats/messages.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them, each conversation is followed by its messages, ordered by date and row number.

mod announcement;
mod app;
mod attachment;
mod changes;
mod chat;
mod delivery;
mod marks;
mod message;
mod part;
mod person;
mod tapback;

use std::io::{self, Write};

use corer_schemas::messages::{Chat, Message};
use jiff::tz::TimeZone;
use serde::Serialize;

use self::chat::ChatRecord;
use self::message::MessageRecord;
use super::attachment::WriteOutcome;
use super::streamed::{Streamed, each_message};
use super::totals::Totals;
use super::{Conversations, Options};
use crate::output::{ExportInfo, KindReport};
use crate::saved::{Kept, words};
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/messages/1";

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &ExportInfo, owner: Option<&str>) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, owner)
}

/// Writes the record of a conversation.
///
/// # Errors
/// Those of `to`.
pub fn chat(to: &mut dyn Write, chat: &Chat) -> io::Result<()> {
    jsonl::record(to, "chat", &ChatRecord::new(chat))
}

/// Writes the record of a message, in times of `zone`; `outcomes` tells of its attachments, in their order.
///
/// # Errors
/// Those of `to`.
pub fn message(
    to: &mut dyn Write,
    message: &Kept<Message>,
    outcomes: &[WriteOutcome],
    zone: &TimeZone,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Remembered<'a> {
        #[serde(flatten)]
        message: MessageRecord<'a>,
        #[serde(flatten)]
        more: words::Fields<MessageRecord<'a>>,
    }
    let record = MessageRecord::new(message, outcomes, zone);
    match message.is_plain() {
        true => jsonl::record(to, "message", &record),
        false => {
            let more = words::fields(message, zone, |earlier| MessageRecord::new(earlier, &[], zone));
            jsonl::record(to, "message", &Remembered { message: record, more })
        }
    }
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

/// Writes all conversations as a stream, without saving attachments: what `--json` prints.
///
/// # Errors
/// Those of `to`.
pub fn stream(
    source: &dyn Conversations,
    chats: &[Chat],
    options: &Options,
    to: &mut dyn Write,
) -> io::Result<KindReport> {
    let Options { about, zone, owner, .. } = options;
    header(to, about, owner.as_deref())?;
    let totals = each_message(source, chats, options, &mut |record| match record {
        Streamed::Chat(one) => chat(to, one),
        Streamed::Message(_, found, outcomes) => message(to, found, outcomes, zone),
    })?;
    completion(to, totals.totals)?;
    Ok(totals.report(options.kind))
}

/// For what is only said where it is so.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
fn is_false(value: &bool) -> bool {
    !value
}
