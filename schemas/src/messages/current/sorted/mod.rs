//! The rows of many conversations, read once in the order in which they lie in the table.
//!
//! Messages lie in the order in which they came, all conversations mixed. Looking each up where its conversation comes
//! reads every page of the table once for nearly every message on it; reading the table from front to back reads it once.
//! The rows then wait, sorted by conversation, in a file that nobody else can open. What that file cannot take, and what
//! damage hides from this way of reading, is looked up one by one as before.

mod pack;
mod store;

use std::collections::HashMap;
use std::fs::File;
use std::ops::ControlFlow;

use rusqlite::Connection;

use super::columns::Values;
use crate::database::integer;
use crate::messages::connections::Connections;
use crate::messages::generation::{Ahead, Awaited};
use store::{Part, Reader, Sorter, Store};

/// How often it is asked whether to go on, in rows.
const ASKED: u64 = 1024;

/// The rows that were read ahead.
pub(super) struct Sorted {
    store: Store,
    /// Where the rows of a conversation are: on a shelf for those that stand by themselves, and on the next one for those
    /// that belong to others, which are read first.
    shelves: HashMap<i64, usize>,
}

impl Sorted {
    /// Reads rows ahead, in several threads. `sql` gives the row number and the columns of the rows between two numbers,
    /// ascending. `None` when the file does not take them.
    pub(super) fn read(
        connections: &Connections,
        sql: &str,
        related: &[i64],
        file: File,
        ahead: &Ahead<'_>,
    ) -> Option<Self> {
        let is_related = |id: i64| related.binary_search(&id).is_ok();
        let shelf = |place: &Awaited| 2 * place.chat + usize::from(is_related(place.id));
        let mut store = Store::new(file, 2 * ahead.chats.len());
        let length = ahead.awaited.len().div_ceil(ahead.threads.max(1)).max(1);
        let parts: Vec<Option<Part>> = std::thread::scope(|scope| {
            let store = &store;
            let work = |part| {
                scope.spawn(move || {
                    let mut sorter = store.sorter(ahead.threads);
                    // What damage hides stays out, and is looked up row by row.
                    let _ =
                        connections.with(|connection| sort(connection, sql, part, &shelf, &mut sorter, ahead.go_on));
                    sorter.end()
                })
            };
            let threads: Vec<_> = ahead.awaited.chunks(length).map(work).collect();
            threads.into_iter().map(|thread| thread.join().ok().flatten()).collect()
        });
        for part in parts {
            store.take(part?);
        }
        let shelves = ahead.chats.iter().enumerate().map(|(position, chat)| (*chat, 2 * position)).collect();
        Some(Self { store, shelves })
    }

    /// The rows of a conversation.
    pub(super) fn of_chat(&self, chat: i64) -> Option<OfChat<'_>> {
        let shelf = *self.shelves.get(&chat)?;
        Some(OfChat([self.store.reader(shelf)?, self.store.reader(shelf + 1)?]))
    }
}

/// The rows of one conversation, best asked for in ascending order.
pub(super) struct OfChat<'s>([Reader<'s>; 2]);

impl OfChat<'_> {
    /// Finds a row by its number. `None` when it was not read ahead.
    pub(super) fn row(&mut self, id: i64) -> Option<Values<'_>> {
        self.0.iter_mut().find_map(|reader| reader.row(id))
    }
}

/// Reads the part of the table from the first to the last of those that are awaited. Damage ends it.
fn sort(
    connection: &Connection,
    sql: &str,
    awaited: &[Awaited],
    shelf: &dyn Fn(&Awaited) -> usize,
    sorter: &mut Sorter<'_>,
    go_on: &(dyn Fn() -> ControlFlow<()> + Sync),
) -> rusqlite::Result<()> {
    let ([first, ..], [.., last]) = (awaited, awaited) else { return Ok(()) };
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([first.id, last.id])?;
    let mut awaited = awaited.iter().peekable();
    let mut read = 0_u64;
    while let Some(row) = rows.next()? {
        let Some(id) = integer(row, 0) else { continue };
        while awaited.next_if(|place| place.id < id).is_some() {}
        // Few messages are in several conversations.
        while let Some(place) = awaited.next_if(|place| place.id == id) {
            sorter.add(shelf(place), id, &Values::of(row, 1));
        }
        read += 1;
        if sorter.is_broken() || read.is_multiple_of(ASKED) && go_on().is_break() {
            break;
        }
    }
    Ok(())
}
