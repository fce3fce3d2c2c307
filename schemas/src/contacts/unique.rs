//! Cards of the same person that nobody has linked: after years of syncing, the same friend stands there three times.
//!
//! Two contacts are one person when their names say so, nothing contradicts it, and something speaks for it.
//!
//! - *Names* are the same (a hyphen is a space, and signs that differ make them two: `Anna 🏠`, `Anna 🏢`; [`signs`]), or one is a part of the other (`Anna`, `Anna Kowalczyk`), a nickname or short form of it (`Bob`,
//!   `Robert Stone`), or there is none. The order of the words counts, and a family's card is none of its members'
//!   ([`names`]).
//! - What *contradicts* are firms, departments, jobs, postal addresses, titles, suffixes, extensions or birthdays that
//!   differ, and a firm's card beside a person's ([`facts`]).
//! - What *speaks for it* is a mail address or a mobile number that both have, equal as a whole or as the national form of
//!   the other. A line that several people use (a number at home or at work, `info@`) is enough only where the full name is
//!   the same and one of the two has nothing but what the other has; so is the full name alone ([`handles`]).
//!
//! A contact joins others only if nothing keeps it from any of them. One that could be either of two people (`Anna`, at
//! the number that Anna Kowalczyk and Anna Berg share) stays alone, whatever their order ([`ambiguous`]): nothing is guessed. What is near and not sure is named
//! instead ([`SimilarContacts`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use identity::{Identity, MergeVerdict};

use super::merge::merge;
use super::model::Contact;

mod ambiguous;
mod facts;
mod handles;
mod identity;
mod names;
mod nicknames;
mod signs;
mod titles;

/// What more contacts than this have in common speaks for nothing: the number of a switchboard.
const MOST: usize = 32;

/// So many contacts that hang together are looked at as a whole.
const MOST_TOGETHER: usize = 256;

/// So many pairs that may be the same are named.
const MOST_ALIKE: usize = 1000;

/// The contacts of an address book, each person once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// Which of them were made of several.
    pub merged: Vec<Merged>,
    /// Which of them may be the same, and were left apart.
    pub alike: Vec<SimilarContacts>,
}

/// What was made of several contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// What the contact is called now.
    pub name: String,
    /// The names and row numbers of the contacts that it was, itself first.
    pub of: Vec<(String, i64)>,
}

/// Two contacts that may be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarContacts {
    /// Name and row number of one.
    pub one: (String, i64),
    /// Name and row number of the other.
    pub other: (String, i64),
    /// Why they were left apart.
    pub why: &'static str,
}

/// Merges the contacts that are the same person, and says which, and which may be.
pub fn unique(contacts: Vec<Contact>) -> Unique {
    let faces: Vec<Identity> = contacts.iter().map(Identity::of).collect();
    let mut lots = Clusters::default();
    // Those who say most about themselves come first, so that the others find them complete.
    let mut order: Vec<usize> = (0..faces.len()).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(faces.get(*place).map_or((0, 0), Identity::weight)), *place));
    let torn = ambiguous::ambiguous(&faces);
    for place in order {
        if torn.contains(&place) {
            lots.lots.insert(place, vec![place]);
        } else {
            lots.place(place, &faces);
        }
    }
    let lots = lots.in_order();
    let mut alike = alike(&contacts, &faces, &lots);
    let mut slots: Vec<Option<Contact>> = contacts.into_iter().map(Some).collect();
    let mut all = Unique { contacts: Vec::new(), merged: Vec::new(), alike: Vec::new() };
    for lot in &lots {
        let members: Vec<Contact> = lot.iter().filter_map(|place| slots.get_mut(*place)?.take()).collect();
        let of: Vec<(String, i64)> =
            members.iter().map(|member| (member.title().unwrap_or_default(), member.id)).collect();
        let Some(contact) = merge(members) else { continue };
        if of.len() > 1 {
            all.merged.push(Merged { name: contact.title().unwrap_or_default(), of });
        }
        all.contacts.push(contact);
    }
    all.alike.append(&mut alike);
    all
}

/// What a contact is known by, a number or address if it has no name, and its row.
fn called(contact: &Contact) -> (String, i64) {
    (contact.title().or_else(|| contact.handles().next().map(str::to_owned)).unwrap_or_default(), contact.id)
}

/// The pairs of contacts that were left apart and may be the same, each pair of lots once.
fn alike(contacts: &[Contact], faces: &[Identity], lots: &[Vec<usize>]) -> Vec<SimilarContacts> {
    let lot_of: HashMap<usize, usize> =
        (0..).zip(lots).flat_map(|(at, lot)| lot.iter().map(move |place| (*place, at))).collect();
    let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, face) in faces.iter().enumerate() {
        face.keys().into_iter().for_each(|key| by_key.entry(key).or_default().push(place));
    }
    let mut pairs: BTreeMap<(usize, usize), &'static str> = BTreeMap::new();
    for places in by_key.values().filter(|places| places.len() <= MOST) {
        for (at, one) in places.iter().enumerate() {
            for other in places.iter().skip(at + 1) {
                let (Some(a), Some(b)) = (lot_of.get(one), lot_of.get(other)) else { continue };
                let (Some(first), Some(second)) = (faces.get(*one), faces.get(*other)) else { continue };
                let pair = (*a.min(b), *a.max(b));
                if a == b || pairs.contains_key(&pair) || pairs.len() >= MOST_ALIKE {
                    continue;
                }
                match first.verdict(second) {
                    MergeVerdict::Perhaps(why) => pairs.insert(pair, why),
                    MergeVerdict::One => pairs.insert(pair, "it may be either of several people"),
                    MergeVerdict::Two => None,
                };
            }
        }
    }
    let name = |lot: usize| Some(called(contacts.get(*lots.get(lot)?.first()?)?));
    pairs
        .into_iter()
        .filter_map(|((one, other), why)| Some(SimilarContacts { one: name(one)?, other: name(other)?, why }))
        .collect()
}

/// Contacts that are one person each.
#[derive(Default)]
struct Clusters {
    lots: BTreeMap<usize, Vec<usize>>,
    /// The lots in which a key occurs, by the first of their members.
    by_key: HashMap<String, BTreeSet<usize>>,
}

impl Clusters {
    /// Puts a contact to those that it belongs to.
    fn place(&mut self, place: usize, faces: &[Identity]) {
        let Some(face) = faces.get(place) else { return };
        let keys = face.keys();
        let mut near = BTreeSet::new();
        for key in &keys {
            near.extend(self.by_key.get(key).into_iter().filter(|lots| lots.len() <= MOST).flatten());
        }
        let members = |lot: &usize| self.lots.get(lot).into_iter().flatten().filter_map(|member| faces.get(*member));
        let fits = |lot: &usize| {
            members(lot).count() < MOST
                && members(lot).any(|member| member.verdict(face) == MergeVerdict::One)
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
    fn join(&mut self, first: usize, other: usize, faces: &[Identity]) {
        let moved = self.lots.remove(&other).unwrap_or_default();
        for key in moved.iter().filter_map(|member| faces.get(*member)).flat_map(Identity::keys) {
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
