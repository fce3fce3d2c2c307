//! Which messages have to do with somebody: by who wrote them or got them (`handle_id`), and by whom an announcement is about
//! (`other_handle`): who was added, removed or left is in no list of participants any more.

use rusqlite::Connection;

use super::super::generation::{Involved, NO_CHAT};
use super::CurrentDatabase;
use super::members::{either_way, links_of};
use crate::database::{each_row, integer};
use crate::skipped::Skipped;

/// The columns of `message` that name a handle. Devices keep an index of each.
const NAMED: [&str; 2] = ["handle_id", "other_handle"];

impl CurrentDatabase<'_> {
    /// The messages of whom `is_meant` knows.
    pub(super) fn find_involved(&self, connection: &Connection, is_meant: &dyn Fn(&str) -> bool) -> Involved {
        let mut involved = Involved::default();
        let meant = self.handles.iter().filter(|(_, handle)| is_meant(&handle.address)).map(|(id, _)| *id);
        let mut meant: Vec<i64> = meant.collect();
        meant.sort_unstable();
        let columns: Vec<&str> = NAMED.into_iter().filter(|column| self.schema.has_column("message", column)).collect();
        for (handle, column) in meant.iter().flat_map(|handle| columns.iter().map(move |column| (*handle, *column))) {
            let sql = |way: &str| format!("SELECT m.ROWID FROM message m{way} WHERE m.{column} = ?1");
            let messages = &mut involved.messages;
            let mut add = |row: &rusqlite::Row<'_>| messages.extend(integer(row, 0));
            let read = each_row(connection, &sql(""), [handle], &mut add)
                .or_else(|_| each_row(connection, &sql(" NOT INDEXED"), [handle], &mut add));
            involved.skipped.extend(read.err().map(|error| Skipped::new("some messages of whom was asked for", error)));
        }
        involved.messages.sort_unstable();
        involved.messages.dedup();
        self.find_chats(connection, &mut involved);
        involved
    }

    /// Adds the conversations that hold the messages.
    fn find_chats(&self, connection: &Connection, involved: &mut Involved) {
        let Involved { messages, chats, skipped } = involved;
        if messages.is_empty() {
            return;
        }
        if self.orphans.get().is_some_and(|orphans| orphans.records.iter().any(|id| messages.binary_search(id).is_ok()))
        {
            chats.insert(NO_CHAT);
        }
        if let Some(Some(links)) = self.links.get() {
            chats.extend(
                links.all().filter(|(_, message)| messages.binary_search(message).is_ok()).map(|(chat, _)| chat),
            );
            return;
        }
        for link in links_of(&self.schema) {
            let all = |way: &str| format!("SELECT chat_id, message_id FROM {link}{way}");
            let read = either_way(connection, &all, &mut |row| {
                let own = integer(row, 1).filter(|message| messages.binary_search(message).is_ok());
                chats.extend(own.and(integer(row, 0)));
            });
            skipped.extend(read.err().map(|error| Skipped::new("which chats some messages belong to", error)));
        }
    }
}
