//! The tables since iOS 6: `handle`, `chat`, `message`, `attachment` and what joins them.
//!
//! Column names: the CREATE statements of iOS 6.1.6, 9.2.1, 10.2, 11.2 and 12.4 and of macOS 10.11 and 15. A database may
//! lack any column but the row number, and any table but `message`.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, OptionalExtension, Row};

use super::attachments::Stored;
use super::body;
use super::generation::{Attachments, Found, Generation, NO_CHAT, Place, number};
use super::kind::{Marks, RowKind};
use super::model::{Announcement, App, Chat, Handle, Message, MessageKind, Service, Tapback};
use super::tapback;
use crate::database::{Schema, blob, each_row_both_ways, integer, some_text, text, truth};
use crate::selection::Selection;
use crate::skipped::{Reading, Skipped};
use crate::time::AppleTime;

mod members;

use members::Member;

const MESSAGE: [&str; 16] = [
    "guid",
    "text",
    "attributedBody",
    "subject",
    "handle_id",
    "service",
    "date",
    "date_read",
    "date_delivered",
    "is_from_me",
    "item_type",
    "group_action_type",
    "associated_message_type",
    "balloon_bundle_id",
    "associated_message_guid",
    "associated_message_emoji",
];
const CHAT: [&str; 5] = ["guid", "chat_identifier", "room_name", "display_name", "service_name"];
const ATTACHMENT: [&str; 5] = ["guid", "filename", "transfer_name", "mime_type", "total_bytes"];

/// A database since iOS 6.
pub(super) struct Current {
    schema: Schema,
    handles: HashMap<i64, Arc<Handle>>,
    /// What could not be read of the handles.
    skipped: Vec<Skipped>,
    /// The messages that belong to no chat, once they have been looked for.
    lonely: OnceLock<Reading<i64>>,
    dates_kept: bool,
    message: String,
    date: String,
}

impl Current {
    pub(super) fn new(schema: Schema, connection: &Connection) -> Self {
        let columns = schema.columns("message", "m", &MESSAGE);
        let date = schema.columns("message", "m", &["date"]);
        let mut own = Self {
            message: format!("SELECT {columns} FROM message m WHERE m.ROWID = ?1"),
            date: format!("SELECT {date} FROM message m WHERE m.ROWID = ?1"),
            handles: HashMap::new(),
            skipped: Vec::new(),
            lonely: OnceLock::new(),
            dates_kept: members::dates_are_kept(&schema, connection),
            schema,
        };
        own.read_handles(connection);
        own
    }

    fn read_handles(&mut self, connection: &Connection) {
        if !self.schema.has_table("handle") {
            return;
        }
        let sql = format!("SELECT h.ROWID, {} FROM handle h", self.schema.columns("handle", "h", &["id"]));
        let handles = &mut self.handles;
        let read = each_row_both_ways(connection, &sql, &mut |row| {
            if let (Some(id), Some(address)) = (integer(row, 0), some_text(row, 1)) {
                handles.insert(id, Arc::new(Handle { address, name: None }));
            }
        });
        if let Err(error) = read {
            self.skipped.push(Skipped::new("some senders and participants", error));
        }
    }

    fn has_join(&self, table: &str, columns: [&str; 2]) -> bool {
        columns.iter().all(|column| self.schema.has_column(table, column))
    }

    /// Everybody who takes part, by chat, in the order in which they were added.
    fn participants(&self, connection: &Connection, skipped: &mut Vec<Skipped>) -> HashMap<i64, Vec<Handle>> {
        let mut participants: HashMap<i64, Vec<Handle>> = HashMap::new();
        if !self.has_join("chat_handle_join", ["chat_id", "handle_id"]) {
            return participants;
        }
        let sql = "SELECT j.ROWID, j.chat_id, j.handle_id FROM chat_handle_join j";
        let read = each_row_both_ways(connection, sql, &mut |row| {
            let handle = integer(row, 2).and_then(|id| self.handles.get(&id));
            if let (Some(chat), Some(handle)) = (integer(row, 1), handle) {
                let members = participants.entry(chat).or_default();
                if !members.contains(handle) {
                    members.push(Handle::clone(handle));
                }
            }
        });
        if let Err(error) = read {
            skipped.push(Skipped::new("the participants of some chats", error));
        }
        participants
    }

