//! The reader of conversations of both apps.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use rusqlite::Connection;

use super::account::Account;
use super::addressed::Asked;
use super::chats;
use super::columns::MESSAGES;
use super::message::{Maker, Stored, without_joined};
use super::places::{self, NO_CHAT, Place};
use super::store::Store;
use crate::messages::{Chat, ChatReader, Filter, Grouping, Message, Owner};
use crate::people::Directory;
use crate::records::Reading;
use crate::skipped::Skipped;
use crate::source::{Entry, Source, SourceError};

/// The conversations of WhatsApp and WhatsApp Business. Several threads can read different ones at once.
pub struct WhatsApp<'s> {
    directory: &'s Directory,
    stores: Vec<Store<'s>>,
    notes: Vec<String>,
    skipped: Vec<Skipped>,
    grouping: Grouping,
    with_orphans: bool,
}

impl<'s> WhatsApp<'s> {
    /// Opens what there is of both apps. Who writes is looked up in the directory first.
    ///
    /// # Errors
    /// What [`Source::database`] says of WhatsApp's database where there is none of either app, or none can be read.
    pub fn open(source: &'s dyn Source, directory: &'s Directory) -> Result<Self, SourceError> {
        let (mut stores, mut notes, mut skipped) = (Vec::new(), Vec::new(), Vec::new());
        let mut first = None;
        // Somebody who named one database named that of one app.
        let accounts = Account::ALL.into_iter().filter(|own| *own == Account::Personal || !source.is_one_database());
        for account in accounts {
            match Store::open(source, directory, account, (&mut notes, &mut skipped)) {
                Ok(store) => stores.push(store),
                Err(error) => {
                    let is_missing = matches!(error, SourceError::Missing { .. });
                    match &first {
                        // That one of them is not on the phone is no loss; that it cannot be read is.
                        Some((_, true)) if !is_missing => first = Some((error, false)),
                        None => first = Some((error, is_missing)),
                        Some(_) => {}
                    }
                }
            }
        }
        match first {
            Some((error, _)) if stores.is_empty() => return Err(error),
            Some((error, false)) => skipped.push(Skipped::part("the conversations of one of WhatsApp's apps", error)),
            _ => {}
        }
        Ok(Self { directory, stores, notes, skipped, grouping: Grouping::default(), with_orphans: true })
    }

    /// The same, with conversations grouped otherwise.
    #[must_use]
    pub fn grouped(self, grouping: Grouping) -> Self {
        Self { grouping, ..self }
    }

    /// The same, where messages that belong to no conversation are not asked for.
    #[must_use]
    pub fn with_orphans(self, with_orphans: bool) -> Self {
        Self { with_orphans, ..self }
    }

    /// What a person should know: what of the names is missing, and why.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The store that a conversation is in.
    fn store_of(&self, chat: &Chat) -> Option<&Store<'s>> {
        self.stores.iter().find(|store| chat.service.as_ref() == Some(&store.account.service()))
    }

    fn known(&self) -> BTreeSet<String> {
        self.stores.iter().flat_map(|store| store.names.everybody()).collect()
    }
}

