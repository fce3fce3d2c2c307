//! Databases of a backup, read in place: encrypted or not, with their write-ahead log, without an unencrypted file and
//! without a byte changed.
//!
//! Stock SQLite would create or change a `-shm` beside the database, and with `immutable=1` it would not see the log.
//! Here SQLite reads through a file system of its own, every connection is defensive, and the work that a hostile
//! database can cause is bounded by its size.

mod companion_file;
mod image;
pub(super) mod integrity;
mod log;
mod open_databases;
mod scan;
mod vfs;

use std::sync::Arc;

use corer_schemas::Skipped;
use corer_schemas::formats::sqlite::Pages;
use corer_schemas::source::{Database, SourceError};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

pub use companion_file::CompanionFile;
pub use image::Image;
pub use open_databases::OpenDatabases;

use super::bytes::ReadAt;
use log::{Log, Overlaid};
pub use scan::Scan;

/// The longest text or blob that is read, in bytes. SQLite asks for the memory before it knows whether the bytes exist.
const LONGEST_VALUE: i32 = 64 << 20;

/// How every database begins.
const MAGIC: [u8; 16] = *b"SQLite format 3\0";

/// How many steps of SQLite's machine a connection may take, whatever its size …
const STEPS: u64 = 20_000_000;
/// … and how many more for each byte of the database. Reading one million messages takes far fewer. Without a bound, a
/// few kilobytes whose pages point at each other make rows without end.
const STEPS_PER_BYTE: u64 = 64;
/// How often the steps are counted.
const STEPS_AT_ONCE: i32 = 10_000;

/// A database of a backup. Each connection is independent of the others.
pub struct StoredDatabase {
    name: String,
    image: Image,
    /// What of the write-ahead log counts.
    log: Option<Arc<Log>>,
    /// What of the main file, and beside it, could not be read.
    unread: Vec<Skipped>,
}

impl StoredDatabase {
    /// Takes the files of a database; `name` is what errors call it.
    pub fn new(name: impl Into<String>, image: Image) -> Self {
        let Image { main, wal, journal } = image;
        Self::with_companions(name, main, CompanionFile::of(wal), CompanionFile::of(journal))
    }

    /// Takes the main file and what was found beside it. The log is read once, here: one that cannot be read is left
    /// out, so that the rows of the main file come out whatever became of it.
    pub fn with_companions(
        name: impl Into<String>,
        main: Arc<dyn ReadAt>,
        wal: CompanionFile,
        journal: CompanionFile,
    ) -> Self {
        let name = name.into();
        let (wal, log) = wal.read();
        let unread = [wal.unread_log(&name), journal.unread_journal(&name)].into_iter().flatten().collect();
        let image = Image { main, wal: wal.bytes, journal: journal.bytes }.with_first_page();
        Self { name, image, log: log.map(Arc::new), unread }
    }

    /// The same with what is wrong with the main file itself: rows may be missing that no reader knows of.
    #[must_use]
    pub fn damaged_by(mut self, damage: Option<String>) -> Self {
        self.unread.extend(damage.map(|why| Skipped::new(self.name.clone(), why)));
        self
    }

    /// How many bytes its files have together.
    pub fn size(&self) -> u64 {
        self.image.size()
    }

    /// What of the main file, and beside it, could not be read, so that rows may be missing.
    pub fn unread(&self) -> &[Skipped] {
        &self.unread
    }

    /// Whether it is a database at all, by how its first page begins: that of its log where the log holds one. SQLite takes
    /// nothing for an empty one; what a journal puts back, or a log that cannot be read, is not looked at here.
    pub fn may_be_database(&self) -> bool {
        let mut start = [0; MAGIC.len()];
        let read = Overlaid::new(&self.image, self.log.clone()).read(0, &mut start);
        // What cannot be read is not known to be something else.
        let is_unknown = self.image.has_journal() || !self.unread.is_empty() || read.is_err();
        self.image.size() == 0 || is_unknown || start == MAGIC
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let unavailable = || rusqlite::Error::InvalidPath("corer's file system for SQLite".into());
        let registered = vfs::Registered::new(self.image.clone()).ok_or_else(unavailable)?;
        Connection::open_with_flags_and_vfs(&registered.path, self.flags(), vfs::NAME)
            .inspect_err(|_| registered.forget())
            .and_then(|connection| self.harden(connection))
    }

    /// SQLite refuses to roll back a journal of a database that it may not write. What it writes stays in memory.
    fn flags(&self) -> OpenFlags {
        let access = match self.image.has_journal() {
            true => OpenFlags::SQLITE_OPEN_READ_WRITE,
            false => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        access | OpenFlags::SQLITE_OPEN_NO_MUTEX
    }

    fn harden(&self, mut connection: Connection) -> rusqlite::Result<Connection> {
        for (setting, on) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
            (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        ] {
            connection.set_db_config(setting, on)?;
        }
        for (limit, value) in [
            (Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
            (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            connection.set_limit(limit, value)?;
        }
        self.bound_steps(&mut connection)?;
        // The locking mode comes before the first read: it is what keeps the log's index on the heap.
        connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;
             PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;",
        )?;
        Ok(connection)
    }

    fn bound_steps(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let mut left = self.image.size().saturating_mul(STEPS_PER_BYTE).saturating_add(STEPS);
        connection.progress_handler(
            STEPS_AT_ONCE,
            Some(move || {
                left = left.saturating_sub(STEPS_AT_ONCE.unsigned_abs().into());
                left == 0
            }),
        )
    }
}

impl Database for StoredDatabase {
    fn connect(&self) -> Result<Connection, SourceError> {
        self.open().map_err(|error| SourceError::unreadable(&self.name, error))
    }

    fn pages(&self) -> Option<Box<dyn Pages>> {
        // What a journal undoes is seen by a connection alone.
        (!self.image.has_journal()).then_some(())?;
        let mut pages = Overlaid::new(&self.image, self.log.clone());
        pages.is_consistent().then(|| Box::new(pages) as Box<dyn Pages>)
    }
}

#[cfg(test)]
mod tests;
