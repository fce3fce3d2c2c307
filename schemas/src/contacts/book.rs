//! The address book of a device.

use super::accounts::Accounts;
use super::linked::{linked, unify};
use super::model::{Account, Contact, Group};
use super::tables::{self, Tables};
use super::{DATABASE, card::Card};
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

/// What becomes of cards that the device links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Linking {
    /// They are one contact.
    Together,
    /// Each is a contact of its own.
    Apart,
}

/// Everything that an address book holds but the pictures.
#[derive(Debug)]
pub struct AddressBook {
    cards: Vec<Card>,
    /// The groups, ordered by row number.
    pub groups: Vec<Group>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl AddressBook {
    /// Reads the address book of a device.
    ///
    /// # Errors
    /// [`SourceError::Missing`] and [`SourceError::Absent`] where there is none; [`SourceError::Unreadable`] when nothing
    /// of it can be read.
    pub fn read(source: &dyn Source) -> Result<Self, SourceError> {
        let database = source.database(DATABASE.0, DATABASE.1)?;
        let connection = database.connect()?;
        let Tables { mut cards, groups, stores, mut skipped } = tables::read(&connection)?;
        let accounts = Accounts::read(source, &mut skipped);
        let account = |store: Option<i64>| -> Option<Account> {
            store.and_then(|store| stores.get(&store)).map(|store| accounts.name(store))
        };
        for card in &mut cards {
            card.contact.accounts.extend(account(card.store));
        }
        let group = |row: tables::GroupRow| Group {
            id: row.id,
            name: row.name,
            account: account(row.store),
            members: row.members,
        };
        Ok(Self { groups: groups.into_iter().map(group).collect(), cards, skipped })
    }

    /// The contacts, ordered by the first of their cards.
    pub fn contacts(self, linking: Linking) -> Vec<Contact> {
        match linking {
            Linking::Apart => self.cards.into_iter().map(|card| card.contact).collect(),
            Linking::Together => linked(self.cards).into_iter().filter_map(unify).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
