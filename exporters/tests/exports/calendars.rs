//! Calendars as files: as documented, read back, and whatever stands in them.

use std::fs;
use std::ops::ControlFlow;

use calcard::icalendar::{ICalendar, ICalendarProperty, ICalendarValue};
use corer_exporters::calendars::{CalendarsExporter, Format};
use corer_exporters::output::{SafePath, Tree, TreeOptions as Writing};
use corer_exporters::saved::Present;
use corer_exporters::write::{Context, Exporter, FileSource};
use corer_schemas::calendars::{
    Alarm, Attachment, Calendar, Day, Event, Frequency, Nature, Original, Participant, Place, Rule, Travel, Weekday,
};
use corer_schemas::identity::Identified;
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

const LINES: &str = "a\r\nX-EVIL:1\nEND:VEVENT\rX-EVIL:2\u{85}X-EVIL:3\u{2028}X-EVIL:4\u{b}X-EVIL:5\u{2029}\0</b><script>x</script>\";:,\\";

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn hostile(id: i64, seconds: f64) -> Event {
    let place = Place { title: some(LINES), address: some(LINES), coordinates: Some((1.5, -2.25)), radius: Some(70.0) };
    let person = Participant { name: some(LINES), address: some(LINES), status: Some(2), ..Participant::default() };
    let day = |nth, weekday| Day { nth, weekday };
    Event {
        id: Some(id),
        uid: some(LINES),
        title: some(LINES),
        notes: some(LINES),
        start: AppleTime::from_seconds(seconds),
        start_zone: some("Europe/Oslo"),
        end: AppleTime::from_seconds(seconds + 3600.0),
        end_zone: some("America/New_York"),
        calendar: Some(Calendar {
            id: 1,
            title: some(LINES),
            color: some(LINES),
            notes: some(LINES),
            subscribed: some(LINES),
            account: some(LINES),
            ..Calendar::default()
        }),
        place: Some(place.clone()),
        travel: Some(Travel { seconds: Some(1800), from: Some(place) }),
        organizer: Some(person.clone()),
        attendees: vec![person, Participant::default()],
        rules: vec![Rule {
            frequency: Some(Frequency::Monthly),
            interval: 2,
            count: Some(4),
            days: vec![day(1, Weekday::Mo), day(-1, Weekday::Fr)],
            specifier: some(LINES),
            unread: vec![LINES.to_owned()],
            ..Rule::default()
        }],
        alarms: vec![
            Alarm { offset: Some(-900), ..Alarm::default() },
            Alarm { at: AppleTime::from_seconds(seconds), ..Alarm::default() },
            Alarm { offset: Some(0), proximity: Some(1), ..Alarm::default() },
        ],
        url: some(LINES),
        conferences: vec![LINES.to_owned(), "https://example.org/a,b;c".to_owned()],
        attachments: vec![Attachment {
            name: some(LINES),
            url: some("https://example.org/x"),
            ..Attachment::default()
        }],
        categories: vec![LINES.to_owned()],
        status: Some(2),
        availability: Some(1),
        odd: vec![LINES.to_owned()],
        ..Event::default()
    }
}

fn all() -> Vec<Event> {
    let whole = Event { all_day: true, start_zone: some("_float"), rules: Vec::new(), ..hostile(2, 7e8) };
    let moved = Event {
        original: Some(Original {
            series: 1,
            date: AppleTime::from_seconds(7e8),
            uid: some(LINES),
            zone: some("Europe/Oslo"),
            all_day: false,
        }),
        rules: Vec::new(),
        ..hostile(3, 7.1e8)
    };
    let birthday = Event { nature: Nature::Birthday, ..hostile(4, -9e9) };
    let undated = Event { start: None, ..hostile(5, 0.0) };
    vec![undated, birthday, hostile(1, 7e8), whole, moved]
}

fn exported(events: Vec<Event>) -> tempfile::TempDir {
    let reading = Reading { records: events, skipped: vec![Skipped::part("some alarms of events", "damaged")] };
    let formats = vec![Format::Ics, Format::Html, Format::Csv, Format::Jsonl];
    let context = Context { about: about(), zone: TimeZone::UTC, base: SafePath::root(), formats };
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let exporter = CalendarsExporter { made: Some(1_700_000_000), suggestions_left_out: 2 };
    let report =
        exporter.export(&Present(&reading), &Nothing, &context, &tree, &|_| ControlFlow::Continue(())).unwrap();
    tree.finish().unwrap();
    assert_eq!((report.found, report.exported, report.skipped.len()), (5, 5, 2));
    assert!(report.notes[0].contains("2 suggestions"));
    folder
}

