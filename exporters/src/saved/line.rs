//! The lines of a memory behind its head.

use std::collections::BTreeMap;
use std::io::{self, Write};

use corer_schemas::AppleTime;
use corer_schemas::identity::{Identified, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::write::jsonl;

/// A record: what says where it stands, and itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RecordLine {
    /// What it is known by.
    pub(super) id: RecordId,
    /// When it was.
    pub(super) moment: Option<AppleTime>,
    /// What tells one version of it from another.
    pub(super) essence: Essence,
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
    pub(super) record: Box<RawValue>,
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
}

/// What tells one version of a record from another: 64 bits of a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Essence(u64);

impl RecordLine {
    /// The line of a record in the backup of this number.
    ///
    /// # Errors
    /// When the record cannot be put into words, which no record should be.
    pub(super) fn of<R: Identified>(id: RecordId, record: &R, backup: usize) -> io::Result<Self> {
        Ok(Self {
            id,
            moment: record.moment(),
            essence: Essence::of(record)?,
            backup,
            missing: None,
            outside: None,
            versions: Vec::new(),
            record: serde_json::value::to_raw_value(record)?,
        })
    }

    /// Writes the line.
    ///
    /// # Errors
    /// Those of `to`.
    pub(super) fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        jsonl::record(to, "record", self)
    }
}

impl Essence {
    /// That of a record.
    ///
    /// # Errors
    /// As for [`RecordLine::of`].
    pub(super) fn of<R: Identified>(record: &R) -> io::Result<Self> {
        let digest = Sha256::digest(serde_json::to_vec(&record.essence())?);
        Ok(Self(digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))))
    }
}

/// Where the files of records are, by record and number.
pub(super) type Copies = BTreeMap<(RecordId, usize), String>;

impl CopyLine {
    /// The lines of all copies.
    pub(super) fn all(copies: &Copies) -> impl Iterator<Item = Self> {
        copies.iter().map(|((of, number), file)| Self { of: *of, number: *number, file: file.clone() })
    }
}
