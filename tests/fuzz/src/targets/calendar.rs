//! Calendars of any texts and rules: another program's reader finds one event, and nothing that a value added.

use calcard::{Entry, Parser};
use corer_exporters::calendars::{CalendarsExporter, Format};
use corer_exporters::output::{ExportInfo, SafePath};
use corer_exporters::saved::Present;
use corer_exporters::write::{Context, Exporter};
use corer_schemas::calendars::{Calendar, Event, Participant, Place};
use corer_schemas::{AppleTime, Reading, fuzzing};
use jiff::tz::TimeZone;

pub fn run(bytes: &[u8]) {
    let [frequency, seconds @ ..] = bytes else { return };
    let start = seconds.iter().take(4).fold(0_i32, |all, byte| all << 8 | i32::from(*byte));
    let text = super::text(bytes.get(5..).unwrap_or_default());
    let mut parts = text.split('\u{1}').map(str::to_owned);
    let mut next = || parts.next().filter(|part| !part.is_empty());
    let rule = fuzzing::rule(i64::from(*frequency), next().unwrap_or_default());
    let event = Event {
        start: AppleTime::from_seconds(f64::from(start)),
        start_zone: next(),
        title: next(),
        notes: next(),
        uid: next(),
        url: next(),
        place: Some(Place { title: next(), address: next(), coordinates: Some((1.0, 2.0)), radius: None }),
        organizer: Some(Participant { name: next(), address: next(), ..Participant::default() }),
        calendar: Some(Calendar { title: next(), color: next(), ..Calendar::default() }),
        rules: vec![rule],
        ..Event::default()
    };
    let reading = Reading { records: vec![event], skipped: Vec::new() };
    let context = Context {
        about: ExportInfo::default(),
        zone: TimeZone::UTC,
        base: SafePath::root(),
        formats: vec![Format::Ics],
    };
    let mut out = Vec::new();
    let written = CalendarsExporter::default().stream(&Present(&reading), Format::Ics, &context, &mut out);
    written.expect("memory takes everything");
    let text = String::from_utf8(out).expect("calendars are text");
    let mut parser = Parser::new(&text);
    assert!(matches!(parser.entry(), Entry::ICalendar(_)), "no calendar: {text}");
    assert!(matches!(parser.entry(), Entry::Eof), "more than a calendar: {text}");
    let begins = text.split("\r\n").filter(|line| *line == "BEGIN:VEVENT").count();
    assert_eq!(begins, 1, "{text}");
}
