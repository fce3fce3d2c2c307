//! Linked cards: the same person in several accounts is one person.

use std::collections::{HashMap, HashSet};

use super::card::Card;
use super::directory::Person;

/// Makes one person of each card, or of all cards that share a link. A card without a name and without others names
/// nobody and is left out.
pub(super) fn people(cards: Vec<Card>) -> Vec<Person> {
    let mut groups: Vec<Vec<Card>> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    for card in cards {
        let place = card.link.map(|link| *places.entry(link).or_insert(groups.len()));
        match place.and_then(|place| groups.get_mut(place)) {
            Some(group) => group.push(card),
            None => groups.push(vec![card]),
        }
    }
    groups.into_iter().filter_map(person).collect()
}

/// The person of linked cards: called as the preferred of them, else as the first that has a name.
fn person(mut cards: Vec<Card>) -> Option<Person> {
    cards.sort_by_key(|card| (card.name.is_none(), !card.is_preferred, card.id));
    let first = cards.first()?;
    let (id, name) = (first.id, first.name.clone()?);
    let mut person = Person { id, name, handles: Vec::new(), also: Vec::new() };
    for card in cards {
        person.also.extend(card.name.into_iter().chain(card.also));
        person.handles.extend(card.handles);
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
