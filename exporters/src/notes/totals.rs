//! Counting what was written, and noting what was not.

use corer_schemas::Skipped;
use corer_schemas::notes::{Body, Note};
use corer_schemas::skipped::noted;
use serde::Serialize;

use super::files::{FileOutcome, SavedFile};
use super::labels::title;
use crate::output::KindReport;
use crate::output::report::{MissingItem, SkippedItem};
use crate::saved::Kept;

/// What an export holds: the content of the last record of `notes.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Notes.
    pub notes: u64,
    /// Those among them that are locked and were not opened.
    pub locked: u64,
    /// Attachments.
    pub attachments: u64,
    /// Files of attachments that are there.
    pub files: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

/// The report of notes that are written one by one.
#[derive(Default)]
pub(super) struct Counter {
    totals: Totals,
    skipped: Vec<SkippedItem>,
    missing: Vec<MissingItem>,
}

impl Counter {
    /// Counts a note.
    pub(super) fn count(&mut self, note: &Kept<Note>, files: &[SavedFile]) {
        self.totals.notes += 1;
        self.totals.attachments += note.attachments.len() as u64;
        self.totals.locked += u64::from(note.lock.as_ref().is_some_and(|lock| !lock.is_open));
        let there = |file: &&SavedFile| matches!(file.outcome, FileOutcome::Saved { .. } | FileOutcome::Present);
        self.totals.files += files.iter().filter(there).count() as u64;
        // What an earlier backup did not give is no gap of this one.
        if !note.is_present() {
            return;
        }
        let item = |what: &str| {
            noted(format!("{what} of note {} \u{201c}{}\u{201d}", note.id.unwrap_or_default(), title(note)))
        };
        if let Body::Missing { why, expected: false } = &note.body {
            self.missing.push(MissingItem { item: item("the text"), why: why.clone(), expected: false });
        }
        for file in files {
            match &file.outcome {
                FileOutcome::Missing { why, expected } => {
                    self.missing.push(MissingItem { item: item(&file.name), why: why.clone(), expected: *expected });
                }
                FileOutcome::Unreadable { why } => {
                    self.skipped.push(SkippedItem { item: item(&file.name), why: why.clone() });
                }
                FileOutcome::Saved { .. } | FileOutcome::Present => {}
            }
        }
    }

    /// The counts, with what the reader could not read.
    pub(super) fn totals(&self, skipped: &[Skipped]) -> Totals {
        Totals { skipped: skipped.len() as u64 + self.skipped.len() as u64, ..self.totals }
    }

    /// The report.
    pub(super) fn report(self, skipped: &[Skipped]) -> KindReport {
        let unread = skipped.iter().map(|skipped| SkippedItem { item: skipped.item.clone(), why: skipped.why.clone() });
        let locked = match self.totals.locked {
            0 => Vec::new(),
            1 => vec!["1 note is locked; its title, dates and hint are here, its text is not.".to_owned()],
            locked => {
                vec![format!("{locked} notes are locked; their titles, dates and hints are here, their texts are not.")]
            }
        };
        KindReport {
            found: self.totals.notes + Skipped::records(skipped),
            exported: self.totals.notes,
            skipped: unread.chain(self.skipped).collect(),
            missing: self.missing,
            notes: locked,
            ..KindReport::new("notes")
        }
    }
}
