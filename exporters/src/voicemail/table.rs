//! `voicemail.csv`: one voicemail a row.

use std::io::{self, Write};

use corer_schemas::voicemail::Voicemail;
use jiff::tz::TimeZone;

use super::sound::Fate;
use super::words::state;
use crate::clock::{Moment, stopwatch};
use crate::sheet::Sheet;

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
pub fn write<W: Write>(voicemails: &[Voicemail], fates: &[Fate], zone: &TimeZone, to: W) -> io::Result<W> {
    let mut sheet = Sheet::for_people(to, &COLUMNS)?;
    for (voicemail, fate) in voicemails.iter().zip(fates) {
        sheet.row(row(voicemail, fate, zone))?;
    }
    sheet.finish()
}

fn row(voicemail: &Voicemail, fate: &Fate, zone: &TimeZone) -> [String; 15] {
    let moment = |date| Moment::new(date, zone);
    let date = voicemail.date.and_then(moment);
    let transcript = voicemail.transcript.as_ref();
    let number = voicemail.sender.as_ref().or(voicemail.callback.as_ref());
    let (sound, playable) = match fate {
        Fate::Saved { path, wav, .. } => (path.as_str(), wav.as_ref().map_or("", |wav| wav.as_str())),
        Fate::Present => ("", ""),
        Fate::Missing { why, .. } | Fate::Unreadable { why } => (why.as_str(), ""),
    };
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
        sound.to_owned(),
        playable.to_owned(),
        voicemail.odd.join("; "),
        voicemail.id.map(|id| id.to_string()).unwrap_or_default(),
    ]
}
