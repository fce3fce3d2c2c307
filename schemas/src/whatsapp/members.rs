//! Who takes part in groups: the rows of `ZWAGROUPMEMBER`.

use foldhash::HashMap;
use rusqlite::Connection;

use super::columns::MemberColumn;
use crate::database::{Schema, each_of_table};
use crate::skipped::Skipped;

/// The members of groups: whom a row of a member names, and who takes part in which conversation.
#[derive(Default)]
pub(super) struct Members {
    pub(super) jids: HashMap<i64, String>,
    pub(super) of_chat: HashMap<i64, Vec<i64>>,
}

impl Members {
    /// Reads all of them. What cannot be read is added to `skipped`.
    pub(super) fn read(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> Self {
        let mut members = Self::default();
        let read = each_of_table::<MemberColumn>(connection, schema, "ZWAGROUPMEMBER", &mut |id, row| {
            let (Some(id), Some(jid)) = (id, row.name(MemberColumn::Jid)) else { return };
            members.jids.insert(id, jid);
            if let Some(chat) = row.integer(MemberColumn::Chat) {
                members.of_chat.entry(chat).or_default().push(id);
            }
        });
        skipped.extend(read.err().map(|error| Skipped::part("some members of groups", error)));
        members.of_chat.values_mut().for_each(|members| members.sort_unstable());
        members
    }
}
