//! Voice memos as files: as documented, and whatever stands in them.

use std::fs;
use std::ops::ControlFlow;

use corer_exporters::output::{SafePath, Tree, TreeOptions as Writing};
use corer_exporters::recordings::{Format, RecordingsExporter};
use corer_exporters::saved::Present;
use corer_exporters::write::{Context, Exporter, FileSource};
use corer_schemas::recordings::{Phrase, Recording, State, Transcript};
use corer_schemas::sound::Sound;
use corer_schemas::{AppleTime, Entry, Opened, Reading, Skipped, SourceError};
use jiff::tz::TimeZone;

use crate::calls::{about, valid};

/// No file at all.
struct Nothing;

impl FileSource for Nothing {
    fn open(&self, _: &Entry) -> Result<Opened, SourceError> {
        Err(SourceError::Locked)
    }
}

fn hostile(state: State, words: &str) -> Recording {
    let phrase = |text: &str, time| Phrase { text: text.to_owned(), time };
    let phrases = vec![phrase(words, Some((0.0, 1.5))), phrase("\r\n=1+1 </p><script>x</script>", None)];
    Recording {
        id: (state != State::Unlisted).then_some(3),
        unique_id: Some("=A".to_owned()),
        state,
        title: Some("</h2><script>x</script>/..\\\u{202e}".to_owned()),
        date: AppleTime::from_seconds(6e8),
        deleted: AppleTime::from_seconds(6.1e8),
        duration: Some(12.5),
        folder: Some("\" onload=x".to_owned()),
        favorite: Some(true),
        edited: true,
        file: Some("a.m4a".to_owned()),
        flags: Some(3),
        transcript: Some(Transcript { language: Some("\"><script>x".to_owned()), phrases }),
        sound: Sound::Missing { why: "missing".to_owned(), expected: state == State::Kept },
        others: vec![Sound::Missing { why: "missing".to_owned(), expected: false }],
        odd: vec!["duration -5".to_owned()],
    }
}

#[test]
fn records_are_as_the_schema_says_and_nothing_gets_out_of_its_place() {
    let records = vec![hostile(State::Kept, "one"), hostile(State::Unlisted, "1\n\n2"), hostile(State::Deleted, "")];
    let recorder = Reading { records, skipped: vec![Skipped::part("the transcript of b.m4a", "damaged")] };
    let formats = vec![Format::Html, Format::Csv, Format::Txt, Format::Srt, Format::Jsonl];
    let context = Context { about: about(), zone: TimeZone::UTC, base: SafePath::root(), formats };
    let mut lines = Vec::new();
    let report = RecordingsExporter.stream(&Present(&recorder), Format::Jsonl, &context, &mut lines).unwrap();
    let schema = include_str!("../../../docs/formats/recordings.schema.json");
    assert_eq!(valid(schema, &String::from_utf8(lines).unwrap()).len(), 5);
    assert!(report.is_incomplete(false));
    assert_eq!((report.found, report.exported), (3, 3));
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let going_on = |_| ControlFlow::Continue(());
    RecordingsExporter.export(&Present(&recorder), &Nothing, &context, &tree, &going_on).unwrap();
    tree.finish().unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let page = read("recordings.html");
    assert!(!page.contains("<script>x") && page.contains("No sound") && !page.contains("lang=\"\""), "{page}");
    assert_eq!(read("recordings.jsonl").lines().count(), 5);
    // Three of the same name beside each other, each of its own.
    let names: Vec<_> = fs::read_dir(folder.path().join("audio")).unwrap().map(|found| found.unwrap().path()).collect();
    let ending = |end: &str| names.iter().filter(|name| name.extension().is_some_and(|own| own == end)).count();
    assert_eq!((ending("txt"), ending("srt"), names.len()), (3, 3, 6));
    let mut table = csv::Reader::from_path(folder.path().join("recordings.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|row| row.len() == 16 && row[15].starts_with("'=")));
}

#[test]
fn an_export_stops_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let recorder = Reading { records: vec![hostile(State::Kept, "one")], skipped: Vec::new() };
    let context = Context { about: about(), zone: TimeZone::UTC, base: SafePath::root(), formats: vec![Format::Csv] };
    let stopped =
        RecordingsExporter.export(&Present(&recorder), &Nothing, &context, &tree, &|_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(corer_exporters::output::ExportError::Interrupted)));
    assert!(!folder.path().join("recordings.csv").exists());
}
