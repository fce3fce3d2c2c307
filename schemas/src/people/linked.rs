//! The people of an address book: linked cards are one person.

use std::collections::HashSet;

use super::person::Person;
use crate::contacts::{Card, linked, rows};
use crate::skipped::shorten;

/// Longer values are neither a number nor an address, in bytes (a mail address has up to 254).
const LONGEST_HANDLE: usize = 1024;

/// Makes one person of each card, or of all cards that share a link. A card without a name and without others names
/// nobody and is left out.
pub(super) fn people(cards: Vec<Card>) -> Vec<Person> {
    linked(cards).into_iter().filter_map(|lot| person(&lot)).collect()
}

/// The person of linked cards, who is called as the first of them.
fn person(lot: &[Card]) -> Option<Person> {
    let first = &lot.first()?.contact;
    let mut name = first.title()?;
    shorten(&mut name, LONGEST_HANDLE);
    let mut person = Person { id: first.id, name, cards: rows(lot), handles: Vec::new(), also: Vec::new() };
    for contact in lot.iter().map(|card| &card.contact) {
        person.also.extend(contact.title());
        person.also.extend(contact.name.others());
        person.also.extend(contact.nicknames.iter().cloned());
        person.handles.extend(contact.handles().filter(|handle| handle.len() <= LONGEST_HANDLE).map(str::to_owned));
    }
    unique(&mut person.handles);
    unique(&mut person.also);
    Some(person)
}

/// Keeps the first of equal texts.
fn unique(texts: &mut Vec<String>) {
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
}
