//! The reader of conversations.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use rusqlite::Connection;

use super::connections::ConnectionPool;
use super::current::CurrentDatabase;
use super::filter::Filter;
use super::generation::{Awaited, Generation, Involved, MessageKey, NO_CHAT, ReadAhead, SMS_DB, number};
use super::grouping;
use super::legacy::LegacyDatabase;
use super::model::{Chat, Message, Owner};
use super::persons::Persons;
use super::walk::Walk;
use crate::database::Schema;
use crate::handles::HandleQuery;
use crate::people::{Directory, People};
use crate::records::Reading;
use crate::skipped::Skipped;
use crate::source::{Database, Source, SourceError};

/// Of how many messages they are read ahead: of fewer, the pages are held anyway; of more, the memory for where each is
/// would be too much.
const AHEAD: RangeInclusive<u64> = 4096..=4 << 20;

/// How many times as much it costs to look a message up as to come to it in the order of the table.
const LOOKING_UP: u64 = 4;

/// The messages of a device. Several threads can read different chats at once.
pub struct Messages<'s> {
    source: &'s dyn Source,
    directory: &'s Directory,
    connections: ConnectionPool,
    generation: Box<dyn Generation + 's>,
    grouping: Grouping,
    /// Whether what belongs to no conversation is looked for.
    with_orphans: bool,
}

/// How conversations of the database become those that are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Grouping {
    /// As the phone shows them: what several services or numbers of the same people hold is one conversation.
    #[default]
    AsShown,
    /// Each conversation of the database by itself.
    Apart,
}

/// How much there is, before any selection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Conversations of the database.
    pub chats: u64,
    /// Messages of every kind, tapbacks and announcements among them.
    pub messages: u64,
    /// Attachments, whether the source holds their files or not.
    pub attachments: u64,
}

impl<'s> Messages<'s> {
    /// Opens the database of messages and finds out which version it is of. Who writes is looked up in the directory.
    ///
    /// # Errors
    /// What [`Source::database`] says; [`SourceError::Unreadable`] when the database holds no messages at all.
    pub fn open(source: &'s dyn Source, directory: &'s Directory) -> Result<Self, SourceError> {
        let (domain, path) = super::DATABASE;
        let database = source.database(domain, path)?;
        let connections = ConnectionPool::new(Arc::clone(&database));
        let generation = connections.with(|connection| detect(source, database, directory, connection))??;
        Ok(Self { source, directory, connections, generation, grouping: Grouping::default(), with_orphans: true })
    }

    /// The same, with conversations grouped otherwise.
    #[must_use]
    pub fn grouped(self, grouping: Grouping) -> Self {
        Self { grouping, ..self }
    }

    /// The same, where messages that belong to no conversation are not asked for: to find them, every message is looked at.
    #[must_use]
    pub fn with_orphans(self, with_orphans: bool) -> Self {
        Self { with_orphans, ..self }
    }

    /// Whose device it is: the handles that messages came to and went from, and the name that the address book has for one
    /// of them. Empty where the database does not say.
    pub fn owner(&self) -> Owner {
        let mut owner = self.connections.with(|connection| self.generation.owner(connection)).unwrap_or_default();
        owner.name = owner.handles.iter().find_map(|handle| self.directory.name_of(handle)).map(str::to_owned);
        owner
    }

    /// The conversations that are asked for, ordered by [`Chat::id`]. Times are not looked at here: a chat may turn out
    /// to have no message in the time asked for. Messages that belong to no conversation come first, as one of number 0, unless
    /// they are [left out](Self::with_orphans).
    ///
    /// # Errors
    /// When no connection can be opened. What cannot be read of the tables is listed beside the chats.
    pub fn chats(&self, filter: &Filter) -> Result<Reading<Chat>, SourceError> {
        let (mut reading, lookup) = self.connections.with(|connection| {
            let mut reading = self.generation.chats(connection, self.with_orphans);
            reading.skipped.extend(self.generation.joined_rows(connection).skipped.iter().cloned());
            (reading, self.generation.shown_together(connection))
        })?;
        let persons = Persons { directory: self.directory, generation: Some(&*self.generation) };
        if self.grouping == Grouping::AsShown {
            reading.records = grouping::join(reading.records, &lookup, &persons);
        }
        reading.records.iter_mut().for_each(|chat| persons.tell_apart(chat));
        let people = self.directory.asked_for(&filter.common);
        if people.is_everybody() {
            return Ok(reading);
        }
        let involved = self.involving(&people)?;
        let groups = self.groups_asked_for(&people)?;
        let is_called = |name: &str| groups.iter().any(|asked| asked.means_words(name));
        let mut kept = Vec::new();
        for chat in reading.records {
            let is_involved = chat.origins().any(|id| involved.chats.contains(&id));
            let is_meant = || {
                is_involved
                    || takes_part(&chat, &people)
                    || chat.is_group && chat.display_name.as_deref().is_some_and(is_called)
            };
            let is_asked_for = match chat.id {
                NO_CHAT => self.any_in(&chat, filter)?,
                _ => is_meant(),
            };
            if is_asked_for {
                kept.push(chat);
            }
        }
        reading.records = kept;
        reading.skipped.extend(involved.skipped);
        Ok(reading)
    }

