//! `safari.csv`: one record a row, visits and bookmarks and tabs alike, so that a spreadsheet can sort and choose.

use std::io::{self, Write};

use corer_schemas::identity::Identified as _;
use corer_schemas::safari::SafariRecord;
use jiff::tz::TimeZone;

use super::labels::{kind, notes, place, title};
use crate::clock::Moment;
use crate::saved::Kept;
use crate::write::csv::CsvTable;

const COLUMNS: [&str; 10] =
    ["Date", "Exact time", "What", "Title", "Address", "In", "Visits", "Preview", "Notes", "ID"];

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
    pub fn record(&mut self, record: &Kept<SafariRecord>) -> io::Result<()> {
        self.csv.row(row(record, &self.zone))
    }

    /// Ends it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv.finish()
    }
}

fn row(record: &Kept<SafariRecord>, zone: &TimeZone) -> [String; 10] {
    let date = record.moment().and_then(|date| Moment::new(date, zone));
    let (visits, preview, id) = match &record.record {
        SafariRecord::Visit(visit) => (visit.visits, None, Some(visit.id)),
        SafariRecord::Cleared(cleared) => (None, None, Some(cleared.id)),
        SafariRecord::Mark(mark) => (None, mark.preview.clone(), Some(mark.id)),
        SafariRecord::Tab(tab) => (None, None, tab.id),
    };
    let named = record.named().1.is_some() || matches!(record.record, SafariRecord::Cleared(_));
    [
        date.map(|moment| moment.local()).unwrap_or_default(),
        date.map(|moment| moment.exact()).unwrap_or_default(),
        kind(record),
        if named { title(record).to_owned() } else { String::new() },
        record.named().0.unwrap_or_default().to_owned(),
        place(record),
        visits.map(|visits| visits.to_string()).unwrap_or_default(),
        preview.unwrap_or_default(),
        notes(record, zone).join("; "),
        id.map(|id| id.to_string()).unwrap_or_default(),
    ]
}
