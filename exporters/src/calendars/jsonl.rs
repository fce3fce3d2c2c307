//! `calendars.jsonl`: one JSON record a line, for programs. `docs/formats/calendars.md` describes it and
//! `docs/formats/calendars.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them stand the events, ordered by their beginning.

use std::io::{self, Write};

use corer_schemas::calendars::{Alarm, Attachment, Calendar, Event, Nature, Participant, Place, Rule, Travel};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::ics::rule;
use super::labels::{answer, odd};
use super::totals::Totals;
use super::when::{Frame, end, start};
use crate::clock::exact;
use crate::output::ExportInfo;
use crate::saved::{Kept, words};
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/calendars/1";

#[derive(Serialize)]
struct EventRecord<'a> {
    id: Option<i64>,
    uid: Option<&'a str>,
    uuid: Option<&'a str>,
    kind: &'static str,
    title: Option<&'a str>,
    description: Option<&'a str>,
    start: Option<String>,
    start_zone: Option<&'a str>,
    end: Option<String>,
    end_zone: Option<&'a str>,
    all_day: bool,
    no_year: bool,
    calendar: Option<&'a Calendar>,
    place: Option<&'a Place>,
    travel: Option<&'a Travel>,
    organizer: Option<PersonRecord<'a>>,
    attendees: Vec<PersonRecord<'a>>,
    repeats: Vec<RuleRecord<'a>>,
    exceptions: Vec<String>,
    changed: Vec<String>,
    replaces: Option<OriginalRecord<'a>>,
    alarms: Vec<AlarmRecord<'a>>,
    url: Option<&'a str>,
    conferences: &'a [String],
    attachments: &'a [Attachment],
    categories: &'a [String],
    status: Option<i64>,
    availability: Option<i64>,
    privacy: Option<i64>,
    invitation: Option<i64>,
    hidden: bool,
    contact: Option<&'a str>,
    created: Option<String>,
    modified: Option<String>,
    sequence: Option<i64>,
    odd: Vec<String>,
}

#[derive(Serialize)]
struct PersonRecord<'a> {
    name: Option<&'a str>,
    address: Option<&'a str>,
    phone: Option<&'a str>,
    answer: Option<&'static str>,
    status: Option<i64>,
    role: Option<i64>,
    kind: Option<i64>,
    is_self: bool,
    comment: Option<&'a str>,
}

#[derive(Serialize)]
struct RuleRecord<'a> {
    rule: Option<String>,
    specifier: Option<&'a str>,
    unread: &'a [String],
}

#[derive(Serialize)]
struct OriginalRecord<'a> {
    series: Option<i64>,
    uid: Option<&'a str>,
    date: Option<String>,
}

#[derive(Serialize)]
struct AlarmRecord<'a> {
    at: Option<String>,
    offset: Option<i64>,
    action: Option<i64>,
    proximity: Option<i64>,
    place: Option<&'a Place>,
    disabled: bool,
}

/// An event, and what is remembered of it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    event: EventRecord<'a>,
    #[serde(flatten)]
    remembered: words::Fields<EventRecord<'a>>,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes an event, in times of `zone`.
///
/// # Errors
/// Those of `to`.
pub fn event(to: &mut dyn Write, event: &Kept<Event>, zone: &TimeZone) -> io::Result<()> {
    let remembered = words::fields(event, zone, |earlier| record(earlier, zone));
    jsonl::record(to, "event", &Whole { event: record(event, zone), remembered })
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

fn record<'a>(event: &'a Event, zone: &TimeZone) -> EventRecord<'a> {
    let frame = Frame::of(event);
    let dates = |dates: &[corer_schemas::AppleTime]| {
        dates.iter().filter_map(|date| Some(frame.at(*date)?.exact(zone))).collect::<Vec<_>>()
    };
    EventRecord {
        id: event.id,
        uid: event.uid.as_deref(),
        uuid: event.uuid.as_deref(),
        kind: match event.nature {
            Nature::Planned => "event",
            Nature::Birthday => "birthday",
            Nature::Suggestion => "suggestion",
        },
        title: event.title.as_deref(),
        description: event.notes.as_deref(),
        start: start(event).map(|start| start.exact(zone)),
        start_zone: event.start_zone.as_deref(),
        end: end(event).map(|end| end.exact(zone)),
        end_zone: event.end_zone.as_deref(),
        all_day: event.all_day,
        no_year: event.no_year,
        calendar: event.calendar.as_ref(),
        place: event.place.as_ref(),
        travel: event.travel.as_ref(),
        organizer: event.organizer.as_ref().map(person),
        attendees: event.attendees.iter().map(person).collect(),
        repeats: event.rules.iter().map(|own| repeated(own, &frame)).collect(),
        exceptions: dates(&event.exceptions),
        changed: dates(&event.changed),
        replaces: event.original.as_ref().map(|original| OriginalRecord {
            series: Some(original.series).filter(|series| *series != 0),
            uid: original.uid.as_deref(),
            date: original.date.and_then(|date| Some(Frame::of_series(original).at(date)?.exact(zone))),
        }),
        alarms: event.alarms.iter().map(|own| alarm(own, zone)).collect(),
        url: event.url.as_deref(),
        conferences: &event.conferences,
        attachments: &event.attachments,
        categories: &event.categories,
        status: event.status,
        availability: event.availability,
        privacy: event.privacy,
        invitation: event.invitation,
        hidden: event.hidden,
        contact: event.contact.as_deref(),
        created: exact(event.created, zone),
        modified: exact(event.modified, zone),
        sequence: event.sequence,
        odd: odd(event),
    }
}

fn person(person: &Participant) -> PersonRecord<'_> {
    PersonRecord {
        name: person.name.as_deref(),
        address: person.address.as_deref(),
        phone: person.phone.as_deref(),
        answer: answer(person.status).map(|answer| answer.word()),
        status: person.status,
        role: person.role,
        kind: person.nature,
        is_self: person.is_self,
        comment: person.comment.as_deref(),
    }
}

fn repeated<'a>(own: &'a Rule, frame: &Frame) -> RuleRecord<'a> {
    RuleRecord { rule: rule(own, frame), specifier: own.specifier.as_deref(), unread: &own.unread }
}

fn alarm<'a>(alarm: &'a Alarm, zone: &TimeZone) -> AlarmRecord<'a> {
    AlarmRecord {
        at: exact(alarm.at, zone),
        offset: alarm.offset,
        action: alarm.action,
        proximity: alarm.proximity,
        place: alarm.place.as_ref(),
        disabled: alarm.disabled,
    }
}
