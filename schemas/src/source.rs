//! The one port to the world: where the files of a device come from.
//!
//! Readers never touch a disk, a key or a network; they ask a [`Source`]. It is implemented by backups, by plain
//! folders and by tests. Files are named as backups name them: a *domain* (`HomeDomain`) and a *relative path* below
//! it (`Library/SMS/sms.db`, always with `/`).

use serde::{Deserialize, Serialize};

use std::fmt;
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::sync::Arc;

use crate::formats::sqlite::Pages;

/// A place that holds the files of one device.
pub trait Source: Send + Sync {
    /// Lists what lies in `domain` at or below the path `prefix` (whole path segments; `""` is the whole domain),
    /// ordered by path. An unknown domain or prefix gives an empty list.
    ///
    /// # Errors
    /// [`SourceError::Locked`] before unlocking, [`SourceError::Unreadable`] when the listing itself cannot be read.
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError>;

    /// Finds one entry by its exact domain and path.
    ///
    /// # Errors
    /// [`SourceError::Missing`] when no such entry was ever recorded.
    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError>;

    /// The extended attributes recorded for an entry: name and raw value.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] when the record that holds them is damaged.
    fn attributes(&self, entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError>;

    /// Opens the content of a file, decrypted.
    ///
    /// # Errors
    /// [`SourceError::Absent`] when the source records the file but does not hold its bytes.
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError>;

    /// Where a file lies that holds exactly these bytes, for links to it. `None` where there is none: in an archive, in an
    /// encrypted backup.
    fn place(&self, _entry: &Entry) -> Option<PathBuf> {
        None
    }

    /// Whether somebody named one database, so that what lies beside it was not asked for.
    fn is_one_database(&self) -> bool {
        false
    }

    /// Opens a database (with the write-ahead log beside it), once per source and path.
    ///
    /// # Errors
    /// [`SourceError::Missing`] and [`SourceError::Absent`] as for files. What the bytes are is not looked at here.
    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError>;
}

/// One database of a source. Connections are read-only, defensive, and independent of each other, so that several
/// threads can read at once.
pub trait Database: Send + Sync {
    /// Opens one more connection.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] when the bytes are not a database that SQLite can open.
    fn connect(&self) -> Result<rusqlite::Connection, SourceError>;

    /// The pages of the database for a reader that goes below SQL, independent of every connection. `None` when they are
    /// not all that a connection sees.
    fn pages(&self) -> Option<Box<dyn Pages>>;
}

/// Reading with seeking, across threads.
pub trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// The content of a file.
pub struct Opened {
    /// The plain bytes.
    pub reader: Box<dyn ReadSeek>,
    /// The file on disk that holds exactly the same bytes, where there is one: for reflinks and kernel copies.
    pub plain: Option<std::fs::File>,
    /// The exact number of bytes, where it is known before reading to the end.
    pub len: Option<u64>,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("len", &self.len).finish_non_exhaustive()
    }
}

/// What a source records about one file, directory or link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The source's own handle for this entry; means nothing to anybody else.
    pub id: u64,
    /// The domain.
    pub domain: String,
    /// The path below the domain; `""` is the domain's root directory.
    pub path: String,
    /// File, directory or link.
    pub kind: EntryKind,
    /// The recorded size in bytes. Advisory: live databases are routinely longer than their record says.
    pub size_hint: Option<u64>,
    /// Last modification, in seconds since 1970 UTC; negative values occur.
    pub modified: Option<i64>,
    /// Creation, in seconds since 1970 UTC.
    pub created: Option<i64>,
    /// Whether the source holds the bytes.
    pub presence: Presence,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A file with content.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; its target stays text.
    Symlink,
}

/// Whether the bytes of an entry are in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The bytes are there.
    Present,
    /// The bytes are not there, and why.
    Absent(Absence),
}

/// Why the bytes of a recorded file are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// The device held only a placeholder; the content is in iCloud. Nothing is damaged.
    InCloud,
    /// The backup was interrupted before this file was uploaded.
    NotUploaded,
    /// The backup should hold the file and does not.
    Lost,
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InCloud => "only in iCloud, not in the backup",
            Self::NotUploaded => "not uploaded before the backup was interrupted",
            Self::Lost => "missing from the backup",
        })
    }
}

/// Why a source could not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Nothing of that name was ever recorded.
    #[error("{domain}/{path} is not in this backup")]
    Missing {
        /// The domain asked for.
        domain: String,
        /// The path asked for.
        path: String,
    },
    /// The entry is recorded, its bytes are not there.
    #[error("{domain}/{path}: {why}")]
    Absent {
        /// The domain asked for.
        domain: String,
        /// The path asked for.
        path: String,
        /// Why the bytes are not there.
        why: Absence,
    },
    /// The bytes are there and cannot be read or make no sense.
    #[error("{what}: {why}")]
    Unreadable {
        /// What was being read.
        what: String,
        /// What went wrong, in words.
        why: String,
    },
    /// It is a sound database, and one of something else.
    #[error("{what}: {why}")]
    Foreign {
        /// What was being read.
        what: String,
        /// What it lacks, in words.
        why: String,
    },
    /// The source is encrypted and has not been unlocked.
    #[error("the backup is encrypted and has not been unlocked")]
    Locked,
}

impl SourceError {
    /// Says that `what` could not be read, and why.
    pub fn unreadable(what: impl Into<String>, why: impl fmt::Display) -> Self {
        Self::Unreadable { what: what.into(), why: why.to_string() }
    }

    /// Says that `what` is a database of something else, and by what that shows.
    pub fn foreign(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Foreign { what: what.into(), why: why.into() }
    }
}
