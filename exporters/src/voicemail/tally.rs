//! Counting what was written, and noting what was not.

use corer_schemas::Skipped;
use corer_schemas::skipped::noted;
use corer_schemas::voicemail::Voicemail;
use serde::Serialize;

use super::sound::{Fate, Fates};
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
    pub(super) fn of(voicemails: &[Voicemail], fates: &[Fates], skipped: &[Skipped]) -> Self {
        let sounds = fates
            .iter()
            .filter(|fates| fates.all().any(|fate| matches!(fate, Fate::Saved { .. } | Fate::Present)))
            .count();
        Self { voicemails: voicemails.len() as u64, sounds: sounds as u64, skipped: skipped.len() as u64 }
    }
}

/// The report of voicemails that were written.
pub(super) fn report(voicemails: &[Voicemail], fates: &[Fates], skipped: &[Skipped]) -> KindReport {
    let mut report = KindReport {
        found: voicemails.len() as u64 + Skipped::records(skipped),
        exported: voicemails.len() as u64,
        skipped: skipped.iter().map(|skipped| Item { item: skipped.item.clone(), why: skipped.why.clone() }).collect(),
        ..KindReport::new("voicemail")
    };
    for (voicemail, fates) in voicemails.iter().zip(fates) {
        let item = || match voicemail.id {
            Some(id) => noted(format!("the sound of voicemail {id} from {}", who(voicemail))),
            None => noted(format!("the sound {}", who(voicemail))),
        };
        for fate in fates.all() {
            tell(fate, item(), &mut report);
        }
    }
    report
}

/// Notes what of a sound is not there.
fn tell(fate: &Fate, item: String, report: &mut KindReport) {
    match fate {
        Fate::Missing { why, expected } => {
            report.missing.push(Missing { item, why: why.clone(), expected: *expected });
        }
        Fate::Unreadable { why } => report.skipped.push(Item { item, why: why.clone() }),
        Fate::Saved { wav: Some(_), unplayed: Some(why), .. } => {
            report.notes.push(format!("{item} does not play whole: {why}."));
        }
        Fate::Saved { unplayed: Some(why), .. } => {
            report.notes.push(format!("{item} does not play in browsers: {why}."));
        }
        Fate::Saved { .. } | Fate::Present => {}
    }
}
