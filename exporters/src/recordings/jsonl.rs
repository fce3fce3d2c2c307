//! `recordings.jsonl`: one JSON record a line, for programs. `docs/formats/recordings.md` describes it and
//! `docs/formats/recordings.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them stand the voice memos, ordered by date.

use std::io::{self, Write};

use corer_schemas::recordings::{Recording, State, Transcript};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::totals::Totals;
use crate::clock::exact;
use crate::output::ExportInfo;
use crate::saved::{Kept, words};
use crate::write::{SoundOutcomes, SoundRecord, jsonl};

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/recordings/1";

#[derive(Serialize)]
struct RecordingRecord<'a> {
    id: Option<i64>,
    unique_id: Option<&'a str>,
    state: &'static str,
    title: Option<&'a str>,
    date: Option<String>,
    duration: Option<f64>,
    deleted: Option<String>,
    folder: Option<&'a str>,
    favorite: Option<bool>,
    edited: bool,
    file: Option<&'a str>,
    flags: Option<i64>,
    transcript: Option<TranscriptRecord<'a>>,
    sound: SoundRecord<'a>,
    odd: &'a [String],
}

#[derive(Serialize)]
struct TranscriptRecord<'a> {
    language: Option<&'a str>,
    text: String,
    words: Vec<WordRecord<'a>>,
}

#[derive(Serialize)]
struct WordRecord<'a> {
    text: &'a str,
    from: Option<f64>,
    to: Option<f64>,
}

/// A voice memo, and what is remembered of it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    recording: RecordingRecord<'a>,
    #[serde(flatten)]
    remembered: words::Fields<RecordingRecord<'a>>,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes a voice memo, in times of `zone`.
///
/// # Errors
/// Those of `to`.
pub fn recording(
    to: &mut dyn Write,
    recording: &Kept<Recording>,
    outcomes: &SoundOutcomes,
    zone: &TimeZone,
) -> io::Result<()> {
    let remembered = words::fields(recording, zone, |earlier| record(earlier, outcomes, zone));
    jsonl::record(to, "recording", &Whole { recording: record(recording, outcomes, zone), remembered })
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

fn record<'a>(recording: &'a Recording, outcomes: &'a SoundOutcomes, zone: &TimeZone) -> RecordingRecord<'a> {
    RecordingRecord {
        id: recording.id,
        unique_id: recording.unique_id.as_deref(),
        state: match recording.state {
            State::Kept => "kept",
            State::Deleted => "deleted",
            State::Unlisted => "unlisted",
        },
        title: recording.title.as_deref(),
        date: exact(recording.date, zone),
        duration: recording.duration,
        deleted: exact(recording.deleted, zone),
        folder: recording.folder.as_deref(),
        favorite: recording.favorite,
        edited: recording.edited,
        file: recording.file.as_deref(),
        flags: recording.flags,
        transcript: recording.transcript.as_ref().map(said),
        sound: SoundRecord::of(outcomes),
        odd: &recording.odd,
    }
}

fn said(transcript: &Transcript) -> TranscriptRecord<'_> {
    let words = transcript.phrases.iter().map(|phrase| WordRecord {
        text: &phrase.text,
        from: phrase.time.map(|(from, _)| from),
        to: phrase.time.map(|(_, to)| to),
    });
    TranscriptRecord { language: transcript.language.as_deref(), text: transcript.text(), words: words.collect() }
}
