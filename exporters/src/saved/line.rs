//! The lines of a memory behind its head.

use std::collections::BTreeMap;
use std::io;

use corer_schemas::AppleTime;
use corer_schemas::identity::{Identified, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// A record: what says where it stands, and itself, `T`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RecordLine<T = Box<RawValue>> {
    /// What it is known by.
    pub(super) id: RecordId,
    /// When it was.
    pub(super) moment: Option<AppleTime>,
    /// What tells one version of it from another.
    pub(super) essence: Essence,
    /// What tells whether it has all that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) belongings: Option<Essence>,
    /// The newest backup that holds it.
    pub(super) backup: usize,
    /// The backup that lacked it, since when it has not come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) missing: Option<usize>,
    /// The backup in which it was no longer among those asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) outside: Option<usize>,
    /// What it was before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) versions: Vec<VersionLine>,
    /// The record.
    pub(super) record: T,
}

/// What records belong to that have no order among themselves: a conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct GroupLine<T = Box<RawValue>> {
    /// What it is.
    pub(super) record: T,
}

/// An earlier version of a record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct VersionLine {
    /// The newest backup that holds it.
    pub(super) backup: usize,
    /// What tells it from others.
    pub(super) essence: Essence,
    /// The record.
    pub(super) record: Box<RawValue>,
}

/// Where a file of a record is in the export.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct CopyLine {
    /// The record.
    pub(super) of: RecordId,
    /// The number of the file among those of the record.
    pub(super) number: usize,
    /// Its path in the folder of the kind.
    pub(super) file: String,
}

/// The last line: one that is not there shows that lines are missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) records: u64,
    pub(super) copies: u64,
    pub(super) files: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) groups: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What tells one version of a record from another: 64 bits of a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Essence(u64);

impl<'r, R: Identified> RecordLine<&'r R> {
    /// The line of a record in the backup of this number.
    pub(super) fn of(id: RecordId, record: &'r R, backup: usize) -> Self {
        Self {
            id,
            moment: record.moment(),
            essence: Essence::of(&record.essence()),
            belongings: belongings_of(record),
            backup,
            missing: None,
            outside: None,
            versions: Vec::new(),
            record,
        }
    }

    /// The line by itself.
    ///
    /// # Errors
    /// When the record has a value that JSON does not know, which no record should.
    pub(super) fn into_raw(self) -> io::Result<RecordLine> {
        let Self { id, moment, essence, belongings, backup, missing, outside, versions, record } = self;
        let record = serde_json::value::to_raw_value(record)?;
        Ok(RecordLine { id, moment, essence, belongings, backup, missing, outside, versions, record })
    }
}

impl Essence {
    /// That of what tells.
    pub(super) fn of(parts: &[String]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self(hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

/// What tells whether a record has all that belongs to it. `None` where nothing does.
pub(super) fn belongings_of<R: Identified>(record: &R) -> Option<Essence> {
    let all = record.belongings();
    (!all.is_empty()).then(|| Essence::of(&all))
}

/// Where the files of records are, by record and number.
pub(super) type Copies = BTreeMap<(RecordId, usize), String>;

impl CopyLine {
    /// The lines of all copies.
    pub(super) fn all(copies: &Copies) -> impl Iterator<Item = Self> {
        copies.iter().map(|((of, number), file)| Self { of: *of, number: *number, file: file.clone() })
    }
}
