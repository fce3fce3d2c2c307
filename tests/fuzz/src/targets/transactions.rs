//! The log of calls that wait for their store: each call once, in the order of their numbers, and what was skipped is
//! listed within bounds.

use std::collections::HashSet;

use corer_schemas::calls::Transactions;

/// Those that are listed one by one, and a line for the others.
const MOST_SKIPPED: usize = 102;

pub fn run(bytes: &[u8]) {
    let read = Transactions::read(bytes);
    assert!(read.calls.is_sorted_by(|one, next| one.id < next.id), "numbers are out of order");
    let mut known = HashSet::new();
    let identifiers = read.calls.iter().filter_map(|call| call.unique_id.as_deref());
    assert!(identifiers.into_iter().all(|unique| known.insert(unique)), "a call is there twice");
    assert!(read.skipped.len() <= MOST_SKIPPED, "{} notes", read.skipped.len());
}
