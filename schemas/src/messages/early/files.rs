//! The files of iMessages in iOS 5: `madrid_attachment`.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::super::attachments::Stored;
use crate::database::{Schema, each_row_both_ways, integer, some_text};
use crate::skipped::Skipped;

const COLUMNS: [&str; 4] = ["attachment_guid", "filename", "mime_type", "message_id"];

/// All files, by identifier and by message.
#[derive(Default)]
pub(super) struct Files {
    stored: Vec<Stored>,
    by_guid: HashMap<String, usize>,
    by_message: HashMap<i64, Vec<usize>>,
}

impl Files {
    pub(super) fn read(schema: &Schema, connection: &Connection, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        if !schema.has_table("madrid_attachment") {
            return own;
        }
        let columns = schema.columns("madrid_attachment", "a", &COLUMNS);
        let sql = format!("SELECT a.ROWID, {columns} FROM madrid_attachment a");
        let read = each_row_both_ways(connection, &sql, &mut |row| own.enter(row));
        skipped.extend(read.err().map(|error| Skipped::new("some attachments", error)));
        own
    }

    fn enter(&mut self, row: &Row<'_>) {
        let Some(id) = integer(row, 0) else { return };
        let guid = some_text(row, 1);
        let index = self.stored.len();
        if let Some(guid) = &guid {
            self.by_guid.insert(guid.clone(), index);
        }
        if let Some(message) = integer(row, 4) {
            self.by_message.entry(message).or_default().push(index);
        }
        self.stored.push(Stored { id, guid, path: some_text(row, 2), mime: some_text(row, 3), ..Stored::default() });
    }

    /// The files of a message: those that its text names, and those that name it.
    pub(super) fn of(&self, message: i64, named: &[String]) -> Vec<Stored> {
        let named = named.iter().filter_map(|guid| self.by_guid.get(guid));
        let mut indexes: Vec<usize> =
            named.chain(self.by_message.get(&message).into_iter().flatten()).copied().collect();
        indexes.sort_unstable();
        indexes.dedup();
        indexes.into_iter().filter_map(|index| self.stored.get(index).cloned()).collect()
    }

    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.stored.len()).unwrap_or(u64::MAX)
    }
}
