//! What was found and written.

use corer_schemas::contacts::Merged;
use serde::Serialize;

use super::Book;
use crate::output::KindReport;
use crate::output::report::{NamedRecord, PossibleDuplicate, SkippedItem};

/// So many pictures of one contact are named.
const MOST_NAMED: usize = 8;

/// Counts of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Contacts.
    pub contacts: u64,
    /// Pictures.
    pub photos: u64,
    /// What could not be read.
    pub skipped: u64,
}

/// What a run has come to so far.
#[derive(Debug, Default)]
pub(super) struct RunTotals {
    pub(super) totals: Totals,
    pub(super) skipped: Vec<SkippedItem>,
    /// What else a person should know.
    pub(super) notes: Vec<String>,
}

impl RunTotals {
    /// Notes what could not be read.
    pub(super) fn skip(&mut self, item: SkippedItem) {
        self.totals.skipped += 1;
        self.skipped.push(item);
    }

    /// Notes that a contact has other pictures than the one in its card, and where they are.
    pub(super) fn pictures(&mut self, title: &str, places: &[String]) {
        let (count, first) = (places.len(), places.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", "));
        let more = if count > MOST_NAMED { ", …" } else { "" };
        let words = if count == 1 { "another picture" } else { "other pictures" };
        self.notes.push(format!("{title} has {words} beside the one in the card: {first}{more}."));
    }

    /// The report.
    pub(super) fn report(self, book: Book<'_>) -> KindReport {
        let mut report = KindReport::new("contacts");
        report.found = book.contacts.len() as u64;
        report.exported = self.totals.contacts;
        report.skipped = self.skipped;
        report.notes = book.merged.iter().map(note).chain(self.notes).collect();
        let named = |(name, id): &(String, i64)| NamedRecord { id: *id, name: name.clone() };
        let alike = book.alike.iter();
        report.may_be_same = alike
            .map(|own| PossibleDuplicate { one: named(&own.one), other: named(&own.other), why: own.why.to_owned() })
            .collect();
        report
    }
}

/// The report of contacts that are shown.
pub fn report(book: Book<'_>) -> KindReport {
    let totals = Totals { contacts: book.contacts.len() as u64, ..Totals::default() };
    RunTotals { totals, ..RunTotals::default() }.report(book)
}

/// What was merged, in words.
fn note(merged: &Merged) -> String {
    let each = |(name, id): &(String, i64)| match name.as_str() {
        "" => format!("card {id} without a name"),
        name => format!("{name} (card {id})"),
    };
    format!("Merged into {}: {}.", merged.name, merged.of.iter().map(each).collect::<Vec<_>>().join(", "))
}
