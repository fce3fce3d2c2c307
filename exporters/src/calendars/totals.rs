//! Counting what was written, and noting what was not.

use corer_schemas::Skipped;
use corer_schemas::calendars::{Event, Nature};
use corer_schemas::skipped::noted;
use serde::Serialize;

use super::labels::title;
use crate::output::KindReport;
use crate::output::report::SkippedItem;
use crate::page::plural;
use crate::saved::Kept;

/// What an export holds: the content of the last record of `calendars.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Events; a series is one, and each of its occurrences that was changed.
    pub events: u64,
    /// Those among them that repeat.
    pub series: u64,
    /// Those among them that are birthdays of contacts.
    pub birthdays: u64,
    /// What the device only suggests and is left out.
    pub suggestions_left_out: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

/// Counts, and what is to be said of each event, while they are written.
pub(super) struct Tally {
    pub(super) totals: Totals,
    told: KindReport,
}

impl Tally {
    pub(super) fn new(suggestions_left_out: u64) -> Self {
        let mut told = KindReport::new("calendars");
        if suggestions_left_out > 0 {
            let what = plural(suggestions_left_out, "suggestion");
            told.notes.push(format!("{what} that nobody took over left out; --suggestions takes them, too."));
        }
        Self { totals: Totals { suggestions_left_out, ..Totals::default() }, told }
    }

    pub(super) fn add(&mut self, event: &Kept<Event>) {
        self.totals.events += 1;
        self.totals.series += u64::from(!event.rules.is_empty());
        self.totals.birthdays += u64::from(event.nature == Nature::Birthday);
    }

    /// Notes an event that a calendar cannot hold. The other formats have it.
    pub(super) fn not_in_a_calendar(&mut self, event: &Kept<Event>, why: &str) {
        // What an earlier backup did not give is no gap of this one.
        if event.is_present() {
            let item = noted(format!("\u{201c}{}\u{201d} in the iCalendar files", title(event)));
            self.told.skipped.push(SkippedItem { item, why: why.to_owned() });
        }
    }

    /// Says at the end what the reader could not read.
    pub(super) fn finish(&mut self, skipped: &[Skipped]) {
        self.totals.skipped = skipped.len() as u64;
        let items = skipped.iter().map(|skipped| SkippedItem { item: skipped.item.clone(), why: skipped.why.clone() });
        self.told.skipped.splice(0..0, items);
        self.told.exported = self.totals.events;
        self.told.found = self.totals.events + Skipped::records(skipped);
    }

    /// How many items could not be read.
    pub(super) fn gaps(&self) -> u64 {
        self.told.skipped.len() as u64
    }

    pub(super) fn into_report(self) -> KindReport {
        self.told
    }
}
