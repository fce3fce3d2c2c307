//! Calls and voicemail as files: all there, the same bytes every time, and as documented.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use corer_exporters::calls::{CallsExporter, Format};
use corer_exporters::output::{ExportInfo, SafePath, Tree, TreeOptions as Writing};
use corer_exporters::saved::Present;
use corer_exporters::voicemail::{self, VoicemailExporter};
use corer_exporters::write::{Context, Exporter, FileSource};
use corer_schemas::calls::{Call, Direction, Origin, Outcome, Participant, Service, Verdict};
use corer_schemas::records::Feed;
use corer_schemas::voicemail::{Sound, State, Transcript, Voicemail};
use corer_schemas::{AppleTime, Entry, Opened, Reading, Skipped, SourceError};
use jiff::tz::TimeZone;
use serde_json::Value;

/// So many calls, one an hour from 2020 on, with hostile text in each.
struct Many(u64);

impl Feed<Call> for Many {
    fn each(&self, each: &mut dyn FnMut(Call) -> ControlFlow<()>) -> Vec<Skipped> {
        for number in 0..self.0 {
            if each(call(number)).is_break() {
                break;
            }
        }
        vec![Skipped::new("call 7", "its page is damaged")]
    }
}

fn call(number: u64) -> Call {
    let person = |address: &str, name: Option<&str>| Participant {
        address: address.to_owned(),
        normalized: None,
        name: name.map(str::to_owned),
        ..Participant::default()
    };
    Call {
        id: number as i64,
        origin: Origin::Store,
        unique_id: Some(format!("unique-{number}")),
        date: AppleTime::from_seconds(599_616_000.0 + number as f64 * 3600.0).filter(|_| number > 0),
        duration: Some((number % 300) as f64),
        direction: if number.is_multiple_of(2) { Direction::Incoming } else { Direction::Outgoing },
        outcome: if number.is_multiple_of(10) { Outcome::Missed } else { Outcome::Answered },
        service: Service::App(Some("org.example.<b>calls</b>".to_owned())),
        is_video: Some(true),
        participants: match number % 3 {
            0 => vec![person("+491701234567", Some("=Anna\r\nTEL:1"))],
            1 => vec![person("+441234567890", None), person("a\"b@example.org", Some("</td><script>x</script>"))],
            _ => Vec::new(),
        },
        country: Some("de".to_owned()),
        network: None,
        location: Some("Berlin".to_owned()),
        is_read: None,
        verdict: Verdict { junk_confidence: Some(2), ..Verdict::default() },
        is_emergency: false,
        has_message: true,
        device: None,
        data_bytes: Some(7),
        also_in: None,
        is_deleted: false,
        flags: None,
        disconnected_cause: Some(6),
        odd: vec!["direction 9".to_owned()],
    }
}

pub fn about() -> ExportInfo {
    ExportInfo {
        corer_version: "1.0.0".into(),
        backup: "udid".into(),
        time_zone: "UTC".into(),
        ..ExportInfo::default()
    }
}

fn context() -> Context<Format> {
    Context {
        about: about(),
        zone: TimeZone::UTC,
        base: SafePath::new("calls"),
        formats: vec![Format::Html, Format::Csv, Format::Jsonl],
    }
}

fn export(calls: &dyn Feed<Call>, root: &Path) {
    let tree = Tree::in_folder(root, Writing::default()).unwrap();
    let report = CallsExporter::default()
        .export(&Present(calls), &Nothing, &context(), &tree, &|_| ControlFlow::Continue(()))
        .unwrap();
    tree.finish().unwrap();
    assert_eq!((report.found, report.skipped.len()), (report.exported + 1, 1));
}

pub fn valid(schema: &str, lines: &str) -> Vec<Value> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let records: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for record in &records {
        let errors: Vec<String> = schema.iter_errors(record).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{record}: {errors:?}");
    }
    records
}

