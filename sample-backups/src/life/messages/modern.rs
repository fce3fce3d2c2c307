//! `sms.db` since iOS 6.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use super::story::{Attached, Chat, Message, Story};
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::seed::Seed;
use crate::typedstream;

const IOS_9: &str = include_str!("../../../schema/sms-ios9.sql");
const IOS_10: &str = include_str!("../../../schema/sms-ios10.sql");
const IOS_18: &str = include_str!("../../../schema/sms-ios18.sql");
const IOS_26: &str = include_str!("../../../schema/sms-ios26.sql");

/// The CREATE statements of an era, and what `_ClientVersion` says there.
pub fn schema(era: Era) -> (&'static str, &'static str) {
    match era {
        Era::Ios5 | Era::Ios7 | Era::Ios9 => (IOS_9, "9005"),
        Era::Ios10_1 => (IOS_10, "10005"),
        Era::Ios15 | Era::Ios18 => (IOS_18, "18026"),
        Era::Ios26 => (IOS_26, "26001"),
    }
}

/// Builds the database of an era.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn database(era: Era, story: &Story, seed: &Seed) -> Result<Vec<u8>> {
    let (schema, version) = schema(era);
    database::build(schema, |db| {
        insert(db, "_SqliteDatabaseProperties", &[("key", &"_ClientVersion"), ("value", &version)])?;
        let mut writer = Writer::new(db, seed)?;
        for chat in &story.chats {
            writer.chat(chat)?;
        }
        for message in &story.messages {
            writer.message(message, &story.chats)?;
        }
        Ok(())
    })
}

struct Writer<'a> {
    db: &'a Connection,
    seed: &'a Seed,
    chat_columns: Vec<String>,
    message_columns: Vec<String>,
    attachment_columns: Vec<String>,
    join_columns: Vec<String>,
    has_recoverable: bool,
    has_lookup: bool,
    handles: BTreeMap<(String, String), i64>,
    chats: Vec<Option<i64>>,
}

impl<'a> Writer<'a> {
    fn new(db: &'a Connection, seed: &'a Seed) -> Result<Self> {
        Ok(Self {
            db,
            seed,
            chat_columns: database::columns(db, "chat")?,
            message_columns: database::columns(db, "message")?,
            attachment_columns: database::columns(db, "attachment")?,
            join_columns: database::columns(db, "chat_message_join")?,
            has_recoverable: !database::columns(db, "chat_recoverable_message_join")?.is_empty(),
            has_lookup: !database::columns(db, "chat_lookup")?.is_empty(),
            handles: BTreeMap::new(),
            chats: Vec::new(),
        })
    }

    fn handle(&mut self, address: &str, service: &str) -> Result<i64> {
        let key = (address.to_owned(), service.to_owned());
        if let Some(id) = self.handles.get(&key) {
            return Ok(*id);
        }
        let row: [(&str, &dyn ToSql); 3] = [("id", &address), ("country", &"us"), ("service", &service)];
        let id = insert(self.db, "handle", &row)?;
        self.handles.insert(key, id);
        Ok(id)
    }

    fn chat(&mut self, chat: &Chat) -> Result<()> {
        if chat.participants.is_empty() {
            self.chats.push(None);
            return Ok(());
        }
        let room = chat.is_group().then_some(&chat.identifier);
        let id = insert(
            self.db,
            "chat",
            &[
                ("guid", &chat.guid()),
                ("style", if chat.is_group() { &43 } else { &45 }),
                ("state", &3),
                ("account_id", &self.seed.uuid("account")),
                ("chat_identifier", &chat.identifier),
                ("service_name", &chat.service),
                ("room_name", &room),
                ("account_login", &"P:+14155550100"),
                ("display_name", &chat.name.unwrap_or_default()),
                ("group_id", &self.seed.uuid(&format!("group {}", chat.identifier))),
            ],
        )?;
        for (column, value) in &chat.columns {
            if self.chat_columns.iter().any(|known| known == column) {
                self.db.execute(&format!("UPDATE chat SET {column} = ?1 WHERE ROWID = ?2"), (value, id))?;
            }
        }
        for address in &chat.participants {
            let handle = self.handle(address, chat.service)?;
            insert(self.db, "chat_handle_join", &[("chat_id", &id), ("handle_id", &handle)])?;
        }
        self.look_up(id, chat)?;
        self.chats.push(Some(id));
        Ok(())
    }

    /// Since iOS 26 a table says by which identifiers a conversation is found.
    fn look_up(&self, id: i64, chat: &Chat) -> Result<()> {
        if self.has_lookup {
            let row: [(&str, &dyn ToSql); 3] = [("identifier", &chat.identifier), ("domain", &"chat"), ("chat", &id)];
            insert(self.db, "chat_lookup", &row)?;
        }
        Ok(())
    }

