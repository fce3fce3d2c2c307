//! Cards that could be either of two people: they are nobody's, whichever of the others comes first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::identity::{Identity, MergeVerdict};
use super::{MOST, MOST_TOGETHER};

/// The places of contacts that are merged with nobody, as they fit people who contradict each other.
pub(super) fn ambiguous(faces: &[Identity]) -> BTreeSet<usize> {
    let near = near(faces);
    let may_be = |one: &usize, other: &usize| match (faces.get(*one), faces.get(*other)) {
        (Some(one), Some(other)) => one.may_be(other),
        _ => false,
    };
    let is_torn = |others: &BTreeSet<usize>| {
        let others: Vec<&usize> = others.iter().take(MOST_TOGETHER).collect();
        (1..).zip(&others).any(|(next, one)| others.iter().skip(next).any(|other| !may_be(one, other)))
    };
    let mut torn: BTreeSet<usize> =
        near.iter().filter(|(_, others)| is_torn(others)).map(|(place, _)| *place).collect();
    // What is left together may still be held together by a chain of cards of which each fits the next alone.
    for together in together(&near, &torn) {
        if together.len() > MOST_TOGETHER {
            continue;
        }
        let against = |one: &usize| together.iter().any(|other| other != one && !may_be(one, other));
        let (firm, loose): (BTreeSet<usize>, BTreeSet<usize>) = together.iter().copied().partition(against);
        if !firm.is_empty() {
            torn.extend(loose);
        }
    }
    for together in self::together(&near, &torn) {
        let is_one = || together.iter().all(|one| together.iter().all(|other| one == other || may_be(one, other)));
        if together.len() <= MOST_TOGETHER && !is_one() {
            torn.extend(together);
        }
    }
    torn
}

/// The contacts of which each is one with others, by itself.
fn near(faces: &[Identity]) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, face) in faces.iter().enumerate() {
        face.keys().into_iter().for_each(|key| by_key.entry(key).or_default().push(place));
    }
    let mut near: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for places in by_key.values().filter(|places| places.len() <= MOST) {
        for (next, one) in (1..).zip(places) {
            for other in places.iter().skip(next) {
                let pair = faces.get(*one).zip(faces.get(*other));
                if pair.is_some_and(|(one, other)| one.verdict(other) == MergeVerdict::One) {
                    near.entry(*one).or_default().insert(*other);
                    near.entry(*other).or_default().insert(*one);
                }
            }
        }
    }
    near
}

/// Those that hang together, without some.
fn together(near: &BTreeMap<usize, BTreeSet<usize>>, without: &BTreeSet<usize>) -> Vec<BTreeSet<usize>> {
    let mut seen = without.clone();
    let mut all = Vec::new();
    for place in near.keys() {
        let (mut lot, mut next) = (BTreeSet::new(), vec![*place]);
        while let Some(place) = next.pop() {
            if seen.insert(place) {
                lot.insert(place);
                next.extend(near.get(&place).into_iter().flatten());
            }
        }
        if lot.len() > 1 {
            all.push(lot);
        }
    }
    all
}
