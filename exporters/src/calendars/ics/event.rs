//! One event: `VEVENT`, with its alarms.

use std::io;

use corer_schemas::AppleTime;
use corer_schemas::calendars::{Alarm, Attachment, Event, Nature, Participant, Place};
use jiff::ToSpan;

use super::super::labels::{Answer, answer};
use super::super::when::{Frame, When, end, start};
use super::{name_of, rule, time};
use crate::page::safe_url;
use crate::saved::Kept;
use crate::write::content_lines::{Lines, clean, list, uri};

/// The most letters of what an alarm shows.
const LONGEST_ALARM: usize = 200;

/// Writes an event. The times that it names go to `used`.
///
/// # Errors
/// Why it cannot be written as a calendar, in words.
pub(super) fn write(
    lines: &mut Lines<'_>,
    event: &Kept<Event>,
    uid: &str,
    notes: &[String],
    used: &mut Vec<When>,
) -> Result<(), &'static str> {
    let begin = start(event).ok_or("a calendar needs to know when an event begins, and nothing says so")?;
    if !(1..=9999).contains(&begin.clock().year()) {
        return Err("a calendar cannot tell its year");
    }
    let mut out = Writer { lines, used };
    out.event(event, &begin, uid, notes).map_err(|_| "it cannot be written")
}

struct Writer<'l, 'w> {
    lines: &'l mut Lines<'w>,
    used: &'l mut Vec<When>,
}

impl Writer<'_, '_> {
    fn event(&mut self, event: &Event, begin: &When, uid: &str, notes: &[String]) -> io::Result<()> {
        self.lines.fixed("BEGIN:VEVENT")?;
        self.lines.text("UID", &[], uid)?;
        let stamp = [event.modified, event.created, event.start].into_iter().flatten().find_map(utc);
        self.lines.fixed(&format!("DTSTAMP:{}", stamp.unwrap_or_else(|| "19700101T000000Z".to_owned())))?;
        self.times(event, begin)?;
        self.repeats(event)?;
        self.words(event, notes)?;
        self.places(event)?;
        self.people(event)?;
        self.links(event)?;
        self.state(event)?;
        for alarm in event.alarms.iter().filter(|alarm| !alarm.disabled && !is_by_place(alarm)) {
            self.alarm(alarm, event)?;
        }
        self.lines.fixed("END:VEVENT")
    }

    fn time(&mut self, name: &str, when: &When) -> io::Result<()> {
        let value = time(when);
        self.used.push(when.clone());
        match (when, name_of(when)) {
            (When::Day(_), _) => self.lines.fixed(&format!("{name};VALUE=DATE:{value}")),
            // Names of the database are made of letters, digits and a few signs that need no quotes.
            (_, Some(zone)) => self.lines.fixed(&format!("{name};TZID={zone}:{value}")),
            (_, None) => self.lines.fixed(&format!("{name}:{value}")),
        }
    }

    fn times(&mut self, event: &Event, begin: &When) -> io::Result<()> {
        self.time("DTSTART", begin)?;
        let end = end(event).filter(|end| end.clock().year() <= 9999);
        match end {
            Some(When::Day(last)) => {
                let after = last.checked_add(1.day()).unwrap_or(last);
                self.time("DTEND", &When::Day(after))?;
            }
            // What takes no time has no end.
            Some(end) if event.end > event.start => self.time("DTEND", &end)?,
            _ => {}
        }
        for (name, moment) in [("CREATED", event.created), ("LAST-MODIFIED", event.modified)] {
            if let Some(moment) = moment.and_then(utc) {
                self.lines.fixed(&format!("{name}:{moment}"))?;
            }
        }
        match event.sequence {
            Some(sequence) if sequence > 0 => self.lines.fixed(&format!("SEQUENCE:{sequence}")),
            _ => Ok(()),
        }
    }

    fn repeats(&mut self, event: &Event) -> io::Result<()> {
        let frame = Frame::of(event);
        for rule in event.rules.iter().filter_map(|own| rule(own, &frame)) {
            self.lines.fixed(&format!("RRULE:{rule}"))?;
        }
        // An occurrence that was changed stands for itself.
        let dropped = event.exceptions.iter().filter(|date| !event.changed.contains(date));
        for date in dropped.filter_map(|date| frame.at(*date)) {
            self.time("EXDATE", &date)?;
        }
        // Of a series that is not there, it is an event by itself.
        let original = event.original.as_ref().filter(|original| original.uid.is_some());
        let date = original.and_then(|original| Frame::of_series(original).at(original.date?));
        date.map_or(Ok(()), |date| self.time("RECURRENCE-ID", &date))
    }

