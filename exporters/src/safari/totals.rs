//! Counting what was written.

use corer_schemas::Skipped;
use corer_schemas::safari::{MarkKind, SafariRecord, TabKind};
use serde::Serialize;

use crate::output::KindReport;
use crate::output::report::SkippedItem;
use crate::page::plural;

/// What an export holds: the content of the last record of `safari.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Visits.
    pub visits: u64,
    /// Visits and times that were removed from the history.
    pub cleared: u64,
    /// Bookmarks.
    pub bookmarks: u64,
    /// Folders of bookmarks, and rows of types that are not known.
    pub folders: u64,
    /// Pages on the reading list.
    pub reading_list: u64,
    /// Tabs.
    pub tabs: u64,
    /// Groups of tabs, and profiles.
    pub groups: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

impl Totals {
    /// Counts one more record.
    pub(super) fn add(&mut self, record: &SafariRecord) {
        let counter = match record {
            SafariRecord::Visit(_) => &mut self.visits,
            SafariRecord::Cleared(_) => &mut self.cleared,
            SafariRecord::Mark(mark) => match mark.kind {
                MarkKind::Bookmark => &mut self.bookmarks,
                MarkKind::Reading => &mut self.reading_list,
                MarkKind::Root | MarkKind::Folder | MarkKind::Unknown(_) => &mut self.folders,
            },
            SafariRecord::Tab(tab) => match tab.kind {
                TabKind::Tab => &mut self.tabs,
                TabKind::Group | TabKind::Profile => &mut self.groups,
            },
        };
        *counter += 1;
    }

    /// All records.
    pub fn records(&self) -> u64 {
        self.visits + self.cleared + self.bookmarks + self.folders + self.reading_list + self.tabs + self.groups
    }

    /// The report of records that were written, of which the bookmarks for browsers leave some out.
    pub(super) fn report(&self, skipped: &[Skipped], left_out: u64) -> KindReport {
        let items = skipped.iter().map(|skipped| SkippedItem { item: skipped.item.clone(), why: skipped.why.clone() });
        let note = || {
            let left_out = plural(left_out, "bookmark");
            format!("The file of bookmarks for browsers is without {left_out} that have no address or are deleted.")
        };
        KindReport {
            found: self.records() + Skipped::records(skipped),
            exported: self.records(),
            skipped: items.collect(),
            notes: (left_out > 0).then(note).into_iter().collect(),
            ..KindReport::new("safari")
        }
    }
}
