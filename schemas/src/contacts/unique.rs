//! Cards of the same person that nobody has linked: after years of syncing, the same friend stands there three times.
//!
//! Two contacts are one person when their names are compatible, nothing contradicts it, and something speaks for it.
//!
//! - Names are *compatible* when they are equal, or all words of one are words of the other (`Anna`, `Anna Kowalczyk`), or
//!   one has no name. A person is never an organisation.
//! - What *contradicts* are two birthdays.
//! - What *speaks for it* is a number or mail address that both have, equal as a whole or as the national form of the
//!   other; or the same full name, of two words at least, with nothing but what the other has: all its numbers and
//!   addresses, or none of its own.
//!
//! A contact joins others only if it is compatible with each of them. One that could be either of two people (`Anna`, at
//! the number that Anna Kowalczyk and Anna Berg share) stays alone: nothing is guessed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::merge::merge;
use super::model::Contact;
use crate::people::{Address, folded};

/// What more contacts than this have in common speaks for nothing: the number of a switchboard.
const MOST: usize = 32;

/// So many numbers and addresses of a contact are looked at.
const HANDLES: usize = 64;

/// The end of a number by which candidates are found, in digits.
const END: usize = 7;

/// What was made of several contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What the contact is called now.
    pub name: String,
    /// The names and row numbers of the contacts that it was, itself first.
    pub of: Vec<(String, i64)>,
}

/// Merges the contacts that are the same person, and says which.
pub fn unique(contacts: Vec<Contact>) -> (Vec<Contact>, Vec<Merged>) {
    let faces: Vec<Face> = contacts.iter().map(Face::of).collect();
    let mut lots = Lots::default();
    // Those who say most about themselves come first, so that the others find them whole.
    let mut order: Vec<usize> = (0..faces.len()).collect();
    order.sort_by_key(|place| {
        let face = faces.get(*place);
        (std::cmp::Reverse(face.map_or((0, 0), |face| (face.words.len(), face.handles.len()))), *place)
    });
    for place in order {
        lots.place(place, &faces);
    }
    let mut slots: Vec<Option<Contact>> = contacts.into_iter().map(Some).collect();
    let (mut all, mut merged) = (Vec::new(), Vec::new());
    for lot in lots.in_order() {
        let members: Vec<Contact> = lot.iter().filter_map(|place| slots.get_mut(*place)?.take()).collect();
        let of: Vec<(String, i64)> =
            members.iter().map(|member| (member.title().unwrap_or_default(), member.id)).collect();
        let Some(contact) = merge(members) else { continue };
        if of.len() > 1 {
            merged.push(Merged { name: contact.title().unwrap_or_default(), of });
        }
        all.push(contact);
    }
    (all, merged)
}

/// What a contact is told apart by.
struct Face {
    words: BTreeSet<String>,
    handles: Vec<Address>,
    birthday: Option<super::Day>,
    is_organization: bool,
}

impl Face {
    fn of(contact: &Contact) -> Self {
        let name = match contact.is_organization {
            true => contact.title(),
            false => contact.name.whole().or_else(|| contact.nicknames.first().cloned()),
        };
        let name = folded(&name.unwrap_or_default());
        Self {
            words: name.split_whitespace().map(str::to_owned).collect(),
            handles: contact.handles().filter_map(Address::read).take(HANDLES).collect(),
            birthday: contact.birthday.clone(),
            is_organization: contact.is_organization,
        }
    }

    fn may_be(&self, other: &Self) -> bool {
        let names = self.words.is_subset(&other.words) || other.words.is_subset(&self.words);
        let birthdays = match (&self.birthday, &other.birthday) {
            (Some(one), Some(other)) => one.may_be(other),
            _ => true,
        };
        self.is_organization == other.is_organization && names && birthdays
    }

    /// Whether something speaks for both being one.
    fn shares(&self, other: &Self) -> bool {
        let has = |face: &Self, handle: &Address| face.handles.iter().any(|own| is_same(own, handle));
        if self.handles.iter().any(|handle| has(other, handle)) {
            return true;
        }
        // Neither has a number of the other's; so one has none at all.
        let is_bare = self.handles.is_empty() || other.handles.is_empty();
        self.words.len() > 1 && self.words == other.words && is_bare
    }

    /// By what candidates are found.
    fn keys(&self) -> BTreeSet<String> {
        let mut keys: BTreeSet<String> = self.handles.iter().filter_map(key).collect();
        if self.words.len() > 1 {
            keys.insert(format!("name {}", self.words.iter().cloned().collect::<Vec<_>>().join(" ")));
        }
        keys
    }
}

fn is_same(one: &Address, other: &Address) -> bool {
    match (one, other) {
        (Address::Number(one), Address::Number(other)) => one.may_be(other),
        (one, other) => one == other,
    }
}

fn key(handle: &Address) -> Option<String> {
    match handle {
        Address::Number(number) => number.end(END).map(|end| format!("number {end}")),
        Address::Text(text) => text.contains('@').then(|| format!("mail {text}")),
    }
}

/// Contacts that are one person each.
#[derive(Default)]
struct Lots {
    lots: BTreeMap<usize, Vec<usize>>,
    /// The lots in which a key occurs, by the first of their members.
    by_key: HashMap<String, BTreeSet<usize>>,
}

impl Lots {
    /// Puts a contact to those that it belongs to.
    fn place(&mut self, place: usize, faces: &[Face]) {
        let Some(face) = faces.get(place) else { return };
        let keys = face.keys();
        let mut near = BTreeSet::new();
        for key in &keys {
            near.extend(self.by_key.get(key).into_iter().filter(|lots| lots.len() <= MOST).flatten());
        }
        let members = |lot: &usize| self.lots.get(lot).into_iter().flatten().filter_map(|member| faces.get(*member));
        let fits = |lot: &usize| {
            members(lot).count() < MOST
                && members(lot).any(|member| member.shares(face))
                && members(lot).all(|member| member.may_be(face))
        };
        let fitting: Vec<usize> = near.into_iter().filter(fits).collect();
        // Two lots at once: one person if they are, nobody's otherwise.
        let agree = fitting.iter().all(|one| {
            fitting.iter().all(|other| members(one).all(|one| members(other).all(|other| one.may_be(other))))
        });
        let lot = match fitting.split_first() {
            Some((first, rest)) if agree => {
                rest.iter().for_each(|other| self.join(*first, *other, faces));
                *first
            }
            _ => place,
        };
        self.lots.entry(lot).or_default().push(place);
        for key in keys {
            self.by_key.entry(key).or_default().insert(lot);
        }
    }

    /// Makes one lot of two.
    fn join(&mut self, first: usize, other: usize, faces: &[Face]) {
        let moved = self.lots.remove(&other).unwrap_or_default();
        for key in moved.iter().filter_map(|member| faces.get(*member)).flat_map(Face::keys) {
            let lots = self.by_key.entry(key).or_default();
            lots.remove(&other);
            lots.insert(first);
        }
        self.lots.entry(first).or_default().extend(moved);
    }

    /// The lots, ordered by the first contact of each; within a lot the one that says most comes first.
    fn in_order(self) -> Vec<Vec<usize>> {
        let mut lots: Vec<Vec<usize>> = self.lots.into_values().collect();
        lots.sort_by_key(|lot| lot.iter().min().copied());
        lots
    }
}

#[cfg(test)]
mod tests;
