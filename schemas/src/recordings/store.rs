//! The rows of one database, of any iOS.
//!
//! `ZCLOUDRECORDING` (iOS 12 and later) and `ZRECORDING` (before); `ZFOLDER` came with iOS 14. Column names: a database of macOS 13
//! or 14, and what several public readers of backups of iOS 15 to 26 ask for. What the columns mean is Apple's own code: the
//! title is `ZENCRYPTEDTITLE`, plain text despite its name, else `ZCUSTOMLABEL` where that is more than the date; the length is
//! `ZLOCALDURATION`, else `ZDURATION`; bit 0 of `ZSHAREDFLAGS` marks a favourite; `ZEVICTIONDATE` is when it was deleted. Dates are
//! seconds since 2001.

use std::collections::HashMap;

use rusqlite::Connection;

use super::model::{Recording, State};
use crate::database::{Column as _, Row, Schema, columns, each_of_table};
use crate::kind::DomainPath;
use crate::skipped::Skipped;
use crate::sound::Sound;
use crate::source::{Source, SourceError};
use crate::time::AppleTime;

columns! {
    /// The columns of both tables of recordings.
    enum Column {
        Date = "ZDATE",
        Duration = "ZDURATION",
        LocalDuration = "ZLOCALDURATION",
        Deleted = "ZEVICTIONDATE",
        Title = "ZENCRYPTEDTITLE",
        Label = "ZCUSTOMLABEL",
        Path = "ZPATH",
        UniqueId = "ZUNIQUEID",
        Folder = "ZFOLDER",
        SharedFlags = "ZSHAREDFLAGS",
    }

    /// The columns of folders.
    enum FolderRow { Name = "ZENCRYPTEDNAME", PlainName = "ZNAME" }
}

/// What tables of recordings are called.
const TABLES: [&str; 2] = ["ZCLOUDRECORDING", "ZRECORDING"];

/// The bit of a favourite among the flags that devices share.
const FAVORITE: i64 = 1;

/// One database.
pub(super) struct Store {
    connection: Connection,
    schema: Schema,
    place: DomainPath,
}

impl Store {
    /// Opens one.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is a database of something else.
    pub(super) fn open(source: &dyn Source, place: DomainPath) -> Result<Self, SourceError> {
        let connection = source.database(place.0, place.1)?.connect()?;
        let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(name_of(place), error))?;
        let telling = [Column::Duration.name(), Column::Path.name()];
        match TABLES.iter().any(|table| schema.has_any_column(table, &telling)) {
            true => Ok(Self { connection, schema, place }),
            false => Err(SourceError::foreign(name_of(place), "it has no table of voice memos")),
        }
    }

    /// The domain of its sounds.
    pub(super) fn domain(&self) -> &'static str {
        self.place.0
    }

    /// Hands on each row, as far as the row alone tells.
    pub(super) fn each(&self, skipped: &mut Vec<Skipped>, each: &mut dyn FnMut(Recording)) {
        let folders = self.folders(skipped);
        for table in TABLES {
            let has_flags = self.schema.has_column(table, Column::SharedFlags.name());
            let read = each_of_table(&self.connection, &self.schema, table, &mut |id, row| {
                each(recording(id, row, &folders, has_flags));
            });
            let what = || format!("some voice memos of {}", name_of(self.place));
            skipped.extend(read.err().map(|error| Skipped::part(what(), error)));
        }
    }

    /// The names of folders, by their rows.
    fn folders(&self, skipped: &mut Vec<Skipped>) -> HashMap<i64, String> {
        let mut folders = HashMap::new();
        let read = each_of_table(&self.connection, &self.schema, "ZFOLDER", &mut |id, row| {
            let name = row.name(FolderRow::Name).or_else(|| row.name(FolderRow::PlainName));
            folders.extend(id.zip(name));
        });
        skipped.extend(read.err().map(|error| Skipped::part("some folders of voice memos", error)));
        folders
    }
}

fn recording(id: Option<i64>, row: Row<'_, Column>, folders: &HashMap<i64, String>, has_flags: bool) -> Recording {
    let mut odd = Vec::new();
    let mut moment = |name: &str, column| {
        let stored = row.real(column).filter(|seconds| *seconds != 0.0);
        let date = stored.and_then(AppleTime::from_seconds).filter(|date| date.timestamp().is_some());
        odd.extend(stored.filter(|_| date.is_none()).map(|stored| format!("{name} {stored}")));
        date
    };
    let date = moment("date", Column::Date);
    let deleted = moment("date of deletion", Column::Deleted);
    let stored = row.real(Column::LocalDuration).or_else(|| row.real(Column::Duration));
    let duration = stored.filter(|seconds| (0.0..1e8).contains(seconds));
    odd.extend(stored.filter(|_| duration.is_none()).map(|stored| format!("duration {stored}")));
    let folder = row.integer(Column::Folder).filter(|folder| *folder != 0);
    let name = folder.and_then(|folder| folders.get(&folder).cloned());
    odd.extend(folder.filter(|_| name.is_none()).map(|folder| format!("folder {folder}")));
    let flags = row.integer(Column::SharedFlags);
    // Old devices wrote where the file lay, new ones what it is called.
    let path = row.some_text(Column::Path);
    let file = path.and_then(|path| path.rsplit('/').next().map(str::to_owned)).filter(|name| !name.is_empty());
    let is_deleted = !matches!(row.value(Column::Deleted), rusqlite::types::ValueRef::Null);
    Recording {
        id,
        unique_id: row.name(Column::UniqueId),
        state: if is_deleted { State::Deleted } else { State::Kept },
        title: row.some_text(Column::Title).or_else(|| row.some_text(Column::Label).filter(|label| !is_date(label))),
        date,
        deleted,
        duration,
        folder: name,
        favorite: has_flags.then(|| flags.unwrap_or_default() & FAVORITE != 0),
        edited: false,
        file,
        flags,
        transcript: None,
        sound: Sound::Missing { why: String::new(), expected: false },
        others: Vec::new(),
        odd,
    }
}

/// Whether a label is only when it was recorded: `2021-12-30T18:38:46Z`.
fn is_date(label: &str) -> bool {
    label.parse::<jiff::Timestamp>().is_ok()
}

/// What people call a database in what is said about it.
pub(super) fn name_of(place: DomainPath) -> &'static str {
    place.1.rsplit('/').next().unwrap_or_default()
}