    fn words(&mut self, event: &Event, notes: &[String]) -> io::Result<()> {
        for (name, text) in [("SUMMARY", &event.title), ("DESCRIPTION", &event.notes)] {
            if let Some(text) = text {
                self.lines.text(name, &[], text)?;
            }
        }
        for note in notes {
            self.lines.text("COMMENT", &[], note)?;
        }
        let birthday = (event.nature == Nature::Birthday).then(|| "Birthday".to_owned());
        let categories: Vec<String> = event.categories.iter().cloned().chain(birthday).collect();
        match categories.is_empty() {
            true => Ok(()),
            false => self.lines.raw("CATEGORIES", &[], &list(categories.iter())),
        }
    }

    fn places(&mut self, event: &Event) -> io::Result<()> {
        if let Some(place) = &event.place {
            self.lines.text("LOCATION", &[], &in_words(place))?;
            if let Some((latitude, longitude)) = place.coordinates {
                self.lines.fixed(&format!("GEO:{latitude};{longitude}"))?;
            }
            self.place("X-APPLE-STRUCTURED-LOCATION", place)?;
        }
        let Some(travel) = &event.travel else { return Ok(()) };
        if let Some(seconds) = travel.seconds {
            self.lines.fixed(&format!("X-APPLE-TRAVEL-DURATION;VALUE=DURATION:{}", duration(seconds)))?;
        }
        travel.from.as_ref().map_or(Ok(()), |from| self.place("X-APPLE-TRAVEL-START", from))
    }

    /// A place as Apple's programs write it, where it is known where it lies.
    fn place(&mut self, name: &str, place: &Place) -> io::Result<()> {
        let Some((latitude, longitude)) = place.coordinates else { return Ok(()) };
        let radius = place.radius.map(|radius| radius.to_string());
        let named = [("X-ADDRESS", &place.address), ("X-APPLE-RADIUS", &radius), ("X-TITLE", &place.title)];
        let known = named.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let parameters: Vec<(&str, &str)> = std::iter::once(("VALUE", "URI")).chain(known).collect();
        self.lines.raw(name, &parameters, &format!("geo:{latitude},{longitude}"))
    }

    fn people(&mut self, event: &Event) -> io::Result<()> {
        if let Some(organizer) = &event.organizer {
            let name = organizer.name.as_deref().map(|name| ("CN", name));
            self.lines.raw("ORGANIZER", name.as_slice(), &address(organizer))?;
        }
        for attendee in &event.attendees {
            let name = attendee.name.as_deref().map(|name| ("CN", name));
            let said = match answer(attendee.status) {
                Some(Answer::Accepted) => Some(("PARTSTAT", "ACCEPTED")),
                Some(Answer::Declined) => Some(("PARTSTAT", "DECLINED")),
                Some(Answer::Maybe) => Some(("PARTSTAT", "TENTATIVE")),
                Some(Answer::None) => Some(("PARTSTAT", "NEEDS-ACTION")),
                None => None,
            };
            let parameters: Vec<(&str, &str)> = name.into_iter().chain(said).collect();
            self.lines.raw("ATTENDEE", &parameters, &address(attendee))?;
        }
        Ok(())
    }

    fn links(&mut self, event: &Event) -> io::Result<()> {
        if let Some(url) = &event.url {
            self.lines.raw("URL", &[("VALUE", "URI")], &uri(url))?;
        }
        for url in &event.conferences {
            self.lines.raw("CONFERENCE", &[("VALUE", "URI")], &uri(url))?;
        }
        event.attachments.iter().try_for_each(|attachment| self.attachment(attachment))
    }

    /// A file is named; where it can be had from somewhere, it is attached.
    fn attachment(&mut self, attachment: &Attachment) -> io::Result<()> {
        let name = attachment.name.as_deref().map(|name| ("FILENAME", name));
        match attachment.url.as_deref().and_then(safe_url) {
            Some(url) => self.lines.raw("ATTACH", name.as_slice(), &uri(url)),
            None => {
                let named = attachment.name.as_deref().or(attachment.url.as_deref()).unwrap_or("a file without a name");
                self.lines.text("X-CORER-ATTACHMENT", &[], named)
            }
        }
    }

