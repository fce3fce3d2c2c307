//! The rows of many conversations, read once in the order in which they lie in the table.
//!
//! Messages lie in the order in which they came, all conversations mixed. Looking each up where its conversation comes
//! reads every page of the table once for nearly every message on it; reading the table from front to back reads it once.
//! The rows then wait, sorted by conversation, in files that nobody else can open. What those cannot take, and what
//! damage hides from this way of reading, is looked up one by one as before.

mod file;
mod store;

use std::collections::HashMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::Connection;

use super::columns::Column;
use crate::database::{Column as _, Layout, Row};
use crate::formats::sqlite::{Rows, Table, ValuePosition};
use crate::messages::generation::{Awaited, ReadAhead};
use crate::source::Database;
use store::{Reader, SortedPart, SortedStore, Sorter};

/// How often it is asked whether to go on, in rows.
const ASKED: u64 = 1024;

/// The rows that were read ahead.
pub(super) struct Sorted {
    layout: Layout,
    store: SortedStore,
    /// Where the rows of a conversation are: on a shelf for those that stand by themselves, and on the next one for those
    /// that belong to others, which are read first.
    buckets: HashMap<i64, usize>,
}

impl Sorted {
    /// Reads rows ahead, in several threads. `related`: those that belong to others, ascending. `None` when messages can
    /// only be read through SQL, and when the files do not take them. Each file has a thread of its own.
    pub(super) fn read(
        database: &dyn Database,
        connection: &Connection,
        related: &[i64],
        files: Vec<File>,
        ahead: &ReadAhead<'_>,
    ) -> Option<Self> {
        let layout = Layout::probe(connection, "message", Column::NAMES)?;
        let mut pages = database.pages()?;
        let table = Arc::new(Table::find(&mut *pages, layout.root)?);
        let is_related = |id: i64| related.binary_search(&id).is_ok();
        let bucket = |place: &Awaited| 2 * place.chat + usize::from(is_related(place.id));
        let length = ahead.awaited.len().div_ceil(files.len().max(1)).max(1);
        // Few messages are in several conversations, so all rows are hardly longer than the database.
        let mut store = SortedStore::new(files, 2 * ahead.chats.len(), pages.size().saturating_mul(2));
        let parts: Vec<Option<SortedPart>> = std::thread::scope(|scope| {
            let (store, table) = (&store, &table);
            let work = |(file, part)| {
                scope.spawn(move || {
                    let mut sorter = store.sorter(file)?;
                    let rows = Rows::new(Arc::clone(table), database.pages()?);
                    sort(rows, part, &bucket, &mut sorter, ahead.keep_going);
                    sorter.end()
                })
            };
            let threads: Vec<_> = ahead.awaited.chunks(length).enumerate().map(work).collect();
            threads.into_iter().map(|thread| thread.join().ok().flatten()).collect()
        });
        for part in parts {
            store.take(part?);
        }
        let buckets = ahead.chats.iter().enumerate().map(|(position, chat)| (*chat, 2 * position)).collect();
        Some(Self { layout, store, buckets })
    }

    /// The rows of a conversation.
    pub(super) fn of_chat(&self, chat: i64) -> Option<OfChat<'_>> {
        let bucket = *self.buckets.get(&chat)?;
        let readers = [self.store.reader(bucket)?, self.store.reader(bucket + 1)?];
        Some(OfChat { layout: &self.layout, readers, places: [ValuePosition::NULL; Column::NAMES.len()] })
    }
}

/// The rows of one conversation, best asked for in ascending order.
pub(super) struct OfChat<'s> {
    layout: &'s Layout,
    readers: [Reader<'s>; 2],
    places: [ValuePosition; Column::NAMES.len()],
}

impl OfChat<'_> {
    /// Finds a row by its number. `None` when it was not read ahead, or is not sound.
    pub(super) fn row(&mut self, id: i64) -> Option<Row<'_, Column>> {
        let record = self.readers.iter_mut().find_map(|reader| reader.row(id))?;
        self.layout.find(record, &mut self.places).then_some(Row::stored(record, &self.places))
    }
}

/// Reads the part of the table from the first to the last of those that are awaited. What lies on damaged pages stays out,
/// and is looked up row by row.
fn sort(
    mut rows: Rows,
    awaited: &[Awaited],
    bucket: &dyn Fn(&Awaited) -> usize,
    sorter: &mut Sorter<'_>,
    keep_going: &(dyn Fn() -> ControlFlow<()> + Sync),
) {
    let ([first, ..], [.., last]) = (awaited, awaited) else { return };
    let mut awaited = awaited.iter().peekable();
    let mut read = 0_u64;
    rows.each(first.id..=last.id, &mut |id, record| {
        while awaited.next_if(|place| place.id < id).is_some() {}
        // Few messages are in several conversations.
        while let Some(place) = awaited.next_if(|place| place.id == id) {
            sorter.add(bucket(place), id, record);
        }
        read += 1;
        match sorter.is_broken() {
            true => ControlFlow::Break(()),
            false if read.is_multiple_of(ASKED) => keep_going(),
            false => ControlFlow::Continue(()),
        }
    });
}
