//! Payloads that were opened and are incomplete.
//!
//! Whoever copies bytes takes all that there are, and does not see what is wrong with their end. The source does, whatever
//! they are read for: it remembers, and the report of the export names each.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use corer_schemas::Skipped;

use super::lengths;
use super::manifest::Record;
use super::stored::{Content, Stored};

/// A file that was opened and is incomplete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedFile {
    /// Its domain and path, and what is wrong.
    pub what: Skipped,
    /// Whether it is only shorter than its record says, which whoever counts its bytes sees, too.
    pub is_short: bool,
}

/// Those that nobody has asked for yet, by the number of their record.
#[derive(Debug, Default)]
pub struct DamageLedger(Mutex<BTreeMap<u64, DamagedFile>>);

impl DamageLedger {
    /// Looks at the end of a file that was opened.
    pub fn look(&self, backup: &Stored, number: u64, record: Record<'_>, content: &Content) {
        if let Some(why) = lengths::damage_of(backup, record, content) {
            let damaged = DamagedFile { what: Skipped::new(record.name(), why), is_short: content.ending.is_right() };
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number, damaged);
        }
    }

    /// Those that were opened since the last call, in the order of the manifest.
    pub fn take(&self) -> Vec<DamagedFile> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_values().collect()
    }
}
