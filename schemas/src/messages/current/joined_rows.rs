//! What rows say about other rows: which messages refer to which, and what was deleted and could still be recovered.
//!
//! The devices keep an index of `associated_message_guid` and one of `thread_originator_guid`; each is read once, which
//! costs a small part of reading the messages.

use rusqlite::{Connection, Row};

use super::super::body;
use super::super::generation::JoinedRows;
use super::super::model::DeletedPart;
use super::super::moment;
use super::members::either_way;
use crate::database::{Schema, blob, integer, some_text};
use crate::skipped::Skipped;
use crate::time::AppleTime;

/// Reads all of it. What cannot be read is listed.
pub(super) fn read(schema: &Schema, connection: &Connection) -> JoinedRows {
    let mut own = JoinedRows::default();
    related(schema, connection, &mut own);
    threads(schema, connection, &mut own);
    deleted(schema, connection, &mut own);
    deleted_parts(schema, connection, &mut own);
    own
}

fn note(own: &mut JoinedRows, what: &str, read: rusqlite::Result<()>) {
    own.skipped.extend(read.err().map(|error| Skipped::new(what, error)));
}

fn related(schema: &Schema, connection: &Connection, own: &mut JoinedRows) {
    if !schema.has_column("message", "associated_message_guid") {
        return;
    }
    // The comparison instead of IS NOT NULL lets an index answer, and leaves out what is empty.
    let sql = |way: &str| format!("SELECT ROWID FROM message{way} WHERE associated_message_guid > ''");
    let related = &mut own.related;
    let read = either_way(connection, &sql, &mut |row| related.extend(integer(row, 0)));
    own.related.sort_unstable();
    own.related.dedup();
    note(own, "which messages some reactions belong to", read);
}

fn threads(schema: &Schema, connection: &Connection, own: &mut JoinedRows) {
    if !schema.has_column("message", "thread_originator_guid") {
        return;
    }
    let sql =
        |way: &str| format!("SELECT ROWID, thread_originator_guid FROM message{way} WHERE thread_originator_guid > ''");
    let threads = &mut own.threads;
    let read = either_way(connection, &sql, &mut |row| {
        if let (Some(id), Some(originator)) = (integer(row, 0), some_text(row, 1)) {
            threads.add(originator, id);
        }
    });
    note(own, "which messages some replies belong to", read);
}

fn deleted(schema: &Schema, connection: &Connection, own: &mut JoinedRows) {
    if !schema.has_column("chat_recoverable_message_join", "message_id") {
        return;
    }
    let date = schema.columns("chat_recoverable_message_join", "d", &["delete_date"]);
    let sql = |way: &str| format!("SELECT message_id, {date} FROM chat_recoverable_message_join d{way}");
    let (deleted, skipped) = (&mut own.deleted, &mut own.skipped);
    let read = either_way(connection, &sql, &mut |row| {
        if let Some(id) = integer(row, 0) {
            deleted.insert(id, date_of(row, id, skipped));
        }
    });
    note(own, "which messages were deleted", read);
}

/// When something was deleted, in the second column of a query.
fn date_of(row: &Row<'_>, id: i64, skipped: &mut Vec<Skipped>) -> Option<AppleTime> {
    moment::read(row.get_ref(1).ok()?).unwrap_or_else(|why| {
        skipped.push(Skipped::part(format!("delete_date of message {id}"), why));
        None
    })
}

fn deleted_parts(schema: &Schema, connection: &Connection, own: &mut JoinedRows) {
    if !schema.has_column("recoverable_message_part", "message_id") {
        return;
    }
    let columns = schema.columns("recoverable_message_part", "p", &["delete_date", "part_index", "part_text"]);
    let sql = |way: &str| format!("SELECT message_id, {columns} FROM recoverable_message_part p{way}");
    let (parts, skipped) = (&mut own.deleted_parts, &mut own.skipped);
    let read = either_way(connection, &sql, &mut |row| {
        let Some(id) = integer(row, 0) else { return };
        let index = integer(row, 2).and_then(|index| u32::try_from(index).ok()).unwrap_or(0);
        let text = blob(row, 3).map(body::read_alone).and_then(|body| body.text);
        let date = date_of(row, id, skipped);
        parts.entry(id).or_default().push(DeletedPart { index, date, text });
    });
    for own in parts.values_mut() {
        own.sort_by_key(|part| part.index);
        own.dedup_by_key(|part| part.index);
    }
    note(own, "parts of messages that were deleted", read);
}
