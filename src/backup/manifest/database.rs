//! `Manifest.db` of iOS 10 and later: one row in `Files` for each file, directory and link.
//!
//! `flags` is a mask: 1 file, 2 directory, 4 link, 8 and 128 uploaded, 16 placeholder, 32 verified. Placeholders are rows
//! of an interrupted backup with NULL in every other column. The mode in the record goes before the flags.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use corer_schemas::Skipped;
use corer_schemas::database::{Schema, each_row};
use corer_schemas::source::{Database, EntryKind, SourceError};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row};

use super::catalog::{Catalog, LONGEST_PATH, beginning};
use super::facts::{Details, Facts, RecordKind};
use super::{FileId, ios10_records, mbfile};
use crate::backup::database::StoredDatabase;

const FLAG_FILE: i64 = 1;
const FLAG_DIRECTORY: i64 = 2;
const FLAG_LINK: i64 = 4;
const FLAG_PLACEHOLDER: i64 = 16;

/// What the table `Files` holds.
const COLUMNS: [&str; 5] = ["fileID", "domain", "relativePath", "flags", "file"];

/// A manifest that is a database.
pub struct ManifestDatabase {
    database: Arc<StoredDatabase>,
    decryptor: Option<ios10_records::RecordDecryptor>,
    /// For details: one connection, and with it one bound on the work, for all who ask.
    connection: Mutex<Option<Connection>>,
}

/// Why a manifest could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The database cannot be opened.
    #[error("Manifest.db cannot be read: {0}")]
    Database(#[from] SourceError),
    /// It can be opened and has no table of files.
    #[error("Manifest.db has no table of files")]
    NoTable,
    /// Columns are missing or are computed, which no device does.
    #[error("the table of files in Manifest.db does not hold what a device writes into it")]
    Columns,
    /// SQLite gave up.
    #[error("Manifest.db cannot be read: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The older kind of manifest is damaged from its first byte on.
    #[error("Manifest.mbdb cannot be read: {0}")]
    Mbdb(&'static str),
}

impl ManifestDatabase {
    /// Takes the database. The password serves the rare manifests of iOS 10.0 whose records are encrypted one by one.
    pub fn new(database: Arc<StoredDatabase>, password: Option<&[u8]>) -> Self {
        let salt = password.and_then(|_| salt(database.as_ref()));
        let decryptor = password.zip(salt).map(|(password, salt)| ios10_records::RecordDecryptor::new(password, &salt));
        Self { database, decryptor, connection: Mutex::default() }
    }

    /// The database itself.
    pub fn database(&self) -> &dyn Database {
        self.database.as_ref()
    }

    /// What beside the manifest could not be read.
    pub fn unread(&self) -> &[Skipped] {
        self.database.unread()
    }

    /// Reads every row. A row that makes no sense is noted; where the database itself breaks off, the rest is noted as
    /// lost and what was read stays.
    ///
    /// # Errors
    /// When not even the first row can be asked for.
    pub fn catalog(&self) -> Result<Catalog, ManifestError> {
        let connection = self.database.connect()?;
        check_table(&connection)?;
        let mut catalog = Catalog::of_size(self.database.size());
        self.read_rows(&connection, &mut catalog)?;
        catalog.finish();
        Ok(catalog)
    }

    /// Reads the rows in the order in which they lie. Where the database is damaged, what lies behind is read from the
    /// other end, and each row is taken once.
    fn read_rows(&self, connection: &Connection, catalog: &mut Catalog) -> Result<(), ManifestError> {
        let columns = COLUMNS.join(", ");
        let rows = &format!("SELECT {columns} FROM Files");
        let mut seen = HashSet::new();
        let mut number = 0;
        let forward = each_row(connection, rows, [], &mut |row| {
            number += 1;
            self.take(row, number, catalog);
        });
        let Err(error) = forward else { return Ok(()) };
        if number == 0 && !is_damage(&error) {
            return Err(error.into());
        }
        seen.extend(catalog.file_ids());
        // This way ends at the same damage; the error that counts is the first one.
        let _ = each_row(connection, &format!("{rows} ORDER BY rowid DESC"), [], &mut |row| {
            number += 1;
            if bytes(row, 0).and_then(FileId::parse).is_some_and(|file_id| seen.insert(file_id)) {
                self.take(row, number, catalog);
            }
        });
        catalog.note(Skipped::new(format!("the rows of Manifest.db beside the {number} that can be read"), error));
        Ok(())
    }

    /// What SQLite finds wrong with the database and its indexes; `None` for nothing.
    pub fn damage(&self) -> Option<String> {
        let connection = match self.database.connect() {
            Ok(connection) => connection,
            Err(error) => return Some(error.to_string()),
        };
        match connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0)) {
            Ok(found) if found == "ok" => None,
            Ok(found) => Some(format!("Manifest.db is damaged ({})", found.lines().last().unwrap_or_default())),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => None,
            Err(error) => Some(format!("Manifest.db is damaged ({error})")),
        }
    }

    /// Reads what is seldom asked of the row with this file ID.
    ///
    /// # Errors
    /// When the row or its record cannot be read.
    pub fn details(&self, file_id: FileId) -> Result<Details, SourceError> {
        let unreadable = |why: &dyn std::fmt::Display| SourceError::unreadable("the record in Manifest.db", why);
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *connection {
            Some(connection) => connection,
            none => none.insert(self.database.connect()?),
        };
        let blob = connection
            .query_row("SELECT file FROM Files WHERE fileID = ?1", [file_id.to_string()], |row| {
                row.get::<_, Vec<u8>>(0)
            })
            .optional()
            .map_err(|error| unreadable(&error))?;
        let blob = self.decrypted_record(blob.unwrap_or_default());
        mbfile::details(&blob).map_err(|error| unreadable(&error))
    }

    fn take(&self, row: &Row<'_>, number: u64, catalog: &mut Catalog) {
        let (domain, path) = (text(row, 1), text(row, 2));
        let facts = self.record(row, domain.is_some() && path.is_some());
        match (facts, domain.zip(path)) {
            (Ok((facts, problem)), Some((domain, path))) => {
                catalog.push(&domain, &path, &facts);
                if let Some(problem) = problem {
                    catalog.note_of(&domain, &path, record_of(&domain, &path, problem));
                }
            }
            (Ok((facts, _)), None) => catalog.push("", "", &facts),
            // A name that can be read says more than a number.
            (Err(why), Some((domain, path))) => catalog.note_of(&domain, &path, record_of(&domain, &path, why)),
            (Err(why), None) => catalog.note(Skipped::new(format!("row {number} of Manifest.db"), why)),
        }
    }

    /// What a row says of its file, and what about it could not be read.
    fn record(&self, row: &Row<'_>, has_name: bool) -> Result<(Facts, Option<String>), &'static str> {
        let file_id = bytes(row, 0).and_then(FileId::parse).ok_or("its file ID is no file ID")?;
        let flags = integer(row, 3).unwrap_or(0);
        let mut facts = Facts::bare(file_id, kind_of_flags(flags));
        if !has_name {
            return match flags & FLAG_PLACEHOLDER {
                0 => Err("it has no name"),
                _ => Ok((Facts { kind: RecordKind::Placeholder, ..facts }, None)),
            };
        }
        let problem = match bytes(row, 4) {
            Some(blob) => self.read_blob(blob, &mut facts).err(),
            None => Some("it is not there".to_owned()),
        };
        if let Some(kind) = facts.mode.and_then(kind_of_mode) {
            facts.kind = RecordKind::Entry(kind);
        }
        Ok((facts, problem))
    }

    fn read_blob(&self, blob: &[u8], facts: &mut Facts) -> Result<(), String> {
        let outcome = match &self.decryptor {
            Some(decryptor) if !blob.starts_with(b"bplist") => {
                let plain = decryptor.record(blob).ok_or("its form is unknown")?;
                mbfile::read(&plain, facts)
            }
            _ => mbfile::read(blob, facts),
        };
        outcome.map_err(|error| error.to_string())
    }

    fn decrypted_record(&self, blob: Vec<u8>) -> Vec<u8> {
        let decryptor = self.decryptor.as_ref().filter(|_| !blob.starts_with(b"bplist"));
        decryptor.and_then(|decryptor| decryptor.record(&blob)).unwrap_or(blob)
    }
}

