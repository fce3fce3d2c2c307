//! What belongs into the report of a kind beside its records: how the backup is read, whom the choice means, rows that could
//! not be read, and what names are missing for want of an address book.

use std::collections::HashMap;

use corer::backup::damaged::DamagedFile;
use corer_exporters::output::KindReport;
use corer_exporters::output::report::{FileOfNoRecord, MissingItem, SkippedItem};
use corer_schemas::people::Directory;
use corer_schemas::{Absence, Entry, Kind, Skipped};

use crate::cli::input::matched_people::MatchedPeople;
use crate::cli::input::session::Session;

/// What the report says beside the records.
pub struct ReportExtras<'s> {
    session: &'s Session,
    notes: Vec<String>,
    skipped: Vec<Skipped>,
    /// The address book, where it is not there.
    pub names: Option<MissingItem>,
    /// Whether files that no record names are listed.
    of_no_record: Option<&'static Kind>,
}

impl<'s> ReportExtras<'s> {
    /// What the backup itself has to say, and what a reader had to skip.
    pub fn new(session: &'s Session, skipped: Vec<Skipped>) -> Self {
        let notes = session.notes().iter().map(|note| format!("{}: {}", note.item, note.why)).collect();
        Self { session, notes, skipped, names: None, of_no_record: None }
    }

    /// Adds what a person should know.
    pub fn with_notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Lists the files of a kind that no record names, once all records have been read.
    pub fn with_files_of_no_record(self, kind: &'static Kind) -> Self {
        Self { of_no_record: Some(kind), ..self }
    }

    /// Adds whom the selection means.
    pub fn with_whom(self, whom: &[MatchedPeople]) -> Self {
        self.with_notes(whom.iter().flat_map(MatchedPeople::notes).cloned())
    }

    /// Adds what became of the address book, for kinds that take names from it.
    pub fn with_names(mut self, directory: &Directory) -> Self {
        self.skipped.extend_from_slice(directory.skipped());
        self.names = directory.absence().map(|why| MissingItem {
            item: "the address book, which has the names".to_owned(),
            why: why.to_string(),
            expected: why == Absence::Lost,
        });
        self
    }

    /// Whether everything could be read so far.
    pub fn is_complete(&self) -> bool {
        self.skipped.is_empty() && self.session.is_complete()
    }

    /// Adds all of it to a report, and the logs of databases that could not be read until now.
    pub fn add_to(self, report: &mut KindReport) {
        report.notes.extend(self.notes);
        for unread in self.session.take_unreadable().into_iter().map(item) {
            if !report.skipped.contains(&unread) {
                report.skipped.push(unread);
            }
        }
        report.skipped.extend(self.skipped.into_iter().map(item));
        report.missing.extend(self.names);
        let left = self.of_no_record.map(|kind| self.session.files_of_no_record(kind)).unwrap_or_default();
        report.of_no_record.extend(left.into_iter().map(|Entry { domain, path, .. }| FileOfNoRecord { domain, path }));
        report_damaged(self.session.take_damaged(), report);
    }
}

/// Names files that were written though they are incomplete. One that is named already gets a second reason, but for its
/// length: whoever named it has counted.
pub fn report_damaged(hurt: Vec<DamagedFile>, report: &mut KindReport) {
    if hurt.is_empty() {
        return;
    }
    let named: HashMap<String, usize> =
        report.skipped.iter().enumerate().map(|(at, item)| (item.item.clone(), at)).collect();
    for DamagedFile { what, is_short } in hurt {
        let path = what.item.split_once('/').map_or(&*what.item, |(_, path)| path);
        let at = named.get(path).or_else(|| named.get(&what.item));
        match at.and_then(|at| report.skipped.get_mut(*at)) {
            Some(_) if is_short => {}
            Some(known) => known.why = format!("{}; {}", known.why, what.why),
            None => report.skipped.push(item(what)),
        }
    }
}

/// What a reader had to skip, as the report lists it.
pub fn item(Skipped { item, why, .. }: Skipped) -> SkippedItem {
    SkippedItem { item, why }
}
