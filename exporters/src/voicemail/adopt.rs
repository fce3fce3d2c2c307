//! Reading voicemails back from the files of an older corer.

use std::collections::HashMap;
use std::path::Path;

use corer_schemas::voicemail::{Sound, State, Transcript, Voicemail};
use corer_schemas::{Entry, EntryKind, Presence};
use serde::Deserialize;

use super::{RECORDS, TABLE};
use crate::saved::adopt::{json_lines, moment, table};
use crate::saved::{FOLDER, is_there};

/// A record of `voicemail.jsonl`, as far as it says more than nothing.
#[derive(Deserialize)]
struct Record {
    id: Option<i64>,
    remote_id: Option<i64>,
    state: State,
    date: Option<String>,
    duration: Option<f64>,
    sender: Option<String>,
    callback: Option<String>,
    name: Option<String>,
    receiver: Option<String>,
    line: Option<String>,
    expires: Option<String>,
    trashed: Option<String>,
    flags: Option<i64>,
    transcript: Option<String>,
    confidence: Option<f64>,
    sound: SavedSound,
    odd: Vec<String>,
}

#[derive(Deserialize)]
struct SavedSound {
    path: Option<String>,
    reason: Option<String>,
}

/// The voicemails of a folder, from its records or else from its table. `None` where it has neither.
pub(super) fn voicemails(folder: &Path) -> Option<Vec<Voicemail>> {
    let records = json_lines(&folder.join(RECORDS), "voicemail");
    let records =
        records.map(|records: Vec<Record>| records.into_iter().map(|record| of_record(record, folder)).collect());
    let rows = || table(&folder.join(TABLE))?.iter().map(|row| of_row(row, folder)).collect();
    let mut voicemails: Vec<Voicemail> = records.or_else(rows)?;
    voicemails.sort_by_key(|voicemail| voicemail.date);
    Some(voicemails)
}

fn of_record(own: Record, folder: &Path) -> Voicemail {
    let confidence = own.confidence;
    Voicemail {
        id: own.id,
        state: own.state,
        date: moment(own.date.as_deref()),
        trashed: moment(own.trashed.as_deref()),
        expires: moment(own.expires.as_deref()),
        duration: own.duration,
        sender: own.sender,
        callback: own.callback,
        name: own.name,
        receiver: own.receiver,
        line: own.line,
        flags: own.flags,
        remote_id: own.remote_id,
        transcript: own.transcript.map(|text| Transcript { text, confidence }),
        sound: sound(own.sound.path.as_deref(), own.sound.reason, folder),
        others: Vec::new(),
        odd: own.odd,
    }
}

/// A voicemail of the table, which says less. `None` for a row of another table.
fn of_row(row: &HashMap<String, String>, folder: &Path) -> Option<Voicemail> {
    let cell = |name: &str| row.get(name).cloned();
    let float = |name: &str| row.get(name).and_then(|cell| cell.parse().ok());
    let state = match row.get("State")?.as_str() {
        "deleted" => State::Deleted,
        "in the trash" => State::Trashed,
        "not in the list" => State::Unlisted,
        _ => State::Kept,
    };
    let file = row.get("Sound").and_then(|sound| sound.split("; ").next());
    Some(Voicemail {
        id: row.get("ID").and_then(|cell| cell.parse().ok()),
        state,
        date: moment(row.get("Exact time").map(String::as_str)),
        trashed: None,
        expires: None,
        duration: float("Seconds"),
        sender: cell("Number"),
        callback: None,
        name: cell("Name"),
        receiver: None,
        line: cell("Line"),
        flags: None,
        remote_id: None,
        transcript: cell("Transcript").map(|text| Transcript { text, confidence: float("Confidence") }),
        sound: sound(file, file.map(str::to_owned), folder),
        others: Vec::new(),
        odd: cell("Notes").into_iter().collect(),
    })
}

/// A sound that lies in the export.
fn sound(path: Option<&str>, why: Option<String>, folder: &Path) -> Sound {
    match path.filter(|path| is_there(folder, path)) {
        Some(path) => Sound::Stored(Entry {
            id: 0,
            domain: FOLDER.to_owned(),
            path: path.to_owned(),
            kind: EntryKind::File,
            size_hint: length(&folder.join(path)),
            modified: modified(&folder.join(path)),
            created: None,
            presence: Presence::Present,
        }),
        None => Sound::Missing { why: why.unwrap_or_else(|| "it is not here any more".to_owned()), expected: false },
    }
}

fn length(file: &Path) -> Option<u64> {
    file.symlink_metadata().ok().map(|found| found.len())
}

/// In seconds since 1970: exports give files the times that they had.
fn modified(file: &Path) -> Option<i64> {
    let found = file.symlink_metadata().ok()?;
    Some(filetime::FileTime::from_last_modification_time(&found).unix_seconds())
}
