//! The reader: rows, sounds and transcripts as one list, in the order of time.
//!
//! Tables: `voicemail` (`date` and `expiration` in seconds since 1970, `trashed_date` in seconds since 2001, 0 for none),
//! `deleted` (the same columns), and `map`, which names the lines of a device with several: its `account` is what
//! `voicemail.label` holds. Column names: iOS 9.3, 10.3, 11.2, 15.3, 16.1 and 16.3; `receiver` and `label` came with iOS 12.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use rusqlite::Connection;

use super::sound_files::SoundFiles;
use super::{DATABASE, Sound, State, Voicemail};
use crate::database::{Column as _, Row, Schema, columns, each_of_table};
use crate::people::{Directory, NameCache, PersonFilter};
use crate::records::{Reading, Records};
use crate::selection::Selection;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

columns! {
    /// The columns of `voicemail` and of `deleted`.
    enum Column {
        Date = "date",
        Duration = "duration",
        Expires = "expiration",
        Trashed = "trashed_date",
        Flags = "flags",
        Sender = "sender",
        Callback = "callback_num",
        Receiver = "receiver",
        Label = "label",
        RemoteId = "remote_uid",
    }

    /// The columns of `map`.
    enum MapRow { Account = "account", Label = "label" }
}

/// What tells a table of voicemails from others of this name.
const TELLING: [Column; 4] = [Column::Sender, Column::Callback, Column::RemoteId, Column::Trashed];

/// Where a table says its voicemails are.
const TABLES: [(&str, State); 2] = [("voicemail", State::Kept), ("deleted", State::Deleted)];

/// What people call the file in what is said about it.
const VOICEMAIL_DB: &str = "voicemail.db";

/// The voicemails of a device.
pub struct Voicemails<'s> {
    source: &'s dyn Source,
    directory: &'s Directory,
    connection: Option<Connection>,
    schema: Schema,
    skipped: Vec<Skipped>,
    /// What was read, once somebody asked for any of it.
    all: OnceCell<Reading<Voicemail>>,
}

impl<'s> Voicemails<'s> {
    /// Opens the database, and looks for sounds where it is not there. Who called is looked up in the directory.
    ///
    /// # Errors
    /// When there is neither a database nor a sound, or the database cannot be read.
    pub fn open(source: &'s dyn Source, directory: &'s Directory) -> Result<Self, SourceError> {
        let (connection, schema, skipped) = (None, Schema::default(), Vec::new());
        let mut own = Self { source, directory, connection, schema, skipped, all: OnceCell::new() };
        let opened = source.database(DATABASE.0, DATABASE.1).and_then(|database| database.connect());
        match opened.and_then(|connection| probe(&connection).map(|schema| (connection, schema))) {
            Ok((connection, schema)) => (own.connection, own.schema) = (Some(connection), schema),
            Err(error) => {
                let is_other = source.is_one_database() && matches!(error, SourceError::Foreign { .. });
                if is_other || SoundFiles::list(source, &mut Vec::new()).rest().is_empty() {
                    return Err(error);
                }
                own.skipped.push(match error {
                    SourceError::Unreadable { why, .. } | SourceError::Foreign { why, .. } => {
                        Skipped::new(VOICEMAIL_DB, why)
                    }
                    error => Skipped::new(VOICEMAIL_DB, error),
                });
            }
        }
        Ok(own)
    }

    /// All of them, ordered by time, those without a date first. There are few enough to hold: a carrier keeps some dozens.
    fn all(&self) -> &Reading<Voicemail> {
        self.all.get_or_init(|| {
            let mut skipped = self.skipped.clone();
            let mut sound_files = SoundFiles::list(self.source, &mut skipped);
            let mut found = self.rows(&mut sound_files, &mut skipped);
            for stem in sound_files.rest() {
                found.push(self.unlisted(&stem, &mut sound_files, &mut skipped));
            }
            let mut names = NameCache::new(self.directory);
            for voicemail in &mut found {
                let numbers = [&voicemail.sender, &voicemail.callback];
                let name = numbers.into_iter().flatten().find_map(|number| names.of(number));
                voicemail.name = name.map(str::to_owned);
            }
            found.sort_by_key(|voicemail| (voicemail.date, voicemail.state == State::Deleted, voicemail.id));
            Reading { records: found, skipped }
        })
    }

    /// Those that are asked for.
    fn chosen(&self, selection: &Selection) -> impl Iterator<Item = &Voicemail> {
        let mut wanted = PersonFilter::new(self.directory, selection);
        self.all().records.iter().filter(move |voicemail| {
            let own = [&voicemail.sender, &voicemail.callback, &voicemail.name];
            let is_with = wanted.is_everybody() || own.into_iter().flatten().any(|handle| wanted.includes(handle));
            is_with && selection.includes_time(voicemail.date)
        })
    }

