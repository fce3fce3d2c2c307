//! Which messages a conversation has, in order, and what answers what.

use std::hash::BuildHasher as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::fast::FixedState;
use rusqlite::{Connection, Params};

use super::columns::{CHATS, INFO, InfoColumn, MEDIA, MESSAGES, MediaColumn, MessageColumn};
use super::dates::moment;
use super::metadata::Metadata;
use crate::database::{Column as _, Schema, blob, each_row, each_row_both_ways, integer, quoted, real};
use crate::skipped::Skipped;
use crate::time::AppleTime;

/// After how many conversations all of them are looked up at once.
const FEW: usize = 16;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) date: Option<AppleTime>,
    pub(super) id: i64,
    /// Of its identifier.
    pub(super) stanza: u64,
    /// The row of what it carries.
    pub(super) media: Option<i64>,
}

/// Where all messages are, as soon as that pays.
#[derive(Default)]
pub(super) struct Places {
    asked: AtomicUsize,
    all: OnceLock<Vec<(i64, Place)>>,
}

/// The number of messages that belong to no conversation.
pub(super) const NO_CHAT: i64 = 0;

impl Places {
    /// The messages of a conversation, in no order. What could not be read is added to `skipped`.
    pub(super) fn of_chat(
        &self,
        connection: &Connection,
        schema: &Schema,
        chat: i64,
        skipped: &mut Vec<Skipped>,
    ) -> Vec<Place> {
        if chat == NO_CHAT {
            let mut places = Vec::new();
            let known = match schema.has_table(CHATS) {
                true => format!("m.ZCHATSESSION IS NULL OR m.ZCHATSESSION NOT IN (SELECT Z_PK FROM {CHATS})"),
                false => "1".to_owned(),
            };
            let filter = if schema.has_column(MESSAGES, "ZCHATSESSION") { known } else { "1".to_owned() };
            Self::each(connection, schema, &filter, [], skipped, &mut |_, place| places.push(place));
            return places;
        }
        if self.asked.fetch_add(1, Ordering::Relaxed) < FEW {
            let mut places = Vec::new();
            if schema.has_column(MESSAGES, "ZCHATSESSION") {
                Self::each(connection, schema, "m.ZCHATSESSION = ?1", [chat], skipped, &mut |_, place| {
                    places.push(place)
                });
            }
            return places;
        }
        let all = self.all.get_or_init(|| {
            let mut all = Vec::new();
            let keep = &mut |chat: Option<i64>, place| all.extend(chat.map(|chat| (chat, place)));
            Self::each(connection, schema, "1", [], skipped, keep);
            all.sort_unstable();
            all
        });
        let start = all.partition_point(|(own, _)| *own < chat);
        let own = all.get(start..).unwrap_or_default().iter().take_while(|(own, _)| *own == chat);
        own.map(|(_, place)| *place).collect()
    }

    fn each(
        connection: &Connection,
        schema: &Schema,
        filter: &str,
        parameters: impl Params + Clone,
        skipped: &mut Vec<Skipped>,
        each: &mut dyn FnMut(Option<i64>, Place),
    ) {
        let columns = schema.columns(MESSAGES, "m", &["ZCHATSESSION", "ZMESSAGEDATE", "ZSTANZAID", "ZMEDIAITEM"]);
        let sql = format!("SELECT m.ROWID, {columns} FROM {} m WHERE {filter}", quoted(MESSAGES));
        let row = &mut |row: &rusqlite::Row<'_>| {
            let Some(id) = integer(row, 0) else { return };
            let place = Place {
                date: real(row, 2).and_then(moment),
                id,
                stanza: blob(row, 3).map_or(0, hash),
                media: integer(row, 4),
            };
            each(integer(row, 1), place);
        };
        let read = match filter {
            "1" => {
                each_row_both_ways(connection, &format!("SELECT m.ROWID, {columns} FROM {} m", quoted(MESSAGES)), row)
            }
            _ => each_row(connection, &sql, parameters, row),
        };
        skipped.extend(read.err().map(|error| Skipped::part("some messages", error)));
    }
}

/// What stands for an identifier: not for what strangers choose, whom it is of is looked at again.
pub(super) fn hash(stanza: &[u8]) -> u64 {
    FixedState::with_seed(0x5741).hash_one(stanza).max(1)
}

/// What answers what in a conversation: the identifier that is answered, and the message that answers, ordered.
pub(super) fn answers(connection: &Connection, schema: &Schema, places: &[Place]) -> Vec<(u64, i64)> {
    let mut answers = Vec::new();
    if !schema.has_column(MEDIA, "ZMETADATA") {
        return answers;
    }
    let Ok(mut statement) = connection.prepare_cached(&format!("SELECT ZMETADATA FROM {MEDIA} WHERE ROWID = ?1"))
    else {
        return answers;
    };
    for place in places {
        let Some(media) = place.media else { continue };
        // What is damaged is said where the message itself is read.
        let Ok(stanza) = statement.query_row([media], |row| Ok(blob(row, 0).and_then(Metadata::quoted_stanza))) else {
            continue;
        };
        answers.extend(stanza.map(|stanza| (hash(stanza.as_bytes()), place.id)));
    }
    answers.sort_unstable();
    answers
}

/// The SQL that gives all of a message by its row number: its own columns, then those of what it carries, then its receipts.
pub(super) fn sql(schema: &Schema, with_joined: bool) -> String {
    let own = schema.columns(MESSAGES, "m", MessageColumn::NAMES);
    let has = |column: &str, table: &str| with_joined && schema.has_column(MESSAGES, column) && schema.has_table(table);
    let (has_media, has_info) = (has("ZMEDIAITEM", MEDIA), has("ZMESSAGEINFO", INFO));
    let nulls = |count: usize| vec!["NULL"; count].join(", ");
    let media =
        if has_media { schema.columns(MEDIA, "i", MediaColumn::NAMES) } else { nulls(MediaColumn::NAMES.len()) };
    let info = if has_info { schema.columns(INFO, "r", InfoColumn::NAMES) } else { nulls(InfoColumn::NAMES.len()) };
    let media_join = if has_media { format!(" LEFT JOIN {MEDIA} i ON i.ROWID = m.ZMEDIAITEM") } else { String::new() };
    let info_join = if has_info { format!(" LEFT JOIN {INFO} r ON r.ROWID = m.ZMESSAGEINFO") } else { String::new() };
    format!("SELECT {own}, {media}, {info} FROM {} m{media_join}{info_join} WHERE m.ROWID = ?1", quoted(MESSAGES))
}
