//! Which calls of an app's own list the phone's list has, too.
//!
//! Both note when a call began, each by its own clock of the moment: up to [`APART`] lies between them. Two calls are one when the
//! same app made them, in the same direction, with one person in common. Of several that could be one, those that began closest to
//! each other are: who is called again at once is called twice.

use std::collections::{HashMap, HashSet};

use super::model::{Call, Direction, Origin};
use super::position::CallPosition;
use crate::handles::Address;
use crate::time::AppleTime;

/// How far apart two lists may say that a call began, in nanoseconds.
const APART: i64 = 2_000_000_000;

/// How many calls of one moment are compared.
const NEAR: usize = 64;

/// A call, by the number of its file and by its row.
pub(super) type Key = (u8, i64);

/// The calls that two lists have.
#[derive(Default)]
pub(super) struct InBoth {
    /// Those of apps, which are told as those of the phone.
    pub(super) doubled: HashSet<Key>,
    /// Those of the phone, with the list that has them, too.
    pub(super) also_in: HashMap<Key, Origin>,
}

impl InBoth {
    /// Compares. `places`: all calls, ordered; `read`: gives one of them.
    pub(super) fn find<'c>(
        calls: impl Iterator<Item = &'c Call>,
        places: &[CallPosition],
        read: impl Fn(CallPosition) -> Option<Call>,
    ) -> Self {
        let mut pairs: Vec<(u64, Key, Key, Origin)> = Vec::new();
        for call in calls {
            let Some(date) = call.date.map(AppleTime::nanoseconds) else { continue };
            let began = |place: &CallPosition| place.date.map(AppleTime::nanoseconds);
            let (from, to) = (date.saturating_sub(APART), date.saturating_add(APART));
            let start = places.partition_point(|place| began(place).is_none_or(|own| own < from));
            let near = places.get(start..).unwrap_or_default().iter();
            let near = near.take_while(|place| began(place).is_some_and(|own| own <= to));
            for place in near.filter(|place| !place.origin.is_of_app()).take(NEAR) {
                if read(*place).is_some_and(|other| is_same(call, &other)) {
                    let apart = began(place).map_or(u64::MAX, |own| own.abs_diff(date));
                    pairs.push((apart, key(call.origin, call.id), key(place.origin, place.id), call.origin));
                }
            }
        }
        pairs.sort_unstable_by_key(|(apart, own, other, _)| (*apart, *own, *other));
        let mut both = Self::default();
        for (_, own, other, origin) in pairs {
            if !both.doubled.contains(&own) && !both.also_in.contains_key(&other) {
                both.doubled.insert(own);
                both.also_in.insert(other, origin);
            }
        }
        both
    }
}

/// How a call is looked up.
pub(super) fn key(origin: Origin, id: i64) -> Key {
    (CallPosition { date: None, origin, id }.order().1, id)
}

/// Whether two calls that began together are one.
fn is_same(call: &Call, other: &Call) -> bool {
    let is_turned = |one, other| (one, other) == (Direction::Incoming, Direction::Outgoing);
    let is_other_way = is_turned(call.direction, other.direction) || is_turned(other.direction, call.direction);
    let may_be = |one: &Address, other: &Address| match (one, other) {
        (Address::Number(one), Address::Number(other)) => one.may_be(other),
        (one, other) => one == other,
    };
    let handles = |call: &Call| -> Vec<Address> {
        let people = call.participants.iter();
        let handles = people.flat_map(|person| [Some(&person.address), person.normalized.as_ref()]).flatten();
        handles.filter_map(|handle| Address::read(&dialled(handle))).collect()
    };
    let (own, others) = (handles(call), handles(other));
    !is_other_way
        && call.service == other.service
        && own.iter().any(|one| others.iter().any(|other| may_be(one, other)))
}

/// What an app calls a number, as it is dialled: `15550100001@s.whatsapp.net` is `+15550100001`.
fn dialled(handle: &str) -> String {
    match handle.trim().split_once('@') {
        Some((number, "s.whatsapp.net")) => format!("+{}", number.trim_start_matches('+')),
        _ => handle.to_owned(),
    }
}
