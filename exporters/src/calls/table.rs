//! `calls.csv`: one call a row.
//!
//! The table for people has a local time that spreadsheets understand beside the exact one. The layout of iMazing is what
//! its own exports have as their first row, so that what reads those reads these.

use std::io::{self, Write};

use corer_schemas::calls::{Call, Direction, Outcome};
use jiff::tz::TimeZone;

use super::labels::{direction, notes, outcome, service};
use crate::clock::{Moment, stopwatch};
use crate::saved::Kept;
use crate::write::csv::CsvTable;

/// The layout of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Layout {
    /// For people.
    #[default]
    People,
    /// As iMazing writes it.
    Imazing,
}

const PEOPLE: [&str; 14] = [
    "Date",
    "Exact time",
    "Direction",
    "Outcome",
    "Service",
    "Duration",
    "Seconds",
    "Name",
    "Number",
    "Location",
    "Country",
    "Notes",
    "ID",
    "Flags",
];

const IMAZING: [&str; 7] = ["Call type", "Date", "Duration", "Number", "Contact", "Location", "Service"];

/// A table that is being written.
pub struct Table<W: Write> {
    csv: CsvTable<W>,
    layout: Layout,
    zone: TimeZone,
}

impl<W: Write> Table<W> {
    /// Begins a table, with times of `zone`.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn begin(writer: W, layout: Layout, zone: &TimeZone) -> io::Result<Self> {
        let csv = match layout {
            Layout::People => CsvTable::for_people(writer, &PEOPLE)?,
            Layout::Imazing => CsvTable::for_programs(writer, &IMAZING)?,
        };
        Ok(Self { csv, layout, zone: zone.clone() })
    }

    /// Writes a call.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn call(&mut self, call: &Kept<Call>) -> io::Result<()> {
        let moment = call.date.and_then(|date| Moment::new(date, &self.zone));
        match self.layout {
            Layout::People => self.csv.row(for_people(call, moment, &self.zone)),
            Layout::Imazing => self.csv.row(as_imazing(call, moment)),
        }
    }

    /// Ends the table and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv.finish()
    }
}

fn for_people(call: &Kept<Call>, moment: Option<Moment>, zone: &TimeZone) -> [String; 14] {
    let country = [&call.country, &call.network].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    [
        moment.map(|moment| moment.local()).unwrap_or_default(),
        moment.map(|moment| moment.exact()).unwrap_or_default(),
        direction(call).to_owned(),
        outcome(call).to_owned(),
        service(call),
        call.duration.map(stopwatch).unwrap_or_default(),
        call.duration.map(|seconds| seconds.to_string()).unwrap_or_default(),
        names(call),
        numbers(call),
        call.location.clone().unwrap_or_default(),
        country,
        notes(call, zone).join("; "),
        call.unique_id.clone().unwrap_or_default(),
        call.flags.map(|flags| flags.to_string()).unwrap_or_default(),
    ]
}

fn as_imazing(call: &Call, moment: Option<Moment>) -> [String; 7] {
    let kind = match (call.outcome, call.direction) {
        (Outcome::Missed, _) => "Missed",
        (Outcome::Blocked, _) => "Blocked",
        (Outcome::Cancelled, _) => "Cancelled",
        (_, Direction::Outgoing) => "Outgoing",
        (_, Direction::Incoming) => "Incoming",
        (_, Direction::Unknown) => "Unknown",
    };
    [
        kind.to_owned(),
        moment.map(|moment| moment.local()).unwrap_or_default(),
        call.duration.map(stopwatch).unwrap_or_default(),
        numbers(call),
        names(call),
        call.location.clone().unwrap_or_default(),
        service(call),
    ]
}

fn names(call: &Call) -> String {
    call.participants.iter().filter_map(|person| person.name.as_deref()).collect::<Vec<_>>().join("; ")
}

fn numbers(call: &Call) -> String {
    call.participants.iter().map(|person| person.address.as_str()).collect::<Vec<_>>().join("; ")
}
