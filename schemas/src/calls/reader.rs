//! The reader: all files of calls as one list, in the order of time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Read;
use std::ops::ControlFlow;

use super::filter::{Filter, called, is_with};
use super::in_both::{InBoth, Key, key};
use super::legacy::LegacyCalls;
use super::model::{Call, Origin};
use super::position::{CallIdentity, CallPosition, NeededIdentities};
use super::store::CallStore;
use super::transactions::{LONGEST, Transactions};
use super::{DATABASE, EARLY, TEMPORARY, TRANSACTIONS, TRANSACTIONS_BESIDE};
use crate::database::Schema;
use crate::people::{Directory, NameCache, Owner, PersonFilter};
use crate::records::Records;
use crate::skipped::Skipped;
use crate::source::{Absence, Source, SourceError};
use crate::whatsapp::Account;

/// The calls of a device.
pub struct Calls<'s> {
    pub(super) directory: &'s Directory,
    pub(super) store: Option<CallStore>,
    pub(super) temporary: Option<CallStore>,
    pub(super) legacy: Option<LegacyCalls>,
    pub(super) log: Transactions,
    /// Those of WhatsApp's own lists, by file and row.
    pub(super) apps: BTreeMap<Key, Call>,
    /// What a person should know of all this.
    pub(super) notes: Vec<String>,
    pub(super) skipped: Vec<Skipped>,
}

impl<'s> Calls<'s> {
    /// Opens every file of the phone's own list.
    pub(super) fn open_phone(source: &'s dyn Source, directory: &'s Directory) -> Result<Self, SourceError> {
        let mut own = Self::nothing(directory);
        let mut first = None;
        for (place, origin) in [(DATABASE, Origin::Store), (EARLY, Origin::Legacy), (TEMPORARY, Origin::Temporary)] {
            if let Err(error) = own.add(source, place, origin) {
                let is_missing = matches!(error, SourceError::Missing { .. });
                own.skipped.extend((!is_missing).then(|| skipped(place, &error)));
                first = match first {
                    None | Some(SourceError::Missing { .. }) if !is_missing => Some(error),
                    None => Some(error),
                    known => known,
                };
            }
        }
        let has_database = own.store.is_some() || own.legacy.is_some() || own.temporary.is_some();
        let is_one = source.is_one_database();
        let is_foreign = is_one && !has_database && matches!(first, Some(SourceError::Foreign { .. }));
        let has_log = match is_foreign {
            // Somebody may have named the log itself; beside anything else lies nothing that was asked for.
            true if is_log(source, DATABASE) => {
                own.skipped.clear();
                own.read_log(source, DATABASE)
            }
            true => false,
            false => own.read_log(source, if is_one { TRANSACTIONS_BESIDE } else { TRANSACTIONS }),
        };
        match first {
            Some(error) if !has_database && !has_log => Err(error),
            _ => Ok(own),
        }
    }

    /// Reads what is still to be done in the store. Gives whether there is anything of it, whatever can be read.
    fn read_log(&mut self, source: &dyn Source, place: (&str, &str)) -> bool {
        let opened = source.entry(place.0, place.1).and_then(|entry| source.open(&entry));
        let mut bytes = Vec::new();
        let read = opened.and_then(|opened| {
            let read = opened.reader.take(LONGEST as u64 + 1).read_to_end(&mut bytes);
            read.map_err(|error| SourceError::unreadable(name_of(place), error))
        });
        let mut is_unreadable = false;
        match read {
            Ok(_) if bytes.len() > LONGEST => {
                bytes.truncate(LONGEST);
                let why = format!("it is longer than {LONGEST} bytes, which no device writes");
                self.skipped.push(Skipped::part("the end of transactions.log", why));
            }
            Ok(_) | Err(SourceError::Missing { .. } | SourceError::Absent { why: Absence::InCloud, .. }) => {}
            Err(error) => {
                is_unreadable = true;
                self.skipped.push(skipped(place, &error));
            }
        }
        self.log = Transactions::read(&bytes);
        self.skipped.append(&mut self.log.skipped);
        is_unreadable || !bytes.is_empty()
    }

