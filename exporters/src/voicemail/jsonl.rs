//! `voicemail.jsonl`: one JSON record a line, for programs. `docs/formats/voicemail.md` describes it and
//! `docs/formats/voicemail.schema.json` is its schema.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. Between
//! them stand the voicemails, ordered by date.

use std::io::{self, Write};

use corer_schemas::Skipped;
use corer_schemas::voicemail::{State, Voicemail};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::totals::Totals;
use crate::clock::exact;
use crate::output::ExportInfo;
use crate::saved::{Kept, words};
use crate::write::{SoundOutcomes, SoundRecord, jsonl};

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/voicemail/1";

#[derive(Serialize)]
struct VoicemailRecord<'a> {
    id: Option<i64>,
    remote_id: Option<i64>,
    state: &'static str,
    date: Option<String>,
    duration: Option<f64>,
    sender: Option<&'a str>,
    callback: Option<&'a str>,
    name: Option<&'a str>,
    receiver: Option<&'a str>,
    line: Option<&'a str>,
    expires: Option<String>,
    trashed: Option<String>,
    flags: Option<i64>,
    transcript: Option<&'a str>,
    confidence: Option<f64>,
    sound: SoundRecord<'a>,
    odd: &'a [String],
}

/// A voicemail, and what is remembered of it.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    voicemail: VoicemailRecord<'a>,
    #[serde(flatten)]
    remembered: words::Fields<VoicemailRecord<'a>>,
}

/// Writes all records, in times of `zone`; `outcomes` tells of the sounds, in their order.
///
/// # Errors
/// Those of `to`.
pub fn write(
    voicemails: &[Kept<Voicemail>],
    outcomes: &[SoundOutcomes],
    skipped: &[Skipped],
    about: &ExportInfo,
    zone: &TimeZone,
    to: &mut dyn Write,
) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)?;
    for (voicemail, outcome) in voicemails.iter().zip(outcomes) {
        let remembered = words::fields(voicemail, zone, |earlier| record(earlier, outcome, zone));
        jsonl::record(to, "voicemail", &Whole { voicemail: record(voicemail, outcome, zone), remembered })?;
    }
    jsonl::completion(to, &Totals::of(voicemails, outcomes, skipped))
}

fn record<'a>(voicemail: &'a Voicemail, outcomes: &'a SoundOutcomes, zone: &TimeZone) -> VoicemailRecord<'a> {
    let transcript = voicemail.transcript.as_ref();
    VoicemailRecord {
        id: voicemail.id,
        remote_id: voicemail.remote_id,
        state: match voicemail.state {
            State::Kept => "kept",
            State::Trashed => "trashed",
            State::Deleted => "deleted",
            State::Unlisted => "unlisted",
        },
        date: exact(voicemail.date, zone),
        duration: voicemail.duration,
        sender: voicemail.sender.as_deref(),
        callback: voicemail.callback.as_deref(),
        name: voicemail.name.as_deref(),
        receiver: voicemail.receiver.as_deref(),
        line: voicemail.line.as_deref(),
        expires: exact(voicemail.expires, zone),
        trashed: exact(voicemail.trashed, zone),
        flags: voicemail.flags,
        transcript: transcript.map(|transcript| transcript.text.as_str()),
        confidence: transcript.and_then(|transcript| transcript.confidence),
        sound: SoundRecord::of(outcomes),
        odd: &voicemail.odd,
    }
}
