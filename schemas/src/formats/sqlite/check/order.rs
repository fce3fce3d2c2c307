//! Rows and the entries of indexes: their order, and sums by which the ones are compared with the others.

use std::cmp::Ordering;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;

use rusqlite::types::ValueRef;

use super::super::record::{ValuePosition, ValuePositions};
use super::plan::{Index, Table};
use super::tree::Visit;

/// How many there are of something, and a sum that does not depend on their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CountAndSum {
    count: u64,
    sum: u64,
}

impl CountAndSum {
    fn add<'v>(&mut self, values: impl Iterator<Item = ValueRef<'v>>, row: i64) {
        let mut hasher = DefaultHasher::new();
        for value in values {
            feed(&mut hasher, value);
        }
        hasher.write_i64(row);
        self.count += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

/// Numbers count by their value: a table keeps whole ones without a point where an index may not.
fn feed(hasher: &mut DefaultHasher, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => hasher.write_u8(0),
        ValueRef::Integer(number) => {
            hasher.write_u8(1);
            hasher.write_i64(number);
        }
        ValueRef::Real(number) if number == number.trunc() && number.abs() < 9e15 => {
            feed(hasher, ValueRef::Integer(number as i64));
        }
        ValueRef::Real(number) => {
            hasher.write_u8(2);
            hasher.write_u64(number.to_bits());
        }
        ValueRef::Text(text) => {
            hasher.write_u8(3);
            hasher.write_usize(text.len());
            hasher.write(text);
        }
        ValueRef::Blob(blob) => {
            hasher.write_u8(4);
            hasher.write_usize(blob.len());
            hasher.write(blob);
        }
    }
}

/// Reads where the values of a record are. Says whether it is sound.
fn read(record: &[u8], to: &mut Vec<ValuePosition>) -> bool {
    let mut places = ValuePositions::of(record);
    to.clear();
    to.extend(places.by_ref());
    places.are_sound()
}

/// Takes the rows of a table.
pub(super) struct Rows<'p> {
    table: &'p Table,
    places: Vec<ValuePosition>,
    /// What each index must hold.
    pub(super) tallies: Vec<CountAndSum>,
    pub(super) is_for_sqlite: bool,
}

impl<'p> Rows<'p> {
    pub(super) fn of(table: &'p Table) -> Self {
        let tallies = vec![CountAndSum::default(); table.indexes.len()];
        Self { table, places: Vec::new(), tallies, is_for_sqlite: false }
    }

    fn value<'r>(&self, record: &'r [u8], row: i64, column: usize) -> ValueRef<'r> {
        if self.table.row_number == Some(column) {
            return ValueRef::Integer(row);
        }
        self.places.get(column).map_or(ValueRef::Null, |place| place.value(record))
    }
}

impl Visit for Rows<'_> {
    fn visit(&mut self, row: Option<i64>, record: &[u8]) -> Option<String> {
        let row = row?;
        if !read(record, &mut self.places) || self.places.len() > self.table.columns {
            return Some(format!("row {row} makes no sense"));
        }
        self.is_for_sqlite |= self.table.has_defaults && self.places.len() < self.table.columns;
        let mut tallies = std::mem::take(&mut self.tallies);
        for (index, tally) in self.table.indexes.iter().zip(&mut tallies) {
            tally.add(index.columns.iter().map(|column| self.value(record, row, column.number)), row);
        }
        self.tallies = tallies;
        let nothing = self.table.never_null.iter().find(|column| self.value(record, row, **column) == ValueRef::Null);
        nothing.filter(|_| !self.is_for_sqlite).map(|_| format!("row {row} lacks a value that it must have"))
    }
}

/// Takes the entries of an index.
pub(super) struct Entries<'p> {
    index: &'p Index,
    places: Vec<ValuePosition>,
    before: Vec<u8>,
    places_before: Vec<ValuePosition>,
    pub(super) tally: CountAndSum,
}

impl<'p> Entries<'p> {
    pub(super) fn of(index: &'p Index) -> Self {
        Self { index, places: Vec::new(), before: Vec::new(), places_before: Vec::new(), tally: CountAndSum::default() }
    }

    /// How the entry stands to the one before, and whether their keys are the same and none of them nothing.
    fn compare(&self, record: &[u8]) -> (Ordering, bool) {
        let mut has_null = false;
        let pairs = self.places_before.iter().zip(&self.places);
        for ((before, now), column) in pairs.zip(&self.index.columns) {
            let (before, now) = (before.value(&self.before), now.value(record));
            has_null |= now == ValueRef::Null;
            match compare(before, now) {
                Ordering::Equal => {}
                order if column.is_descending => return (order.reverse(), false),
                order => return (order, false),
            }
        }
        let rows = self.places_before.last().zip(self.places.last());
        let order = rows.map_or(Ordering::Less, |(before, now)| compare(before.value(&self.before), now.value(record)));
        (order, !has_null)
    }
}

impl Visit for Entries<'_> {
    fn visit(&mut self, _row: Option<i64>, record: &[u8]) -> Option<String> {
        let columns = self.index.columns.len();
        let is_sound = read(record, &mut self.places) && self.places.len() == columns + 1;
        let row = self.places.last().map(|place| place.value(record));
        let (true, Some(ValueRef::Integer(row))) = (is_sound, row) else {
            return Some("an entry makes no sense".to_owned());
        };
        let keys = self.places.get(..columns).unwrap_or_default();
        self.tally.add(keys.iter().map(|place| place.value(record)), row);
        let problem = match self.compare(record) {
            _ if self.places_before.is_empty() => None,
            (Ordering::Less, true) if self.index.is_unique => Some("two entries are the same"),
            (Ordering::Less, _) => None,
            _ => Some("an entry stands in the wrong place"),
        };
        self.before.clear();
        self.before.extend_from_slice(record);
        std::mem::swap(&mut self.places_before, &mut self.places);
        problem.map(str::to_owned)
    }
}

/// SQLite's order: nothing, numbers, texts, bytes.
fn compare(a: ValueRef<'_>, b: ValueRef<'_>) -> Ordering {
    let rank = |value| match value {
        ValueRef::Null => 0,
        ValueRef::Integer(_) | ValueRef::Real(_) => 1,
        ValueRef::Text(_) => 2,
        ValueRef::Blob(_) => 3,
    };
    match (a, b) {
        (ValueRef::Integer(a), ValueRef::Integer(b)) => a.cmp(&b),
        (ValueRef::Text(a), ValueRef::Text(b)) | (ValueRef::Blob(a), ValueRef::Blob(b)) => a.cmp(b),
        // Both zeros are the same; what is no number is not stored.
        (ValueRef::Real(a), ValueRef::Real(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        (ValueRef::Integer(a), ValueRef::Real(b)) => compare_mixed(a, b),
        (ValueRef::Real(a), ValueRef::Integer(b)) => compare_mixed(b, a).reverse(),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Exactly, as SQLite does: of large numbers, a fraction cannot say each.
fn compare_mixed(whole: i64, real: f64) -> Ordering {
    match real {
        // What lies outside of whole numbers, whose bounds a fraction can say.
        real if real < MIN_WHOLE => Ordering::Greater,
        real if real >= -MIN_WHOLE => Ordering::Less,
        real => whole.cmp(&(real as i64)).then((whole as f64).partial_cmp(&real).unwrap_or(Ordering::Equal)),
    }
}

/// The least whole number.
const MIN_WHOLE: f64 = -9_223_372_036_854_775_808.0;