    /// Opens one file. Which kind it is, its tables say: a single file may be any of them.
    fn add(&mut self, source: &dyn Source, place: (&str, &str), origin: Origin) -> Result<(), SourceError> {
        let connection = source.database(place.0, place.1)?.connect()?;
        let unreadable = |error: &dyn std::fmt::Display| SourceError::unreadable(name_of(place), error);
        let schema = Schema::probe(&connection).map_err(|error| unreadable(&error))?;
        if CallStore::recognises(&schema) {
            let store = CallStore::new(connection, schema, origin, &mut self.skipped);
            let slot = if origin == Origin::Temporary { &mut self.temporary } else { &mut self.store };
            *slot = Some(store);
        } else if LegacyCalls::recognises(&schema) {
            self.legacy = Some(LegacyCalls::new(connection, schema));
        } else {
            return Err(SourceError::foreign(name_of(place), "it has no table of calls"));
        }
        Ok(())
    }

    fn read(&self, place: CallPosition) -> rusqlite::Result<Option<Call>> {
        let store = match place.origin {
            Origin::Legacy => return self.legacy.as_ref().map_or(Ok(None), |legacy| legacy.call(place.id)),
            Origin::Transactions => return Ok(self.log.call(place.id).cloned()),
            Origin::Store => &self.store,
            Origin::Temporary => &self.temporary,
            Origin::WhatsApp | Origin::WhatsAppBusiness => {
                return Ok(self.apps.get(&key(place.origin, place.id)).cloned());
            }
        };
        store.as_ref().map_or(Ok(None), |store| store.call(place.id))
    }

    /// Where all calls are, each once, in no order.
    fn places(&self, skipped: &mut Vec<Skipped>) -> Vec<CallPosition> {
        let mut others: Vec<(CallPosition, Option<CallIdentity>)> = Vec::new();
        let mut note = |read: rusqlite::Result<()>, origin| {
            skipped.extend(read.err().map(|error| Skipped::part(format!("some calls of {}", file(origin)), error)));
        };
        if let Some(legacy) = &self.legacy {
            note(legacy.places(&mut |place, mark| others.push((place, mark))), Origin::Legacy);
        }
        if let Some(temporary) = &self.temporary {
            let marks = NeededIdentities { unique: true, heuristic_match: false };
            note(temporary.places(marks, &mut |place, mark, _| others.push((place, mark))), Origin::Temporary);
        }
        let known = |(_, mark): &(CallPosition, Option<CallIdentity>)| mark.clone();
        let mut unseen: HashSet<CallIdentity> = others.iter().filter_map(known).collect();
        let log: Vec<(CallPosition, Option<CallIdentity>)> = self.log.places().collect();
        let mut unlogged: HashSet<CallIdentity> = log.iter().filter_map(known).collect();
        unseen.iter().for_each(|mark| _ = unlogged.remove(mark));
        let mut places = Vec::new();
        if let Some(store) = &self.store {
            let has_log = !log.is_empty();
            let marks = NeededIdentities {
                unique: has_log || self.temporary.is_some(),
                heuristic_match: has_log || self.legacy.is_some(),
            };
            let read = store.places(marks, &mut |place, unique, heuristic_match| {
                for mark in unique.into_iter().chain(heuristic_match) {
                    unseen.remove(&mark);
                    unlogged.remove(&mark);
                }
                places.push(place);
            });
            note(read, Origin::Store);
        }
        for (lot, left) in [(others, unseen), (log, unlogged)] {
            let new = lot.into_iter().filter(|(_, mark)| mark.as_ref().is_none_or(|mark| left.contains(mark)));
            places.extend(new.map(|(place, _)| place));
        }
        places.extend(self.apps.values().map(|call| CallPosition {
            date: call.date,
            origin: call.origin,
            id: call.id,
        }));
        places
    }
}

