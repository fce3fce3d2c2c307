//! The words of `report.txt`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write as _};

use super::report::{AppliedFilter, FileOfNoRecord, KindReport, PossibleDuplicate, Report};

/// So many of one reason are shown.
const MOST_EXAMPLES: usize = 20;

/// All of it.
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
        self.list_files(f)?;
        if self.is_everything() {
            writeln!(f, "Nothing was left out.")?;
        }
        Ok(())
    }
}

impl KindReport {
    fn list_files(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.of_no_record.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nIn the backup, and named by no record, so not in this export ({}):", self.of_no_record.len())?;
        for FileOfNoRecord { domain, path } in self.of_no_record.iter().take(MOST_EXAMPLES) {
            writeln!(f, "  - {}", one_line(&format!("{domain}/{path}")))?;
        }
        more(f, self.of_no_record.len())?;
        let Some(folder) = self.folder_of_no_record() else { return Ok(()) };
        let pattern = shell_quoted(&format!("{}/**", escaped_pattern(&folder)));
        writeln!(f, "  corer files get {} takes them out.", one_line(&pattern))
    }

    /// The folder in which all files lie that no record names.
    fn folder_of_no_record(&self) -> Option<String> {
        let mut files = self.of_no_record.iter().map(|file| format!("{}/{}", file.domain, file.path));
        let first = files.next()?;
        let mut common: Vec<&str> = first.split('/').collect();
        common.pop();
        for file in files {
            let alike = common.iter().zip(file.split('/')).take_while(|(one, other)| *one == other).count();
            common.truncate(alike);
        }
        (!common.is_empty()).then(|| common.join("/"))
    }
}

/// A path as a pattern that means it alone.
fn escaped_pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' | '!' | '\\' => pattern.push('?'),
            c => pattern.push(c),
        }
    }
    pattern
}

/// An argument as it is typed into a shell: nothing in it is obeyed.
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Lists items with their reasons: those that have one reason together, and of many some.
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
    if count <= MOST_EXAMPLES {
        let mut items = items;
        return items.try_for_each(|(item, why)| writeln!(f, "  - {}: {}", one_line(item), one_line(why)));
    }
    let mut reasons: Vec<(&String, Vec<&String>)> = Vec::new();
    let mut places: HashMap<&String, usize> = HashMap::new();
    for (item, why) in items {
        let place = *places.entry(why).or_insert(reasons.len());
        match reasons.get_mut(place) {
            Some((_, of_it)) => of_it.push(item),
            None => reasons.push((why, vec![item])),
        }
    }
    // What is said of many first; a reason of its own for each is said with it.
    reasons.sort_by_key(|(_, of_it)| std::cmp::Reverse(of_it.len()));
    let alone = reasons.iter().take_while(|(_, of_it)| of_it.len() > 1).count();
    let (common, alone) = reasons.split_at(alone);
    for (why, of_it) in common {
        writeln!(f, "  {} ({}):", one_line(why), of_it.len())?;
        for item in of_it.iter().take(MOST_EXAMPLES) {
            writeln!(f, "  - {}", one_line(item))?;
        }
        more(f, of_it.len())?;
    }
    for (why, of_it) in alone.iter().take(MOST_EXAMPLES) {
        let item = of_it.first().map(|item| one_line(item)).unwrap_or_default();
        writeln!(f, "  - {item}: {}", one_line(why))?;
    }
    more(f, alone.len())
}

/// Says how many are not shown.
fn more(f: &mut fmt::Formatter<'_>, count: usize) -> fmt::Result {
    match count.saturating_sub(MOST_EXAMPLES) {
        0 => Ok(()),
        more => writeln!(f, "    and {more} more: report.json has them all"),
    }
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
    use super::super::report::{ExportInfo, MissingItem, SkippedItem, Verdict};
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
    fn many_items_are_told_by_their_reasons_and_all_are_in_the_json() {
        let mut report = sample();
        let missing = |number: usize, why: &str| MissingItem {
            item: format!("{number}.jpg"),
            why: why.to_owned(),
            expected: false,
        };
        let kind = report.kinds.first_mut().unwrap();
        kind.missing = (0..30).map(|number| missing(number, "only in iCloud")).collect();
        kind.missing.push(missing(30, "deleted"));
        let path = |name: &str| format!("Library/SMS/Attachments/{name}");
        let file = |name: &str| FileOfNoRecord { domain: "MediaDomain".to_owned(), path: path(name) };
        kind.of_no_record = vec![file("a/1.mov"), file("b/2.mov")];
        let words = report.to_string();
        let has = |wanted: &str| assert!(words.contains(wanted), "{wanted}: {words}");
        has("Never in this backup (31):\n  only in iCloud (30):\n  - 0.jpg\n");
        has("  - 19.jpg\n    and 10 more: report.json has them all\n  - 30.jpg: deleted\n");
        has("so not in this export (2):\n  - MediaDomain/Library/SMS/Attachments/a/1.mov\n");
        has("corer files get 'MediaDomain/Library/SMS/Attachments/**' takes them out.");
        assert!(!words.contains("Nothing was left out"));
        assert_eq!(shell_quoted("a'$(b)`c`"), "'a'\\''$(b)`c`'");
        assert_eq!(escaped_pattern("a[b]*/c"), "a?b??/c");
        assert_eq!(report.to_json().matches("only in iCloud").count(), 30);
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
