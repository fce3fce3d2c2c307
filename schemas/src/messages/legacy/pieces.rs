//! The parts of multimedia messages in iOS 3 to 5: `msg_pieces`.
//!
//! A text part holds its words in `data`. A media part lies in a file of its own, by the rule that iOS 6 applies when it
//! takes such a message over: `Library/SMS/Parts/<group, hexadecimal>/<message modulo 16>/<message>-<part>.<ending>`,
//! with two digits at least, and the ending of `content_loc`. The layout part (SMIL) and the root part say nothing.

use std::collections::HashMap;
use std::sync::OnceLock;

use rusqlite::Connection;

use super::super::ATTACHMENTS;
use super::super::attachments::StoredAttachment;
use super::super::generation::number;
use crate::database::{Column as _, Row, Schema, columns, each_row, each_row_both_ways, integer};
use crate::skipped::Skipped;
use crate::source::Source;

columns! {
    /// The columns of `msg_pieces`.
    enum Column { Part = "part_id", Mime = "content_type", Name = "content_loc", Data = "data" }
}

const HOME: &str = "/var/mobile";
const PLACEHOLDER: char = '\u{fffc}';

/// The parts of all multimedia messages.
pub(super) struct Pieces<'s> {
    source: &'s dyn Source,
    /// The rows of the parts of each message: the table need not have an index of messages.
    messages: HashMap<i64, Vec<i64>>,
    query: String,
    /// The files that there are, by `<message>-<part>`, for parts whose file ends otherwise than they say.
    files: OnceLock<HashMap<String, String>>,
}

/// The parts of one message together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The words of the text parts, with a placeholder for each file.
    pub(super) text: String,
    pub(super) files: Vec<StoredAttachment>,
}

/// A row of the table.
struct Piece {
    id: i64,
    part: Option<i64>,
    mime: Option<String>,
    name: Option<String>,
    /// What a part of text says.
    words: String,
    /// How many bytes lie in the row.
    size: Option<i64>,
}

impl Piece {
    fn read(id: i64, row: Row<'_, Column>) -> Self {
        let (mime, data) = (row.some_text(Column::Mime), row.blob(Column::Data));
        let words = data.filter(|_| mime.as_deref() == Some("text/plain")).map(String::from_utf8_lossy);
        Self {
            id,
            part: row.integer(Column::Part),
            name: row.some_text(Column::Name),
            words: words.unwrap_or_default().into_owned(),
            size: data.and_then(|data| i64::try_from(data.len()).ok()),
            mime,
        }
    }
}

impl<'s> Pieces<'s> {
    pub(super) fn new(
        source: &'s dyn Source,
        schema: &Schema,
        connection: &Connection,
        skipped: &mut Vec<Skipped>,
    ) -> Self {
        let mut messages: HashMap<i64, Vec<i64>> = HashMap::new();
        if schema.has_column("msg_pieces", "message_id") {
            let sql = "SELECT p.ROWID, p.message_id FROM msg_pieces p";
            let read = each_row_both_ways(connection, sql, &mut |row| {
                if let (Some(part), Some(message)) = (integer(row, 0), integer(row, 1)) {
                    messages.entry(message).or_default().push(part);
                }
            });
            skipped.extend(read.err().map(|error| Skipped::part("parts of some messages", error)));
        }
        let columns = schema.columns("msg_pieces", "p", Column::NAMES);
        let query = format!("SELECT p.ROWID, {columns} FROM msg_pieces p WHERE p.ROWID = ?1");
        Self { source, messages, query, files: OnceLock::new() }
    }

    /// The parts of a message, in their order.
    pub(super) fn of(&self, connection: &Connection, message: i64, group: Option<i64>) -> rusqlite::Result<Parts> {
        let mut rows = Vec::new();
        for id in self.messages.get(&message).into_iter().flatten() {
            each_row(connection, &self.query, [id], &mut |row| {
                rows.extend(integer(row, 0).map(|id| Piece::read(id, Row::queried(row, 1))));
            })?;
        }
        rows.sort_by_key(|piece: &Piece| (piece.part, piece.id));
        let mut parts = Parts::default();
        rows.into_iter().for_each(|piece| self.add(piece, message, group, &mut parts));
        Ok(parts)
    }

    fn add(&self, piece: Piece, message: i64, group: Option<i64>, parts: &mut Parts) {
        let Piece { id, part, mime, name, words, size } = piece;
        let part = part.unwrap_or(0);
        match mime.as_deref() {
            Some("text/plain") => parts.text += &words,
            Some("application/smil") => {}
            None if name.is_none() && size.is_none() => {}
            _ => {
                let (path, there) = self.path(message, part, group, name.as_deref());
                let inside = !there && size.is_some();
                let (path, lacking) = (Some(path), inside.then(|| "it lies inside of the database".into()));
                parts.text.push(PLACEHOLDER);
                parts.files.push(StoredAttachment {
                    id,
                    path,
                    transfer_name: name,
                    mime,
                    size,
                    lacking,
                    ..StoredAttachment::default()
                });
            }
        }
    }

    /// The path on the device, and whether the source has it: by the rule, or else wherever the source has such a file.
    fn path(&self, message: i64, part: i64, group: Option<i64>, name: Option<&str>) -> (String, bool) {
        let stem = format!("{message}-{part}");
        let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| format!(".{ending}"));
        let (group, sixteenth) = (group.unwrap_or(0), message.rem_euclid(16));
        let (domain, folder) = ATTACHMENTS;
        let ruled = format!("{folder}/Parts/{group:02x}/{sixteenth:02}/{stem}{}", ending.unwrap_or_default());
        let there = self.source.entry(domain, &ruled).is_ok();
        let elsewhere = || self.files().get(&stem).filter(|_| !there);
        (format!("{HOME}/{}", elsewhere().unwrap_or(&ruled)), there || elsewhere().is_some())
    }

    fn files(&self) -> &HashMap<String, String> {
        self.files.get_or_init(|| {
            let (domain, folder) = ATTACHMENTS;
            let entries = self.source.entries(domain, &format!("{folder}/Parts")).unwrap_or_default();
            let stem = |path: &str| {
                let name = path.rsplit('/').next().unwrap_or(path);
                name.split_once('.').map_or(name, |(stem, _)| stem).to_owned()
            };
            entries.into_iter().map(|entry| (stem(&entry.path), entry.path)).collect()
        })
    }

    /// How many files there are in all parts.
    pub(super) fn count(&self, connection: &Connection) -> rusqlite::Result<u64> {
        if self.messages.is_empty() {
            return Ok(0);
        }
        number(
            connection,
            "SELECT count(*) FROM msg_pieces WHERE content_type NOT IN ('', 'text/plain', 'application/smil')",
        )
    }
}
