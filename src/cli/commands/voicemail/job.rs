//! The voicemails that were asked for, as they are shown and written.

use std::io::{self, Write};

use corer_exporters::output::report::About;
use corer_exporters::output::{ExportError, KindReport, SafePath, Tree};
use corer_exporters::voicemail::{Format, Mailbox, Options, export, single, text};
use corer_schemas::skipped::Reading;
use corer_schemas::voicemail::{KIND, Voicemail, Voicemails};
use corer_schemas::{Entry, Kind, Opened, Selection, Skipped, Source, SourceError};
use jiff::tz::TimeZone;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::drive::{Job, Records, Told};
use crate::cli::run::formats;
use crate::cli::run::kind::{Whole, item};
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::printable::Printable;

/// Voicemails, chosen and read.
pub struct VoicemailJob<'s> {
    /// Where their sounds are.
    pub source: &'s dyn Source,
    /// The voicemails, and what could not be read.
    pub found: Reading<Voicemail>,
    /// What the run is about.
    pub about: About,
    /// The zone of all times.
    pub zone: TimeZone,
    /// What to write beside the sounds.
    pub formats: Vec<Format>,
}

/// All voicemails, for an export of everything.
///
/// # Errors
/// What opening them says.
pub fn whole<'s>(whole: &Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError> {
    Ok(Box::new(VoicemailJob {
        source: whole.source,
        found: Voicemails::open(whole.source, whole.directory)?.read(&Selection::default()),
        about: whole.about.clone(),
        zone: whole.zone.clone(),
        formats: formats::DEFAULT.to_vec(),
    }))
}

impl VoicemailJob<'_> {
    /// Says that no voicemail matches.
    pub fn failure(&self) -> Failure {
        if self.about.filters.is_empty() {
            return Failure::new(Exit::NothingMatched, "There is no voicemail in this backup.");
        }
        Failure::new(Exit::NothingMatched, "No voicemail matches.")
    }

    fn options(&self, base: SafePath) -> Options {
        Options { about: self.about.clone(), zone: self.zone.clone(), base, formats: self.formats.clone() }
    }
}

impl Mailbox for VoicemailJob<'_> {
    fn voicemails(&self) -> &[Voicemail] {
        &self.found.records
    }

    fn skipped(&self) -> &[Skipped] {
        &self.found.skipped
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.source.open(entry)
    }
}

impl Records for VoicemailJob<'_> {
    fn total(&self) -> Option<u64> {
        Some(self.found.records.len() as u64)
    }

    fn write(&self, base: &SafePath, tree: &Tree, told: &Told<'_>) -> Result<KindReport, ExportError> {
        export(self, &self.options(base.clone()), tree, told)
    }
}

impl Job for VoicemailJob<'_> {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn show(&self, answer: &mut Answer) -> Result<KindReport, Failure> {
        let mut kind = KindReport::new("voicemail");
        for voicemail in &self.found.records {
            for line in text::lines(voicemail, &self.zone) {
                answer.line(Printable(line))?;
            }
            kind.exported += 1;
        }
        kind.found = kind.exported + self.found.skipped.len() as u64;
        kind.skipped = self.found.skipped.iter().cloned().map(item).collect();
        Ok(kind)
    }

    fn stream(&self, format: &str, to: &mut (dyn Write + Send)) -> io::Result<KindReport> {
        single(self, formats::of(format), &self.options(SafePath::root()), to)
    }

    fn nothing_matched(&self) -> Failure {
        self.failure()
    }
}
