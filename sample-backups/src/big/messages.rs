//! An `sms.db` of any size, with the schema of iOS 18.

use std::path::Path;

use rusqlite::{Connection, params};

use super::PAGE;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::life::Moment;
use crate::life::messages::{modern, story, summary};
use crate::seed::{Seed, Stream};
use crate::typedstream::{self, Run};

const WORDS: [&str; 16] = [
    "harbour",
    "coffee",
    "tomorrow",
    "\u{1f31e}",
    "Lisbon",
    "train",
    "maybe",
    "yes!",
    "na\u{ef}ve",
    "kayak",
    "waffles",
    "evening",
    "\u{645}\u{631}\u{62d}\u{628}\u{627}",
    "\u{4e03}\u{5915}",
    "why?",
    "because",
];

/// The first message: 2016-01-01, in seconds since 2001; then one every four minutes.
const START: i64 = 473_385_600;

/// Writes the database into the new file `path`.
pub(super) fn write(path: &Path, messages: u64, chats: u64, seed: &Seed) -> Result<()> {
    let (schema, version) = modern::schema(Era::Ios18);
    // Indexes and triggers come when all rows are in: three times faster, and the same in the end.
    let (tables, rest): (Vec<&str>, Vec<&str>) = schema.lines().partition(|line| line.starts_with("CREATE TABLE"));
    let db = database::open(path, PAGE)?;
    db.execute_batch("PRAGMA cache_size=-200000; BEGIN")?;
    db.execute_batch(&tables.join("\n"))?;
    insert(&db, "_SqliteDatabaseProperties", &[("key", &"_ClientVersion"), ("value", &version)])?;
    add_chats(&db, chats)?;
    add_messages(&db, messages, chats, seed)?;
    db.execute_batch(&rest.join("\n"))?;
    db.execute_batch("COMMIT")?;
    Ok(db.close().map_err(|(_, error)| error)?)
}

/// Every fifth conversation is a group of three.
fn add_chats(db: &Connection, chats: u64) -> Result<()> {
    for chat in 1..=chats as i64 {
        let address = format!("+1415555{chat:05}");
        insert(db, "handle", &[("id", &address), ("country", &"us"), ("service", &"iMessage")])?;
    }
    for chat in 1..=chats as i64 {
        let is_group = chat % 5 == 0;
        let identifier = if is_group { format!("chat{chat:018}") } else { format!("+1415555{chat:05}") };
        insert(
            db,
            "chat",
            &[
                ("guid", &format!("iMessage;{};{identifier}", if is_group { '+' } else { '-' })),
                ("style", if is_group { &43 } else { &45 }),
                ("chat_identifier", &identifier),
                ("service_name", &"iMessage"),
                ("display_name", &is_group.then(|| format!("Group {chat}"))),
            ],
        )?;
        for member in 0..if is_group { 3.min(chats as i64) } else { 1 } {
            let handle = (chat + member - 1) % chats as i64 + 1;
            insert(db, "chat_handle_join", &[("chat_id", &chat), ("handle_id", &handle)])?;
        }
    }
    Ok(())
}

/// What one message in so many is. The shares are those of a long real history.
const TAPBACKS: u64 = 20;
const REPLIES: u64 = 33;
const WITH_FILES: u64 = 20;
const WITHOUT_TEXT: u64 = 12;
const LINKS: u64 = 66;
const EDITED: u64 = 120;
const UNSENT: u64 = 325;
const DELETED: u64 = 1000;
const LONELY: u64 = 2000;

/// How much larger the first conversations are than the last ones: the largest of 800 holds 6 % of all messages.
const SKEW: f64 = 2.3;

const MESSAGE: &str = "INSERT INTO message (guid, text, handle_id, attributedBody, version, service, date, date_read, \
     is_delivered, is_finished, is_from_me, is_read, is_sent, associated_message_guid, associated_message_type, \
     thread_originator_guid, balloon_bundle_id, payload_data, date_edited, message_summary_info, \
     cache_has_attachments) VALUES (?1, ?2, ?3, ?4, 10, 'iMessage', ?5, ?5, 1, 1, ?6, 1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
     ?13, ?14)";

/// Adds the messages one by one, each after what was said before in its conversation.
struct Adding<'a> {
    db: &'a Connection,
    stream: Stream,
    /// The last message of each conversation that somebody wrote.
    last: Vec<i64>,
    link: Vec<u8>,
    attachments: i64,
}

fn add_messages(db: &Connection, messages: u64, chats: u64, seed: &Seed) -> Result<()> {
    let stream = seed.stream("messages");
    let link = story::link_preview("https://example.com/beach", "The beach", "Sand, mostly")?;
    let mut adding = Adding { db, stream, last: vec![0; chats as usize + 1], link, attachments: 0 };
    for index in 1..=messages as i64 {
        // A few conversations hold most of the messages.
        let chat = (adding.stream.unit().powf(SKEW) * chats as f64) as i64 + 1;
        adding.message(index, chat)?;
    }
    Ok(())
}

fn guid(index: i64) -> String {
    format!("{index:08X}-0000-4000-8000-0000B1650000")
}

