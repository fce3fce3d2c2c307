//! The contacts that were asked for, as they are shown and written.

use std::io::{self, Write};

use corer_exporters::contacts::{Book, Format, Options, export, report, single};
use corer_exporters::output::report::MissingItem;
use corer_exporters::output::{ExportError, KindReport};
use corer_schemas::contacts::{Group, Photos, Unique};
use corer_schemas::{Absence, Skipped};

use super::preview;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::command::{Destination, Job, OnProgress, WriteContext, WritePlan};
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;

/// Contacts, chosen and in order.
pub struct ContactsJob {
    /// The contacts, which of them were made of several, and which may be the same.
    pub all: Unique,
    /// The groups.
    pub groups: Vec<Group>,
    /// What of the address book could not be read.
    pub skipped: Vec<Skipped>,
    /// The pictures.
    pub photos: Photos,
    /// How they are written.
    pub options: Options,
}

impl ContactsJob {
    fn book(&self) -> Book<'_> {
        Book {
            contacts: &self.all.contacts,
            groups: &self.groups,
            pictures: &self.photos,
            merged: &self.all.merged,
            alike: &self.all.alike,
        }
    }

    /// Adds to a report what could not be read, of pictures where they were asked for.
    fn completed(&self, mut report: KindReport, with_pictures: bool) -> KindReport {
        report.skipped.extend(self.skipped.iter().cloned().map(item));
        if with_pictures {
            report.skipped.extend(self.photos.skipped().iter().cloned().map(item));
            report.missing.extend(self.photos.absence().map(without_pictures));
        }
        report
    }
}

fn without_pictures(why: Absence) -> MissingItem {
    MissingItem { item: "the pictures of contacts".to_owned(), why: why.to_string(), expected: why == Absence::Lost }
}

impl Job for ContactsJob {
    type Format = Format;

    fn total(&self) -> Option<u64> {
        Some(self.all.contacts.len() as u64)
    }

    fn is_empty(&self) -> bool {
        self.all.contacts.is_empty() && self.skipped.is_empty()
    }

    fn nothing_matched(&self) -> Failure {
        if self.options.about.filters.is_empty() {
            return Failure::new(Exit::NothingMatched, "There are no contacts in this backup.");
        }
        Failure::new(Exit::NothingMatched, "No contact matches.")
            .hint("--with, --group and --account take the beginnings of words; --with also a number or an address.")
    }

    fn show(&self, answer: &mut Answer, _for_programs: bool) -> Result<KindReport, Failure> {
        preview::show(&self.all.contacts, !self.options.about.filters.is_empty(), answer)?;
        Ok(self.completed(report(self.book()), false))
    }

    fn stream(
        &self,
        format: Format,
        to: &mut (dyn Write + Send),
        on_progress: &OnProgress<'_>,
    ) -> io::Result<KindReport> {
        let report = single(self.book(), format, &self.options, to)?;
        _ = on_progress(self.all.contacts.len() as u64);
        Ok(self.completed(report, format == Format::Vcard))
    }

    fn write(&self, to: &WriteContext<'_>) -> Result<KindReport, ExportError> {
        let options = Options { base: to.place.base.clone(), ..self.options.clone() };
        let report = export(self.book(), &options, to.tree, &|done| to.reach(done))?;
        Ok(self.completed(report, true))
    }

    fn plan(&self, _to: &Destination) -> WritePlan {
        WritePlan::of(self.total())
    }
}
