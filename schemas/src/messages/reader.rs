//! The reader of conversations.

use std::sync::Arc;

use rusqlite::Connection;

use super::attachments::Stored;
use super::connections::Connections;
use super::current::Current;
use super::early::Early;
use super::generation::{Attachments, Found, Generation, NO_CHAT, SMS_DB, number};
use super::model::{Chat, Message, Owner};
use super::naming::Naming;
use crate::database::Schema;
use crate::people::{Directory, People};
use crate::selection::Selection;
use crate::skipped::{Reading, Skipped};
use crate::source::{Source, SourceError};

/// The messages of a device. Several threads can read different chats at once.
pub struct Messages<'s> {
    source: &'s dyn Source,
    directory: &'s Directory,
    connections: Connections,
    generation: Box<dyn Generation + 's>,
    grouping: Grouping,
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
    /// Conversations.
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
        let connections = Connections::new(Arc::clone(&source.database(domain, path)?));
        let generation = connections.with(|connection| detect(source, connection))??;
        Ok(Self { source, directory, connections, generation, grouping: Grouping::default() })
    }

    /// The same, with conversations grouped otherwise.
    #[must_use]
    pub fn grouped(self, grouping: Grouping) -> Self {
        Self { grouping, ..self }
    }

    /// Whose device it is, after the messages that came to it and went from it.
    pub fn owner(&self) -> Owner {
        Owner::default()
    }

    /// The conversations that are asked for, ordered by [`Chat::id`]. Times are not looked at here: a chat may turn out
    /// to have no message in the time asked for. Messages that belong to no conversation come first, as one of number 0.
    ///
    /// # Errors
    /// When no connection can be opened. What cannot be read of the tables is listed beside the chats.
    pub fn chats(&self, selection: &Selection) -> Result<Reading<Chat>, SourceError> {
        let mut reading = self.connections.with(|connection| self.generation.chats(connection))?;
        let people = self.directory.asked_for(selection);
        let mut naming = Naming::new(self.directory);
        let mut kept = Vec::new();
        for mut chat in reading.records {
            if !selection.messages.includes_chat(&chat) {
                continue;
            }
            if wanted(&chat, selection, &people) || chat.id == NO_CHAT && self.any_in(&chat, selection)? {
                naming.name_all(&mut chat);
                kept.push(chat);
            }
        }
        reading.records = kept;
        Ok(reading)
    }

    /// Whether a chat has a message that is asked for.
    fn any_in(&self, chat: &Chat, selection: &Selection) -> Result<bool, SourceError> {
        let mut any = false;
        self.in_chat(chat, selection, &mut |_| any = true)?;
        Ok(any)
    }

    /// Hands on the messages of one chat in the order of date and row number, those without a date first.
    ///
    /// A message is looked up by its row number, which costs what a join would and keeps damage where it is: a broken
    /// page costs the messages on it and no others. Only dates, numbers and attachments of this one chat are held.
    ///
    /// # Errors
    /// When no connection can be opened. Messages that could not be read are in the list that is returned.
    pub fn in_chat(
        &self,
        chat: &Chat,
        selection: &Selection,
        each: &mut dyn FnMut(Message),
    ) -> Result<Vec<Skipped>, SourceError> {
        self.connections.with(|connection| {
            let Reading { records: mut places, mut skipped } = self.generation.places(connection, chat, selection);
            places.sort_unstable();
            places.dedup();
            let mut attachments = match places.is_empty() {
                true => Attachments::new(),
                false => self.generation.attachments(connection, chat, &mut skipped),
            };
            // Who takes part in any other chat has been looked at before it was asked for.
            let people = (chat.id == NO_CHAT).then(|| self.directory.asked_for(selection));
            let mut naming = Naming::new(self.directory);
            let mut damage = Vec::new();
            let read = self.generation.each_message(connection, chat, &places, &mut |id, message| {
                let attached = attachments.remove(&id).unwrap_or_default();
                match message {
                    Ok(Some(mut found)) if asked_for(&found.message, selection, people.as_ref()) => {
                        naming.name_sender(&mut found.message.sender);
                        each(self.complete(found, attached, &mut damage));
                    }
                    Ok(_) => {}
                    Err(error) => damage.push(Skipped::new(format!("message {id}"), error)),
                }
            });
            skipped.append(&mut damage);
            skipped.extend(read.err().map(|error| Skipped::new(format!("messages of chat {}", chat.id), error)));
            skipped
        })
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

    /// Puts the attachments to a message, in the order in which they stand in its text.
    fn complete(&self, found: Found, joined: Vec<Stored>, skipped: &mut Vec<Skipped>) -> Message {
        let Found { mut message, mut attached, order, damage } = found;
        attached.extend(joined);
        if let Some(why) = damage {
            skipped.push(Skipped::new(format!("text of message {}", message.id), why));
        }
        let position = |stored: &Stored| order.iter().position(|guid| stored.guid.as_ref() == Some(guid));
        attached.sort_by_cached_key(|stored| position(stored).unwrap_or(usize::MAX));
        message.attachments = attached.into_iter().map(|stored| stored.resolve(self.source)).collect();
        message
    }
}

fn detect<'s>(source: &'s dyn Source, connection: &Connection) -> Result<Box<dyn Generation + 's>, SourceError> {
    let schema = Schema::probe(connection).map_err(|error| SourceError::unreadable(SMS_DB, error))?;
    if !schema.has_table("message") {
        return Err(SourceError::unreadable(SMS_DB, "it has no table of messages"));
    }
    let early = !schema.has_column("message", "handle_id")
        && ["address", "group_id", "madrid_handle"].iter().any(|column| schema.has_column("message", column));
    Ok(match early {
        true => Box::new(Early::new(source, &schema, connection)),
        false => Box::new(Current::new(schema, connection)),
    })
}

/// A chat is wanted for its participants, its identifier and its name.
fn wanted(chat: &Chat, selection: &Selection, people: &People<'_>) -> bool {
    let addresses = chat.participants.iter().map(|handle| handle.address.as_str()).chain([chat.identifier.as_str()]);
    addresses.clone().any(|address| people.have(address))
        || selection.includes_person(addresses.chain(chat.display_name.as_deref()))
}

/// What the row itself has to say about it: its date, and where no chat speaks for it, its sender.
fn asked_for(message: &Message, selection: &Selection, people: Option<&People<'_>>) -> bool {
    let sender = || message.sender.iter().map(|handle| handle.address.as_str());
    let has_sender =
        |people: &People<'_>| sender().any(|address| people.have(address)) || selection.includes_person(sender());
    selection.includes_time(message.date) && people.is_none_or(has_sender)
}

#[cfg(test)]
mod tests;
