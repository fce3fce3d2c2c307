//! Linked cards: the same person in several accounts is one contact.

use std::collections::HashMap;

use super::card::Card;
use super::merge::merge;
use super::model::Contact;

/// Puts cards together that share a link, each lot with the card first that gives the name: the preferred one, else the
/// first that has a name. Lots are ordered by the first of their cards.
pub(crate) fn linked(cards: Vec<Card>) -> Vec<Vec<Card>> {
    let mut lots: Vec<Vec<Card>> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    for card in cards {
        let place = card.link.map(|link| *places.entry(link).or_insert(lots.len()));
        match place.and_then(|place| lots.get_mut(place)) {
            Some(lot) => lot.push(card),
            None => lots.push(vec![card]),
        }
    }
    for lot in lots.iter_mut().filter(|lot| lot.len() > 1) {
        lot.sort_by_cached_key(|card| (card.contact.title().is_none(), !card.gives_name, card.contact.id));
    }
    lots
}

/// The row numbers of linked cards, the one that gives the picture first.
pub(crate) fn rows(lot: &[Card]) -> Vec<i64> {
    let (first, rest): (Vec<&Card>, Vec<&Card>) = lot.iter().partition(|card| card.gives_picture);
    first.into_iter().chain(rest).map(|card| card.contact.id).collect()
}

/// One contact of linked cards.
pub(super) fn unify(lot: Vec<Card>) -> Option<Contact> {
    let rows = rows(&lot);
    let mut contact = merge(lot.into_iter().map(|card| card.contact).collect())?;
    contact.cards = rows;
    Some(contact)
}
