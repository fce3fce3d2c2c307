//! What is said of an event: the same words in every format for people.

use corer_schemas::calendars::{Calendar, Event, Nature, Participant, Place, Rule};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::ics::rule;
use super::when::{Frame, When, end, start, zone};
use crate::clock::date_in_words;
use crate::saved::{Kept, words};

/// What somebody answered to an invitation. What the numbers mean is as an older reader of these databases and a comparison with
/// another one have them; the names that EventKit has for its own numbers are others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nothing yet.
    None,
    /// To come.
    Accepted,
    /// Not to come.
    Declined,
    /// Perhaps to come.
    Maybe,
}

/// The answer that a number stands for.
pub(super) fn answer(status: Option<i64>) -> Option<Answer> {
    match status? {
        0 | 7 => Some(Answer::None),
        1 => Some(Answer::Accepted),
        2 => Some(Answer::Declined),
        3 => Some(Answer::Maybe),
        _ => None,
    }
}

impl Answer {
    /// As data.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Maybe => "maybe",
        }
    }
}

/// What it is called.
pub(super) fn title(event: &Event) -> &str {
    event.title.as_deref().map(str::trim).filter(|title| !title.is_empty()).unwrap_or("Event without a title")
}

/// What a calendar is called.
pub(super) fn calendar_name(calendar: Option<&Calendar>) -> &str {
    let Some(calendar) = calendar else { return "No calendar" };
    calendar.title.as_deref().map(str::trim).filter(|title| !title.is_empty()).unwrap_or("Calendar without a name")
}

/// Where it is, on one line.
pub(super) fn place(place: &Place) -> Option<String> {
    let parts = [&place.title, &place.address].into_iter().filter_map(|part| part.as_deref());
    let words = parts.collect::<Vec<_>>().join(", ");
    let degrees = || place.coordinates.map(|(latitude, longitude)| format!("{latitude}, {longitude}"));
    Some(words).filter(|words| !words.is_empty()).or_else(degrees)
}

/// Somebody, with their answer: `Anna <anna@example.org> (accepted)`.
pub(super) fn person(person: &Participant, is_asked: bool) -> String {
    let address = person.address.as_deref().or(person.phone.as_deref());
    let who = match (person.name.as_deref(), address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or("somebody").to_owned(),
    };
    let said = answer(person.status).filter(|answer| is_asked && *answer != Answer::None);
    match said {
        Some(said) => format!("{who} ({})", said.word()),
        None => who,
    }
}

/// How it repeats, as the device stores it and calendars write it.
pub(super) fn repeats(event: &Event) -> Vec<String> {
    let frame = Frame::of(event);
    event.rules.iter().filter_map(|own| rule(own, &frame)).collect()
}

/// How often it repeats, in words.
pub(super) fn how_often(rule: &Rule) -> Option<String> {
    use corer_schemas::calendars::Frequency::{Daily, Monthly, Weekly, Yearly};
    let (one, many) = match rule.frequency? {
        Daily => ("day", "days"),
        Weekly => ("week", "weeks"),
        Monthly => ("month", "months"),
        Yearly => ("year", "years"),
    };
    Some(match rule.interval {
        1 => format!("every {one}"),
        number => format!("every {number} {many}"),
    })
}

/// How it stands, in a word.
pub(super) fn status(event: &Event) -> Option<&'static str> {
    match event.status {
        Some(1) => Some("confirmed"),
        Some(2) => Some("tentative"),
        Some(3) => Some("cancelled"),
        _ => None,
    }
}

/// Whether it takes the person's time, in a word.
pub(super) fn availability(event: &Event) -> Option<&'static str> {
    match event.availability {
        Some(0) => Some("busy"),
        Some(1) => Some("free"),
        Some(2) => Some("tentative"),
        Some(3) => Some("unavailable"),
        _ => None,
    }
}

/// What it is, in a word, where it is no plain event.
pub(super) fn nature(event: &Event) -> Option<&'static str> {
    match event.nature {
        Nature::Planned => None,
        Nature::Birthday => Some("birthday"),
        Nature::Suggestion => Some("suggestion"),
    }
}

/// From when to when, as clocks of the reader show: `10:15–11:00`, `all day`, `10:15 to 3 May 2024, 11:00`.
pub(super) fn span(event: &Event, reader: &TimeZone) -> Option<String> {
    let begin = start(event)?;
    let to = end(event).map(|end| end.here(reader));
    Some(between(matches!(begin, When::Day(_)), begin.here(reader), to))
}

/// The same of times that clocks of the reader show.
pub(super) fn between(is_day: bool, from: DateTime, to: Option<DateTime>) -> String {
    match (is_day, to) {
        (true, Some(to)) if to.date() > from.date() => format!("until {}", date_in_words(to.date())),
        (true, _) => "all day".to_owned(),
        (false, Some(to)) if to.date() == from.date() && to > from => format!("{}\u{2013}{}", time(from), time(to)),
        (false, Some(to)) if to > from => format!("{} to {}, {}", time(from), date_in_words(to.date()), time(to)),
        (false, _) => time(from),
    }
}

/// `10:15`.
fn time(clock: DateTime) -> String {
    format!("{:02}:{:02}", clock.hour(), clock.minute())
}

/// How long something takes: `1 d 2 h`, `15 min`.
pub(super) fn long(seconds: u64) -> String {
    let units = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let told = units.into_iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number} {unit}"));
    told.collect::<Vec<_>>().join(" ")
}

/// What rings, in words.
pub(super) fn alarms(event: &Event, reader: &TimeZone) -> Vec<String> {
    let one = |alarm: &corer_schemas::calendars::Alarm| {
        let when = match (alarm.at, alarm.offset) {
            _ if alarm.proximity.is_some_and(|proximity| proximity != 0) => "by place".to_owned(),
            (Some(at), _) => crate::clock::Moment::new(at, reader)?.short(),
            (None, Some(0)) => "at the beginning".to_owned(),
            (None, Some(offset)) => {
                let side = if offset < 0 { "before" } else { "after" };
                format!("{} {side}", long(offset.unsigned_abs()))
            }
            (None, None) => return None,
        };
        Some(if alarm.disabled { format!("{when} (off)") } else { when })
    };
    event.alarms.iter().filter_map(one).collect()
}

/// What else there is to say, in a few words each: of where it was found, and what of it makes no sense.
pub(super) fn notes(event: &Kept<Event>, reader: &TimeZone) -> Vec<String> {
    remembered(event, reader).into_iter().chain(odd(event)).collect()
}

/// What is remembered of it.
pub(super) fn remembered(event: &Kept<Event>, reader: &TimeZone) -> Vec<String> {
    let version = |earlier: &Event| {
        let when = start(earlier).map(|start| format!(", {}", start.exact(reader))).unwrap_or_default();
        format!("\u{201c}{}\u{201d}{when}", title(earlier))
    };
    words::notes(event, reader, version)
}

/// What of it makes no sense.
pub(super) fn odd(event: &Event) -> Vec<String> {
    let unknown = event.start_zone.as_deref().filter(|name| !event.is_floating() && zone(name).is_none());
    let unknown = unknown.map(|name| format!("time zone {name} is not known"));
    let backwards = event.start.zip(event.end).is_some_and(|(start, end)| end < start);
    let backwards = backwards.then(|| "it ends before it begins".to_owned());
    let no_year = event.no_year.then(|| "the year is not known".to_owned());
    event.odd.iter().cloned().chain(no_year).chain(unknown).chain(backwards).collect()
}
