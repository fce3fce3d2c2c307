//! `calendars.csv`: one event or series a row.

use std::io::{self, Write};

use corer_schemas::calendars::Event;
use jiff::tz::TimeZone;

use super::labels::{alarms, availability, calendar_name, nature, notes, person, place, repeats, status};
use super::when::{When, end, start};
use crate::saved::Kept;
use crate::write::csv::CsvTable;

const COLUMNS: [&str; 25] = [
    "Begin",
    "End",
    "Exact begin",
    "Exact end",
    "All day",
    "Time zone",
    "Title",
    "Calendar",
    "Account",
    "Place",
    "Latitude",
    "Longitude",
    "Organizer",
    "Attendees",
    "Repeats",
    "Replaces",
    "Alarms",
    "Status",
    "Shown as",
    "Links",
    "Attachments",
    "Description",
    "Kind",
    "Notes",
    "ID",
];

/// A table that is being written.
pub struct Table<W: Write> {
    csv: CsvTable<W>,
    zone: TimeZone,
}

impl<W: Write> Table<W> {
    /// Begins one, with times of `zone`.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn begin(to: W, zone: &TimeZone) -> io::Result<Self> {
        Ok(Self { csv: CsvTable::for_people(to, &COLUMNS)?, zone: zone.clone() })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn event(&mut self, event: &Kept<Event>) -> io::Result<()> {
        self.csv.row(row(event, &self.zone))
    }

    /// Ends it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv.finish()
    }
}

fn row(event: &Kept<Event>, zone: &TimeZone) -> [String; 25] {
    let (begin, end) = (start(event), end(event));
    let exact = |when: &Option<When>| when.as_ref().map(|when| when.exact(zone)).unwrap_or_default();
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let coordinates = event.place.as_ref().and_then(|place| place.coordinates);
    let degrees = |degrees: Option<f64>| degrees.map(|degrees| degrees.to_string()).unwrap_or_default();
    let links = event.url.iter().chain(&event.conferences).cloned().collect::<Vec<_>>();
    let attached = event.attachments.iter().filter_map(|file| file.name.as_ref().or(file.url.as_ref()).cloned());
    let original = event.original.as_ref();
    let replaced = original.and_then(|original| super::when::Frame::of_series(original).at(original.date?));
    let attendees = event.attendees.iter().map(|attendee| person(attendee, true)).collect::<Vec<_>>();
    let account = event.calendar.as_ref().and_then(|calendar| calendar.account.as_ref());
    [
        begin.as_ref().map(|when| plain(when, zone)).unwrap_or_default(),
        end.as_ref().map(|when| plain(when, zone)).unwrap_or_default(),
        exact(&begin),
        exact(&end),
        if event.all_day { "yes".to_owned() } else { String::new() },
        text(event.start_zone.as_ref().filter(|_| !event.is_floating())),
        text(event.title.as_ref()),
        calendar_name(event.calendar.as_ref()).to_owned(),
        text(account),
        event.place.as_ref().and_then(place).unwrap_or_default(),
        degrees(coordinates.map(|(latitude, _)| latitude)),
        degrees(coordinates.map(|(_, longitude)| longitude)),
        event.organizer.as_ref().map(|organizer| person(organizer, false)).unwrap_or_default(),
        attendees.join("; "),
        repeats(event).join("; "),
        exact(&replaced),
        alarms(event, zone).join("; "),
        word(status(event)),
        word(availability(event)),
        links.join(" "),
        attached.collect::<Vec<_>>().join("; "),
        text(event.notes.as_ref()),
        word(nature(event)),
        notes(event, zone).join("; "),
        text(event.uid.as_ref().or(event.uuid.as_ref())),
    ]
}

/// As spreadsheets read it: `2024-01-31 10:15:00`, a day without a time.
fn plain(when: &When, zone: &TimeZone) -> String {
    let clock = when.here(zone);
    match when {
        When::Day(date) => date.to_string(),
        _ => clock.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    }
}
