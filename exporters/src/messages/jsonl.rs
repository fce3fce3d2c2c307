//! `messages.jsonl`: one JSON record a line, for programs. `docs/formats/messages.md` describes it and
//! `docs/formats/messages.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them, each conversation is followed by its messages, ordered by date and row number.

use std::io::{self, Write};

use corer_schemas::messages::{Attachment, Chat, Handle, Message, MessageKind, Service};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::Conversations;
use super::attachment::Fate;
use super::clock::exact;
use super::tally::{Tally, Totals};
use super::title::title;
use crate::output::{About, KindReport, hex};

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/messages/1";

/// A record.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Record<'a> {
    Header {
        schema: &'static str,
        #[serde(flatten)]
        about: &'a About,
    },
    Chat(ChatRecord<'a>),
    Message(MessageRecord<'a>),
    Completion(Totals),
}

#[derive(Serialize)]
struct ChatRecord<'a> {
    id: i64,
    guid: &'a str,
    identifier: &'a str,
    name: Option<&'a str>,
    title: String,
    service: Option<&'a str>,
    participants: Vec<Person<'a>>,
}

#[derive(Serialize)]
struct MessageRecord<'a> {
    id: i64,
    guid: Option<&'a str>,
    chat_id: i64,
    date: Option<String>,
    date_read: Option<String>,
    date_delivered: Option<String>,
    is_from_me: bool,
    sender: Option<Person<'a>>,
    service: Option<&'a str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<&'a str>,
    subject: Option<&'a str>,
    text: Option<&'a str>,
    attachments: Vec<AttachmentRecord<'a>>,
}

#[derive(Serialize)]
struct Person<'a> {
    handle: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct AttachmentRecord<'a> {
    id: i64,
    guid: Option<&'a str>,
    name: &'a str,
    path: Option<&'a str>,
    mime: Option<&'a str>,
    size: Option<u64>,
    sha256: Option<String>,
    status: &'static str,
    reason: Option<&'a str>,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &About) -> io::Result<()> {
    line(to, &Record::Header { schema: SCHEMA, about })
}

/// Writes the record of a conversation.
///
/// # Errors
/// Those of `to`.
pub fn chat(to: &mut dyn Write, chat: &Chat) -> io::Result<()> {
    let record = ChatRecord {
        id: chat.id,
        guid: &chat.guid,
        identifier: &chat.identifier,
        name: chat.display_name.as_deref(),
        title: title(chat),
        service: chat.service.as_ref().map(Service::as_str),
        participants: chat.participants.iter().map(person).collect(),
    };
    line(to, &Record::Chat(record))
}

/// Writes the record of a message, in times of `zone`; `fates` tells of its attachments, in their order.
///
/// # Errors
/// Those of `to`.
pub fn message(to: &mut dyn Write, message: &Message, fates: &[Fate], zone: &TimeZone) -> io::Result<()> {
    let (kind, bundle_id, what) = kind(&message.kind);
    let record = MessageRecord {
        id: message.id,
        guid: message.guid.as_deref(),
        chat_id: message.chat_id,
        date: exact(message.date, zone),
        date_read: exact(message.date_read, zone),
        date_delivered: exact(message.date_delivered, zone),
        is_from_me: message.is_from_me,
        sender: message.sender.as_deref().map(person),
        service: message.service.as_ref().map(Service::as_str),
        kind,
        bundle_id,
        what,
        subject: message.subject.as_deref(),
        text: message.text.as_deref(),
        attachments: message.attachments.iter().zip(fates).map(|(a, fate)| attachment(a, fate)).collect(),
    };
    line(to, &Record::Message(record))
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    line(to, &Record::Completion(totals))
}

/// Writes all conversations as a stream, without saving attachments: what `--json` prints.
///
/// # Errors
/// Those of `to`.
pub fn stream(
    source: &dyn Conversations,
    chats: &[Chat],
    about: &About,
    zone: &TimeZone,
    to: &mut dyn Write,
) -> io::Result<KindReport> {
    let mut tally = Tally::default();
    header(to, about)?;
    for one in chats {
        let mut part = Tally::default();
        let mut written = Ok(());
        let read = source.messages(one, &mut |found| {
            if written.is_ok() {
                written = next(to, one, &found, zone, &mut part);
            }
        });
        written?;
        part.read(one, read);
        if part.totals.messages == 0 && about.filters.is_empty() {
            chat(to, one)?;
        }
        part.end_chat(about);
        tally.merge(part);
    }
    completion(to, tally.totals)?;
    Ok(tally.report())
}

/// Writes the next message of a conversation, and the conversation before its first.
fn next(to: &mut dyn Write, one: &Chat, found: &Message, zone: &TimeZone, part: &mut Tally) -> io::Result<()> {
    if part.totals.messages == 0 {
        chat(to, one)?;
    }
    let fates: Vec<Fate> = found.attachments.iter().map(Fate::foretell).collect();
    part.message(one, found, &fates);
    message(to, found, &fates, zone)
}

fn line(to: &mut dyn Write, record: &Record<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *to, record)?;
    to.write_all(b"\n")
}

fn kind(kind: &MessageKind) -> (&'static str, Option<&str>, Option<&str>) {
    match kind {
        MessageKind::Normal => ("normal", None, None),
        MessageKind::Tapback(_) => ("tapback", None, None),
        MessageKind::Vote(_) => ("vote", None, None),
        MessageKind::Announcement(_) => ("announcement", None, None),
        MessageKind::App(app) => ("app", Some(&app.bundle_id), None),
        MessageKind::Unsupported { what } => ("unsupported", None, Some(what)),
    }
}

fn person(handle: &Handle) -> Person<'_> {
    Person { handle: &handle.address, name: handle.name.as_deref() }
}

fn attachment<'a>(attachment: &'a Attachment, fate: &'a Fate) -> AttachmentRecord<'a> {
    let (status, reason) = match fate {
        Fate::Saved { .. } => ("saved", None),
        Fate::Present => ("present", None),
        Fate::Missing { why, .. } => ("missing", Some(&**why)),
        Fate::Unreadable { why } => ("unreadable", Some(&**why)),
    };
    let saved = match fate {
        Fate::Saved { path, bytes, sha256, .. } => Some((path, *bytes, sha256)),
        _ => None,
    };
    AttachmentRecord {
        id: attachment.id,
        guid: attachment.guid.as_deref(),
        name: &attachment.name,
        path: saved.map(|(path, ..)| path.as_str()),
        mime: attachment.mime.as_deref(),
        size: saved.map(|(_, bytes, _)| bytes).or(attachment.size),
        sha256: saved.map(|(.., sha256)| hex(sha256)),
        status,
        reason,
    }
}
