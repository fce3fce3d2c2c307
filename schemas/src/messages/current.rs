//! The tables since iOS 6: `handle`, `chat`, `message`, `attachment` and what joins them.
//!
//! Column names: the CREATE statements of iOS 6.1.6, 9.2.1, 10.2, 11.2 and 12.4 and of macOS 10.11, 15, 26 and 27. A
//! database may lack any column but the row number, and any table but `message`.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, OptionalExtension};

use super::connections::ConnectionPool;
use super::generation::{
    Attachments, Generation, Involved, JoinedRows, MessageKey, MessageRow, NO_CHAT, ReadAhead, number,
};
use super::model::{Chat, Handle, Owner};
use super::moment;
use crate::database::{Column as _, Row, Schema, columns, each_of_table, integer};
use crate::handles::Address;
use crate::people::Directory;
use crate::records::Reading;
use crate::skipped::Skipped;
use crate::source::{Database, Source};
use crate::time::AppleTime;

mod attached;
mod chats;
mod columns;
mod involved;
mod joined_rows;
mod links;
mod members;
mod orphans;
mod row;
mod sorted;

use attached::Attached;
use columns::Column;
use links::{Links, Tables};
use members::Member;
use row::Rows;
pub(super) use row::take_sticker;
use sorted::Sorted;

columns! {
    /// The columns of `handle`.
    enum Named { Address = "id", Person = "person_centric_id" }
}

/// A database since iOS 6.
pub(super) struct CurrentDatabase<'s> {
    source: &'s dyn Source,
    database: Arc<dyn Database>,
    schema: Schema,
    handles: HashMap<i64, Arc<Handle>>,
    /// What the database calls the person of an address, where it says so.
    centric: HashMap<String, Arc<str>>,
    /// What could not be read of the handles.
    skipped: Vec<Skipped>,
    /// The messages that belong to no chat, once they have been looked for.
    orphans: OnceLock<Reading<i64>>,
    /// The links of all chats, once they have been read, if that is possible.
    links: OnceLock<Option<Links>>,
    joined_rows: OnceLock<JoinedRows>,
    attached: Attached,
    /// What was read ahead.
    sorted: OnceLock<Sorted>,
    dates_kept: bool,
    message: String,
    date: String,
}

impl<'s> CurrentDatabase<'s> {
    pub(super) fn new(
        source: &'s dyn Source,
        database: Arc<dyn Database>,
        directory: &Directory,
        schema: Schema,
        connection: &Connection,
    ) -> Self {
        let columns = schema.columns("message", "m", Column::NAMES);
        let date = schema.columns("message", "m", &[Column::Date.name()]);
        let mut own = Self {
            source,
            message: format!("SELECT {columns} FROM message m WHERE m.ROWID = ?1"),
            date: format!("SELECT {date} FROM message m WHERE m.ROWID = ?1"),
            handles: HashMap::new(),
            centric: HashMap::new(),
            skipped: Vec::new(),
            orphans: OnceLock::new(),
            links: OnceLock::new(),
            joined_rows: OnceLock::new(),
            attached: Attached::new(Arc::clone(&database), &schema, connection),
            database,
            sorted: OnceLock::new(),
            dates_kept: members::dates_are_kept(&schema, connection),
            schema,
        };
        own.read_handles(directory, connection);
        own
    }

    fn read_handles(&mut self, directory: &Directory, connection: &Connection) {
        // One address has a handle for each service; all of them are one sender.
        let mut known: HashMap<String, Arc<Handle>> = HashMap::new();
        let (handles, centric) = (&mut self.handles, &mut self.centric);
        let read = each_of_table(connection, &self.schema, "handle", &mut |id, row| {
            let (Some(id), Some(address)) = (id, row.name(Named::Address)) else { return };
            // What is empty is nobody.
            if let Some(person) = row.name(Named::Person).filter(|person| !person.trim().is_empty()) {
                centric.entry(address.clone()).or_insert_with(|| person.into());
            }
            let handle = known.entry(address).or_insert_with_key(|address| {
                let name = directory.name_of(address).map(str::to_owned);
                Arc::new(Handle { address: address.clone(), name })
            });
            handles.insert(id, Arc::clone(handle));
        });
        if let Err(error) = read {
            self.skipped.push(Skipped::part("some senders and participants", error));
        }
    }

    /// The other person of a conversation of two, where no row says who takes part: its identifier is that person's address.
    fn named_by(&self, chat: &Chat) -> Option<Arc<Handle>> {
        let is_silent = !chat.is_group && chat.id != NO_CHAT && chat.participants.is_empty();
        let is_address = |text: &str| text.contains('@') || matches!(Address::read(text), Some(Address::Number(_)));
        let address = Some(&chat.identifier).filter(|identifier| is_silent && is_address(identifier))?;
        let known = self.handles.values().find(|handle| handle.address == *address).cloned();
        Some(known.unwrap_or_else(|| Arc::new(Handle { address: address.clone(), name: None })))
    }

    fn has_join(&self, table: &str, columns: [&str; 2]) -> bool {
        columns.iter().all(|column| self.schema.has_column(table, column))
    }

    /// The messages of a chat, with the dates that the links to them repeat.
    fn members(&self, connection: &Connection, chat: i64, skipped: &mut Vec<Skipped>) -> Vec<Member> {
        match (chat, self.links.get()) {
            (NO_CHAT, _) => self.orphans(connection).records.iter().map(|id| (*id, None)).collect(),
            (id, Some(Some(links))) => links.of(id).collect(),
            (id, _) => members::of(&self.schema, self.dates_kept, connection, id, skipped),
        }
    }

