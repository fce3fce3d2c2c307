//! Counting what was written, and noting what was not.

use corer_schemas::Skipped;
use corer_schemas::voicemail::Voicemail;
use serde::Serialize;

use super::sound::Fate;
use super::words::who;
use crate::output::KindReport;
use crate::output::report::{Item, Missing};

/// What an export holds: the content of the last record of `voicemail.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Voicemails.
    pub voicemails: u64,
    /// Those among them that have a sound.
    pub sounds: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

impl Totals {
    pub(super) fn of(voicemails: &[Voicemail], fates: &[Fate], skipped: &[Skipped]) -> Self {
        let sounds = fates.iter().filter(|fate| matches!(fate, Fate::Saved { .. } | Fate::Present)).count();
        Self { voicemails: voicemails.len() as u64, sounds: sounds as u64, skipped: skipped.len() as u64 }
    }
}

/// The report of voicemails that were written.
pub(super) fn report(voicemails: &[Voicemail], fates: &[Fate], skipped: &[Skipped]) -> KindReport {
    let mut report = KindReport {
        found: voicemails.len() as u64 + skipped.len() as u64,
        exported: voicemails.len() as u64,
        skipped: skipped.iter().map(|skipped| Item { item: skipped.item.clone(), why: skipped.why.clone() }).collect(),
        ..KindReport::new("voicemail")
    };
    for (voicemail, fate) in voicemails.iter().zip(fates) {
        let item = || match voicemail.id {
            Some(id) => format!("the sound of voicemail {id} from {}", who(voicemail)),
            None => format!("the sound {}", who(voicemail)),
        };
        match fate {
            Fate::Missing { why, expected } => {
                report.missing.push(Missing { item: item(), why: why.clone(), expected: *expected });
            }
            Fate::Unreadable { why } => report.skipped.push(Item { item: item(), why: why.clone() }),
            Fate::Saved { unplayed: Some(why), .. } => {
                report.notes.push(format!("{} is not there as WAV: {why}.", item()))
            }
            Fate::Saved { .. } | Fate::Present => {}
        }
    }
    report
}