    /// Every number and address that a message may name.
    ///
    /// # Errors
    /// When no connection can be opened.
    pub fn addresses(&self) -> Result<BTreeSet<String>, SourceError> {
        self.connections.with(|connection| self.generation.addresses(connection))
    }

    /// What was typed and means nobody: it may be the name of a group.
    fn groups_asked_for<'p>(&self, people: &'p People<'_>) -> Result<Vec<&'p HandleQuery>, SourceError> {
        let unknown: Vec<&HandleQuery> =
            people.meant().filter_map(|(asked, mut meant)| meant.next().is_none().then_some(asked)).collect();
        if unknown.is_empty() {
            return Ok(unknown);
        }
        let addresses = self.addresses()?;
        let is_somebody = |asked: &&HandleQuery| addresses.iter().any(|address| asked.means(address));
        Ok(unknown.into_iter().filter(|asked| !is_somebody(asked)).collect())
    }

    /// What has to do with some people, now or earlier.
    fn involving(&self, people: &People<'_>) -> Result<Involved, SourceError> {
        // Many messages name few people.
        let known = RefCell::new(HashMap::new());
        let is_meant = |address: &str| {
            let asked = known.borrow().get(address).copied();
            asked.unwrap_or_else(|| {
                let is_meant = people.include(address);
                known.borrow_mut().insert(address.to_owned(), is_meant);
                is_meant
            })
        };
        self.connections.with(|connection| self.generation.involving(connection, &is_meant))
    }

    /// Whether a chat has a message that is asked for.
    fn any_in(&self, chat: &Chat, filter: &Filter) -> Result<bool, SourceError> {
        let mut any = false;
        self.in_chat(chat, filter, &mut |_| {
            any = true;
            ControlFlow::Break(())
        })?;
        Ok(any)
    }

