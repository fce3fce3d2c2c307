//! Counting what was written, and noting what was not.

use corer_schemas::Skipped;
use corer_schemas::skipped::noted;
use corer_schemas::voicemail::Voicemail;
use serde::Serialize;

use super::labels::who;
use crate::output::KindReport;
use crate::output::report::SkippedItem;
use crate::saved::Kept;
use crate::write::SoundOutcomes;

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
    pub(super) fn of(voicemails: &[Kept<Voicemail>], outcomes: &[SoundOutcomes], skipped: &[Skipped]) -> Self {
        let sounds = outcomes.iter().filter(|outcomes| outcomes.is_there()).count();
        Self { voicemails: voicemails.len() as u64, sounds: sounds as u64, skipped: skipped.len() as u64 }
    }
}

/// The report of voicemails that were written.
pub(super) fn report(voicemails: &[Kept<Voicemail>], outcomes: &[SoundOutcomes], skipped: &[Skipped]) -> KindReport {
    let mut report = KindReport {
        found: voicemails.len() as u64 + Skipped::records(skipped),
        exported: voicemails.len() as u64,
        skipped: skipped
            .iter()
            .map(|skipped| SkippedItem { item: skipped.item.clone(), why: skipped.why.clone() })
            .collect(),
        ..KindReport::new("voicemail")
    };
    // What an earlier backup did not give is no gap of this one.
    for (voicemail, outcomes) in voicemails.iter().zip(outcomes).filter(|(voicemail, _)| voicemail.is_present()) {
        let item = || match voicemail.id {
            Some(id) => noted(format!("the sound of voicemail {id} from {}", who(voicemail))),
            None => noted(format!("the sound {}", who(voicemail))),
        };
        for outcome in outcomes.all() {
            outcome.tell(item(), &mut report);
        }
    }
    report
}
