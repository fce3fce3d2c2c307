//! The directory of people: handle to name, and name to handles.

use serde::{Deserialize, Serialize};

use std::collections::BTreeSet;

use super::handle_index::HandleIndex;
use super::linked;
use super::person::Person;
use crate::contacts::{self, DATABASE};
use crate::handles::{HandleQuery, folded};
use crate::selection::Selection;
use crate::skipped::Skipped;
use crate::source::{Absence, Source, SourceError};

/// What reports call the address book.
const ADDRESS_BOOK: &str = "the address book";

/// Who a handle is. The default knows nobody.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    people: Vec<Person>,
    listing: HandleIndex,
    skipped: Vec<Skipped>,
    absence: Option<Absence>,
}

impl Directory {
    /// Reads the address book of a device. A device without one gives a directory that knows nobody; a damaged one gives
    /// what it can, and the rest is in [`skipped`](Self::skipped).
    pub fn read(source: &dyn Source) -> Self {
        let (domain, path) = DATABASE;
        let damaged = |why| Self { skipped: vec![Skipped::new(ADDRESS_BOOK, why)], ..Self::default() };
        let read = source.database(domain, path).and_then(|database| {
            let connection = database.connect()?;
            contacts::tables(&connection)
        });
        match read {
            Ok(tables) => Self { skipped: tables.skipped, ..Self::of(linked::people(tables.cards)) },
            Err(SourceError::Missing { .. }) => Self::default(),
            Err(SourceError::Absent { why, .. }) => Self { absence: Some(why), ..Self::default() },
            Err(SourceError::Unreadable { why, .. } | SourceError::Foreign { why, .. }) => damaged(why),
            Err(error) => damaged(error.to_string()),
        }
    }

    fn of(people: Vec<Person>) -> Self {
        let each = people.iter().enumerate();
        let listed = each.flat_map(|(place, person)| person.handles.iter().map(move |handle| (handle.as_str(), place)));
        Self { listing: HandleIndex::new(listed), people, ..Self::default() }
    }

    /// Everybody who has a name, ordered by the first of their cards.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// What of the address book could not be read.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Why there is no address book, where the source records one and does not hold it.
    pub fn absence(&self) -> Option<Absence> {
        self.absence
    }

    /// The name of whom a handle belongs to. Mail addresses match whatever their case. Numbers match as a whole, else the
    /// national form matches the end of the international one, seven digits at least; service numbers only as a whole.
    /// `None` for a handle that could be of people with different names.
    pub fn name_of(&self, handle: &str) -> Option<&str> {
        self.person_of(handle).map(|person| person.name.as_str())
    }

    /// The person of that name: of several who have the same name, the first in the address book.
    pub fn person_of(&self, handle: &str) -> Option<&Person> {
        let places = self.listing.people(handle);
        let mut people = places.iter().filter_map(|place| self.people.get(*place));
        let person = people.next()?;
        let whole = folded(&person.name);
        people.all(|other| folded(&other.name) == whole).then_some(person)
    }

    /// Whose card a handle is on: whom to count it for.
    pub(crate) fn owner_of(&self, handle: &str) -> Owner {
        let places = self.listing.people(handle);
        let mut people = places.iter().filter_map(|place| self.people.get(*place));
        match (people.next(), people.next()) {
            (None, _) => Owner::Nobody,
            (Some(only), None) => Owner::One(only.id),
            (Some(_), Some(_)) => Owner::Several,
        }
    }

    /// The people whom a selection asks for by name, number or address, to look for all that is theirs. Nobody when it asks
    /// for nobody in particular.
    pub fn asked_for(&self, selection: &Selection) -> People<'_> {
        let meant = |asked: HandleQuery| {
            let all = self.people.iter().enumerate().filter(|(_, person)| person.is_meant(&asked));
            let places: Vec<usize> = all.map(|(place, _)| place).collect();
            (asked, places)
        };
        let asked: Vec<_> = selection.asked().into_iter().map(meant).collect();
        let places = asked.iter().flat_map(|(_, places)| places).copied().collect();
        People { directory: self, asked, places }
    }
}

/// Whose a handle is, after the address book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Nobody's.
    #[default]
    Nobody,
    /// One person's, by the row of the card that gives the name.
    One(i64),
    /// It may be that of several people.
    Several,
}

/// The people whom somebody asked for: some of a directory, and whoever else is meant.
#[derive(Debug, Clone)]
pub struct People<'d> {
    directory: &'d Directory,
    /// What was typed, and the people whom it means.
    asked: Vec<(HandleQuery, Vec<usize>)>,
    places: BTreeSet<usize>,
}

impl<'d> People<'d> {
    /// Whether nobody in particular was asked for.
    pub fn is_everybody(&self) -> bool {
        self.asked.is_empty()
    }

    /// Whether a handle is, or may be, one of these people's.
    pub fn have(&self, handle: &str) -> bool {
        !self.places.is_empty() && !self.directory.listing.people(handle).is_disjoint(&self.places)
    }

    /// Whether a number, address or name is that of somebody who was asked for, in the address book or not.
    pub fn include(&self, handle: &str) -> bool {
        self.is_everybody() || self.have(handle) || self.asked.iter().any(|(asked, _)| asked.means(handle))
    }

    /// Every number and address of these people, as typed.
    pub fn handles(&self) -> impl Iterator<Item = &str> {
        let people = self.places.iter().filter_map(|place| self.directory.people.get(*place));
        people.flat_map(|person| person.handles.iter().map(String::as_str))
    }

    /// What was typed, and the people in the directory whom it means.
    pub fn meant(&self) -> impl Iterator<Item = (&HandleQuery, impl Iterator<Item = &'d Person>)> {
        let directory = self.directory;
        self.asked.iter().map(|(asked, places)| (asked, places.iter().filter_map(|place| directory.people.get(*place))))
    }
}

#[cfg(test)]
mod tests;
