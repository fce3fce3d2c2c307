//! Who has a number or address, as far as that can be told.

use std::collections::{BTreeSet, HashMap};

use crate::handles::{Address, Ending, Number};

/// What more people than this share belongs to nobody in particular.
const MOST: usize = 64;

/// The numbers and addresses of all people, each person known by a place in the list of people.
#[derive(Debug, Clone, Default)]
pub(super) struct HandleIndex {
    /// Ordered, so that numbers with one ending lie together.
    numbers: Vec<(Number, usize)>,
    texts: HashMap<String, BTreeSet<usize>>,
}

impl HandleIndex {
    /// Lists the handles of people.
    pub(super) fn new<'h>(handles: impl Iterator<Item = (&'h str, usize)>) -> Self {
        let mut own = Self::default();
        for (handle, person) in handles {
            match Address::read(handle) {
                Some(Address::Number(number)) => own.numbers.push((number, person)),
                Some(Address::Text(text)) => _ = own.texts.entry(text).or_default().insert(person),
                None => {}
            }
        }
        own.numbers.sort_unstable();
        own.numbers.dedup();
        own
    }

    /// Everybody who may have a handle: those who have exactly it, else those whose number is an end of it or ends in it.
    pub(super) fn people(&self, handle: &str) -> BTreeSet<usize> {
        let people = match Address::read(handle) {
            Some(Address::Text(text)) => self.texts.get(&text).into_iter().flatten().copied().take(MOST + 1).collect(),
            Some(Address::Number(number)) => self.with_number(&number),
            None => BTreeSet::new(),
        };
        if people.len() > MOST { BTreeSet::new() } else { people }
    }

    fn with_number(&self, number: &Number) -> BTreeSet<usize> {
        let exactly: BTreeSet<_> = self.whole(number).collect();
        if !exactly.is_empty() {
            return exactly;
        }
        let mut people = BTreeSet::new();
        for ending in number.endings() {
            match ending {
                Ending::Whole(number) => people.extend(self.whole(&number)),
                Ending::Open(number) => people.extend(self.from(&number, |listed| listed.ends_in(&number))),
            }
        }
        people
    }

    fn whole<'l>(&'l self, number: &'l Number) -> impl Iterator<Item = usize> {
        self.from(number, move |listed| listed == number)
    }

    /// Those whose numbers follow in the list from a number on, as long as they meet a condition.
    fn from<'l>(&'l self, number: &Number, goes_on: impl Fn(&Number) -> bool + 'l) -> impl Iterator<Item = usize> {
        let start = self.numbers.partition_point(|(listed, _)| listed < number);
        let rest = self.numbers.get(start..).unwrap_or_default().iter();
        rest.take_while(move |(listed, _)| goes_on(listed)).map(|(_, person)| *person).take(MOST + 1)
    }
}
