//! Who is one person among those whom the calls were with.
//!
//! A call tells a number and a name. The name is a caption: the network calls strangers by one name and one number by
//! several. What counts is the contact, else the number, by the rule that finds a contact by a number:
//! - A number on exactly one card is that contact's, whatever else is on the card, and whatever others are called.
//! - A number that may be that of several contacts is none of theirs: it is itself, in every form in which it was called.
//! - An international number stands for itself. A national one is the international one that it is the end of, if there is
//!   exactly one such; where there is none, the longest national one that it is the end of, if all that it may be are ends of
//!   each other. A number that may be one of two stands alone, so that nobody is mixed with anybody.
//! - An address of mail or of an app is itself, whatever its case.
//!
//! The rule looks at the set of numbers alone, so the order of calls makes no difference.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use super::model::Participant;
use crate::handles::{Address, Ending, Number, folded};
use crate::people::Owner;

/// What networks and apps write where a caller withheld the number.
const WITHHELD: [&str; 8] = [
    "anonymous",
    "anonymous@anonymous.invalid",
    "no caller id",
    "private",
    "restricted",
    "unavailable",
    "unknown",
    "withheld",
];

/// The other side of a call, as far as that one call tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Party(Key);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    /// The card in the address book.
    Contact(i64),
    /// A number or address that no card has.
    Handle(Address),
    /// A number or address that several cards may have.
    Alone(Address),
}

impl Party {
    /// Who somebody is; `None` for a caller who withheld the number, who may be anybody.
    pub fn of(participant: &Participant) -> Option<Self> {
        if WITHHELD.contains(&folded(&participant.address).as_str()) {
            return None;
        }
        if let Owner::One(card) = participant.owner {
            return Some(Self(Key::Contact(card)));
        }
        let address = Address::read(&participant.address)?;
        // The device knew which country it was in.
        let normalized = participant.normalized.as_deref().and_then(Address::read);
        let address = match (&address, normalized) {
            (Address::Number(_), Some(Address::Number(number))) if number.is_international() => Address::Number(number),
            _ => address,
        };
        Some(Self(if participant.owner == Owner::Several { Key::Alone(address) } else { Key::Handle(address) }))
    }

    /// Whether this is a contact.
    pub fn is_contact(&self) -> bool {
        matches!(self.0, Key::Contact(_))
    }
}

/// Which of these are one person: each with the one that stands for it.
pub fn people<'p>(parties: impl Iterator<Item = &'p Party>) -> HashMap<Party, Party> {
    let parties: BTreeSet<&Party> = parties.collect();
    // A number of strangers is no form of one that is on several cards: matching would have found those cards for it.
    let of_kind = |is_alone: bool| -> BTreeSet<Number> {
        let numbers = parties.iter().filter(|party| matches!(party.0, Key::Alone(_)) == is_alone);
        numbers.filter_map(|party| number(party)).cloned().collect()
    };
    let (strangers, shared) = (of_kind(false), of_kind(true));
    let one = |party: &Party| match &party.0 {
        Key::Handle(Address::Number(number)) => {
            whole(number, &strangers).map(|whole| Key::Handle(Address::Number(whole.clone())))
        }
        Key::Alone(Address::Number(number)) => {
            whole(number, &shared).map(|whole| Key::Alone(Address::Number(whole.clone())))
        }
        _ => None,
    };
    let one = |party: &Party| one(party).map_or_else(|| party.clone(), Party);
    parties.iter().map(|party| ((*party).clone(), one(party))).collect()
}

fn number(party: &Party) -> Option<&Number> {
    match &party.0 {
        Key::Handle(Address::Number(number)) | Key::Alone(Address::Number(number)) => Some(number),
        _ => None,
    }
}

/// The number of which another is a shorter form, if that is clear.
fn whole<'n>(number: &Number, numbers: &'n BTreeSet<Number>) -> Option<&'n Number> {
    if number.is_international() {
        return None;
    }
    let mut others: BTreeSet<&Number> = BTreeSet::new();
    for ending in number.endings() {
        match ending {
            Ending::Whole(other) => others.extend(numbers.get(&other)),
            Ending::Open(end) => {
                let from = numbers.range((Bound::Included(&end), Bound::Unbounded));
                others.extend(from.take_while(|other| other.ends_in(&end)));
            }
        }
    }
    let mut international = others.iter().filter(|other| other.is_international());
    match (international.next(), international.next()) {
        (Some(only), None) => return Some(only),
        (Some(_), Some(_)) => return None,
        (None, _) => {}
    }
    let longer: Vec<&Number> = others.into_iter().filter(|other| *other != number && other.ends_in(number)).collect();
    // Numbers of one ending are ordered by what stands before it: the last is the longest of its kind.
    let longest = longer.last().copied()?;
    longer.iter().all(|other| longest.ends_in(other)).then_some(longest)
}

#[cfg(test)]
mod tests;
