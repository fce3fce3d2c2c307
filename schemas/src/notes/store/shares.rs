//! Who sees a note: those whom it is shared with, those whom a folder around it is shared with, and those of its invitation.
//!
//! `ZSERVERSHAREDATA` of the row of a note or folder, and of `ZICINVITATION` (iOS 16 and later), whose `ZROOTOBJECT` is that row.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::super::model::Participant;
use super::super::sharing;
use super::Store;
use super::columns::ObjectQuery;
use crate::database::{Row, Schema, columns, each_of_table};
use crate::skipped::Skipped;

columns! {
    /// What is wanted of an object that may be shared.
    pub(super) enum Shared { Data = "ZSERVERSHAREDATA" }

    /// What is wanted of an invitation.
    enum Invitation { Object = "ZROOTOBJECT", Title = "ZTITLE", Data = "ZSERVERSHAREDATA" }
}

/// The shares of a store.
pub(super) struct Shares {
    query: ObjectQuery<Shared>,
    /// Those of folders that were asked for: many notes ask for the same.
    folders: RefCell<HashMap<i64, Vec<Participant>>>,
    invitations: HashMap<i64, Vec<Participant>>,
    titles: HashMap<i64, Vec<String>>,
    /// What invitations are to that are to nothing in the store.
    strange: Vec<String>,
}

impl Shares {
    /// Reads the invitations, which are few.
    pub(super) fn read(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Self {
        let (mut invitations, mut titles): (HashMap<i64, Vec<_>>, HashMap<i64, Vec<_>>) = Default::default();
        let (mut strange, mut faults) = (Vec::new(), Vec::new());
        let read = each_of_table(connection, schema, "ZICINVITATION", &mut |id, row: Row<'_, Invitation>| {
            let title = row.name(Invitation::Title).unwrap_or_else(|| "one without a title".to_owned());
            let Some(object) = row.integer(Invitation::Object) else { return strange.push(title) };
            titles.entry(object).or_default().push(title);
            let named = format!("whom invitation {} names", id.unwrap_or_default());
            match row.blob(Invitation::Data).map(sharing::participants).transpose() {
                Ok(people) => add(invitations.entry(object).or_default(), people.unwrap_or_default()),
                Err(error) => faults.push(Skipped::part(named, error)),
            }
        });
        faults.extend(read.err().map(|error| Skipped::part("some invitations to notes", error)));
        skipped.append(&mut faults);
        Self { query: ObjectQuery::new(schema), folders: RefCell::default(), invitations, titles, strange }
    }

    /// The titles of invitations to what is not among these rows.
    pub(super) fn strange(&self, rows: &HashSet<i64>) -> Vec<String> {
        let lost = self.titles.iter().filter(|(object, _)| !rows.contains(object)).flat_map(|(_, titles)| titles);
        let mut titles: Vec<String> = self.strange.iter().chain(lost).cloned().collect();
        titles.sort();
        titles
    }

    /// Who sees a note, each once.
    pub(super) fn of_note(
        &self,
        store: &Store,
        note: i64,
        folder: Option<i64>,
        skipped: &mut Vec<Skipped>,
    ) -> Vec<Participant> {
        let mut people = self.of(store, note, "note", skipped);
        for folder in store.index.folders.around(folder) {
            let known = self.folders.borrow().get(&folder).cloned();
            let own = known.unwrap_or_else(|| {
                let own = self.of(store, folder, "note folder", skipped);
                self.folders.borrow_mut().insert(folder, own.clone());
                own
            });
            add(&mut people, own);
        }
        people
    }

    fn of(&self, store: &Store, object: i64, word: &str, skipped: &mut Vec<Skipped>) -> Vec<Participant> {
        let read = self.query.with(&store.connection, object, |row| {
            row.blob(Shared::Data).map(sharing::participants).transpose().map_err(|error| error.to_string())
        });
        let mut people = match read.map_err(|error| error.to_string()) {
            Ok(Some(Ok(people))) => people.unwrap_or_default(),
            Ok(None) => Vec::new(),
            Ok(Some(Err(why))) | Err(why) => {
                skipped.push(Skipped::part(format!("whom {word} {object} is shared with"), why));
                Vec::new()
            }
        };
        add(&mut people, self.invitations.get(&object).cloned().unwrap_or_default());
        people
    }
}

/// Adds people who are not there yet.
fn add(people: &mut Vec<Participant>, more: Vec<Participant>) {
    for person in more {
        let is_same = |known: &Participant| match (&known.address, &person.address) {
            (Some(known), Some(own)) => known == own,
            _ => known.name == person.name && known.is_self == person.is_self,
        };
        if !people.iter().any(is_same) {
            people.push(person);
        }
    }
}
