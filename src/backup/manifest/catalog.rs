//! All records of a manifest in memory, packed: half a million of them take a few hundred bytes each at most.

use std::collections::HashMap;

use corer_schemas::Skipped;
use corer_schemas::source::EntryKind;

use super::FileId;
use super::compact::CompactFacts;
use super::facts::{Digest, Facts, RecordKind, WrappedFileKey};

/// A path longer than this is no path of a device, where 1,024 bytes are the limit.
pub(super) const LONGEST_PATH: usize = 4096;

/// As much is kept of the name of a record that cannot be read, in bytes.
const LONGEST_NAME: usize = 1024;

/// This many problems are kept word for word; the rest is counted.
const MOST_PROBLEMS: usize = 10_000;

/// One record of a catalog.
#[derive(Clone, Copy)]
pub struct Record<'c> {
    catalog: &'c Catalog,
    row: &'c Row,
}

struct Row {
    domain: u32,
    path_start: usize,
    path_len: u32,
    facts: CompactFacts,
}

/// The records of a manifest, ordered by domain and path.
#[derive(Default)]
pub struct Catalog {
    domains: Vec<String>,
    domain_numbers: HashMap<String, u32>,
    /// All paths, one after the other.
    paths: String,
    rows: Vec<Row>,
    keys: Vec<WrappedFileKey>,
    digests: Vec<Digest>,
    problems: Vec<Skipped>,
    /// For each problem the name of the file, where it can be read.
    problem_names: Vec<Option<String>>,
    more_problems: usize,
    /// How many of the rows are placeholders; they come last.
    placeholders: usize,
    /// How many more bytes of names are taken in, where that is bounded.
    room: Option<u64>,
}

impl Catalog {
    /// An empty catalog of a manifest of this many bytes: names that are written in it cannot be longer together.
    pub fn of_size(bytes: u64) -> Self {
        Self { room: Some(bytes), ..Self::default() }
    }

    /// Takes a record in.
    pub fn push(&mut self, domain: &str, path: &str, facts: &Facts) {
        if path.len() > LONGEST_PATH || domain.len() > LONGEST_PATH {
            let problem = Skipped::new(facts.file_id.to_string(), "its name is longer than any device allows");
            return self.note_of(domain, path, problem);
        }
        if let Some(room) = &mut self.room {
            match room.checked_sub((path.len() + domain.len()) as u64) {
                Some(left) => *room = left,
                None => {
                    let why = "its name is none that is written in the manifest";
                    return self.note(Skipped::new(facts.file_id.to_string(), why));
                }
            }
        }
        let key = append(&mut self.keys, facts.key);
        let digest = append(&mut self.digests, facts.digest);
        let row = Row {
            domain: self.domain_number(domain),
            path_start: self.paths.len(),
            path_len: path.len() as u32,
            facts: CompactFacts::of(facts, key, digest),
        };
        self.paths.push_str(path);
        self.rows.push(row);
    }

    /// Notes a record that could not be taken in, and of which not even the name is known.
    pub fn note(&mut self, problem: Skipped) {
        self.note_named(None, problem);
    }

    /// Notes a record of this name that could not be taken in, or not as a whole.
    pub fn note_of(&mut self, domain: &str, path: &str, problem: Skipped) {
        self.note_named(Some(format!("{}/{}", beginning(domain), beginning(path))), problem);
    }