    fn message(&mut self, message: &Message, chats: &[Chat]) -> Result<()> {
        let service = message.chat.and_then(|index| chats.get(index)).map_or("iMessage", |chat| chat.service);
        let handle = match &message.from {
            Some(address) => self.handle(address, service)?,
            None => 0,
        };
        let mut row = self.message_row(message, service, handle);
        if let Some(address) = message.about {
            row.insert("other_handle", Value::Integer(self.handle(address, service)?));
        }
        let id = self.insert_known("message", &row)?;
        if let Some(chat) = message.chat.and_then(|index| self.chats.get(index).copied().flatten()) {
            self.join(chat, id, message)?;
        }
        for file in &message.files {
            let attachment = self.attachment(file, message)?;
            let row: [(&str, &dyn ToSql); 2] = [("message_id", &id), ("attachment_id", &attachment)];
            insert(self.db, "message_attachment_join", &row)?;
        }
        Ok(())
    }

    fn message_row(&self, message: &Message, service: &str, handle: i64) -> BTreeMap<&'static str, Value> {
        let sent = i64::from(message.from.is_none());
        let mut row = BTreeMap::from([
            ("guid", Value::Text(message.guid(self.seed))),
            ("text", message.text.clone().map_or(Value::Null, Value::Text)),
            ("handle_id", Value::Integer(handle)),
            ("attributedBody", message.body.clone().map_or(Value::Null, Value::Blob)),
            ("version", Value::Integer(10)),
            ("service", Value::Text(service.to_owned())),
            ("account", Value::Text("p:+14155550100".into())),
            ("account_guid", Value::Text(self.seed.uuid("account"))),
            ("date", Value::Integer(message.at.in_messages())),
            ("date_read", Value::Integer(0)),
            ("date_delivered", Value::Integer(0)),
            ("is_delivered", Value::Integer(1)),
            ("is_finished", Value::Integer(1)),
            ("is_from_me", Value::Integer(sent)),
            ("is_read", Value::Integer(1 - sent)),
            ("is_sent", Value::Integer(sent)),
            ("cache_has_attachments", Value::Integer(i64::from(!message.files.is_empty()))),
            ("destination_caller_id", Value::Text("+14155550100".into())),
        ]);
        row.extend(message.columns.iter().cloned());
        row
    }

    fn insert_known(&self, table: &str, row: &BTreeMap<&'static str, Value>) -> Result<i64> {
        let known = if table == "message" { &self.message_columns } else { &self.attachment_columns };
        let row: Vec<(&str, &dyn ToSql)> = row
            .iter()
            .filter(|(name, _)| known.iter().any(|column| column == *name))
            .map(|(name, value)| (*name, value as &dyn ToSql))
            .collect();
        insert(self.db, table, &row)
    }

    fn join(&self, chat: i64, id: i64, message: &Message) -> Result<()> {
        if let (Some(deleted), true) = (message.deleted, self.has_recoverable) {
            let row: [(&str, &dyn ToSql); 3] =
                [("chat_id", &chat), ("message_id", &id), ("delete_date", &deleted.in_messages())];
            insert(self.db, "chat_recoverable_message_join", &row)?;
            return Ok(());
        }
        if let (Some((part, text)), true) = (message.deleted_part, self.has_recoverable) {
            let row: [(&str, &dyn ToSql); 5] = [
                ("chat_id", &chat),
                ("message_id", &id),
                ("part_index", &part),
                ("delete_date", &message.at.later(3600).in_messages()),
                ("part_text", &typedstream::plain(text)),
            ];
            insert(self.db, "recoverable_message_part", &row)?;
        }
        let date = message.at.in_messages();
        let mut row: Vec<(&str, &dyn ToSql)> = vec![("chat_id", &chat), ("message_id", &id)];
        if self.join_columns.iter().any(|column| column == "message_date") {
            row.push(("message_date", &date));
        }
        insert(self.db, "chat_message_join", &row)?;
        Ok(())
    }

    fn attachment(&self, file: &Attached, message: &Message) -> Result<i64> {
        // Attachments count seconds long after messages began to count nanoseconds.
        let created = message.at.apple() as i64;
        let mut row = BTreeMap::from([
            ("guid", Value::Text(file.guid(self.seed))),
            ("original_guid", Value::Text(file.guid(self.seed))),
            ("created_date", Value::Integer(created)),
            ("start_date", Value::Integer(created)),
            ("filename", Value::Text(format!("~/{}", file.path(self.seed)))),
            ("uti", Value::Text(file.uti.into())),
            ("mime_type", Value::Text(file.mime.into())),
            ("transfer_state", Value::Integer(5)),
            ("is_outgoing", Value::Integer(i64::from(message.from.is_none()))),
            ("transfer_name", Value::Text(file.name.into())),
            ("total_bytes", Value::Integer(file.content.len() as i64)),
            ("is_sticker", Value::Integer(i64::from(file.is_sticker))),
        ]);
        row.extend(file.columns.iter().cloned());
        self.insert_known("attachment", &row)
    }
}