    /// The messages of a chat, with the dates that the links to them repeat.
    fn members(&self, connection: &Connection, chat: &Chat, skipped: &mut Vec<Skipped>) -> Vec<Member> {
        match chat.id {
            NO_CHAT => self.lonely(connection).records.iter().map(|id| (*id, None)).collect(),
            id => members::of(&self.schema, self.dates_kept, connection, id, skipped),
        }
    }

    /// The messages that belong to no chat, ordered by number. They are looked for once.
    fn lonely(&self, connection: &Connection) -> &Reading<i64> {
        self.lonely.get_or_init(|| members::lonely(&self.schema, connection))
    }

    fn found(&self, row: &Row<'_>, id: i64, chat: &Chat) -> Found {
        let body = body::read(text(row, 1), blob(row, 2));
        let moment = |column| integer(row, column).and_then(AppleTime::from_seconds_or_nanoseconds);
        let is_from_me = truth(row, 9);
        let sender = integer(row, 4).filter(|_| !is_from_me).and_then(|handle| self.handles.get(&handle));
        let mut message = Message {
            id,
            guid: some_text(row, 0),
            chat_id: chat.id,
            date: moment(6),
            date_read: moment(7),
            date_delivered: moment(8),
            is_from_me,
            sender: sender.cloned(),
            service: some_text(row, 5).as_deref().map(Service::read),
            subject: some_text(row, 3),
            text: body.text,
            ..Message::default()
        };
        message.kind = kind(row, &message);
        Found { message, attached: Vec::new(), order: body.order, damage: body.damage }
    }
}

fn kind(row: &Row<'_>, message: &Message) -> MessageKind {
    let marks = Marks {
        item_type: integer(row, 10),
        group_action_type: integer(row, 11),
        associated_message_type: integer(row, 12),
        balloon_bundle_id: some_text(row, 13),
    };
    match marks.kind() {
        RowKind::Normal | RowKind::Vote => MessageKind::Normal,
        RowKind::Tapback(number) => MessageKind::Tapback(Box::new(reaction(row, number, message))),
        RowKind::Announcement { item_type, action } => {
            MessageKind::Announcement(Announcement::Other { item_type, action })
        }
        RowKind::App(bundle_id) => MessageKind::App(Box::new(App { bundle_id, ..App::default() })),
        RowKind::Unsupported(what) => MessageKind::Unsupported { what },
    }
}

fn reaction(row: &Row<'_>, number: i64, message: &Message) -> Tapback {
    let stored = some_text(row, 14);
    let (part, guid) = stored.as_deref().map(tapback::target).unzip();
    let (reaction, removed) = tapback::reaction(number, some_text(row, 15));
    Tapback {
        id: message.id,
        guid: message.guid.clone(),
        date: message.date,
        is_from_me: message.is_from_me,
        sender: message.sender.clone(),
        target: guid.map(str::to_owned),
        part: part.unwrap_or(0),
        reaction,
        removed,
        text: message.text.clone(),
    }
}

impl Generation for Current {
    fn chats(&self, connection: &Connection) -> Reading<Chat> {
        let mut reading = Reading { records: Vec::new(), skipped: self.skipped.clone() };
        let mut participants = self.participants(connection, &mut reading.skipped);
        let lonely = self.lonely(connection);
        reading.skipped.extend(lonely.skipped.iter().cloned());
        if !lonely.records.is_empty() {
            reading.records.push(Chat::of_lonely_messages());
        }
        if self.schema.has_table("chat") {
            let columns = self.schema.columns("chat", "c", &CHAT);
            let sql = format!("SELECT c.ROWID, {columns} FROM chat c WHERE c.ROWID <> {NO_CHAT}");
            let chats = &mut reading.records;
            let read = each_row_both_ways(connection, &sql, &mut |row| {
                chats.extend(integer(row, 0).map(|id| chat(row, id, participants.remove(&id).unwrap_or_default())));
            });
            if let Err(error) = read {
                reading.skipped.push(Skipped::new("some chats", error));
            }
        }
        reading.records.sort_by_key(|chat| chat.id);
        reading
    }

