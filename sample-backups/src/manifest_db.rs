//! `Manifest.db`, the list of files since iOS 10.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::database;
use crate::error::Result;
use crate::record::Record;

/// CREATE statements as in real manifests from iOS 10.3 to 14.3; the indexes follow when all rows are in.
const TABLES: &str = "
CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);
PRAGMA user_version = 2;";
const INDEXES: &str = "
CREATE INDEX FilesDomainIdx ON Files(domain);
CREATE INDEX FilesRelativePathIdx ON Files(relativePath);
CREATE INDEX FilesFlagsIdx ON Files(flags);";
const INSERT: &str = "INSERT INTO Files VALUES (?,?,?,?,?)";

/// A manifest under construction, in a file of its own.
pub struct ManifestDb {
    connection: Connection,
    path: PathBuf,
}

impl ManifestDb {
    /// Begins a manifest in the new file `path`.
    ///
    /// # Errors
    /// Passes on errors of SQLite.
    pub fn create(path: &Path, page_size: u32) -> Result<Self> {
        let connection = database::open(path, page_size)?;
        connection.execute_batch("BEGIN")?;
        connection.execute_batch(TABLES)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Adds the row of a record; `blob` is its encoded `MBFile`.
    ///
    /// # Errors
    /// Passes on errors of SQLite; two rows with one file ID are one.
    pub fn add(&self, record: &Record, blob: Vec<u8>) -> Result<()> {
        let row = &record.row;
        let file_id = row.file_id.clone().unwrap_or_else(|| Value::Text(record.file_id()));
        let mut insert = self.connection.prepare_cached(INSERT)?;
        if row.is_placeholder {
            insert.execute(params![file_id, Value::Null, Value::Null, 16, Value::Null])?;
            return Ok(());
        }
        insert.execute(params![
            file_id,
            row.domain.clone().unwrap_or_else(|| Value::Text(record.domain.clone())),
            row.path.clone().unwrap_or_else(|| Value::Text(record.path.clone())),
            row.flags.clone().unwrap_or_else(|| Value::Integer(record.flags())),
            row.blob.clone().unwrap_or(Value::Blob(blob)),
        ])?;
        Ok(())
    }

    /// Runs any SQL on the unfinished manifest.
    ///
    /// # Errors
    /// Passes on errors of SQLite.
    pub fn execute(&self, sql: &str) -> Result<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Adds the indexes and closes the file.
    ///
    /// # Errors
    /// Passes on errors of SQLite.
    pub fn finish(self) -> Result<PathBuf> {
        self.connection.execute_batch(INDEXES)?;
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error)?;
        database::settle_header(&self.path)?;
        Ok(self.path)
    }
}
