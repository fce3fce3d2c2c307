//! Which messages a conversation has, in order, and what answers what.

use std::hash::BuildHasher as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::fast::FixedState;
use rusqlite::{Connection, Params};

use super::columns::{CHATS, MEDIA, MESSAGES};
use super::dates::moment;
use super::metadata::Metadata;
use crate::database::{Schema, blob, each_row, each_row_both_ways, integer, quoted, real, truth};
use crate::skipped::Skipped;
use crate::time::AppleTime;

/// After how many conversations all of them are looked up at once.
const FEW: usize = 16;

/// Stands for no number: a million of these are kept at once.
const NONE: i64 = i64::MIN;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) date: Option<AppleTime>,
    pub(super) id: i64,
    /// Of its identifier.
    pub(super) stanza: u64,
    chat: i64,
    /// Where it stands in its conversation.
    sort: i64,
    media: i64,
    pub(super) is_from_me: bool,
}

impl Place {
    /// The row of what it carries.
    fn media(&self) -> Option<i64> {
        Some(self.media).filter(|media| *media != NONE)
    }

    /// What comes earlier is smaller. What others sent has whole seconds and what the owner sent has parts of them: within one
    /// second, the app's own order counts.
    fn key(&self) -> impl Ord {
        let second = self.date.map(|date| date.nanoseconds().div_euclid(1_000_000_000));
        let sort = (self.sort != NONE).then_some((self.chat, self.sort));
        (second, sort, self.date, self.id)
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Where all messages are, as soon as that pays.
#[derive(Default)]
pub(super) struct Places {
    asked: AtomicUsize,
    all: OnceLock<Vec<Place>>,
}

/// What asks for all of them.
const ALL: &str = "1";

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
                true => format!(
                    "m.ZCHATSESSION IS NULL OR m.ZCHATSESSION = {NO_CHAT} OR NOT EXISTS (SELECT 1 FROM {CHATS} c WHERE c.ROWID = m.ZCHATSESSION)"
                ),
                false => ALL.to_owned(),
            };
            let filter = if schema.has_column(MESSAGES, "ZCHATSESSION") { known } else { ALL.to_owned() };
            Self::each(connection, schema, &filter, [], skipped, &mut |place| places.push(place));
            return places;
        }
        if self.asked.fetch_add(1, Ordering::Relaxed) < FEW {
            let mut places = Vec::new();
            if schema.has_column(MESSAGES, "ZCHATSESSION") {
                Self::each(connection, schema, "m.ZCHATSESSION = ?1", [chat], skipped, &mut |place| places.push(place));
            }
            return places;
        }
        let all = self.all.get_or_init(|| {
            let mut all = Vec::new();
            Self::each(connection, schema, ALL, [], skipped, &mut |place| all.push(place));
            all.sort_unstable_by(|own: &Place, other| own.chat.cmp(&other.chat).then_with(|| own.id.cmp(&other.id)));
            all
        });
        let start = all.partition_point(|own| own.chat < chat);
        all.get(start..).unwrap_or_default().iter().take_while(|own| own.chat == chat).copied().collect()
    }

    fn each(
        connection: &Connection,
        schema: &Schema,
        filter: &str,
        parameters: impl Params + Clone,
        skipped: &mut Vec<Skipped>,
        each: &mut dyn FnMut(Place),
    ) {
        let columns = ["ZCHATSESSION", "ZMESSAGEDATE", "ZSTANZAID", "ZMEDIAITEM", "ZSORT", "ZISFROMME"];
        let columns = schema.columns(MESSAGES, "m", &columns);
        let sql = format!("SELECT m.ROWID, {columns} FROM {} m WHERE {filter}", quoted(MESSAGES));
        let row = &mut |row: &rusqlite::Row<'_>| {
            let Some(id) = integer(row, 0) else { return };
            each(Place {
                date: real(row, 2).and_then(moment),
                id,
                stanza: blob(row, 3).map_or(0, hash),
                chat: integer(row, 1).unwrap_or(NONE),
                sort: integer(row, 5).unwrap_or(NONE),
                media: integer(row, 4).unwrap_or(NONE),
                is_from_me: truth(row, 6),
            });
        };
        let read = match filter {
            ALL => {
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
        let Some(media) = place.media() else { continue };
        // What is damaged is said where the message itself is read.
        let Ok(stanza) = statement.query_row([media], |row| Ok(blob(row, 0).and_then(Metadata::quoted_stanza))) else {
            continue;
        };
        answers.extend(stanza.map(|stanza| (hash(stanza.as_bytes()), place.id)));
    }
    answers.sort_unstable();
    answers
}