impl ChatReader for WhatsApp<'_> {
    fn chats(&self, filter: &Filter) -> Result<Reading<Chat>, SourceError> {
        let mut all = Reading { records: Vec::new(), skipped: self.skipped.clone() };
        for store in &self.stores {
            let is_apart = self.grouping == Grouping::Apart;
            let reading =
                store.connections.with(|connection| chats::read(store, connection, is_apart, self.with_orphans))?;
            all.records.extend(reading.records);
            all.skipped.extend(reading.skipped);
        }
        if let Some(asked) = Asked::new(self.directory, &filter.common, || self.known()) {
            all.records.retain(|chat| asked.mean(chat));
        }
        Ok(all)
    }

    fn in_chat(
        &self,
        chat: &Chat,
        filter: &Filter,
        each: &mut dyn FnMut(Message) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError> {
        let Some(store) = self.store_of(chat) else { return Ok(Vec::new()) };
        store.connections.with(|connection| {
            let mut skipped = Vec::new();
            Walk { store, connection, chat, filter }.through(&mut skipped, each);
            skipped.extend(store.damage());
            skipped
        })
    }

    fn count(&self) -> Option<u64> {
        let sql = format!("SELECT count(*) FROM {MESSAGES}");
        let counts = self.stores.iter().map(|store| {
            let count = store.connections.with(|connection| connection.query_row(&sql, [], |row| row.get::<_, i64>(0)));
            count.ok()?.ok().and_then(|count| u64::try_from(count).ok())
        });
        counts.sum()
    }

    fn addresses(&self) -> Result<BTreeSet<String>, SourceError> {
        Ok(self.stores.iter().flat_map(|store| store.names.addresses()).collect())
    }

    fn owner(&self) -> Owner {
        let handles = self.stores.iter().filter_map(|store| store.owner.first());
        Owner {
            name: handles.clone().find_map(|owner| self.directory.name_of(&owner.address)).map(str::to_owned),
            handles: handles.map(|owner| owner.address.clone()).collect(),
        }
    }

    fn picture_of(&self, address: &str) -> Option<Entry> {
        self.stores.iter().find_map(|store| store.names.picture(address)).cloned()
    }
}

/// One walk through the messages of a conversation.
struct Walk<'w> {
    store: &'w Store<'w>,
    connection: &'w Connection,
    chat: &'w Chat,
    filter: &'w Filter,
}

impl Walk<'_> {
    fn through(&self, skipped: &mut Vec<Skipped>, each: &mut dyn FnMut(Message) -> ControlFlow<()>) {
        let places = self.places(skipped);
        let asked: Vec<Place> =
            places.iter().filter(|place| self.filter.common.includes_time(place.date)).copied().collect();
        if asked.is_empty() {
            return;
        }
        let answers = places::answers(self.connection, &self.store.schema, &places);
        let mut maker = Maker {
            store: self.store,
            connection: self.connection,
            chat: self.chat,
            by_stanza: foldhash::HashMap::default(),
            answers,
        };
        if !maker.answers.is_empty() {
            // Of two with one identifier, the first is meant.
            maker.by_stanza =
                places.iter().rev().filter(|place| place.stanza != 0).map(|place| (place.stanza, *place)).collect();
        }
        let whole = self.store.joins.sql(&self.store.schema, true);
        let alone = self.store.joins.sql(&self.store.schema, false);
        for place in asked {
            let message = match self.read(&whole, place.id, &maker, skipped) {
                Err(error) if self.store.has_joined() => {
                    let read = self.read(&alone, place.id, &maker, skipped);
                    if let Ok(Some(message)) = &read {
                        skipped.push(without_joined(message.id, &error));
                    }
                    read
                }
                read => read,
            };
            match message {
                Ok(Some(message)) if self.filter.includes(&message, self.chat) => {
                    if each(message).is_break() {
                        return;
                    }
                }
                Ok(Some(_)) => {}
                // A damaged index may name rows that the table does not have.
                Ok(None) => skipped.push(Skipped::new(self.named(place), "its row is not where the database says")),
                Err(error) => skipped.push(Skipped::new(self.named(place), error)),
            }
        }
    }

    fn named(&self, place: Place) -> String {
        format!("message {}", place.id.saturating_add(self.store.account.offset()))
    }

    fn read(
        &self,
        sql: &str,
        id: i64,
        maker: &Maker<'_>,
        skipped: &mut Vec<Skipped>,
    ) -> rusqlite::Result<Option<Message>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| maker.message(&Stored::queried(id, row), skipped)))
    }

    /// The messages of all conversations that this one is made of, in order.
    fn places(&self, skipped: &mut Vec<Skipped>) -> Vec<Place> {
        let offset = self.store.account.offset();
        let mut places = Vec::new();
        for origin in self.chat.origins() {
            let chat = origin.saturating_sub(offset);
            let chat = if chat == 0 { NO_CHAT } else { chat };
            places.extend(self.store.places.of_chat(self.connection, &self.store.schema, chat, skipped));
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

#[cfg(test)]
mod tests;
