//! The attachments of messages.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::{Connection, Row};

use super::super::attachments::Stored;
use super::super::generation::Attachments;
use super::super::stickers;
use crate::database::{Schema, blob, each_row, integer, some_text, truth};
use crate::skipped::Skipped;

/// The table that links messages and attachments.
const LINKS: &str = "message_attachment_join";

/// Of how many messages they are looked up one by one, before it pays to know first which have any.
const MANY: usize = 4096;

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

/// How attachments are found.
pub(super) struct Attached {
    /// A query for all of them, up to the name of the table of links, and from there on.
    sql: Option<(String, String)>,
    /// Whether an index leads from a message to its attachments.
    is_indexed: bool,
    /// Of how many messages they have been asked for.
    asked: AtomicUsize,
    /// The messages that have any, ascending, once that has been looked up.
    messages: OnceLock<Option<Vec<i64>>>,
}

impl Attached {
    pub(super) fn new(schema: &Schema, connection: &Connection) -> Self {
        let has_links = ["message_id", "attachment_id"].iter().all(|column| schema.has_column(LINKS, column));
        let (columns, table) = match schema.has_table("attachment") {
            true => (schema.columns("attachment", "a", &ATTACHMENT), "attachment"),
            false => (["NULL"; ATTACHMENT.len()].join(", "), "(SELECT NULL AS ROWID)"),
        };
        let before = format!("SELECT j.message_id, j.attachment_id, a.ROWID IS NULL, {columns} FROM {LINKS} j");
        let after = format!(" LEFT JOIN {table} a ON a.ROWID = j.attachment_id");
        let indexes = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1";
        let count = connection.query_row(indexes, [LINKS], |row| row.get::<_, i64>(0));
        Self {
            sql: has_links.then_some((before, after)),
            is_indexed: count.is_ok_and(|count| count > 0),
            asked: AtomicUsize::new(0),
            messages: OnceLock::new(),
        }
    }

    /// The messages that have any, ascending, once so many have been asked for that it is worth looking all up. What cannot
    /// be looked up at once is looked up one by one.
    fn known(&self, connection: &Connection, asked: usize) -> Option<&[i64]> {
        let before = self.asked.fetch_add(asked, Ordering::Relaxed);
        if before.saturating_add(asked) < MANY {
            return None;
        }
        let look = || {
            let mut messages = Vec::new();
            let sql = format!("SELECT message_id FROM {LINKS}");
            each_row(connection, &sql, [], &mut |row| messages.extend(integer(row, 0))).ok()?;
            messages.sort_unstable();
            messages.dedup();
            Some(messages)
        };
        self.messages.get_or_init(look).as_deref()
    }

    /// Reads those of messages of one chat, whose numbers ascend.
    pub(super) fn of(
        &self,
        connection: &Connection,
        chat: i64,
        numbers: &[i64],
        skipped: &mut Vec<Skipped>,
    ) -> Attachments {
        let mut attachments = Attachments::new();
        let Some(sql) = &self.sql else { return attachments };
        let read = match self.is_indexed {
            true => self.one_by_one(connection, sql, numbers, &mut attachments),
            false => Err(rusqlite::Error::QueryReturnedNoRows),
        };
        // Damage may lie in an index alone: the second way goes past it.
        let read = read.or_else(|_| all(connection, sql, numbers, &mut attachments));
        let what = || format!("some attachments of chat {chat}");
        skipped.extend(read.err().map(|error| Skipped::new(what(), error)));
        attachments.values_mut().for_each(|attached| attached.sort_by_key(|stored| stored.id));
        attachments
    }

    fn one_by_one(
        &self,
        connection: &Connection,
        (before, after): &(String, String),
        numbers: &[i64],
        attachments: &mut Attachments,
    ) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(&format!("{before}{after} WHERE j.message_id = ?1"))?;
        let mut known = self.known(connection, numbers.len()).map(|known| known.iter().peekable());
        let mut has_any = |number: &i64| {
            known.as_mut().is_none_or(|known| {
                while known.next_if(|next| *next < number).is_some() {}
                known.peek().is_some_and(|next| *next == number)
            })
        };
        for number in numbers.iter().filter(|number| has_any(number)) {
            let mut rows = statement.query([number])?;
            while let Some(row) = rows.next()? {
                add(row, attachments);
            }
        }
        Ok(())
    }
}

fn all(
    connection: &Connection,
    (before, after): &(String, String),
    numbers: &[i64],
    attachments: &mut Attachments,
) -> rusqlite::Result<()> {
    each_row(connection, &format!("{before} NOT INDEXED{after}"), [], &mut |row| {
        if integer(row, 0).is_some_and(|message| numbers.binary_search(&message).is_ok()) {
            add(row, attachments);
        }
    })
}

fn add(row: &Row<'_>, attachments: &mut Attachments) {
    let (Some(message), Some(id)) = (integer(row, 0), integer(row, 1)) else { return };
    let attached = attachments.entry(message).or_default();
    if attached.iter().all(|known| known.id != id) {
        attached.push(stored(row, id));
    }
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