    fn places(&self, connection: &Connection, chat: &Chat, selection: &Selection) -> Reading<Place> {
        let mut reading = Reading::default();
        let members = self.members(connection, chat, &mut reading.skipped);
        let mut statement = match connection.prepare_cached(&self.date) {
            Ok(statement) => statement,
            Err(error) => {
                reading.skipped.push(Skipped::new(format!("messages of chat {}", chat.id), error));
                return reading;
            }
        };
        for (id, date) in members {
            let date = match date {
                Some(date) => Ok(Some(Some(date))),
                None => statement.query_row([id], |row| Ok(integer(row, 0))).optional(),
            };
            match date {
                // The device removed the message and left the link to it.
                Ok(None) => {}
                Ok(Some(date)) => {
                    let date = date.and_then(AppleTime::from_seconds_or_nanoseconds);
                    reading.records.extend(selection.includes_time(date).then_some((date, id)));
                }
                Err(error) => reading.skipped.push(Skipped::new(format!("message {id}"), error)),
            }
        }
        reading
    }

    fn attachments(&self, connection: &Connection, chat: &Chat, skipped: &mut Vec<Skipped>) -> Attachments {
        let mut attachments = Attachments::new();
        if !self.has_join("message_attachment_join", ["message_id", "attachment_id"]) {
            return attachments;
        }
        let (columns, table) = match self.schema.has_table("attachment") {
            true => (self.schema.columns("attachment", "a", &ATTACHMENT), "attachment"),
            false => (["NULL"; 5].join(", "), "(SELECT NULL AS ROWID)"),
        };
        let lonely = (chat.id == NO_CHAT).then(|| self.lonely(connection).records.as_slice());
        let sql = |way: &str| {
            let condition = match lonely {
                Some(_) => "1".to_owned(),
                None => format!("j.message_id IN ({})", members::query(&self.schema, chat.id, way)),
            };
            format!(
                "SELECT j.message_id, j.attachment_id, a.ROWID IS NULL, {columns} FROM message_attachment_join j{way} \
                 LEFT JOIN {table} a ON a.ROWID = j.attachment_id WHERE {condition}"
            )
        };
        let read = members::either_way(connection, &sql, &mut |row| {
            let (Some(message), Some(id)) = (integer(row, 0), integer(row, 1)) else { return };
            if lonely.is_some_and(|lonely| lonely.binary_search(&message).is_err()) {
                return;
            }
            let attached = attachments.entry(message).or_default();
            if attached.iter().all(|known| known.id != id) {
                attached.push(stored(row, id));
            }
        });
        let what = || format!("some attachments of chat {}", chat.id);
        skipped.extend(read.err().map(|error| Skipped::new(what(), error)));
        attachments.values_mut().for_each(|attached| attached.sort_by_key(|stored| stored.id));
        attachments
    }

    fn each_message(
        &self,
        connection: &Connection,
        chat: &Chat,
        places: &[Place],
        each: &mut dyn FnMut(i64, rusqlite::Result<Option<Found>>),
    ) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(&self.message)?;
        for (_, id) in places {
            each(*id, statement.query_row([id], |row| Ok(self.found(row, *id, chat))).optional());
        }
        Ok(())
    }

    fn count(&self, connection: &Connection) -> rusqlite::Result<(u64, u64)> {
        let count = |table: &str| match self.schema.has_table(table) {
            true => number(connection, &format!("SELECT count(*) FROM {table}")),
            false => Ok(0),
        };
        Ok((count("chat")?, count("attachment")?))
    }
}

fn chat(row: &Row<'_>, id: i64, participants: Vec<Handle>) -> Chat {
    let guid = text(row, 1).unwrap_or_default();
    let identifier = some_text(row, 2).or_else(|| some_text(row, 3)).unwrap_or_else(|| guid.clone());
    let service = some_text(row, 5).as_deref().map(Service::read);
    Chat { id, guid, identifier, display_name: some_text(row, 4), service, participants, ..Chat::default() }
}

fn stored(row: &Row<'_>, id: i64) -> Stored {
    Stored {
        id,
        guid: some_text(row, 3),
        path: some_text(row, 4),
        transfer_name: some_text(row, 5),
        mime: some_text(row, 6),
        size: integer(row, 7),
        lacking: truth(row, 2).then(|| "the database has lost its record".into()),
    }
}