impl Records for Calls<'_> {
    type Record = Call;
    type Filter = Filter;

    /// Those in two files count twice. Of a choice nobody knows before it is read.
    fn count(&self, filter: &Filter) -> Option<u64> {
        if *filter != Filter::default() {
            return None;
        }
        let stores = [&self.store, &self.temporary].into_iter().flatten().map(CallStore::count);
        let counts = stores.chain(self.legacy.iter().map(LegacyCalls::count));
        let sum = counts.sum::<rusqlite::Result<i64>>().ok()?;
        Some(u64::try_from(sum).unwrap_or_default() + (self.log.calls.len() + self.apps.len()) as u64)
    }

    /// In the order of time, those without a date first. Each is looked up by its row, which keeps damage where it is; only
    /// dates and row numbers of all calls are held.
    fn each(&self, filter: &Filter, each: &mut dyn FnMut(Call) -> ControlFlow<()>) -> Vec<Skipped> {
        let mut skipped = self.skipped.clone();
        let mut places = self.places(&mut skipped);
        places.sort_unstable_by_key(CallPosition::order);
        let both = InBoth::find(self.apps.values(), &places, |place| self.read(place).ok().flatten());
        places.retain(|place| filter.common.includes_time(place.date));
        places.retain(|place| !both.doubled.contains(&key(place.origin, place.id)));
        let mut names = NameCache::new(self.directory);
        let mut wanted = PersonFilter::new(self.directory, &filter.common);
        let services = filter.folded_services();
        let deleted: HashSet<CallIdentity> = self.log.deleted().collect();
        for place in places {
            match self.read(place) {
                Ok(Some(mut call)) => {
                    call.is_deleted |=
                        call.unique_id.as_deref().is_some_and(|unique| deleted.contains(&CallIdentity::unique(unique)));
                    call.also_in = both.also_in.get(&key(place.origin, place.id)).copied();
                    name_all(&mut call, &mut names);
                    let is_wanted = filter.includes(&call, &services) && is_with(&call, &mut wanted);
                    if is_wanted && each(call).is_break() {
                        break;
                    }
                }
                Ok(None) => {}
                Err(error) => skipped.push(Skipped::new(format!("call {} of {}", place.id, file(place.origin)), error)),
            }
        }
        skipped
    }

    fn addresses(&self) -> BTreeSet<String> {
        let mut addresses = BTreeSet::new();
        // What cannot be read is said with the calls themselves.
        let _ = self.each(&Filter::default(), &mut |call| {
            addresses.extend(call.participants.into_iter().flat_map(called));
            ControlFlow::Continue(())
        });
        addresses
    }
}

/// Gives everybody who took part their name, and says whose card it is from.
fn name_all(call: &mut Call, names: &mut NameCache<'_>) {
    for person in &mut call.participants {
        let handles = [Some(person.address.as_str()), person.normalized.as_deref()];
        let mut handles = handles.into_iter().flatten();
        let name = handles.clone().find_map(|handle| names.of(handle));
        let owner = handles.clone().map(|handle| names.owner_of(handle)).find(|owner| matches!(owner, Owner::One(_)));
        person.owner = owner.or_else(|| handles.next().map(|handle| names.owner_of(handle))).unwrap_or_default();
        if let Some(name) = name {
            person.name = Some(name.to_owned());
        }
    }
}

/// Whether a file is a log of transactions.
fn is_log(source: &dyn Source, place: (&str, &str)) -> bool {
    let mut bytes = Vec::new();
    let opened = source.entry(place.0, place.1).and_then(|entry| source.open(&entry));
    opened.is_ok_and(|opened| opened.reader.take(LONGEST as u64).read_to_end(&mut bytes).is_ok())
        && Transactions::is_log(&bytes)
}

fn name_of(place: (&str, &str)) -> String {
    place.1.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Says why a file of calls cannot be read, its name once.
fn skipped(place: (&str, &str), error: &SourceError) -> Skipped {
    match error {
        SourceError::Unreadable { why, .. } | SourceError::Foreign { why, .. } => Skipped::new(name_of(place), why),
        error => Skipped::new(name_of(place), error),
    }
}

fn file(origin: Origin) -> String {
    name_of(match origin {
        Origin::Store => DATABASE,
        Origin::Temporary => TEMPORARY,
        Origin::Legacy => EARLY,
        Origin::Transactions => TRANSACTIONS,
        Origin::WhatsApp => (Account::Personal.domain(), crate::whatsapp::CALLS),
        Origin::WhatsAppBusiness => (Account::Business.domain(), crate::whatsapp::CALLS),
    })
}

#[cfg(test)]
mod tests;
