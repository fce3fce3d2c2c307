//! The parts of multimedia messages in iOS 3 to 5: `msg_pieces`.
//!
//! A text part holds its words in `data`. A media part lies in a file of its own, by the rule that iOS 6 applies when it
//! takes such a message over: `Library/SMS/Parts/<group, hexadecimal>/<message modulo 16>/<message>-<part>.<ending>`,
//! with two digits at least, and the ending of `content_loc`. The layout part (SMIL) and the root part say nothing.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rusqlite::{Connection, Row};

use super::super::ATTACHMENTS;
use super::super::attachments::Stored;
use super::super::generation::number;
use crate::database::{Schema, blob, each_row, each_row_both_ways, integer, some_text};
use crate::skipped::Skipped;
use crate::source::Source;

const COLUMNS: [&str; 4] = ["part_id", "content_type", "content_loc", "data"];
const HOME: &str = "/var/mobile";
const PLACEHOLDER: char = '\u{fffc}';

/// The parts of all multimedia messages.
pub(super) struct Pieces<'s> {
    source: &'s dyn Source,
    /// The messages that have parts.
    messages: HashSet<i64>,
    query: String,
    /// The files that there are, by `<message>-<part>`, for parts whose file ends otherwise than they say.
    files: OnceLock<HashMap<String, String>>,
}

/// The parts of one message together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    /// The words of the text parts, with a placeholder for each file.
    pub(super) text: String,
    pub(super) files: Vec<Stored>,
}

impl<'s> Pieces<'s> {
    pub(super) fn new(
        source: &'s dyn Source,
        schema: &Schema,
        connection: &Connection,
        skipped: &mut Vec<Skipped>,
    ) -> Self {
        let mut messages = HashSet::new();
        if schema.has_column("msg_pieces", "message_id") {
            let sql = "SELECT p.ROWID, p.message_id FROM msg_pieces p";
            let read = each_row_both_ways(connection, sql, &mut |row| messages.extend(integer(row, 1)));
            skipped.extend(read.err().map(|error| Skipped::new("parts of some messages", error)));
        }
        let columns = schema.columns("msg_pieces", "p", &COLUMNS);
        let query = format!("SELECT p.ROWID, {columns} FROM msg_pieces p WHERE p.message_id = ?1 ORDER BY 2, 1");
        Self { source, messages, query, files: OnceLock::new() }
    }

    /// The parts of a message, in their order.
    pub(super) fn of(&self, connection: &Connection, message: i64, group: Option<i64>) -> rusqlite::Result<Parts> {
        let mut parts = Parts::default();
        if self.messages.contains(&message) {
            each_row(connection, &self.query, [message], &mut |row| self.add(row, message, group, &mut parts))?;
        }
        Ok(parts)
    }

    fn add(&self, row: &Row<'_>, message: i64, group: Option<i64>, parts: &mut Parts) {
        let (Some(id), part) = (integer(row, 0), integer(row, 1).unwrap_or(0)) else { return };
        let (mime, name, data) = (some_text(row, 2), some_text(row, 3), blob(row, 4));
        match mime.as_deref() {
            Some("text/plain") => parts.text += &String::from_utf8_lossy(data.unwrap_or_default()),
            Some("application/smil") => {}
            None if name.is_none() && data.is_none() => {}
            _ => {
                let (path, there) = self.path(message, part, group, name.as_deref());
                let inside = !there && data.is_some();
                let (path, lacking) = (Some(path), inside.then(|| "it lies inside of the database".into()));
                parts.text.push(PLACEHOLDER);
                let size = data.and_then(|data| i64::try_from(data.len()).ok());
                parts.files.push(Stored { id, path, transfer_name: name, mime, size, lacking, ..Stored::default() });
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
