//! What a manifest says of one file, packed: half a million of them lie in memory.

use super::FileId;
use super::facts::{Digest, Facts, RecordKind, WrappedFileKey};

/// Stands for "not recorded" in the packed times.
const NO_TIME: i64 = i64::MIN;
/// Stands for "not recorded" in the packed size.
const NO_SIZE: u64 = u64::MAX;
/// Stands for "not recorded" in the packed mode.
const NO_MODE: u32 = u32::MAX;

/// [`Facts`] without what few records have.
pub(super) struct CompactFacts {
    pub(super) file_id: FileId,
    pub(super) kind: RecordKind,
    key_is_damaged: bool,
    mode: u32,
    flags: u32,
    class: u32,
    /// One more than the place in the catalog's lists of keys and of digests; 0 for none.
    pub(super) key: u32,
    pub(super) digest: u32,
    size: u64,
    modified: i64,
    created: i64,
}

impl CompactFacts {
    /// Packs what is said of a file; `key` and `digest`: where the catalog has them.
    pub(super) fn of(facts: &Facts, key: u32, digest: u32) -> Self {
        Self {
            file_id: facts.file_id,
            kind: facts.kind,
            key_is_damaged: facts.key_is_damaged,
            mode: facts.mode.unwrap_or(NO_MODE),
            flags: facts.flags,
            class: facts.class,
            key,
            digest,
            size: facts.size.unwrap_or(NO_SIZE),
            modified: facts.modified.unwrap_or(NO_TIME),
            created: facts.created.unwrap_or(NO_TIME),
        }
    }

    /// Everything again, with what the catalog has of it.
    pub(super) fn facts(&self, key: Option<WrappedFileKey>, digest: Option<Digest>) -> Facts {
        Facts {
            file_id: self.file_id,
            kind: self.kind,
            mode: Some(self.mode).filter(|mode| *mode != NO_MODE),
            size: Some(self.size).filter(|size| *size != NO_SIZE),
            modified: Some(self.modified).filter(|time| *time != NO_TIME),
            created: Some(self.created).filter(|time| *time != NO_TIME),
            flags: self.flags,
            class: self.class,
            key,
            key_is_damaged: self.key_is_damaged,
            digest,
        }
    }
}