    fn rows(&self, sound_files: &mut SoundFiles, skipped: &mut Vec<Skipped>) -> Vec<Voicemail> {
        let mut found = Vec::new();
        let Some(connection) = &self.connection else { return found };
        let lines = self.lines(connection, skipped);
        for (table, state) in TABLES {
            let read = each_of_table(connection, &self.schema, table, &mut |id, row| {
                found.extend(id.map(|id| voicemail(id, row, state, &lines)));
            });
            skipped.extend(read.err().map(|error| Skipped::part(format!("some rows of {table}"), error)));
        }
        for voicemail in found.iter_mut().filter(|voicemail| voicemail.state != State::Deleted) {
            let stem = voicemail.id.unwrap_or_default().to_string();
            (voicemail.sound, voicemail.others) = sound_files.sounds(&stem);
            voicemail.transcript = sound_files.transcript(self.source, &stem, skipped);
        }
        found
    }

    /// The names of lines, by what a row calls them.
    fn lines(&self, connection: &Connection, skipped: &mut Vec<Skipped>) -> HashMap<String, String> {
        let mut lines = HashMap::new();
        let read = each_of_table(connection, &self.schema, "map", &mut |_, row| {
            lines.extend(row.some_text(MapRow::Account).zip(row.some_text(MapRow::Label)));
        });
        skipped.extend(read.err().map(|error| Skipped::part("some lines of the device", error)));
        lines
    }

    /// A sound that no row speaks of; a greeting, as a rule.
    fn unlisted(&self, stem: &str, sound_files: &mut SoundFiles, skipped: &mut Vec<Skipped>) -> Voicemail {
        let date = sound_files.modified(stem).and_then(AppleTime::from_unix_seconds);
        let (sound, others) = sound_files.sounds(stem);
        Voicemail {
            date,
            sound,
            others,
            transcript: sound_files.transcript(self.source, stem, skipped),
            line: Some(stem.to_owned()).filter(|stem| stem.parse::<i64>().is_err()),
            ..Voicemail::empty(None, State::Unlisted)
        }
    }
}

impl Records for Voicemails<'_> {
    type Record = Voicemail;
    type Filter = Selection;

    fn count(&self, selection: &Selection) -> Option<u64> {
        Some(self.chosen(selection).count() as u64)
    }

    /// In the order of time, those without a date first.
    fn each(&self, selection: &Selection, each: &mut dyn FnMut(Voicemail) -> ControlFlow<()>) -> Vec<Skipped> {
        _ = self.chosen(selection).cloned().try_for_each(each);
        self.all().skipped.clone()
    }

    fn addresses(&self) -> BTreeSet<String> {
        let numbers = self.all().records.iter().flat_map(|voicemail| [&voicemail.sender, &voicemail.callback]);
        numbers.flatten().cloned().collect()
    }
}

impl Voicemail {
    fn empty(id: Option<i64>, state: State) -> Self {
        Self {
            id,
            state,
            date: None,
            trashed: None,
            expires: None,
            duration: None,
            sender: None,
            callback: None,
            name: None,
            receiver: None,
            line: None,
            flags: None,
            remote_id: None,
            transcript: None,
            sound: Sound::Missing { why: "it was deleted".to_owned(), expected: false },
            others: Vec::new(),
            odd: Vec::new(),
        }
    }
}

fn probe(connection: &Connection) -> Result<Schema, SourceError> {
    let schema = Schema::probe(connection).map_err(|error| SourceError::unreadable(VOICEMAIL_DB, error))?;
    match schema.has_any_column("voicemail", &TELLING.map(Column::name)) {
        true => Ok(schema),
        false => Err(SourceError::foreign(VOICEMAIL_DB, "it has no table of voicemails")),
    }
}

fn voicemail(id: i64, row: Row<'_, Column>, state: State, lines: &HashMap<String, String>) -> Voicemail {
    let mut odd = Vec::new();
    let mut note = |name: &str, value: Option<String>| odd.extend(value.map(|value| format!("{name} {value}")));
    let (date, odd_date) = unix(row.integer(Column::Date));
    note("date", odd_date);
    let (expires, _) = unix(row.integer(Column::Expires));
    let stored = row.real(Column::Duration);
    let duration = stored.filter(|seconds| (0.0..1e8).contains(seconds));
    note("duration", stored.filter(|_| duration.is_none()).map(|value| value.to_string()));
    let trashed = row.real(Column::Trashed).filter(|seconds| *seconds > 0.0);
    let label = row.some_text(Column::Label);
    let sender = row.some_text(Column::Sender);
    Voicemail {
        state: if trashed.is_some() && state == State::Kept { State::Trashed } else { state },
        date,
        trashed: trashed.and_then(AppleTime::from_seconds).filter(|date| date.timestamp().is_some()),
        expires,
        duration,
        callback: row.some_text(Column::Callback).filter(|number| Some(number) != sender.as_ref()),
        sender,
        receiver: row.some_text(Column::Receiver),
        line: label.map(|label| lines.get(&label).cloned().unwrap_or(label)),
        flags: row.integer(Column::Flags),
        remote_id: row.integer(Column::RemoteId),
        odd,
        ..Voicemail::empty(Some(id), state)
    }
}

/// A moment in seconds since 1970, or else the value that is none; 0 and -1 stand for none.
fn unix(value: Option<i64>) -> (Option<AppleTime>, Option<String>) {
    let Some(value) = value else { return (None, None) };
    let date = AppleTime::from_unix_seconds(value).filter(|date| value > 0 && date.timestamp().is_some());
    let odd = (date.is_none() && !matches!(value, 0 | -1)).then(|| value.to_string());
    (date, odd)
}

#[cfg(test)]
mod tests;
