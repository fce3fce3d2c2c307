//! Which messages belong to a chat, as SQL: those that are joined to it, and those that were recently deleted from it.

use super::super::generation::NO_CHAT;
use crate::database::Schema;

/// The tables that say so. The second one holds what can still be recovered, since iOS 16.
const JOINS: [&str; 2] = ["chat_message_join", "chat_recoverable_message_join"];

/// A query for the row numbers of a chat's messages. `hint` follows every table: another way to the same rows.
pub(super) fn of(schema: &Schema, chat: i64, hint: &str) -> String {
    let joins = JOINS.into_iter().filter(|join| ["chat_id", "message_id"].iter().all(|c| schema.has_column(join, c)));
    if chat == NO_CHAT {
        return lonely(joins, schema, hint);
    }
    let joined = joins.map(|join| format!("SELECT message_id FROM {join}{hint} WHERE chat_id = {chat}"));
    either(joined).unwrap_or_else(|| "SELECT NULL WHERE 0".to_owned())
}

/// Messages that no chat holds which is there: a link to a chat that is gone counts for nothing.
fn lonely<'a>(joins: impl Iterator<Item = &'a str>, schema: &Schema, hint: &str) -> String {
    let all = format!("SELECT ROWID FROM message{hint}");
    if !schema.has_table("chat") {
        return all;
    }
    let held = joins.map(|join| {
        format!(
            "SELECT j.message_id FROM {join} j{hint} JOIN chat c ON c.ROWID = j.chat_id \
             WHERE j.message_id IS NOT NULL AND c.ROWID <> {NO_CHAT}"
        )
    });
    either(held).map_or(all.clone(), |held| format!("{all} WHERE ROWID NOT IN ({held})"))
}

fn either(queries: impl Iterator<Item = String>) -> Option<String> {
    queries.reduce(|first, second| format!("{first} UNION {second}"))
}
