//! The attachments of a conversation, in one query.

use rusqlite::{Connection, Row};

use super::super::attachments::Stored;
use super::super::generation::Attachments;
use super::super::stickers;
use super::members;
use crate::database::{Schema, blob, integer, some_text, truth};
use crate::skipped::Skipped;

const ATTACHMENT: [&str; 13] = [
    "guid",
    "filename",
    "transfer_name",
    "mime_type",
    "total_bytes",
    "uti",
    "created_date",
    "is_sticker",
    "hide_attachment",
    "is_commsafety_sensitive",
    "emoji_image_short_description",
    "sticker_user_info",
    "attribution_info",
];

/// Reads them. `lonely`: the messages, ascending, where they belong to no conversation.
pub(super) fn of(
    schema: &Schema,
    connection: &Connection,
    chat: i64,
    lonely: Option<&[i64]>,
    skipped: &mut Vec<Skipped>,
) -> Attachments {
    let mut attachments = Attachments::new();
    if !["message_id", "attachment_id"].iter().all(|column| schema.has_column("message_attachment_join", column)) {
        return attachments;
    }
    let (columns, table) = match schema.has_table("attachment") {
        true => (schema.columns("attachment", "a", &ATTACHMENT), "attachment"),
        false => (["NULL"; ATTACHMENT.len()].join(", "), "(SELECT NULL AS ROWID)"),
    };
    let sql = |way: &str| {
        let condition = match lonely {
            Some(_) => "1".to_owned(),
            None => format!("j.message_id IN ({})", members::query(schema, chat, way)),
        };
        format!(
            "SELECT j.message_id, j.attachment_id, a.ROWID IS NULL, {columns} FROM message_attachment_join j{way} \
             LEFT JOIN {table} a ON a.ROWID = j.attachment_id WHERE {condition}"
        )
    };
    let read = members::either_way(connection, &sql, &mut |row| {
        let (Some(message), Some(id)) = (integer(row, 0), integer(row, 1)) else { return };
        if lonely.is_some_and(|lonely| lonely.binary_search(&message).is_err()) {
            return;
        }
        let attached = attachments.entry(message).or_default();
        if attached.iter().all(|known| known.id != id) {
            attached.push(stored(row, id));
        }
    });
    let what = || format!("some attachments of chat {chat}");
    skipped.extend(read.err().map(|error| Skipped::new(what(), error)));
    attachments.values_mut().for_each(|attached| attached.sort_by_key(|stored| stored.id));
    attachments
}

fn stored(row: &Row<'_>, id: i64) -> Stored {
    let description = some_text(row, 13);
    let sticker = || Box::new(stickers::read(blob(row, 14), blob(row, 15), description.as_deref()));
    Stored {
        id,
        guid: some_text(row, 3),
        path: some_text(row, 4),
        transfer_name: some_text(row, 5),
        mime: some_text(row, 6),
        size: integer(row, 7),
        uti: some_text(row, 8),
        created: integer(row, 9),
        sticker: truth(row, 10).then(sticker),
        is_hidden: truth(row, 11),
        is_sensitive: truth(row, 12),
        lacking: truth(row, 2).then(|| "the database has lost its record".into()),
        description,
    }
}
