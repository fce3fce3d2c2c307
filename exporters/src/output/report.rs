//! `report.json` and `report.txt`: what was found, what was exported, and what was not, with the reason. Neither says
//! when it was written: the same backup and options give the same bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::OutputError;
use super::safe_name::SafePath;
use super::tree::Tree;

/// The name of this layout of `report.json`.
const SCHEMA: &str = "corer/report/1";

/// What a run was about: said in the report and at the head of data files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportInfo {
    /// The version of corer that wrote it.
    pub corer_version: String,
    /// What the backup is known by: its device's UDID, or the path that was given where it has none.
    pub backup: String,
    /// The name, model and system of the device, where known.
    pub device: Option<String>,
    /// The time zone of the pages and of times in data files, an IANA name where it has one.
    pub time_zone: String,
    /// What narrowed the choice, as the person typed it: `since`, `2024-01-31`.
    pub filters: Vec<AppliedFilter>,
}

/// One thing that narrowed the choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedFilter {
    /// The name of the flag, without dashes.
    pub name: String,
    /// Its value, as typed.
    pub value: String,
}

/// As it is typed: `--since 2024-01-31`.
impl fmt::Display for AppliedFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "--{}", self.name),
            value => write!(f, "--{} {value}", self.name),
        }
    }
}

impl AppliedFilter {
    /// A flag, without dashes, and its value as typed.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// The report of a whole run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    #[serde(skip_deserializing, default = "schema")]
    schema: &'static str,
    /// What the run was about.
    #[serde(flatten)]
    pub about: ExportInfo,
    /// One for each kind that was exported.
    pub kinds: Vec<KindReport>,
}

/// What happened to one kind of data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindReport {
    /// The kind: `messages`, `contacts` …
    pub kind: String,
    /// How many records were found.
    pub found: u64,
    /// How many records were written.
    pub exported: u64,
    /// What was there and could not be read.
    pub skipped: Vec<SkippedItem>,
    /// What records speak of and is not there.
    pub missing: Vec<MissingItem>,
    /// Files of the kind that are in the backup and that no record names: they are not in the export. Not written where there are
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_no_record: Vec<FileOfNoRecord>,
    /// What else the person should know.
    pub notes: Vec<String>,
    /// Whether the folder remembers what it holds, also of earlier backups; not written where it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remembers: bool,
    /// Pairs of records that may be the same and were left apart; not written where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_be_same: Vec<PossibleDuplicate>,
}

/// Two records that may be the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PossibleDuplicate {
    /// One of them.
    pub one: NamedRecord,
    /// The other.
    pub other: NamedRecord,
    /// Why they were left apart.
    pub why: String,
}

/// A record and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedRecord {
    /// Its row number, as in the data files.
    pub id: i64,
    /// What it is called; empty for nothing.
    pub name: String,
}

/// A file that no record names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileOfNoRecord {
    /// Its domain.
    pub domain: String,
    /// Its path in the domain.
    pub path: String,
}

/// One item that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkippedItem {
    /// Which item.
    pub item: String,
    /// Why.
    pub why: String,
}

/// One item that is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MissingItem {
    /// Which item.
    pub item: String,
    /// Why.
    pub why: String,
    /// Whether the backup should hold it. What it never held (because it is only in iCloud, or was deleted from the
    /// device before) is no damage.
    pub expected: bool,
}

/// The answer of a whole run, which becomes the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that the backup holds was exported.
    Complete,
    /// Something that the backup should hold could not be read; if strict, something is not there at all.
    Incomplete,
    /// Nothing matched.
    Nothing,
}

fn schema() -> &'static str {
    SCHEMA
}

impl Report {
    /// A report of no kinds yet.
    pub fn new(about: ExportInfo) -> Self {
        Self { schema: SCHEMA, about, kinds: Vec::new() }
    }

    /// What the run comes to. `strict` also counts what the backup never held.
    pub fn verdict(&self, strict: bool) -> Verdict {
        if self.kinds.iter().any(|kind| kind.is_incomplete(strict)) {
            Verdict::Incomplete
        } else if self.kinds.iter().all(|kind| kind.found == 0) {
            Verdict::Nothing
        } else {
            Verdict::Complete
        }
    }

    /// The report as JSON, ending with a line end.
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Writes `report.json` and `report.txt` at the root of a tree.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&self, tree: &Tree) -> Result<(), OutputError> {
        tree.write(&SafePath::new("report.json"), self.to_json().as_bytes())?;
        tree.write(&SafePath::new("report.txt"), self.to_string().as_bytes())?;
        Ok(())
    }
}

impl KindReport {
    /// A report of nothing yet.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }

    /// Whether nothing at all was left out or is not there.
    pub fn is_everything(&self) -> bool {
        self.skipped.is_empty() && self.missing.is_empty() && self.of_no_record.is_empty()
    }

    /// Whether something is not there that should be; if `strict`, whether anything is not there.
    pub fn is_incomplete(&self, strict: bool) -> bool {
        !self.skipped.is_empty() || self.missing.iter().any(|m| strict || m.expected)
    }
}

/// Both, and why they were left apart.
impl fmt::Display for PossibleDuplicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pair(), self.why)
    }
}

impl PossibleDuplicate {
    /// Both names with their row numbers.
    pub(super) fn pair(&self) -> String {
        let named = |own: &NamedRecord| match own.name.as_str() {
            "" => format!("record {}", own.id),
            name => format!("{name} ({})", own.id),
        };
        format!("{} and {}", named(&self.one), named(&self.other))
    }
}