    /// Hands on the messages of one chat in the order of date and row number, those without a date first. Each comes with
    /// all that belongs to it: reactions, votes, what it answers and what answers it.
    ///
    /// A message is looked up by its row number, which costs what a join would and keeps damage where it is: a broken
    /// page costs the messages on it and no others. Only dates, numbers, attachments and reactions of this one chat are
    /// held. The caller may stop at any message.
    ///
    /// # Errors
    /// When no connection can be opened. Messages that could not be read are in the list that is returned.
    pub fn in_chat(
        &self,
        chat: &Chat,
        filter: &Filter,
        each: &mut dyn FnMut(Message) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError> {
        self.connections.with(|connection| {
            let mut skipped = Vec::new();
            let members = self.places(connection, chat, &mut skipped);
            let places: Vec<MessageKey> =
                members.iter().filter(|(date, _)| filter.common.includes_time(*date)).copied().collect();
            if places.is_empty() {
                return skipped;
            }
            // Who takes part in any other chat has been looked at before it was asked for.
            let people = (chat.id == NO_CHAT).then(|| self.directory.asked_for(&filter.common));
            let people = people.filter(|people| !people.is_everybody());
            let involved = people.map(|people| self.generation.involving(connection, &|who| people.include(who)));
            let walk = Walk {
                source: self.source,
                only: involved.as_ref().map(|involved| involved.messages.as_slice()),
                generation: &*self.generation,
                connection,
                chat,
                filter,
            };
            walk.through(&members, &places, &mut skipped, each);
            skipped
        })
    }

    /// Reads the messages of many conversations ahead, which costs a small part of looking each up where its conversation
    /// comes: on a disk and in SQLite, messages lie in the order in which they came. [`in_chat`](Self::in_chat) then
    /// takes them from there. Where it does not pay, and where it fails, nothing happens.
    ///
    /// `temp_file` makes an empty file that nobody else can open; it holds the rows as they are, as long as this reader lives.
    /// `keep_going` is asked now and then.
    ///
    /// # Errors
    /// When no connection can be opened.
    pub fn read_ahead(
        &self,
        chats: &[Chat],
        filter: &Filter,
        temp_file: &dyn Fn() -> io::Result<File>,
        threads: usize,
        keep_going: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Result<(), SourceError> {
        let count = |connection: &Connection| number(connection, "SELECT count(*) FROM message");
        let all = self.connections.with(count)?.unwrap_or_default();
        if !AHEAD.contains(&all) {
            return Ok(());
        }
        let awaited = self.awaited(chats, filter, usize::try_from(all).unwrap_or(0), threads);
        if (awaited.len() as u64).saturating_mul(LOOKING_UP) < all {
            return Ok(());
        }
        if let Ok(files) = (0..threads.max(1)).map(|_| temp_file()).collect() {
            self.read_awaited(chats, &awaited, files, keep_going);
        }
        Ok(())
    }

    /// The messages of conversations that are asked for, about as many as expected, ascending, looked up in several threads.
    fn awaited(&self, chats: &[Chat], filter: &Filter, expected: usize, threads: usize) -> Vec<Awaited> {
        let threads = threads.max(1);
        let some = |first: usize| {
            // A conversation that is left out, and what cannot be read of one, is looked up when it is its turn.
            let mut awaited = Vec::with_capacity(expected / threads);
            let _ = self.connections.with(|connection| {
                for (position, chat) in chats.iter().enumerate().skip(first).step_by(threads) {
                    let mut places = self.places(connection, chat, &mut Vec::new());
                    places.retain(|(date, _)| filter.common.includes_time(*date));
                    awaited.extend(places.iter().map(|(_, id)| Awaited { id: *id, chat: position }));
                }
            });
            awaited
        };
        let mut awaited = Vec::with_capacity(expected);
        std::thread::scope(|scope| {
            let some = &some;
            let parts: Vec<_> = (0..threads).map(|first| scope.spawn(move || some(first))).collect();
            parts.into_iter().for_each(|part| awaited.extend(part.join().unwrap_or_default()));
        });
        awaited.sort_unstable();
        awaited
    }

    fn read_awaited(
        &self,
        chats: &[Chat],
        awaited: &[Awaited],
        files: Vec<File>,
        keep_going: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) {
        let chats: Vec<i64> = chats.iter().map(|chat| chat.id).collect();
        self.generation.read_ahead(&self.connections, files, &ReadAhead { chats: &chats, awaited, keep_going });
    }

    /// The messages of all conversations of the database that a chat is made of, in order.
    fn places(&self, connection: &Connection, chat: &Chat, skipped: &mut Vec<Skipped>) -> Vec<MessageKey> {
        let mut places = Vec::new();
        for origin in chat.origins() {
            let reading = self.generation.places(connection, origin);
            places.extend(reading.records);
            skipped.extend(reading.skipped);
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Counts everything, without reading it.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] when a table cannot be counted.
    pub fn count(&self) -> Result<Counts, SourceError> {
        let count = |connection: &Connection| {
            let messages = number(connection, "SELECT count(*) FROM message")?;
            let (chats, attachments) = self.generation.count(connection)?;
            Ok(Counts { chats, messages, attachments })
        };
        self.connections.with(count)?.map_err(|error: rusqlite::Error| SourceError::unreadable(SMS_DB, error))
    }
}

/// Whether a database is one of messages. Many programs have a table of that name: the columns tell, or the tables
/// beside it.
fn is_of_messages(schema: &Schema) -> bool {
    let columns = ["handle_id", "associated_message_guid", "madrid_handle", "group_id", "is_from_me", "svc_center"];
    let tables = ["chat_message_join", "chat_handle_join", "message_attachment_join", "msg_group", "madrid_chat"];
    schema.has_any_column("message", &columns)
        || schema.has_column("message", "address") && schema.has_column("message", "flags")
        || schema.has_column("message", "text") && tables.iter().any(|table| schema.has_table(table))
}

fn detect<'s>(
    source: &'s dyn Source,
    database: Arc<dyn Database>,
    directory: &'s Directory,
    connection: &Connection,
) -> Result<Box<dyn Generation + 's>, SourceError> {
    let schema = Schema::probe(connection).map_err(|error| SourceError::unreadable(SMS_DB, error))?;
    if !is_of_messages(&schema) {
        return Err(SourceError::foreign(SMS_DB, "it has no table of messages"));
    }
    let is_legacy = !schema.has_column("message", "handle_id")
        && ["address", "group_id", "madrid_handle"].iter().any(|column| schema.has_column("message", column));
    Ok(match is_legacy {
        true => Box::new(LegacyDatabase::new(source, directory, &schema, connection)),
        false => Box::new(CurrentDatabase::new(source, database, directory, schema, connection)),
    })
}

/// Whether somebody who is meant takes part. Of a group neither the name nor the identifier is anybody's: that Anna gave one
/// her name does not make her a part of it.
fn takes_part(chat: &Chat, people: &People<'_>) -> bool {
    let merged = chat.merged.iter().map(|origin| origin.identifier.as_str());
    let own = merged.chain([chat.identifier.as_str()]).chain(chat.display_name.as_deref());
    let mut participants = chat.participants.iter().map(|handle| handle.address.as_str());
    participants.any(|address| people.include(address))
        || !chat.is_group && own.into_iter().any(|name| people.include(name))
}

#[cfg(test)]
mod tests;
