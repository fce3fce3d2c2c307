//! Counting what was written, and noting what was not.

use corer_schemas::Skipped;
use corer_schemas::recordings::Recording;
use corer_schemas::skipped::noted;
use serde::Serialize;

use super::labels::title;
use crate::output::KindReport;
use crate::output::report::SkippedItem;
use crate::saved::Kept;
use crate::write::SoundOutcomes;

/// What an export holds: the content of the last record of `recordings.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Voice memos.
    pub recordings: u64,
    /// Those among them that have a sound.
    pub sounds: u64,
    /// Those of which the device wrote down what is said.
    pub transcripts: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

/// Counts, and what is to be said of each voice memo, while they are written.
pub(super) struct Tally {
    pub(super) totals: Totals,
    told: KindReport,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self { totals: Totals::default(), told: KindReport::new("recordings") }
    }

    pub(super) fn add(&mut self, recording: &Kept<Recording>, outcomes: &SoundOutcomes) {
        self.totals.recordings += 1;
        self.totals.sounds += u64::from(outcomes.is_there());
        self.totals.transcripts += u64::from(recording.transcript.is_some());
        // What an earlier backup did not give is no gap of this one.
        if recording.is_present() {
            for outcome in outcomes.all() {
                outcome.tell(noted(format!("the sound of \u{201c}{}\u{201d}", title(recording))), &mut self.told);
            }
        }
    }

    /// Says at the end what the reader could not read.
    pub(super) fn finish(&mut self, skipped: &[Skipped]) {
        self.totals.skipped = skipped.len() as u64;
        let items = skipped.iter().map(|skipped| SkippedItem { item: skipped.item.clone(), why: skipped.why.clone() });
        self.told.skipped.splice(0..0, items);
        self.told.exported = self.totals.recordings;
        self.told.found = self.totals.recordings + Skipped::records(skipped);
    }

    /// How many items could not be read, sounds among them.
    pub(super) fn gaps(&self) -> u64 {
        self.told.skipped.len() as u64
    }

    pub(super) fn into_report(self) -> KindReport {
        self.told
    }
}
