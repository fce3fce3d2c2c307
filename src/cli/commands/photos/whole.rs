//! The whole photo library, for an export of everything: in folders by month, with a gallery.

use corer_exporters::convert::Converter;
use corer_exporters::output::report::About;
use corer_exporters::output::{ExportError, KindReport, SafePath, Tree};
use corer_exporters::photos::gallery::{Gallery, GalleryOptions};
use corer_exporters::photos::{Edited, Job, Known, Layout, Options, RECORDS, export};
use corer_schemas::photos::{Found, KIND, read};
use corer_schemas::{Source, SourceError};
use jiff::tz::TimeZone;

use crate::cli::run::drive::{Records, Told};
use crate::cli::run::kind::{Whole, item};

struct Everything<'s> {
    source: &'s dyn Source,
    found: Found,
    layout: Layout,
    /// What an earlier run wrote.
    known: Known,
    about: About,
    zone: TimeZone,
    jobs: usize,
}

/// All photos.
///
/// # Errors
/// What reading the library says.
pub fn whole<'s>(whole: &Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError> {
    let records = whole.updated.map(|folder| folder.join(KIND.name).join(RECORDS));
    let mut found = read(whole.source)?;
    found.library.settle(&whole.zone);
    Ok(Box::new(Everything {
        source: whole.source,
        found,
        layout: Layout::by("month").map_err(|error| SourceError::unreadable("the layout", error))?,
        known: records.map(|records| Known::read(&records)).unwrap_or_default(),
        about: whole.about.clone(),
        zone: whole.zone.clone(),
        jobs: whole.threads,
    }))
}

impl Records for Everything<'_> {
    fn total(&self) -> Option<u64> {
        Some(self.found.library.assets.len() as u64)
    }

    fn takes_names(&self) -> bool {
        false
    }

    fn write(&self, base: &SafePath, tree: &Tree, told: &Told<'_>) -> Result<KindReport, ExportError> {
        let (about, zone) = (self.about.clone(), self.zone.clone());
        let converter = Converter::default();
        let gallery = GalleryOptions { about: about.clone(), zone: zone.clone(), base: base.clone() };
        let options = Options {
            about,
            zone,
            base: base.clone(),
            layout: self.layout.clone(),
            edited: Edited::Both,
            with_adjustments: false,
            jobs: self.jobs,
        };
        let job = Job {
            source: self.source,
            again: self.source,
            library: &self.found.library,
            options: &options,
            known: &self.known,
            companions: &[&Gallery::new(gallery, &converter, None)],
        };
        let mut report = export(job, tree, &|done| told(done.assets))?;
        report.skipped.extend(self.found.skipped.iter().cloned().map(item));
        report.notes.extend(self.found.notes.iter().cloned());
        let without = self.found.without_database.iter();
        report.notes.extend(without.map(|why| format!("The files alone were read, without albums and people: {why}.")));
        Ok(report)
    }
}
