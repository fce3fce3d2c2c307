//! The reader: events in the order of time.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use rusqlite::Connection;

use super::DATABASE;
use super::filter::Filter;
use super::items::{TABLE, TELLING, events};
use super::model::{Event, Nature};
use super::tables::{Reading as Read, Tables};
use crate::database::Schema;
use crate::records::{Reading, Records};
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

/// The calendars of a device.
pub struct Calendars {
    connection: Connection,
    schema: Schema,
    listed: OnceCell<Reading<Event>>,
}

impl Calendars {
    /// Opens the database.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is a database of something else.
    pub fn open(source: &dyn Source) -> Result<Self, SourceError> {
        let name = DATABASE.1.rsplit('/').next().unwrap_or_default();
        let connection = source.database(DATABASE.0, DATABASE.1)?.connect()?;
        let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(name, error))?;
        match schema.has_any_column(TABLE, &TELLING) {
            true => Ok(Self { connection, schema, listed: OnceCell::new() }),
            false => Err(SourceError::foreign(name, "it has no table of events")),
        }
    }

    /// How many events the device only suggests.
    pub fn suggestions(&self) -> u64 {
        let is_found = |event: &&Event| event.nature == Nature::Suggestion;
        self.listed().records.iter().filter(is_found).count() as u64
    }

    /// All of them, ordered by their beginning, those without one first.
    fn listed(&self) -> &Reading<Event> {
        self.listed.get_or_init(|| {
            let mut skipped = Vec::new();
            let mut read = Read { connection: &self.connection, schema: &self.schema, skipped: &mut skipped };
            let mut tables = Tables::read(&mut read);
            let mut records = events(&mut read, &mut tables);
            records.sort_by_key(|event| (event.start, event.id));
            Reading { records, skipped }
        })
    }

    /// Those that are asked for. An occurrence that was changed comes with its series: without it, it would be told at its old time.
    fn chosen<'c>(&'c self, filter: &'c Filter) -> impl Iterator<Item = &'c Event> {
        let listed = &self.listed().records;
        let is_asked = |event: &&Event| filter.includes(event);
        let series: HashSet<i64> = listed
            .iter()
            .filter(|event| !event.rules.is_empty())
            .filter(is_asked)
            .filter_map(|event| event.id)
            .collect();
        listed.iter().filter(move |event| {
            let original = event.original.as_ref().map(|original| original.series);
            filter.includes(event) || original.is_some_and(|original| series.contains(&original))
        })
    }
}

impl Records for Calendars {
    type Record = Event;
    type Filter = Filter;

    fn count(&self, filter: &Filter) -> Option<u64> {
        Some(self.chosen(filter).count() as u64)
    }

    /// In the order of time, those without a beginning first.
    fn each(&self, filter: &Filter, each: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Vec<Skipped> {
        _ = self.chosen(filter).try_for_each(|event| each(event.clone()));
        self.listed().skipped.clone()
    }

    fn addresses(&self) -> BTreeSet<String> {
        let people = self.listed().records.iter().flat_map(Event::people);
        people.flat_map(|person| person.names()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests;