fn record_of(domain: &str, path: &str, why: impl std::fmt::Display) -> Skipped {
    Skipped::new(format!("the record of {}/{}", beginning(domain), beginning(path)), why)
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::SystemIoFailure))
}

/// Whether there is a table of files that holds what it says: a computed column can make gigabytes of a few kilobytes.
fn check_table(connection: &Connection) -> Result<(), ManifestError> {
    let schema = Schema::probe(connection)?;
    match schema.has_table("Files") {
        true if COLUMNS.iter().all(|column| schema.has_column("Files", column)) => Ok(()),
        true => Err(ManifestError::Columns),
        false => Err(ManifestError::NoTable),
    }
}

fn salt(database: &dyn Database) -> Option<Vec<u8>> {
    let connection = database.connect().ok()?;
    connection.query_row("SELECT value FROM Properties WHERE key = 'salt'", [], |row| row.get(0)).ok()
}

fn kind_of_flags(flags: i64) -> RecordKind {
    RecordKind::Entry(match flags {
        flags if flags & FLAG_LINK != 0 => EntryKind::Symlink,
        flags if flags & FLAG_DIRECTORY != 0 => EntryKind::Directory,
        flags if flags & FLAG_FILE != 0 => EntryKind::File,
        flags if flags & FLAG_PLACEHOLDER != 0 => return RecordKind::Placeholder,
        _ => EntryKind::File,
    })
}

/// The kind in the type bits of a mode; `None` for pipes, sockets and devices, and where there are no such bits.
pub(super) fn kind_of_mode(mode: u32) -> Option<EntryKind> {
    match mode & 0o170_000 {
        0o100_000 => Some(EntryKind::File),
        0o040_000 => Some(EntryKind::Directory),
        0o120_000 => Some(EntryKind::Symlink),
        _ => None,
    }
}

fn bytes<'r>(row: &'r Row<'_>, column: usize) -> Option<&'r [u8]> {
    match row.get_ref(column).ok()? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
        _ => None,
    }
}

/// A name, which may be as long as SQLite allows: one byte more than a path may have shows that it is none.
fn text<'r>(row: &'r Row<'_>, column: usize) -> Option<std::borrow::Cow<'r, str>> {
    let whole = bytes(row, column)?;
    Some(String::from_utf8_lossy(whole.get(..=LONGEST_PATH).unwrap_or(whole)))
}

fn integer(row: &Row<'_>, column: usize) -> Option<i64> {
    match row.get_ref(column).ok()? {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    }
}