    fn note_named(&mut self, name: Option<String>, problem: Skipped) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
            self.problem_names.push(name);
        } else {
            self.more_problems += 1;
        }
    }

    /// The file IDs of all rows so far, placeholders among them.
    pub fn file_ids(&self) -> impl Iterator<Item = FileId> + '_ {
        self.rows.iter().map(|row| row.facts.file_id)
    }

    /// Brings the records into their order; call it once, after the last one.
    pub fn finish(&mut self) {
        let mut numbers: Vec<u32> = (0..).take(self.domains.len()).collect();
        numbers.sort_by_key(|number| self.domains.get(*number as usize));
        let mut ranks = vec![0; numbers.len()];
        for (rank, number) in (0_u32..).zip(numbers) {
            if let Some(place) = ranks.get_mut(number as usize) {
                *place = rank;
            }
        }
        let paths = &self.paths;
        // Stable: of two records with one name, the one that the manifest gives first counts.
        self.rows.sort_by(|a, b| {
            let place = |row: &Row| {
                (row.facts.kind == RecordKind::Placeholder, ranks.get(row.domain as usize).copied().unwrap_or(0))
            };
            place(a).cmp(&place(b)).then_with(|| path_of(paths, a).cmp(path_of(paths, b)))
        });
        let placeholders = self.rows.iter().rev().take_while(|row| row.facts.kind == RecordKind::Placeholder);
        self.placeholders = placeholders.count();
    }

    /// All files, directories and links, ordered by domain and path.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> + Clone {
        let entries = self.rows.get(..self.rows.len() - self.placeholders).unwrap_or_default();
        entries.iter().map(|row| Record { catalog: self, row })
    }

    /// The record of this number, counted as in [`Catalog::records`].
    pub fn record(&self, number: usize) -> Option<Record<'_>> {
        let entries = self.rows.get(..self.rows.len() - self.placeholders)?;
        entries.get(number).map(|row| Record { catalog: self, row })
    }

    /// The rows of an interrupted backup that have a file ID and nothing else.
    pub fn placeholders(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        let rows = self.rows.get(self.rows.len() - self.placeholders..).unwrap_or_default();
        rows.iter().map(|row| Record { catalog: self, row })
    }

    /// The numbers of the records of `domain` at or below `prefix`, which are next to each other.
    pub fn below(&self, domain: &str, prefix: &str) -> Vec<usize> {
        // A path that begins with the prefix's text and goes on within the segment (`Media2` for `Media`) may stand
        // between the prefix and what is below it.
        let start = self.first_at_or_after(domain, prefix);
        let records = (start..).zip(self.records().skip(start));
        records
            .take_while(|(_, record)| record.domain() == domain && record.path().starts_with(prefix))
            .filter(|(_, record)| is_at_or_below(record.path(), prefix))
            .map(|(number, _)| number)
            .collect()
    }

    /// The number of the record with exactly this name.
    pub fn find(&self, domain: &str, path: &str) -> Option<usize> {
        let number = self.first_at_or_after(domain, path);
        self.record(number).filter(|record| record.domain() == domain && record.path() == path).map(|_| number)
    }

    fn first_at_or_after(&self, domain: &str, path: &str) -> usize {
        let entries = self.rows.get(..self.rows.len() - self.placeholders).unwrap_or_default();
        entries.partition_point(|row| {
            let record = Record { catalog: self, row };
            (record.domain(), record.path()) < (domain, path)
        })
    }

    /// The domains, in order.
    pub fn domains(&self) -> Vec<&str> {
        let mut domains: Vec<_> = self.domains.iter().map(String::as_str).collect();
        domains.sort_unstable();
        domains
    }

    /// The records that could not be read.
    pub fn problems(&self) -> &[Skipped] {
        &self.problems
    }

    /// The same, each with `Domain/path` where that can be read. Names that no device has are cut.
    pub fn named_problems(&self) -> impl Iterator<Item = (Option<&str>, &Skipped)> {
        self.problem_names.iter().map(Option::as_deref).zip(&self.problems)
    }

    /// How many more there were.
    pub fn more_problems(&self) -> usize {
        self.more_problems
    }

    fn domain_number(&mut self, domain: &str) -> u32 {
        if let Some(number) = self.domain_numbers.get(domain) {
            return *number;
        }
        let number = self.domains.len() as u32;
        self.domains.push(domain.to_owned());
        self.domain_numbers.insert(domain.to_owned(), number);
        number
    }
}