#[test]
fn no_value_gets_out_of_its_place() {
    let folder = exported(all());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let schema = include_str!("../../../docs/formats/calendars.schema.json");
    assert_eq!(valid(schema, &read("calendars.jsonl")).len(), 7);
    let calendar = read("calendars.ics");
    let ends = |c: char| {
        matches!(c, '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    for line in calendar.replace("\r\n", "\n").split(ends) {
        assert!(!line.starts_with("X-EVIL") && line.len() <= 75, "{line:?}");
    }
    assert_eq!(calendar.matches("\r\nEND:VEVENT\r\n").count(), 4);
    for entry in fs::read_dir(folder.path()).unwrap().map(|found| found.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "html") {
            assert!(!fs::read_to_string(&entry).unwrap().contains("<script>x"), "{}", entry.display());
        }
    }
    let mut table = csv::Reader::from_path(folder.path().join("calendars.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().unwrap();
    assert!(rows.len() == 5 && rows.iter().all(|row| row.len() == 25));
}

#[test]
fn what_is_written_is_read_back_by_another_program() {
    let folder = exported(all());
    let text = fs::read_to_string(folder.path().join("calendars.ics")).unwrap();
    let calendar = ICalendar::parse(&text).unwrap();
    let texts = |name: &ICalendarProperty| -> Vec<String> {
        let entries = calendar.components.iter().flat_map(|component| &component.entries);
        let values = entries.filter(|entry| entry.name == *name).flat_map(|entry| &entry.values);
        values
            .filter_map(|value| match value {
                ICalendarValue::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect()
    };
    let clean = corer_exporters::contacts::vcard::clean(LINES);
    for name in [ICalendarProperty::Summary, ICalendarProperty::Description] {
        let found = texts(&name);
        assert!(found.iter().filter(|found| **found == clean).count() >= 4, "{name:?} {found:?}");
    }
    let zones = text.matches("BEGIN:VTIMEZONE").count();
    assert_eq!(zones, 2, "each zone once");
}

#[test]
fn a_changed_occurrence_has_the_identifier_of_its_series() {
    let folder = exported(all());
    let text = fs::read_to_string(folder.path().join("calendars.ics")).unwrap().replace("\r\n ", "");
    let event = text.split("BEGIN:VEVENT").find(|event| event.contains("RECURRENCE-ID")).unwrap();
    let series = text.split("BEGIN:VEVENT").find(|event| event.contains("DTSTART;TZID=Europe/Oslo:20230308")).unwrap();
    let uid = |event: &str| event.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
    assert_eq!(uid(event), uid(series));
    assert!(event.contains("RECURRENCE-ID;TZID=Europe/Oslo:20230308T212640\r\n"), "{event}");
}

#[test]
fn a_long_title_is_written_once_and_not_for_each_alarm_and_occurrence() {
    let alarm = || Alarm { offset: Some(-900), ..Alarm::default() };
    let mut events = all();
    let long = events.iter_mut().find(|event| event.start.is_some() && !event.rules.is_empty()).unwrap();
    long.rules[0].count = Some(300);
    long.title = Some("x".repeat(100_000));
    long.alarms = (0..500).map(|_| alarm()).collect();
    let folder = exported(events);
    let text = fs::read_to_string(folder.path().join("calendars.ics")).unwrap();
    assert!(text.matches("BEGIN:VALARM").count() >= 500 && text.len() < 1_000_000, "{}", text.len());
    let pages = fs::read_dir(folder.path()).unwrap().map(|found| found.unwrap().path());
    let pages = pages.filter(|path| path.extension().is_some_and(|extension| extension == "html"));
    let years = pages.map(|path| fs::read_to_string(path).unwrap().matches(&"x".repeat(100_000)).count());
    assert!(years.max().unwrap() <= 1, "once a year, with all that is told of it");
}

#[test]
fn an_occurrence_of_an_earlier_backup_is_of_no_other_series() {
    let mut events = all();
    let moved = events.iter_mut().find(|event| event.original.is_some()).unwrap();
    moved.forget_rows();
    let original = moved.original.clone().unwrap();
    let folder = exported(events);
    let lines = fs::read_to_string(folder.path().join("calendars.jsonl")).unwrap();
    assert!(lines.contains("\"series\":null"), "{original:?}");
}
