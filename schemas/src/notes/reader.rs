//! The reader: the notes of a device as one list, in the order of when they were made.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::filter::{Filter, Wanted};
use super::legacy::Legacy;
use super::lock::NotePasswords;
use super::model::{Note, Scheme};
use super::store::{OtherFolder, Store};
use super::{DATABASE, LEGACY};
use crate::people::{Directory, PersonFilter};
use crate::records::Records;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

/// The notes of a device. Each is read when it comes: a store has thousands of them.
pub struct Notes<'s> {
    directory: &'s Directory,
    store: Option<Store>,
    legacy: Option<Legacy>,
    passwords: NotePasswords,
    skipped: Vec<Skipped>,
    order: Vec<Place>,
}

/// A note that a password would open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanting {
    /// Its row.
    pub note: i64,
    /// The hint that its owner chose.
    pub hint: Option<String>,
}

/// Where a note is, and when it was made and last changed.
struct Place {
    created: Option<AppleTime>,
    modified: Option<AppleTime>,
    is_old: bool,
    number: usize,
}

impl<'s> Notes<'s> {
    /// Opens both stores, or the one that is there. Locked notes are opened with `passwords`; who a note is shared with is looked up in the
    /// directory.
    ///
    /// # Errors
    /// When there is no store, or none that can be read.
    pub fn open(
        source: &'s dyn Source,
        directory: &'s Directory,
        passwords: NotePasswords,
    ) -> Result<Self, SourceError> {
        let mut skipped = Vec::new();
        let store = Store::open(source, &mut skipped);
        let place = if source.is_one_database() { DATABASE } else { LEGACY };
        let legacy = Legacy::open(source, place, &mut skipped);
        let (store, legacy) = match (store, legacy) {
            (Ok(store), Ok(legacy)) => (Some(store), Some(legacy)),
            (Ok(store), Err(error)) => {
                if !source.is_one_database() {
                    skipped.extend(unreadable("notes.sqlite", error));
                }
                (Some(store), None)
            }
            (Err(error), Ok(legacy)) => {
                if !source.is_one_database() {
                    skipped.extend(unreadable("NoteStore.sqlite", error));
                }
                (None, Some(legacy))
            }
            // A store that is not there says less than one that cannot be read.
            (Err(SourceError::Missing { .. }), Err(error)) if !matches!(error, SourceError::Missing { .. }) => {
                return Err(error);
            }
            (Err(error), Err(_)) => return Err(error),
        };
        let mut own = Self { directory, store, legacy, passwords, skipped, order: Vec::new() };
        own.order = own.places();
        Ok(own)
    }

    fn places(&self) -> Vec<Place> {
        let new = self.store.iter().flat_map(|store| store.notes().iter().enumerate());
        let new =
            new.map(|(number, row)| Place { created: row.created, modified: row.modified, is_old: false, number });
        let old = self.legacy.iter().flat_map(|legacy| legacy.notes().enumerate());
        let old = old.map(|(number, (created, modified))| Place { created, modified, is_old: true, number });
        let mut places: Vec<Place> = new.chain(old).collect();
        places.sort_by_key(|place| (place.created, place.is_old, place.number));
        places
    }

    /// Those that may be asked for, by their dates.
    fn dated<'f>(&'f self, filter: &'f Filter) -> impl Iterator<Item = &'f Place> {
        self.order.iter().filter(|place| filter.common.includes_time(place.modified.or(place.created)))
    }

    fn read(&self, place: &Place, skipped: &mut Vec<Skipped>) -> Option<Note> {
        if place.is_old {
            return self.legacy.as_ref()?.note(place.number, skipped);
        }
        let store = self.store.as_ref()?;
        let row = store.notes().get(place.number)?;
        let mut note = match store.read(row, &self.passwords, skipped) {
            Ok(note) => note,
            Err(why) => {
                skipped.push(Skipped::new(format!("note {}", row.id), why));
                return None;
            }
        };
        for person in note.shared_with.iter_mut().filter(|person| !person.is_self) {
            let known = person.address.as_deref().and_then(|address| self.directory.name_of(address));
            person.name = known.map(str::to_owned).or(person.name.take());
        }
        Some(note)
    }

    /// The first note that another password would open.
    pub fn wants_password(&self) -> Option<Wanting> {
        let rows = self.store.iter().flat_map(|store| store.notes().iter().map(move |row| (store, row)));
        rows.filter(|(_, row)| row.is_locked).find_map(|(store, row)| {
            let lock = store.read(row, &self.passwords, &mut Vec::new()).ok()?.lock?;
            let opens = !lock.is_open && matches!(lock.scheme, Scheme::Classic | Scheme::Neo);
            opens.then_some(Wanting { note: row.id, hint: lock.hint })
        })
    }

    /// The folders that no note is in: empty ones, and those that collect notes of others.
    pub fn other_folders(&self) -> Vec<OtherFolder> {
        self.store.as_ref().map(Store::other_folders).unwrap_or_default()
    }

    /// The titles of invitations to notes and folders that are not here.
    pub fn strange_invitations(&self) -> Vec<String> {
        self.store.as_ref().map(Store::strange_invitations).unwrap_or_default()
    }

    /// Opens locked notes with these passwords from now on.
    pub fn with_passwords(self, passwords: NotePasswords) -> Self {
        Self { passwords, ..self }
    }
}

/// What is said of a store that is there and cannot be read; nothing of one that is not there.
fn unreadable(name: &str, error: SourceError) -> Option<Skipped> {
    match error {
        SourceError::Missing { .. } => None,
        SourceError::Unreadable { why, .. } | SourceError::Foreign { why, .. } => Some(Skipped::part(name, why)),
        error => Some(Skipped::part(name, error)),
    }
}

impl Records for Notes<'_> {
    type Record = Note;
    type Filter = Filter;

    fn count(&self, filter: &Filter) -> Option<u64> {
        filter.needs_no_text().then(|| self.dated(filter).count() as u64)
    }

    /// In the order of when they were made, those without a date first.
    fn each(&self, filter: &Filter, each: &mut dyn FnMut(Note) -> ControlFlow<()>) -> Vec<Skipped> {
        let mut skipped = self.skipped.clone();
        let mut wanted = Wanted::new(filter, PersonFilter::new(self.directory, &filter.common));
        for place in self.dated(filter) {
            let Some(note) = self.read(place, &mut skipped) else { continue };
            if wanted.includes(&note) && each(note).is_break() {
                break;
            }
        }
        skipped
    }

    fn addresses(&self) -> BTreeSet<String> {
        let mut addresses = BTreeSet::new();
        let _ = self.each(&Filter::default(), &mut |note| {
            let people = note.shared_with.into_iter().filter(|person| !person.is_self);
            addresses.extend(people.flat_map(|person| [person.name, person.address]).flatten());
            addresses.extend(note.mentions);
            ControlFlow::Continue(())
        });
        addresses
    }
}

#[cfg(test)]
mod tests;
