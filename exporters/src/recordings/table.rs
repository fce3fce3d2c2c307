//! `recordings.csv`: one voice memo a row.

use std::io::{self, Write};

use corer_schemas::recordings::Recording;
use jiff::tz::TimeZone;

use super::captions::paragraphs;
use super::labels::{notes, state, title};
use crate::clock::{Moment, stopwatch};
use crate::saved::Kept;
use crate::write::csv::CsvTable;
use crate::write::{SoundOutcome, SoundOutcomes};

const COLUMNS: [&str; 16] = [
    "Date",
    "Exact time",
    "Title",
    "Duration",
    "Seconds",
    "Folder",
    "Favourite",
    "State",
    "Deleted",
    "Edited",
    "Transcript",
    "Language",
    "Sound",
    "Playable",
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
    pub fn recording(&mut self, recording: &Kept<Recording>, outcomes: &SoundOutcomes) -> io::Result<()> {
        self.csv.row(row(recording, outcomes, &self.zone))
    }

    /// Ends it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv.finish()
    }
}

fn row(recording: &Kept<Recording>, outcomes: &SoundOutcomes, zone: &TimeZone) -> [String; 16] {
    let moment = |date| Moment::new(date, zone);
    let date = recording.date.and_then(moment);
    let transcript = recording.transcript.as_ref();
    let yes = |is_so: bool| if is_so { "yes".to_owned() } else { String::new() };
    let sound = |outcome: &SoundOutcome| match outcome {
        SoundOutcome::Saved { path, .. } => path.as_str().to_owned(),
        SoundOutcome::Present => String::new(),
        SoundOutcome::Missing { why, .. } | SoundOutcome::Unreadable { why } => why.clone(),
    };
    let sound: Vec<String> = outcomes.all().map(sound).filter(|sound| !sound.is_empty()).collect();
    let playable: Vec<&str> = outcomes.all().filter_map(SoundOutcome::played).map(|path| path.as_str()).collect();
    [
        date.map(|moment| moment.local()).unwrap_or_default(),
        date.map(|moment| moment.exact()).unwrap_or_default(),
        title(recording).to_owned(),
        recording.duration.map(stopwatch).unwrap_or_default(),
        recording.duration.map(|seconds| seconds.to_string()).unwrap_or_default(),
        recording.folder.clone().unwrap_or_default(),
        yes(recording.favorite == Some(true)),
        state(recording.state).to_owned(),
        recording.deleted.and_then(moment).map(|moment| moment.local()).unwrap_or_default(),
        yes(recording.edited),
        transcript.map(|transcript| paragraphs(transcript).join("\n")).unwrap_or_default(),
        transcript.and_then(|transcript| transcript.language.clone()).unwrap_or_default(),
        sound.join("; "),
        playable.join("; "),
        notes(recording, zone).join("; "),
        recording.unique_id.clone().unwrap_or_default(),
    ]
}
