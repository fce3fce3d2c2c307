//! Which messages belong to a chat: those that are linked to it, and those that were recently deleted from it.

use rusqlite::{Connection, Row};

use crate::database::{Schema, each_row, integer};
use crate::skipped::Skipped;

/// The tables of links. The second one holds what can still be recovered, since iOS 16.
const LINKS: [&str; 2] = ["chat_message_join", "chat_recoverable_message_join"];

/// The trigger by which a device keeps the dates in the links as they are in the messages.
const DATES_KEPT: &str = "update_message_date_after_update_on_message";

/// Follows a table's name in the second way to the same rows, past every index: damage may lie in an index alone.
const PAST_INDEXES: &str = " NOT INDEXED";

/// The number of a message, and its date where the link to it repeats it.
pub(super) type Member = (i64, Option<i64>);

/// The messages of a chat, each once. `dates`: whether the dates in the links can be trusted.
pub(super) fn of(
    schema: &Schema,
    dates: bool,
    connection: &Connection,
    chat: i64,
    skipped: &mut Vec<Skipped>,
) -> Vec<Member> {
    let mut members = Vec::new();
    for link in links_of(schema) {
        let date = if dates && schema.has_column(link, "message_date") { "message_date" } else { "NULL" };
        let sql = |way: &str| format!("SELECT message_id, {date} FROM {link}{way} WHERE chat_id = ?1");
        let mut add = |row: &Row<'_>| {
            // Zero stands in a link that was made before links had dates.
            let date = integer(row, 1).filter(|date| *date != 0);
            members.extend(integer(row, 0).map(|id| (id, date)));
        };
        let read = each_row(connection, &sql(""), [chat], &mut add)
            .or_else(|_| each_row(connection, &sql(PAST_INDEXES), [chat], &mut add));
        skipped.extend(read.err().map(|error| Skipped::new(format!("some messages of chat {chat}"), error)));
    }
    members.sort_unstable();
    members.dedup_by_key(|(id, _)| *id);
    members
}

/// Hands the rows of a query on by the first way; after damage, by the other one as well.
pub(super) fn either_way(
    connection: &Connection,
    sql: &dyn Fn(&str) -> String,
    row: &mut dyn FnMut(&Row<'_>),
) -> rusqlite::Result<()> {
    each_row(connection, &sql(""), [], row).or_else(|_| each_row(connection, &sql(PAST_INDEXES), [], row))
}

/// The tables of links that a database has.
pub(super) fn links_of(schema: &Schema) -> impl Iterator<Item = &'static str> {
    LINKS.into_iter().filter(|link| ["chat_id", "message_id"].iter().all(|column| schema.has_column(link, column)))
}

/// Whether the device keeps the dates in the links as they are in the messages.
pub(super) fn dates_are_kept(schema: &Schema, connection: &Connection) -> bool {
    let sql = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = ?1";
    let found = connection.query_row(sql, [DATES_KEPT], |row| row.get::<_, i64>(0));
    schema.has_column("message", "date") && found.is_ok_and(|count| count > 0)
}
