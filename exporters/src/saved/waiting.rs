//! What is remembered and has not been handed on yet, in the order of time.

use std::ops::Range;

use corer_schemas::AppleTime;

use super::memory::Memory;
use super::plan::Plan;

/// The places of what is remembered, in the order of time, as far as it has not been handed on.
#[derive(Default)]
pub(crate) struct Waiting {
    ranges: Vec<Range<usize>>,
    /// The same places, where several groups are one now.
    mixed: Option<std::vec::IntoIter<usize>>,
    peeked: Option<usize>,
}

impl Waiting {
    pub(super) fn new(memory: &Memory, ranges: Vec<Range<usize>>) -> Self {
        if ranges.len() < 2 {
            return Self { ranges, ..Self::default() };
        }
        let moment = |place: &usize| memory.at(*place).and_then(|known| known.moment);
        let mut mixed: Vec<usize> = ranges.iter().flat_map(Clone::clone).collect();
        mixed.sort_by_key(moment);
        // What was in several of them is in one now.
        let is_first = |place: &usize| {
            let places = memory.at(*place).into_iter().flat_map(|known| memory.places(known.id));
            places.into_iter().find(|own| ranges.iter().any(|range| range.contains(own))) == Some(*place)
        };
        mixed.retain(is_first);
        Self { mixed: Some(mixed.into_iter()), ..Self::default() }
    }

    fn pull(&mut self) -> Option<usize> {
        match &mut self.mixed {
            Some(mixed) => mixed.next(),
            None => self.ranges.iter_mut().find_map(Iterator::next),
        }
    }

    /// The next that comes from memory, if it is from before a moment.
    pub(super) fn next_before(
        &mut self,
        memory: &Memory,
        plan: &Plan,
        until: Option<Option<AppleTime>>,
    ) -> Option<usize> {
        loop {
            let place = match self.peeked.take() {
                Some(place) => place,
                None => self.pull()?,
            };
            if !plan.is_waiting(place) {
                continue;
            }
            if until.is_some_and(|until| memory.at(place).is_some_and(|known| known.moment >= until)) {
                self.peeked = Some(place);
                return None;
            }
            return Some(place);
        }
    }
}