    fn state(&mut self, event: &Event) -> io::Result<()> {
        let status = match event.status {
            Some(1) => Some("CONFIRMED"),
            Some(2) => Some("TENTATIVE"),
            Some(3) => Some("CANCELLED"),
            _ => None,
        };
        if let Some(status) = status {
            self.lines.fixed(&format!("STATUS:{status}"))?;
        }
        let busy = match event.availability {
            Some(0) => Some(("OPAQUE", "BUSY")),
            Some(1) => Some(("TRANSPARENT", "FREE")),
            Some(2) => Some(("OPAQUE", "TENTATIVE")),
            Some(3) => Some(("OPAQUE", "OOF")),
            _ => None,
        };
        let Some((transparency, busy)) = busy else { return Ok(()) };
        self.lines.fixed(&format!("TRANSP:{transparency}"))?;
        self.lines.fixed(&format!("X-MICROSOFT-CDO-BUSYSTATUS:{busy}"))
    }

    fn alarm(&mut self, alarm: &Alarm, event: &Event) -> io::Result<()> {
        let trigger = match (alarm.at.and_then(utc), alarm.offset) {
            (Some(at), _) => format!("TRIGGER;VALUE=DATE-TIME:{at}"),
            (None, Some(offset)) => format!("TRIGGER:{}", duration(offset)),
            (None, None) => return Ok(()),
        };
        self.lines.fixed("BEGIN:VALARM")?;
        self.lines.fixed("ACTION:DISPLAY")?;
        self.lines.fixed(&trigger)?;
        // The whole title stands above; there may be many alarms.
        let words: String = event.title.as_deref().unwrap_or("Event").chars().take(LONGEST_ALARM).collect();
        self.lines.text("DESCRIPTION", &[], &words)?;
        self.lines.fixed("END:VALARM")
    }
}

/// Whether an alarm rings on the way to a place, for which calendars have no word.
fn is_by_place(alarm: &Alarm) -> bool {
    alarm.proximity.is_some_and(|proximity| proximity != 0)
}

fn in_words(place: &Place) -> String {
    let parts = [&place.title, &place.address].into_iter().filter_map(|part| part.as_deref());
    parts.collect::<Vec<_>>().join("\n")
}

/// A moment in UTC, in years that calendars can tell.
fn utc(moment: AppleTime) -> Option<String> {
    let when = When::Utc(moment.timestamp()?);
    (1..=9999).contains(&when.clock().year()).then(|| time(&when))
}

/// `-PT15M`, `P1D`.
fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let units = [(seconds / 86_400, 'D'), (seconds / 3600 % 24, 'H'), (seconds / 60 % 60, 'M'), (seconds % 60, 'S')];
    let told = |unit: &&(u64, char)| unit.0 > 0;
    let text = |(number, unit): &(u64, char)| format!("{number}{unit}");
    let (days, rest) = units.split_at(1);
    let days: String = days.iter().filter(told).map(text).collect();
    let rest: String = rest.iter().filter(told).map(text).collect();
    match (days.is_empty(), rest.is_empty()) {
        (true, true) => "PT0S".to_owned(),
        (_, true) => format!("{sign}P{days}"),
        _ => format!("{sign}P{days}T{rest}"),
    }
}

/// The address of somebody, as calendars name people.
fn address(person: &Participant) -> String {
    let is_mail =
        |address: &&String| address.split_once('@').is_some_and(|(local, _)| !local.contains(':') && !local.is_empty());
    let mail = person.address.as_ref().filter(is_mail).map(|mail| format!("mailto:{mail}"));
    let other = || person.address.as_ref().filter(|address| has_scheme(address)).cloned();
    let phone = || person.phone.as_ref().map(|phone| format!("tel:{phone}"));
    // What mail programs write for somebody without an address.
    let found = mail.or_else(other).or_else(phone).unwrap_or_else(|| "invalid:nomail".to_owned());
    uri(&clean(&found).replace(char::is_whitespace, "%20"))
}

/// Whether an address says by itself what it is: `urn:uuid:…`.
fn has_scheme(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_calendars_write_them() {
        let told = [-900, 0, 86_400, -90_061, 3600].map(duration);
        assert_eq!(told, ["-PT15M", "PT0S", "P1D", "-P1DT1H1M1S", "PT1H"]);
    }

    #[test]
    fn everybody_has_an_address_of_one_line() {
        let person = |address: Option<&str>, phone: Option<&str>| Participant {
            address: address.map(str::to_owned),
            phone: phone.map(str::to_owned),
            ..Participant::default()
        };
        assert_eq!(address(&person(Some("a b@example.org\r\nX:1"), None)), "mailto:a%20b@example.org%20X:1");
        assert_eq!(address(&person(None, Some("+1 555"))), "tel:+1%20555");
        assert_eq!(address(&person(Some("/principal/x"), None)), "invalid:nomail");
        assert_eq!(address(&person(Some("urn:uuid:1"), None)), "urn:uuid:1");
    }
}
