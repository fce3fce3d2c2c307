//! What programs are told of sounds.

use serde::Serialize;

use super::sounds::{SoundOutcome, SoundOutcomes};

/// A sound, and others beside it.
#[derive(Serialize, Default)]
pub(crate) struct SoundRecord<'a> {
    status: &'static str,
    path: Option<&'a str>,
    wav: Option<&'a str>,
    size: Option<u64>,
    sha256: Option<&'a str>,
    reason: Option<&'a str>,
    /// Other files of sound beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<SoundRecord<'a>>,
}

impl<'a> SoundRecord<'a> {
    /// Tells what became of the sounds of a record.
    pub(crate) fn of(outcomes: &'a SoundOutcomes) -> Self {
        Self { others: outcomes.others.iter().map(one).collect(), ..one(&outcomes.sound) }
    }
}

fn one(outcome: &SoundOutcome) -> SoundRecord<'_> {
    match outcome {
        SoundOutcome::Saved { path, bytes, sha256, wav, unplayed, .. } => SoundRecord {
            status: "saved",
            path: Some(path.as_str()),
            wav: wav.as_ref().map(|wav| wav.as_str()),
            size: Some(*bytes),
            sha256: sha256.as_deref(),
            reason: unplayed.as_deref(),
            others: Vec::new(),
        },
        SoundOutcome::Present => SoundRecord { status: "present", ..SoundRecord::default() },
        SoundOutcome::Missing { why, .. } => {
            SoundRecord { status: "missing", reason: Some(why), ..SoundRecord::default() }
        }
        SoundOutcome::Unreadable { why } => {
            SoundRecord { status: "unreadable", reason: Some(why), ..SoundRecord::default() }
        }
    }
}
