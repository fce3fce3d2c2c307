//! The files of iMessages in iOS 5: `madrid_attachment`.

use std::collections::HashMap;

use rusqlite::Connection;

use super::super::attachments::StoredAttachment;
use crate::database::{Row, Schema, columns, each_of_table};
use crate::skipped::Skipped;

columns! {
    /// The columns of `madrid_attachment`.
    enum Column { Guid = "attachment_guid", Path = "filename", Mime = "mime_type", Message = "message_id" }
}

/// All files, by identifier and by message.
#[derive(Default)]
pub(super) struct Files {
    stored: Vec<StoredAttachment>,
    by_guid: HashMap<String, usize>,
    by_message: HashMap<i64, Vec<usize>>,
}

impl Files {
    pub(super) fn read(schema: &Schema, connection: &Connection, skipped: &mut Vec<Skipped>) -> Self {
        let mut own = Self::default();
        let read = each_of_table(connection, schema, "madrid_attachment", &mut |id, row| {
            id.into_iter().for_each(|id| own.enter(id, row));
        });
        skipped.extend(read.err().map(|error| Skipped::part("some attachments", error)));
        own
    }

    fn enter(&mut self, id: i64, row: Row<'_, Column>) {
        let guid = row.some_text(Column::Guid);
        let index = self.stored.len();
        if let Some(guid) = &guid {
            self.by_guid.insert(guid.clone(), index);
        }
        if let Some(message) = row.integer(Column::Message) {
            self.by_message.entry(message).or_default().push(index);
        }
        let (path, mime) = (row.some_text(Column::Path), row.some_text(Column::Mime));
        self.stored.push(StoredAttachment { id, guid, path, mime, ..StoredAttachment::default() });
    }

    /// The files of a message: those that its text names, and those that name it.
    pub(super) fn of(&self, message: i64, named: &[String]) -> Vec<StoredAttachment> {
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
