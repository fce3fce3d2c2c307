//! The query for one message: its own columns, then those of what it carries, then its receipts.

use rusqlite::Connection;

use super::columns::{INFO, InfoColumn, MEDIA, MESSAGES, MediaColumn, MessageColumn};
use crate::database::{Column as _, Schema, quoted};

/// How rows of other tables are found for a message: the message names them, or they name the message.
pub(super) struct Joins {
    media: Option<String>,
    info: Option<String>,
}

impl Joins {
    /// Looks at what the tables have.
    pub(super) fn probe(connection: &Connection, schema: &Schema) -> Self {
        let join = |column, table| {
            let is_named = schema.has_column(MESSAGES, column);
            // Without an index, all rows would be looked at for each message.
            let names = schema.has_column(table, "ZMESSAGE") && has_index(connection, table, "ZMESSAGE");
            let back = format!("(SELECT b.ROWID FROM {table} b WHERE b.ZMESSAGE = m.ROWID ORDER BY b.ROWID LIMIT 1)");
            match (is_named, names) {
                _ if !schema.has_table(table) => None,
                (true, true) => {
                    Some(format!("coalesce((SELECT o.ROWID FROM {table} o WHERE o.ROWID = m.{column}), {back})"))
                }
                (true, false) => Some(format!("m.{column}")),
                (false, true) => Some(back),
                (false, false) => None,
            }
        };
        Self { media: join("ZMEDIAITEM", MEDIA), info: join("ZMESSAGEINFO", INFO) }
    }

    /// The SQL that gives all of a message by its row number; without what lies in other tables, where that is damaged.
    pub(super) fn sql(&self, schema: &Schema, with_joined: bool) -> String {
        let own = schema.columns(MESSAGES, "m", MessageColumn::NAMES);
        let joined = |join: &Option<String>, table: &str, name: &str, columns: &[&str]| match join
            .as_ref()
            .filter(|_| with_joined)
        {
            Some(row) => {
                (schema.columns(table, name, columns), format!(" LEFT JOIN {table} {name} ON {name}.ROWID = {row}"))
            }
            None => (vec!["NULL"; columns.len()].join(", "), String::new()),
        };
        let (media, media_join) = joined(&self.media, MEDIA, "i", MediaColumn::NAMES);
        let (info, info_join) = joined(&self.info, INFO, "r", InfoColumn::NAMES);
        format!("SELECT {own}, {media}, {info} FROM {} m{media_join}{info_join} WHERE m.ROWID = ?1", quoted(MESSAGES))
    }
}

/// Whether rows of a table are found by a column without looking at all of them.
pub(super) fn has_index(connection: &Connection, table: &str, column: &str) -> bool {
    let sql = format!(
        "SELECT count(*) FROM pragma_index_list('{table}') l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND upper(i.name) = '{column}' AND l.partial = 0"
    );
    connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).is_ok_and(|indexes| indexes > 0)
}
