//! What several devices can change at once: a list of entries that refer to each other by their places in it, from 0.
//!
//! ```text
//! MergableDataProto  2 object { 3 data }, or the data itself
//! data               3 entries* · 4 keys* · 5 types* · 6 uuids*
//! entry              1 newest { 2 value } · 5 list { 1 items* { 2 value } } · 6 dictionary { 1 pairs* { 1 key · 2 value } } · 10 text
//!                    13 map { 1 type · 3 pairs* { 1 key · 2 value } } · 15, 16 ordered sets
//! value              2 number · 3 number of eight bytes · 4 text · 6 entry
//! ```

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::formats::protobuf::{Field, Message};

/// The most entries of a list.
const MOST_ENTRIES: usize = 500_000;

/// The identifiers that the texts of an unpacked list of entries name, in the order in which they stand: what a gallery holds.
pub(super) fn members(bytes: &[u8]) -> Result<Vec<String>, String> {
    let graph = Graph::read(bytes)?;
    let mut members: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for entry in 0..graph.entries.len() as u64 {
        for (_, value) in graph.map(entry).unwrap_or_default() {
            if let Some(text) = value.text(4)
                && seen.insert(text.to_owned())
            {
                members.push(text.to_owned());
            }
        }
    }
    Ok(members)
}

/// The entries of stored data, and what they refer to.
pub(super) struct Graph<'a> {
    pub entries: Vec<&'a [u8]>,
    pub keys: Vec<&'a [u8]>,
    pub types: Vec<&'a [u8]>,
    pub uuids: Vec<&'a [u8]>,
    /// What entries mean that were asked for: a thousand cells may refer to one row.
    meant: RefCell<BTreeMap<u64, Option<u64>>>,
}

impl<'a> Graph<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let inner = |bytes: &'a [u8], number| {
            let message = Message::read(bytes).map_err(|error| error.to_string())?;
            message.bytes(number).ok_or_else(|| "it has no data".to_owned())
        };
        let bare = Message::read(bytes).map_err(|error| error.to_string())?;
        // What has types is the data itself, as of recordings.
        let data = match bare.bytes(5) {
            Some(_) => bare,
            None => Message::read(inner(inner(bytes, 2)?, 3)?).map_err(|error| error.to_string())?,
        };
        let all = |number| {
            data.all(number)
                .filter_map(|field| match field {
                    Field::Bytes(bytes) => Some(bytes),
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        let graph = Self { entries: all(3), keys: all(4), types: all(5), uuids: all(6), meant: RefCell::default() };
        if graph.entries.len() > MOST_ENTRIES {
            return Err(format!("it has more than {MOST_ENTRIES} entries"));
        }
        Ok(graph)
    }

    pub(super) fn entry(&self, number: u64) -> Option<Message<'a>> {
        let bytes = usize::try_from(number).ok().and_then(|number| self.entries.get(number))?;
        Message::read(bytes).ok()
    }

    /// The pairs of a map: the place of the key, and the value.
    pub(super) fn map(&self, entry: u64) -> Option<Vec<(u64, Message<'a>)>> {
        let map = Message::read(self.entry(entry)?.bytes(13)?).ok()?;
        Some(messages(&map, 3).filter_map(|pair| Some((pair.integer(1)?, message(&pair, 2)?))).collect())
    }

    /// The pairs of a dictionary, as the numbers of their entries.
    pub(super) fn dictionary(dictionary: &Message<'a>) -> Vec<(u64, u64)> {
        let entry = |pair: &Message<'a>, number| message(pair, number)?.integer(6);
        messages(dictionary, 1).filter_map(|pair| Some((entry(&pair, 1)?, entry(&pair, 2)?))).collect()
    }

    /// The place in the list of UUIDs that an entry means.
    pub(super) fn uuid(&self, entry: u64) -> Option<u64> {
        if let Some(known) = self.meant.borrow().get(&entry) {
            return *known;
        }
        let meant = self.map(entry).and_then(|map| map.first()?.1.integer(2));
        self.meant.borrow_mut().insert(entry, meant);
        meant
    }
}

pub(super) fn message<'a>(outer: &Message<'a>, number: u32) -> Option<Message<'a>> {
    Message::read(outer.bytes(number)?).ok()
}

pub(super) fn messages<'a>(outer: &Message<'a>, number: u32) -> impl Iterator<Item = Message<'a>> {
    outer.all(number).filter_map(|field| match field {
        Field::Bytes(bytes) => Message::read(bytes).ok(),
        _ => None,
    })
}
