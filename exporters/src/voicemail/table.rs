//! `voicemail.csv`: one voicemail a row.

use std::io::{self, Write};

use corer_schemas::voicemail::Voicemail;
use jiff::tz::TimeZone;

use super::labels::{notes, state};
use crate::clock::{Moment, stopwatch};
use crate::saved::Kept;
use crate::write::csv::CsvTable;
use crate::write::{SoundOutcome, SoundOutcomes};

const COLUMNS: [&str; 15] = [
    "Date",
    "Exact time",
    "Name",
    "Number",
    "Duration",
    "Seconds",
    "State",
    "Trashed",
    "Transcript",
    "Confidence",
    "Line",
    "Sound",
    "Playable",
    "Notes",
    "ID",
];

/// Writes the table, with times of `zone`; `outcomes` tells of the sounds, in their order.
///
/// # Errors
/// Those of `to`.
pub fn write<W: Write>(
    voicemails: &[Kept<Voicemail>],
    outcomes: &[SoundOutcomes],
    zone: &TimeZone,
    to: W,
) -> io::Result<W> {
    let mut csv = CsvTable::for_people(to, &COLUMNS)?;
    for (voicemail, outcome) in voicemails.iter().zip(outcomes) {
        csv.row(row(voicemail, outcome, zone))?;
    }
    csv.finish()
}

fn row(voicemail: &Kept<Voicemail>, outcomes: &SoundOutcomes, zone: &TimeZone) -> [String; 15] {
    let moment = |date| Moment::new(date, zone);
    let date = voicemail.date.and_then(moment);
    let transcript = voicemail.transcript.as_ref();
    let number = voicemail.sender.as_ref().or(voicemail.callback.as_ref());
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
        voicemail.name.clone().unwrap_or_default(),
        number.cloned().unwrap_or_default(),
        voicemail.duration.map(stopwatch).unwrap_or_default(),
        voicemail.duration.map(|seconds| seconds.to_string()).unwrap_or_default(),
        state(voicemail.state).to_owned(),
        voicemail.trashed.and_then(moment).map(|moment| moment.local()).unwrap_or_default(),
        transcript.map(|transcript| transcript.text.clone()).unwrap_or_default(),
        transcript.and_then(|transcript| transcript.confidence).map(|sure| sure.to_string()).unwrap_or_default(),
        voicemail.line.clone().unwrap_or_default(),
        sound.join("; "),
        playable.join("; "),
        notes(voicemail, zone).join("; "),
        voicemail.id.map(|id| id.to_string()).unwrap_or_default(),
    ]
}
