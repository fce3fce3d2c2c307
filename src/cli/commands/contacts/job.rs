//! The contacts that were asked for, as they are shown and written.

use std::io::{self, Write};

use corer_exporters::contacts::{
    Book, Format, KeptPictures, Options, Pictures, adopt, each_by_its_number, export, report, single, text,
};
use corer_exporters::output::report::MissingItem;
use corer_exporters::output::{ExportError, KindReport};
use corer_exporters::saved::{IdentifiedFeed, IdentifiedList, Kept, Subject, Taken, Update};
use corer_schemas::contacts::{Contact, Group, KIND, Photos, Unique};
use corer_schemas::records::{Listed, Reading};
use corer_schemas::{Absence, Skipped, Source};

use super::preview;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::command::{Destination, Job, OnProgress, WriteContext, WritePlan};
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;

/// Contacts, chosen and in order.
pub struct ContactsJob<'s> {
    /// Where everything is.
    pub source: &'s dyn Source,
    /// What an export remembers of the backup.
    pub backup: Taken,
    /// The contacts, which of them were made of several, and which may be the same.
    pub all: Unique,
    /// All contacts, where not all were asked for.
    pub unchosen: Option<Vec<Contact>>,
    /// The groups.
    pub groups: Vec<Group>,
    /// What of the address book could not be read.
    pub skipped: Vec<Skipped>,
    /// The pictures.
    pub photos: Photos,
    /// How they are written.
    pub options: Options,
}

impl ContactsJob<'_> {
    /// The contacts of the backup, of which nothing is remembered.
    fn present(&self) -> Vec<Kept<Contact>> {
        self.all.contacts.iter().cloned().map(Kept::present).collect()
    }

    fn book<'b>(&'b self, contacts: &'b [Kept<Contact>], pictures: &'b dyn Pictures) -> Book<'b> {
        Book { contacts, groups: &self.groups, pictures, merged: &self.all.merged, alike: &self.all.alike }
    }

    fn chosen(&self) -> Listed<'_, Contact> {
        Listed { records: &self.all.contacts, skipped: &self.skipped }
    }

    /// Does something with what there is to be remembered.
    fn with_subject<T>(&self, with: impl FnOnce(&Subject<'_, Contact>) -> T) -> T {
        let all = self.unchosen.as_ref().map(|all| Listed { records: all, skipped: &self.skipped });
        let all = all.as_ref().map(|all| IdentifiedList(all));
        with(&Subject {
            kind: &KIND,
            chosen: &IdentifiedList(&self.chosen()),
            all: all.as_ref().map(|all| all as &dyn IdentifiedFeed<Contact>),
            describe: &text::title,
            adopt: &adopt,
        })
    }

    /// Looks at what the folder remembers. `None` where nothing is remembered.
    fn update<'t>(&self, to: &WriteContext<'t>) -> Result<Option<Update<'t>>, ExportError> {
        self.with_subject(|subject| to.update(subject, &self.options.about.corer_version, &self.backup))
    }

    /// Writes the contacts of the backup and those that the folder remembers.
    fn write_merged(
        &self,
        update: Update<'_>,
        options: &Options,
        to: &WriteContext<'_>,
    ) -> Result<KindReport, ExportError> {
        let chosen = self.chosen();
        let merged = update.merged(&chosen)?;
        let mut contacts = Reading::of(&merged).records;
        let writer = merged.into_writer()?;
        each_by_its_number(&mut contacts);
        contacts.sort_by_cached_key(|contact| contact.place());
        let files = update.files(&self.source);
        let pictures = KeptPictures { photos: &self.photos, files: &files };
        let report = export(self.book(&contacts, &pictures), options, to.tree, &|done| to.reach(done))?;
        update.report(writer, self.completed(report, true))
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

impl Job for ContactsJob<'_> {
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
        Ok(self.completed(report(self.book(&self.present(), &self.photos)), false))
    }

    fn stream(
        &self,
        format: Format,
        to: &mut (dyn Write + Send),
        on_progress: &OnProgress<'_>,
    ) -> io::Result<KindReport> {
        let report = single(self.book(&self.present(), &self.photos), format, &self.options, to)?;
        _ = on_progress(self.all.contacts.len() as u64);
        Ok(self.completed(report, format == Format::Vcard))
    }

    fn write(&self, to: &WriteContext<'_>) -> Result<KindReport, ExportError> {
        let options = Options { base: to.place.base.clone(), ..self.options.clone() };
        if let Some(update) = self.update(to)? {
            return self.write_merged(update, &options, to);
        }
        let contacts = self.present();
        let report = export(self.book(&contacts, &self.photos), &options, to.tree, &|done| to.reach(done))?;
        Ok(self.completed(report, true))
    }

    fn look(&self, to: &WriteContext<'_>) -> Result<(), ExportError> {
        self.with_subject(|subject| to.look(subject, &self.options.about.corer_version, &self.backup))
    }

    fn plan(&self, _to: &Destination) -> WritePlan {
        WritePlan::of(self.total())
    }
}