/// As much of a name as a device allows.
pub(super) fn beginning(name: &str) -> &str {
    name.get(..name.floor_char_boundary(LONGEST_NAME)).unwrap_or(name)
}

fn path_of<'c>(paths: &'c str, row: &Row) -> &'c str {
    paths.get(row.path_start..row.path_start + row.path_len as usize).unwrap_or_default()
}

/// Adds what is there; gives its place counted from 1, or 0.
fn append<T>(list: &mut Vec<T>, item: Option<T>) -> u32 {
    let Some(item) = item else { return 0 };
    list.push(item);
    list.len() as u32
}

fn is_at_or_below(path: &str, prefix: &str) -> bool {
    prefix.is_empty() || path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl<'c> Record<'c> {
    /// The domain.
    pub fn domain(&self) -> &'c str {
        self.catalog.domains.get(self.row.domain as usize).map_or("", String::as_str)
    }

    /// The path below the domain.
    pub fn path(&self) -> &'c str {
        path_of(&self.catalog.paths, self.row)
    }

    /// `Domain/relative path`, for people.
    pub fn name(&self) -> String {
        format!("{}/{}", self.domain(), self.path())
    }

    /// Names the payload.
    pub fn file_id(&self) -> FileId {
        self.row.facts.file_id
    }

    /// What the record describes.
    pub fn kind(&self) -> RecordKind {
        self.row.facts.kind
    }

    /// Whether it is a file.
    pub fn is_file(&self) -> bool {
        self.kind() == RecordKind::Entry(EntryKind::File)
    }

    /// Everything that the catalog keeps of the record.
    pub fn facts(&self) -> Facts {
        let packed = &self.row.facts;
        let nth = |place: u32| (place as usize).checked_sub(1);
        packed.facts(
            nth(packed.key).and_then(|place| self.catalog.keys.get(place)).copied(),
            nth(packed.digest).and_then(|place| self.catalog.digests.get(place)).copied(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_together_are_no_longer_than_their_manifest() {
        let mut catalog = Catalog::of_size(10);
        for path in ["abcd", "efgh", "ijkl"] {
            catalog.push("A", path, &Facts::bare(FileId::of("A", path), RecordKind::Entry(EntryKind::File)));
        }
        catalog.finish();
        assert_eq!((catalog.records().len(), catalog.problems().len()), (2, 1));
    }

    fn catalog(names: &[(&str, &str)]) -> Catalog {
        let mut catalog = Catalog::default();
        for (domain, path) in names {
            let kind = RecordKind::Entry(EntryKind::File);
            catalog.push(domain, path, &Facts::bare(FileId::of(domain, path), kind));
        }
        catalog.finish();
        catalog
    }

    #[test]
    fn records_below_a_prefix_are_whole_segments() {
        let catalog = catalog(&[("B", "Media/b"), ("A", "Media"), ("B", "Media2/x"), ("B", "Media"), ("B", "Media!")]);
        let names: Vec<_> = catalog.below("B", "Media").iter().map(|n| catalog.record(*n).unwrap().name()).collect();
        assert_eq!(names, ["B/Media", "B/Media/b"]);
        assert_eq!(catalog.below("B", "").len(), 4);
        assert!(catalog.below("C", "").is_empty());
        assert_eq!(catalog.find("A", "Media").map(|n| catalog.record(n).unwrap().name()).as_deref(), Some("A/Media"));
        assert_eq!(catalog.find("A", "Medi"), None);
    }

    #[test]
    fn absurd_names_are_noted_and_left_out() {
        let mut catalog = Catalog::default();
        let facts = Facts::bare(FileId::of("A", ""), RecordKind::Placeholder);
        catalog.push("A", &"x".repeat(5000), &facts);
        catalog.finish();
        assert_eq!((catalog.records().len(), catalog.problems().len()), (0, 1));
    }
}
