//! Calendars as iCalendar (RFC 5545, with names of RFC 7986 and of Apple): one file of all, one of each calendar.
//!
//! Nothing that a backup holds can add a line or a property: texts have every kind of line break escaped, addresses encode
//! it, parameters have none. Zones stand before the events that name them, so events wait until all are known.

mod event;
mod rule;
mod zones;

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use corer_schemas::calendars::{Calendar, Event};
use corer_schemas::identity::{Identified, RecordId};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::when::When;
use crate::saved::Kept;
use crate::write::content_lines::{Lines, uri};

pub(super) use rule::rule;

/// Events that are written as calendars, while they come.
#[derive(Default)]
pub(super) struct Calendars {
    all: Body,
    /// By name and number, so that they come in an order that says something.
    each: BTreeMap<(String, Option<i64>), (Option<Calendar>, Body)>,
    /// How many events had an identifier so far.
    known: HashMap<(String, Option<i64>), u64>,
    identifiers: HashMap<i64, String>,
}

/// The events of a file, and the zones that they name, with when each is first used.
#[derive(Default)]
struct Body {
    events: Vec<u8>,
    zones: BTreeMap<String, (TimeZone, Timestamp)>,
}

/// A calendar that is complete.
pub(super) struct File<'c> {
    /// The calendar; `None` for events that are in none.
    pub(super) calendar: Option<&'c Calendar>,
    body: &'c Body,
}

impl Calendars {
    /// Adds an event. `notes` is what is remembered of it.
    ///
    /// # Errors
    /// Why it cannot be written as a calendar, in words.
    pub(super) fn add(&mut self, event: &Kept<Event>, notes: &[String]) -> Result<(), &'static str> {
        let uid = self.identifier(event, event.is_present());
        let mut text = Vec::new();
        let mut used = Vec::new();
        event::write(&mut Lines::new(&mut text), event, &uid, notes, &mut used)?;
        let key = event.calendar.as_ref().map(|calendar| calendar.title.clone().unwrap_or_default());
        let key = (key.unwrap_or_default(), event.calendar.as_ref().map(|calendar| calendar.id));
        let (_, own) = self.each.entry(key).or_insert_with(|| (event.calendar.clone(), Body::default()));
        for body in [&mut self.all, own] {
            body.events.extend_from_slice(&text);
            used.iter().for_each(|when| body.uses(when));
        }
        Ok(())
    }

    /// What an event is known by in a file: that of its series for an occurrence, else its own; no two the same.
    /// Row numbers count in those of the newest backup alone: `is_present`.
    fn identifier(&mut self, event: &Event, is_present: bool) -> String {
        let original = event.original.as_ref();
        let series = original
            .and_then(|original| self.identifiers.get(&original.series).cloned().or_else(|| original.uid.clone()));
        let own = series.or_else(|| event.uid.clone()).or_else(|| event.uuid.clone());
        let own = own.unwrap_or_else(|| RecordId::new(&event.key(), 0).to_string());
        let date = original.and_then(|original| original.date).map(|date| date.nanoseconds());
        let unique = loop {
            let number = self.known.entry((own.clone(), date)).or_insert(0);
            *number += 1;
            let marked = if *number == 1 { own.clone() } else { format!("{own}-{number}") };
            // One that was marked may be what another one is called by itself.
            if marked == own || self.known.insert((marked.clone(), date), 1).is_none() {
                break marked;
            }
        };
        if let Some(id) = event.id.filter(|_| is_present && !event.rules.is_empty()) {
            self.identifiers.insert(id, unique.clone());
        }
        unique
    }

    /// All events in one file.
    pub(super) fn all(&self) -> File<'_> {
        File { calendar: None, body: &self.all }
    }

    /// Each calendar by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = File<'_>> {
        self.each.values().map(|(calendar, body)| File { calendar: calendar.as_ref(), body })
    }
}

impl Body {
    fn uses(&mut self, when: &When) {
        let (When::Zoned(moment, _, zone), Some(name)) = (when, name_of(when)) else { return };
        let since = &mut self.zones.entry(name).or_insert_with(|| (zone.clone(), *moment)).1;
        *since = (*since).min(*moment);
    }
}

impl File<'_> {
    /// Writes it. `version` is that of corer.
    ///
    /// # Errors
    /// Those of `to`.
    pub(super) fn write(&self, to: &mut dyn Write, name: &str, version: &str) -> io::Result<()> {
        let mut lines = Lines::new(to);
        lines.fixed("BEGIN:VCALENDAR")?;
        lines.fixed("VERSION:2.0")?;
        lines.text("PRODID", &[], &format!("-//corer//corer {version}//EN"))?;
        lines.fixed("CALSCALE:GREGORIAN")?;
        for property in ["NAME", "X-WR-CALNAME"] {
            lines.text(property, &[], name)?;
        }
        if let Some(calendar) = self.calendar {
            about(&mut lines, calendar)?;
        }
        for (zone, since) in self.body.zones.values() {
            zones::write(&mut lines, zone, *since)?;
        }
        to.write_all(&self.body.events)?;
        Lines::new(to).fixed("END:VCALENDAR")
    }
}

/// What is said of a calendar.
fn about(lines: &mut Lines<'_>, calendar: &Calendar) -> io::Result<()> {
    if let Some(notes) = &calendar.notes {
        lines.text("X-WR-CALDESC", &[], notes)?;
    }
    let color = calendar.color.as_deref().filter(|color| is_color(color));
    if let Some(color) = color {
        lines.fixed(&format!("X-APPLE-CALENDAR-COLOR:{color}"))?;
    }
    match &calendar.subscribed {
        Some(source) => lines.raw("SOURCE", &[("VALUE", "URI")], &uri(source)),
        None => Ok(()),
    }
}

/// `#RRGGBB` or `#RRGGBBAA`.
pub(super) fn is_color(color: &str) -> bool {
    let digits = color.strip_prefix('#').unwrap_or_default();
    matches!(digits.len(), 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// `20240131T101500`, with `Z` in UTC; `20240131` for a day.
fn time(when: &When) -> String {
    let clock = when.clock();
    let day = format!("{:04}{:02}{:02}", clock.year(), clock.month(), clock.day());
    let hours = |clock: DateTime| format!("T{:02}{:02}{:02}", clock.hour(), clock.minute(), clock.second());
    match when {
        When::Day(_) => day,
        When::Floating(_) | When::Zoned(..) => format!("{day}{}", hours(clock)),
        When::Utc(_) => format!("{day}{}Z", hours(clock)),
    }
}

/// The name of its zone, as the IANA database has it.
fn name_of(when: &When) -> Option<String> {
    match when {
        When::Zoned(_, _, zone) => zone.iana_name().map(str::to_owned),
        _ => None,
    }
}
