//! The voicemails that were asked for, as they are shown and written.

use std::io::{self, Write};

use corer_exporters::output::{ExportError, KindReport};
use corer_exporters::voicemail::{Format, Mailbox, Options, export, single, text};
use corer_schemas::skipped::Reading;
use corer_schemas::voicemail::Voicemail;
use corer_schemas::{Entry, Opened, Skipped, Source, SourceError};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::command::{Job, Place, Plan, Told, Writing};
use crate::cli::run::extras::item;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::printable::Printable;

/// Voicemails, chosen and read.
pub struct VoicemailJob<'s> {
    /// Where their sounds are.
    pub source: &'s dyn Source,
    /// The voicemails, and what could not be read.
    pub found: Reading<Voicemail>,
    /// How they are written.
    pub options: Options,
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

impl Job for VoicemailJob<'_> {
    type Format = Format;

    fn total(&self) -> Option<u64> {
        Some(self.found.records.len() as u64)
    }

    fn is_empty(&self) -> bool {
        self.found.records.is_empty() && self.found.skipped.is_empty()
    }

    fn nothing_matched(&self) -> Failure {
        if self.options.about.filters.is_empty() {
            return Failure::new(Exit::NothingMatched, "There is no voicemail in this backup.");
        }
        Failure::new(Exit::NothingMatched, "No voicemail matches.")
    }

    fn show(&self, answer: &mut Answer, _for_programs: bool) -> Result<KindReport, Failure> {
        let mut kind = KindReport::new("voicemail");
        for voicemail in &self.found.records {
            for line in text::lines(voicemail, &self.options.zone) {
                answer.line(Printable(line))?;
            }
            kind.exported += 1;
        }
        kind.found = kind.exported + self.found.skipped.len() as u64;
        kind.skipped = self.found.skipped.iter().cloned().map(item).collect();
        Ok(kind)
    }

    fn stream(&self, format: Format, to: &mut (dyn Write + Send), told: &Told<'_>) -> io::Result<KindReport> {
        let report = single(self, format, &self.options, to)?;
        told(self.found.records.len() as u64);
        Ok(report)
    }

    fn write(&self, to: &Writing<'_>) -> Result<KindReport, ExportError> {
        let options = Options { base: to.place.base.clone(), ..self.options.clone() };
        export(self, &options, to.tree, &|done| to.reach(done))
    }

    fn plan(&self, _to: &Place) -> Plan {
        Plan::of(self.total())
    }
}