    /// The messages that belong to no chat, ordered by number. They are looked for once.
    fn orphans(&self, connection: &Connection) -> &Reading<i64> {
        self.orphans.get_or_init(|| {
            let tables = self.link_tables(connection);
            orphans::messages(&self.schema, connection, || self.read_links(|| tables))
        })
    }

    fn link_tables(&self, connection: &Connection) -> Option<Tables> {
        Tables::find(members::links_of(&self.schema), self.dates_kept, &*self.database, connection)
    }

    /// Reads all links at once, where that is possible. It is worth it for many chats.
    fn read_links(&self, tables: impl FnOnce() -> Option<Tables>) -> Option<&Links> {
        self.links.get_or_init(|| tables().and_then(Tables::read)).as_ref()
    }
}

impl Generation for CurrentDatabase<'_> {
    fn chats(&self, connection: &Connection, with_orphans: bool) -> Reading<Chat> {
        let mut reading = Reading { records: Vec::new(), skipped: self.skipped.clone() };
        self.read_chats(connection, &mut reading);
        if with_orphans {
            let orphans = self.orphans(connection);
            reading.skipped.extend(orphans.skipped.iter().cloned());
            if !orphans.records.is_empty() {
                reading.records.push(Chat::of_orphans());
            }
        }
        reading.records.sort_by_key(|chat| chat.id);
        reading
    }

    fn places(&self, connection: &Connection, chat: i64) -> Reading<MessageKey> {
        let mut reading = Reading::default();
        let members = self.members(connection, chat, &mut reading.skipped);
        let mut statement = match connection.prepare_cached(&self.date) {
            Ok(statement) => statement,
            Err(error) => {
                reading.skipped.push(Skipped::new(format!("messages of chat {chat}"), error));
                return reading;
            }
        };
        for (id, date) in members {
            let date = match date {
                Some(date) => Ok(Some(AppleTime::from_seconds_or_nanoseconds(date))),
                // What is no moment is said where the message is read.
                None => statement.query_row([id], |row| Ok(moment::read(row.get_ref(0)?).unwrap_or(None))).optional(),
            };
            match date {
                // The device removed the message and left the link to it.
                Ok(None) => {}
                Ok(Some(date)) => reading.records.push((date, id)),
                Err(error) => reading.skipped.push(Skipped::new(format!("message {id}"), error)),
            }
        }
        reading
    }

    fn attachments(
        &self,
        connection: &Connection,
        chat: &Chat,
        numbers: &[i64],
        skipped: &mut Vec<Skipped>,
    ) -> Attachments {
        self.attached.of(connection, chat.id, numbers, skipped)
    }

    fn each_message(
        &self,
        connection: &Connection,
        chat: &Chat,
        places: &[MessageKey],
        each: &mut dyn FnMut(i64, rusqlite::Result<Option<MessageRow>>) -> ControlFlow<()>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let mut statement = connection.prepare_cached(&self.message)?;
        let other = chat.other().cloned().map(Arc::new).or_else(|| self.named_by(chat));
        let mut rows = Rows { handles: &self.handles, other, chat: chat.id, own_handle: None };
        let mut ahead = self.sorted.get().and_then(|sorted| sorted.of_chat(chat.id));
        for (_, id) in places {
            let found = match ahead.as_mut().and_then(|ahead| ahead.row(*id)) {
                Some(row) => Ok(Some(rows.read(row, *id))),
                None => statement.query_row([id], |row| Ok(rows.read(Row::queried(row, 0), *id))).optional(),
            };
            if each(*id, found).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn read_ahead(&self, connections: &ConnectionPool, files: Vec<File>, ahead: &ReadAhead<'_>) {
        let read = connections.with(|connection| {
            let related = &self.joined_rows(connection).related;
            Sorted::read(&*self.database, connection, related, files, ahead)
        });
        if let Ok(Some(sorted)) = read {
            self.sorted.get_or_init(|| sorted);
        }
    }

    fn count(&self, connection: &Connection) -> rusqlite::Result<(u64, u64)> {
        let count = |table: &str| match self.schema.has_table(table) {
            true => number(connection, &format!("SELECT count(*) FROM {table}")),
            false => Ok(0),
        };
        Ok((count("chat")?, count("attachment")?))
    }

    fn joined_rows(&self, connection: &Connection) -> &JoinedRows {
        self.joined_rows.get_or_init(|| joined_rows::read(&self.schema, connection))
    }

    fn find(&self, connection: &Connection, guid: &str) -> Option<i64> {
        if !self.schema.has_column("message", "guid") {
            return None;
        }
        let mut statement = connection.prepare_cached("SELECT m.ROWID FROM message m WHERE m.guid = ?1").ok()?;
        statement.query_row([guid], |row| Ok(integer(row, 0))).ok()?
    }

    fn shown_together(&self, connection: &Connection) -> Vec<(i64, i64)> {
        chats::shown_together(&self.schema, connection)
    }

    fn involving(&self, connection: &Connection, is_meant: &dyn Fn(&str) -> bool) -> Involved {
        self.find_involved(connection, is_meant)
    }

    fn addresses(&self, _: &Connection) -> BTreeSet<String> {
        self.handles.values().map(|handle| handle.address.clone()).collect()
    }

    fn person_centric(&self, address: &str) -> Option<&Arc<str>> {
        self.centric.get(address)
    }

    fn owner(&self, connection: &Connection) -> Owner {
        chats::owner(&self.schema, connection)
    }
}
