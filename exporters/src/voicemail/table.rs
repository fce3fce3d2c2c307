//! `voicemail.csv`: one voicemail a row.

use std::io::{self, Write};

use corer_schemas::voicemail::Voicemail;
use jiff::tz::TimeZone;

use super::sound::{Fate, Fates};
use super::words::state;
use crate::clock::{Moment, stopwatch};
use crate::write::csv::CsvTable;

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

/// Writes the table, with times of `zone`; `fates` tells of the sounds, in their order.
///
/// # Errors
/// Those of `to`.
pub fn write<W: Write>(voicemails: &[Voicemail], fates: &[Fates], zone: &TimeZone, to: W) -> io::Result<W> {
    let mut sheet = CsvTable::for_people(to, &COLUMNS)?;
    for (voicemail, fate) in voicemails.iter().zip(fates) {
        sheet.row(row(voicemail, fate, zone))?;
    }
    sheet.finish()
}

fn row(voicemail: &Voicemail, fates: &Fates, zone: &TimeZone) -> [String; 15] {
    let moment = |date| Moment::new(date, zone);
    let date = voicemail.date.and_then(moment);
    let transcript = voicemail.transcript.as_ref();
    let number = voicemail.sender.as_ref().or(voicemail.callback.as_ref());
    let sound = |fate: &Fate| match fate {
        Fate::Saved { path, .. } => path.as_str().to_owned(),
        Fate::Present => String::new(),
        Fate::Missing { why, .. } | Fate::Unreadable { why } => why.clone(),
    };
    let sound: Vec<String> = fates.all().map(sound).filter(|sound| !sound.is_empty()).collect();
    let playable: Vec<&str> = fates.all().filter_map(Fate::played).map(|path| path.as_str()).collect();
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
        voicemail.odd.join("; "),
        voicemail.id.map(|id| id.to_string()).unwrap_or_default(),
    ]
}
