//! `report.json` and `report.txt`: what was found, what was exported, and what was not, with the reason. Neither says
//! when it was written: the same backup and options give the same bytes.

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};

use super::error::OutputError;
use super::name::SafePath;
use super::tree::Tree;

/// The name of this layout of `report.json`.
const SCHEMA: &str = "corer/report/1";

/// The report of a whole run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Always [`SCHEMA`].
    schema: Schema,
    /// The version of corer that wrote it.
    pub corer_version: String,
    /// What the backup is known by: its device's UDID, or the path that was given where it has none.
    pub backup: String,
    /// The name, model and system of the device, where known.
    pub device: Option<String>,
    /// The time zone of the pages and of times in data files, an IANA name where it has one.
    pub time_zone: String,
    /// What narrowed the choice, as the person typed it: `("since", "2024-01-31")`.
    #[serde(serialize_with = "as_map")]
    pub filters: Vec<(String, String)>,
    /// One for each kind that was exported.
    pub kinds: Vec<KindReport>,
}

/// What happened to one kind of data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KindReport {
    /// The kind: `messages`, `contacts` …
    pub kind: String,
    /// How many records were found.
    pub found: u64,
    /// How many records were written.
    pub exported: u64,
    /// What was there and could not be read.
    pub skipped: Vec<Item>,
    /// What records speak of and is not there.
    pub missing: Vec<Missing>,
    /// What else the person should know.
    pub notes: Vec<String>,
}

/// One item that was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Item {
    /// Which item.
    pub item: String,
    /// Why.
    pub why: String,
}

/// One item that is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Schema;

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(SCHEMA)
    }
}

fn as_map<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pairs.iter().map(|(name, value)| Filter { name, value }))
}

#[derive(Serialize)]
struct Filter<'a> {
    name: &'a str,
    value: &'a str,
}

impl Report {
    /// A report of no kinds yet.
    pub fn new(corer_version: impl Into<String>, backup: impl Into<String>, time_zone: impl Into<String>) -> Self {
        Self {
            schema: Schema,
            corer_version: corer_version.into(),
            backup: backup.into(),
            device: None,
            time_zone: time_zone.into(),
            filters: Vec::new(),
            kinds: Vec::new(),
        }
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

    /// Whether something is not there that should be; if `strict`, whether anything is not there.
    pub fn is_incomplete(&self, strict: bool) -> bool {
        !self.skipped.is_empty() || self.missing.iter().any(|m| strict || m.expected)
    }
}

/// The words of `report.txt`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "What was exported, and what was not\n")?;
        writeln!(f, "Backup:    {}", one_line(&self.backup))?;
        if let Some(device) = &self.device {
            writeln!(f, "Device:    {}", one_line(device))?;
        }
        for (name, value) in &self.filters {
            writeln!(f, "Only:      {} {}", one_line(name), one_line(value))?;
        }
        writeln!(f, "Time zone: {}", one_line(&self.time_zone))?;
        writeln!(f, "Made with: corer {}", one_line(&self.corer_version))?;
        self.kinds.iter().try_for_each(|kind| write!(f, "\n{kind}"))
    }
}

impl fmt::Display for KindReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = capitalised(&self.kind);
        writeln!(f, "{title}\n{}", "-".repeat(title.chars().count()))?;
        writeln!(f, "Found {}, exported {}.", self.found, self.exported)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "{}", one_line(note)))?;
        let lost = self.missing.iter().filter(|m| m.expected).map(|m| (&m.item, &m.why));
        let never = self.missing.iter().filter(|m| !m.expected).map(|m| (&m.item, &m.why));
        let skipped = self.skipped.iter().map(|s| (&s.item, &s.why));
        list(f, "Could not be read", skipped)?;
        list(f, "Missing, though the backup should hold it", lost)?;
        list(f, "Never in this backup", never)?;
        if self.skipped.is_empty() && self.missing.is_empty() {
            writeln!(f, "Nothing was left out.")?;
        }
        Ok(())
    }
}

fn list<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    items: impl Iterator<Item = (&'a String, &'a String)> + Clone,
) -> fmt::Result {
    let count = items.clone().count();
    if count == 0 {
        return Ok(());
    }
    writeln!(f, "\n{title} ({count}):")?;
    let mut items = items;
    items.try_for_each(|(item, why)| writeln!(f, "  - {}: {}", one_line(item), one_line(why)))
}

fn capitalised(word: &str) -> String {
    let mut letters = one_line(word).chars().collect::<Vec<_>>().into_iter();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Text from a backup on one line, with nothing that a terminal would obey.
fn one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
        let hidden =
            c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let _ = if hidden { write!(line, "{}", c.escape_unicode()) } else { line.write_char(c) };
        line
    })
}
