//! The contacts that were asked for, as they are shown and written.

use std::io::{self, Write};
use std::mem::take;

use corer_exporters::contacts::{Book, Format, Layout, Options, Version, export, report, single};
use corer_exporters::output::report::{About, Missing};
use corer_exporters::output::{ExportError, KindReport, SafePath, Tree};
use corer_schemas::contacts::{AddressBook, Alike, Contact, Group, KIND, Linking, Merged, Photos};
use corer_schemas::{Absence, Kind, Skipped, SourceError};
use jiff::tz::TimeZone;

use super::preview;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::drive::{Job, Records, Told};
use crate::cli::run::kind::{Whole, item};
use crate::cli::terminal::console::Answer;

/// What is written where no format was asked for.
pub const DEFAULT: [Format; 4] = [Format::Vcard, Format::Csv, Format::Html, Format::Jsonl];

/// Contacts, chosen and in order.
pub struct ContactsJob {
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// The groups.
    pub groups: Vec<Group>,
    /// Which contacts were made of several.
    pub merged: Vec<Merged>,
    /// Which contacts may be the same.
    pub alike: Vec<Alike>,
    /// What of the address book could not be read.
    pub skipped: Vec<Skipped>,
    /// The pictures.
    pub photos: Photos,
    /// What the run is about.
    pub about: About,
    /// The zone of all times.
    pub zone: TimeZone,
    /// What to write.
    pub formats: Vec<Format>,
    /// The version of the cards.
    pub version: Version,
    /// Whether each card is a file of its own.
    pub is_split: bool,
    /// The layout of the table.
    pub layout: Layout,
}

/// All contacts, for an export of everything.
///
/// # Errors
/// What reading the address book says.
pub fn whole<'s>(whole: &Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError> {
    let mut book = AddressBook::read(whole.source)?;
    let (groups, skipped) = (take(&mut book.groups), take(&mut book.skipped));
    let mut contacts = book.contacts(Linking::Together);
    Contact::sort(&mut contacts);
    Ok(Box::new(ContactsJob {
        contacts,
        groups,
        merged: Vec::new(),
        alike: Vec::new(),
        skipped,
        photos: Photos::open(whole.source),
        about: whole.about.clone(),
        zone: whole.zone.clone(),
        formats: DEFAULT.to_vec(),
        version: Version::default(),
        is_split: false,
        layout: Layout::People,
    }))
}

impl ContactsJob {
    /// Says that no contact matches.
    pub fn failure(&self) -> Failure {
        if self.about.filters.is_empty() {
            return Failure::new(Exit::NothingMatched, "There are no contacts in this backup.");
        }
        Failure::new(Exit::NothingMatched, "No contact matches.")
            .hint("--with, --group and --account take the beginnings of words; --with also a number or an address.")
    }

    fn book(&self) -> Book<'_> {
        Book {
            contacts: &self.contacts,
            groups: &self.groups,
            pictures: &self.photos,
            merged: &self.merged,
            alike: &self.alike,
        }
    }

    fn options(&self, base: SafePath) -> Options {
        Options {
            about: self.about.clone(),
            zone: self.zone.clone(),
            base,
            formats: self.formats.clone(),
            version: self.version,
            is_split: self.is_split,
            layout: self.layout,
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

fn without_pictures(why: Absence) -> Missing {
    Missing { item: "the pictures of contacts".to_owned(), why: why.to_string(), expected: why == Absence::Lost }
}

impl Records for ContactsJob {
    fn total(&self) -> Option<u64> {
        Some(self.contacts.len() as u64)
    }

    fn takes_names(&self) -> bool {
        false
    }

    fn write(&self, base: &SafePath, tree: &Tree, told: &Told<'_>) -> Result<KindReport, ExportError> {
        let report = export(self.book(), &self.options(base.clone()), tree, told)?;
        Ok(self.completed(report, true))
    }
}

impl Job for ContactsJob {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn show(&self, answer: &mut Answer) -> Result<KindReport, Failure> {
        preview::show(&self.contacts, !self.about.filters.is_empty(), answer)?;
        Ok(self.completed(report(self.book()), false))
    }

    fn stream(&self, format: &str, to: &mut (dyn Write + Send)) -> io::Result<KindReport> {
        let format = match format {
            "vcf" => Format::Vcard,
            "csv" => Format::Csv,
            "html" => Format::Html,
            _ => Format::Jsonl,
        };
        let report = single(self.book(), format, &self.options(SafePath::root()), to)?;
        Ok(self.completed(report, format == Format::Vcard))
    }

    fn nothing_matched(&self) -> Failure {
        self.failure()
    }
}