impl Adding<'_> {
    fn one_in(&mut self, share: u64) -> bool {
        self.stream.below(share) == 0
    }

    fn message(&mut self, index: i64, chat: i64) -> Result<()> {
        let seconds = START + index * 240;
        let date = seconds * 1_000_000_000;
        let said_before = self.last.get(chat as usize).copied().filter(|last| *last > 0);
        let tapback = said_before.filter(|_| self.one_in(TAPBACKS));
        let is_written = tapback.is_none();
        let reply = said_before.filter(|_| is_written && self.one_in(REPLIES));
        let is_link = is_written && self.one_in(LINKS);
        let files = if is_written && !is_link && self.one_in(WITH_FILES) { 1 + self.stream.below(5) / 4 } else { 0 };
        let text = sentence(&mut self.stream);
        let text = if is_link { "https://example.com/beach".to_owned() } else { text };
        let (text, body) = self.words(index, text, files);
        let is_edited = is_written && !is_link && files == 0 && self.one_in(EDITED);
        let is_unsent = is_written && !is_link && files == 0 && self.one_in(UNSENT);
        let summary = self.summary(seconds, &text, is_edited, is_unsent)?;
        let keeps_text = !is_unsent && !self.one_in(WITHOUT_TEXT);
        let is_mine = self.stream.below(2) == 0;
        self.db.prepare_cached(MESSAGE)?.execute(params![
            guid(index),
            keeps_text.then_some(text),
            if is_mine { 0 } else { chat },
            (!is_unsent).then_some(body),
            date,
            is_mine,
            tapback.map(|target| format!("p:0/{}", guid(target))),
            if tapback.is_some() { 2000 + index % 6 } else { 0 },
            reply.map(guid),
            is_link.then_some("com.apple.messages.URLBalloonProvider"),
            is_link.then_some(&self.link),
            if summary.is_some() { date + 60_000_000_000 } else { 0 },
            summary,
            i64::from(files > 0),
        ])?;
        if is_written && !is_unsent {
            self.last.iter_mut().skip(chat as usize).take(1).for_each(|last| *last = index);
        }
        self.files(index, files)?;
        self.join(index, chat, date)
    }

    /// The text and its attributed form. Each file has its placeholder before the words.
    fn words(&self, index: i64, text: String, files: u64) -> (String, Vec<u8>) {
        if files == 0 {
            let body = typedstream::plain(&text);
            return (text, body);
        }
        let mut runs: Vec<Run> =
            (0..files).map(|file| Run::attachment(&format!("at_{file}_{}", guid(index)), file as i32)).collect();
        runs.push(Run::text(&text, files as i32));
        let text = story::PLACEHOLDER.repeat(files as usize) + &text;
        let body = typedstream::attributed(&text, &runs);
        (text, body)
    }

    fn summary(&self, seconds: i64, text: &str, is_edited: bool, is_unsent: bool) -> Result<Option<Vec<u8>>> {
        if is_unsent {
            return summary::unsent().map(Some);
        }
        if !is_edited {
            return Ok(None);
        }
        let first = Moment::of_apple(seconds);
        summary::edited(&[(first, "What it said first"), (first.later(60), text)]).map(Some)
    }

    /// Rows of files that are in no backup.
    fn files(&mut self, index: i64, files: u64) -> Result<()> {
        for file in 0..files {
            self.attachments += 1;
            let guid = format!("at_{file}_{}", guid(index));
            let path =
                format!("~/Library/SMS/Attachments/{:02x}/{:02}/{guid}/IMG_{index}.HEIC", index % 256, index % 16);
            let sql = "INSERT INTO attachment (ROWID, guid, original_guid, filename, uti, mime_type, transfer_state, \
                 transfer_name, total_bytes) VALUES (?1, ?2, ?2, ?3, 'public.heic', 'image/heic', 5, ?4, 1234567)";
            let name = format!("IMG_{index}.HEIC");
            self.db.prepare_cached(sql)?.execute(params![self.attachments, guid, path, name])?;
            self.db
                .prepare_cached("INSERT INTO message_attachment_join VALUES (?, ?)")?
                .execute([index, self.attachments])?;
        }
        Ok(())
    }

    /// Puts the message into its conversation, or among those that were deleted; a few belong nowhere.
    fn join(&mut self, index: i64, chat: i64, date: i64) -> Result<()> {
        if self.one_in(LONELY) {
            return Ok(());
        }
        let table = if self.one_in(DELETED) { "chat_recoverable_message_join" } else { "chat_message_join" };
        let columns = if table == "chat_message_join" { "message_date" } else { "delete_date" };
        let sql = format!("INSERT INTO {table} (chat_id, message_id, {columns}) VALUES (?, ?, ?)");
        self.db.prepare_cached(&sql)?.execute([chat, index, date])?;
        Ok(())
    }
}

fn sentence(stream: &mut Stream) -> String {
    let length = 1 + stream.below(12);
    let words = (0..length).filter_map(|_| WORDS.get(stream.below(WORDS.len() as u64) as usize).copied());
    words.collect::<Vec<_>>().join(" ")
}