#[test]
fn every_call_is_on_one_page_and_pages_find_each_other() {
    let folder = tempfile::tempdir().unwrap();
    export(&Many(12_001), folder.path());
    let read = |name: &str| fs::read_to_string(folder.path().join("calls").join(name)).unwrap();
    let pages = ["calls-1.html", "calls-2.html", "calls.html"].map(read);
    assert_eq!(pages.each_ref().map(|page| page.matches("class=\"long\"").count()), [5_000, 5_000, 2_001]);
    assert!(!pages[0].contains("Older calls") && pages[0].contains("href=\"calls-2.html\""));
    assert!(pages[1].contains("href=\"calls-1.html\"") && pages[1].contains("href=\"calls.html\""));
    assert!(pages[2].contains("href=\"calls-2.html\" rel=\"prev\"") && !pages[2].contains("Newer calls"));
    assert!(pages[2].contains("12,001 calls with 3 people"), "totals stand on the newest page");
    for month in pages[2].split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        if let Some((page, mark)) = month.split_once('#').filter(|(_, mark)| mark.starts_with('m') && mark.len() == 8) {
            let page = if page.is_empty() { &pages[2] } else { &read(page) };
            assert!(page.contains(&format!("id=\"{mark}\"")), "{month} leads nowhere");
        }
    }
    assert!(pages.iter().all(|page| !page.contains("<script>x") && !page.contains("<b>calls")));
    assert_eq!(read("calls.csv").matches("unique-").count(), 12_001);
}

#[test]
fn records_are_as_the_schema_says_and_the_same_every_time() {
    let [first, second] = [0, 1].map(|_| tempfile::tempdir().unwrap());
    for folder in [&first, &second] {
        export(&Many(50), folder.path());
    }
    for name in ["calls.html", "calls.csv", "calls.jsonl"] {
        let read = |root: &Path| fs::read(root.join("calls").join(name)).unwrap();
        assert_eq!(read(first.path()), read(second.path()), "{name}");
    }
    let lines = fs::read_to_string(first.path().join("calls/calls.jsonl")).unwrap();
    let records = valid(include_str!("../../../docs/formats/calls.schema.json"), &lines);
    assert_eq!(records.len(), 52);
    assert_eq!((records[51]["calls"].as_u64(), records[51]["skipped"].as_u64()), (Some(50), Some(1)));
    let table = fs::read_to_string(first.path().join("calls/calls.csv")).unwrap();
    let rows: Vec<_> = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes())
        .into_records()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), 50);
    assert!(rows[0][7].starts_with("'=Anna") && &rows[0][8] == "+491701234567");
}

#[test]
fn an_export_stops_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let stopped = CallsExporter::default()
        .export(&Present(&Many(1_000)), &Nothing, &context(), &tree, &|_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(corer_exporters::output::ExportError::Interrupted)));
    assert!(!folder.path().join("calls/calls.csv").exists());
}

/// No file at all.
struct Nothing;

impl FileSource for Nothing {
    fn open(&self, _: &Entry) -> Result<Opened, SourceError> {
        Err(SourceError::Locked)
    }
}

#[test]
fn voicemail_records_are_as_the_schema_says() {
    let voicemail = |state, expected| Voicemail {
        id: (state != State::Unlisted).then_some(3),
        state,
        date: AppleTime::from_seconds(6e8),
        trashed: None,
        expires: None,
        duration: Some(12.0),
        sender: Some("+49170".to_owned()),
        callback: None,
        name: Some("</p><script>x</script>".to_owned()),
        receiver: None,
        line: None,
        flags: Some(3),
        remote_id: None,
        transcript: Some(Transcript { text: "=call me\u{202e}".to_owned(), confidence: Some(0.5) }),
        sound: Sound::Missing { why: "missing".to_owned(), expected },
        others: vec![Sound::Missing { why: "missing".to_owned(), expected: false }],
        odd: vec!["duration -5".to_owned()],
    };
    let mailbox = Reading {
        records: vec![
            voicemail(State::Kept, true),
            voicemail(State::Unlisted, false),
            voicemail(State::Deleted, false),
        ],
        skipped: vec![Skipped::new("transcript 1.transcript", "damaged")],
    };
    let context =
        Context { about: about(), zone: TimeZone::UTC, base: SafePath::root(), formats: vec![voicemail::Format::Html] };
    let mut lines = Vec::new();
    let report = VoicemailExporter.stream(&Present(&mailbox), voicemail::Format::Jsonl, &context, &mut lines).unwrap();
    assert_eq!(
        valid(include_str!("../../../docs/formats/voicemail.schema.json"), &String::from_utf8(lines).unwrap()).len(),
        5
    );
    assert!(report.is_incomplete(false));
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    VoicemailExporter.export(&Present(&mailbox), &Nothing, &context, &tree, &|_| ControlFlow::Continue(())).unwrap();
    tree.finish().unwrap();
    let page = fs::read_to_string(folder.path().join("voicemail.html")).unwrap();
    assert!(!page.contains("<script>x") && page.contains("No sound"));
}
