//! An `sms.db` of any size, with the schema of iOS 18.

use std::path::Path;

use rusqlite::{Connection, params};

use super::PAGE;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::life::messages::modern;
use crate::seed::{Seed, Stream};
use crate::typedstream;

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

const MESSAGE: &str = "INSERT INTO message (guid, text, handle_id, attributedBody, version, service, date, date_read, \
     is_delivered, is_finished, is_from_me, is_read, is_sent, associated_message_guid, associated_message_type, \
     thread_originator_guid) VALUES (?1, ?2, ?3, ?4, 10, 'iMessage', ?5, ?5, 1, 1, ?6, 1, ?6, ?7, ?8, ?9)";

fn add_messages(db: &Connection, messages: u64, chats: u64, seed: &Seed) -> Result<()> {
    let mut stream = seed.stream("messages");
    let mut add = db.prepare(MESSAGE)?;
    let mut join = db.prepare("INSERT INTO chat_message_join VALUES (?, ?, ?)")?;
    let guid = |index: i64| format!("{index:08X}-0000-4000-8000-0000B1650000");
    for index in 1..=messages as i64 {
        // A few conversations hold most of the messages.
        let chat = (stream.unit().powi(3) * chats as f64) as i64 + 1;
        let date = (START + index * 240) * 1_000_000_000;
        let text = sentence(&mut stream);
        let is_mine = stream.below(2) == 0;
        let tapback = (index > 20 && stream.below(20) == 0).then(|| format!("p:0/{}", guid(index - 7)));
        let reply = (tapback.is_none() && index > 20 && stream.below(30) == 0).then(|| guid(index - 11));
        let handle = if is_mine { 0 } else { chat };
        let kind = if tapback.is_some() { 2000 } else { 0 };
        let body = typedstream::plain(&text);
        add.execute(params![guid(index), text, handle, body, date, is_mine, tapback, kind, reply])?;
        join.execute([chat, index, date])?;
    }
    Ok(())
}

fn sentence(stream: &mut Stream) -> String {
    let length = 1 + stream.below(12);
    let words = (0..length).filter_map(|_| WORDS.get(stream.below(WORDS.len() as u64) as usize).copied());
    words.collect::<Vec<_>>().join(" ")
}
