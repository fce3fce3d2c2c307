//! Whether a database is complete, told from its pages in one pass.
//!
//! SQLite's `integrity_check` looks up every row in every index, which takes many times as long as reading them once. Here
//! every page is looked at once: its form, that it belongs to exactly one tree, chain or list, and that keys stand in their
//! order. The entries of an index are then compared with the rows of its table by two sums over what both must hold, each
//! of which is made as the pages come. What this does not understand (expressions, collations, tables without row numbers)
//! is left to SQLite.
//!
//! What it cannot tell is what nothing can: a changed byte in a value that no index holds.

mod free;
mod layout;
mod order;
mod plan;
mod tree;

use std::collections::HashMap;

pub use plan::Plan;

use super::Pages;
use order::{CountAndSum, Entries, Rows};
use tree::{Nothing, Walk};

/// Checks a database. Gives what is wrong, in words, at most so many; `None` when only SQLite can tell.
pub fn complaints(plan: &Plan, pages: &mut dyn Pages, most: usize) -> Option<Vec<String>> {
    let mut walk = match Walk::begin(pages, most) {
        Ok(walk) => walk?,
        Err(why) => return Some(vec![why]),
    };
    walk.tree("the list of tables", 1, true, &mut Nothing);
    for table in &plan.tables {
        let mut rows = Rows::of(table);
        let name = format!("table {}", table.name);
        let is_sound = walk.tree(&name, table.root, true, &mut rows);
        walk.is_for_sqlite |= rows.is_for_sqlite;
        let mut tallies: HashMap<&str, CountAndSum> = HashMap::new();
        let mut are_sound = is_sound;
        for index in &table.indexes {
            let mut entries = Entries::of(index);
            are_sound &= walk.tree(&format!("index {}", index.name), index.root, false, &mut entries);
            tallies.insert(&index.name, entries.tally);
        }
        // Where pages are missing anyway, so are rows.
        for (index, expected) in table.indexes.iter().zip(&rows.tallies).filter(|_| are_sound) {
            if rows.is_for_sqlite {
                break;
            }
            let found = tallies.get(index.name.as_str()).copied().unwrap_or_default();
            if found != *expected {
                walk.complain(format!("index {} does not hold what {name} holds", index.name));
            }
        }
    }
    free::check(&mut walk);
    match walk.is_for_sqlite && walk.complaints.is_empty() {
        true => None,
        false => Some(walk.complaints),
    }
}

#[cfg(test)]
mod tests;
