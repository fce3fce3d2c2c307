//! What lies beside the main file of a database, and what is wrong with it.
//!
//! Rows of the last days may lie in the write-ahead log alone. One that the source lists and that cannot be read is a
//! loss that has to be told; that nothing is listed is no loss.

use std::io;
use std::sync::Arc;

use corer_schemas::Skipped;

use super::log::Log;
use super::scan::Scan;
use crate::backup::bytes::ReadAt;
use crate::backup::tree::FileTree;

/// A file beside a database.
#[derive(Default)]
pub struct CompanionFile {
    /// Its bytes, as far as they are there.
    pub bytes: Option<Arc<dyn ReadAt>>,
    /// Why they are not all that they should be.
    pub fault: Option<String>,
}

impl CompanionFile {
    /// A file that is there, or is not and need not be.
    pub fn of(bytes: Option<Arc<dyn ReadAt>>) -> Self {
        Self { bytes, fault: None }
    }

    /// A file that should be there and cannot be had.
    pub fn lost(why: impl Into<String>) -> Self {
        Self { bytes: None, fault: Some(why.into()) }
    }

    /// A file that lies in a tree under this name, if anything does.
    pub fn in_tree(tree: &dyn FileTree, path: &str) -> Self {
        match tree.open(path) {
            Ok(bytes) => Self::of(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(error) => Self::lost(error.to_string()),
        }
    }

    /// Reads it as a write-ahead log. Without its bytes where they cannot be read: SQLite would give up the whole database.
    pub(super) fn read(self) -> (Self, Option<Log>) {
        let Some(bytes) = self.bytes else { return (self, None) };
        match Scan::of(bytes.as_ref()).and_then(|scan| Ok((scan, Log::read(bytes.as_ref())?))) {
            Ok((scan, log)) => {
                let torn = match scan {
                    Scan::Whole => None,
                    Scan::Headless => Some("its beginning is damaged".to_owned()),
                    Scan::Torn => Some("it is torn".to_owned()),
                };
                (Self { bytes: Some(bytes), fault: self.fault.or(torn) }, log)
            }
            Err(error) => (Self::lost(error.to_string()), None),
        }
    }

    /// What is lost with a log of the database of this name.
    pub(super) fn unread_log(&self, name: &str) -> Option<Skipped> {
        let why = self.fault.as_ref()?;
        Some(Skipped::new(format!("{name}-wal"), format!("{why}: rows that only this log held are missing")))
    }

    /// What is lost with a rollback journal of the database of this name.
    pub(super) fn unread_journal(&self, name: &str) -> Option<Skipped> {
        let why = self.fault.as_ref()?;
        Some(Skipped::new(format!("{name}-journal"), format!("{why}: a change that was not finished may show")))
    }
}
