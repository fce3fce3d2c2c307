//! `report.json` and `report.txt`: what was found, what was exported, and what was not, with the reason. Neither says
//! when it was written: the same backup and options give the same bytes.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

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
    fn pair(&self) -> String {
        let named = |own: &NamedRecord| match own.name.as_str() {
            "" => format!("record {}", own.id),
            name => format!("{name} ({})", own.id),
        };
        format!("{} and {}", named(&self.one), named(&self.other))
    }
}

/// The words of `report.txt`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = &self.about;
        writeln!(f, "What was exported, and what was not\n")?;
        writeln!(f, "Backup:    {}", one_line(&about.backup))?;
        if let Some(device) = &about.device {
            writeln!(f, "Device:    {}", one_line(device))?;
        }
        for AppliedFilter { name, value } in &about.filters {
            writeln!(f, "Only:      {} {}", one_line(name), one_line(value))?;
        }
        writeln!(f, "Time zone: {}", one_line(&about.time_zone))?;
        writeln!(f, "Made with: corer {}", one_line(&about.corer_version))?;
        self.kinds.iter().try_for_each(|kind| write!(f, "\n{kind}"))
    }
}

impl fmt::Display for KindReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One kind is called by a name that has its capitals elsewhere.
        let title = if self.kind == "whatsapp" { "WhatsApp".to_owned() } else { capitalised(&self.kind) };
        writeln!(f, "{title}\n{}", "-".repeat(title.chars().count()))?;
        writeln!(f, "Found {}, exported {}.", self.found, self.exported)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "{}", one_line(note)))?;
        if self.remembers {
            writeln!(f, "The folder remembers what it holds: corer export --forget-history FOLDER removes that.")?;
        }
        let lost = self.missing.iter().filter(|m| m.expected).map(|m| (&m.item, &m.why));
        let never = self.missing.iter().filter(|m| !m.expected).map(|m| (&m.item, &m.why));
        let skipped = self.skipped.iter().map(|s| (&s.item, &s.why));
        let pairs: Vec<String> = self.may_be_same.iter().map(PossibleDuplicate::pair).collect();
        list(f, "May be the same, and were left apart", pairs.iter().zip(self.may_be_same.iter().map(|own| &own.why)))?;
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
fn one_line(text: &str) -> Cow<'_, str> {
    // Most lines are, and reports of lost files have many.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let line = text.chars().fold(String::with_capacity(text.len()), |mut line, c| {
        let hidden =
            c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let _ = if hidden { write!(line, "{}", c.escape_unicode()) } else { line.write_char(c) };
        line
    });
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Report {
        let mut report = Report::new(ExportInfo {
            corer_version: "1.0.0".to_owned(),
            backup: "udid".to_owned(),
            device: Some("Anna's\u{1b}[31m iPhone".to_owned()),
            time_zone: "Europe/Berlin".to_owned(),
            filters: vec![AppliedFilter { name: "with".to_owned(), value: "Ben".to_owned() }],
        });
        let missing =
            |item: &str, why: &str, expected| MissingItem { item: item.to_owned(), why: why.to_owned(), expected };
        report.kinds.push(KindReport {
            found: 3,
            exported: 2,
            skipped: vec![SkippedItem { item: "message 7".to_owned(), why: "its row is damaged".to_owned() }],
            missing: vec![missing("a.jpg", "missing from the backup", true), missing("b.mov", "only in iCloud", false)],
            ..KindReport::new("messages")
        });
        report
    }

    #[test]
    fn the_words_are_for_people() {
        let expected = "What was exported, and what was not\n\nBackup:    udid\nDevice:    Anna's\\u{1b}[31m iPhone\n\
            Only:      with Ben\nTime zone: Europe/Berlin\nMade with: corer 1.0.0\n\nMessages\n--------\n\
            Found 3, exported 2.\n\nCould not be read (1):\n  - message 7: its row is damaged\n\n\
            Missing, though the backup should hold it (1):\n  - a.jpg: missing from the backup\n\n\
            Never in this backup (1):\n  - b.mov: only in iCloud\n";
        assert_eq!(sample().to_string(), expected);
    }

    #[test]
    fn the_json_names_its_layout_and_lists_everything() {
        let json: serde_json::Value = serde_json::from_str(&sample().to_json()).unwrap();
        assert_eq!(json["schema"], "corer/report/1");
        assert_eq!(json["filters"][0]["value"], "Ben");
        assert_eq!(json["kinds"][0]["missing"][1]["expected"], false);
    }

    #[test]
    fn only_what_the_backup_should_hold_makes_a_run_incomplete() {
        let mut report = sample();
        assert_eq!(report.verdict(false), Verdict::Incomplete);
        report.kinds[0].skipped.clear();
        report.kinds[0].missing.remove(0);
        assert_eq!((report.verdict(false), report.verdict(true)), (Verdict::Complete, Verdict::Incomplete));
        report.kinds[0] = KindReport::new("messages");
        assert_eq!(report.verdict(true), Verdict::Nothing);
    }
}
