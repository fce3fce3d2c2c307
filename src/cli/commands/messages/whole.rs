//! All conversations, for an export of everything.

use std::sync::Arc;

use corer_exporters::messages::{Attachments, Formats, Options, export};
use corer_exporters::output::report::About;
use corer_exporters::output::{ExportError, KindReport, SafePath, Tree};
use corer_schemas::contacts::Photos;
use corer_schemas::messages::{Chat, Messages};
use corer_schemas::people::Directory;
use corer_schemas::skipped::Reading;
use corer_schemas::{Selection, Source, SourceError};
use jiff::tz::TimeZone;

use super::reader::Chosen;
use crate::cli::run::drive::{Records, Told};
use crate::cli::run::kind::{Whole, item};

struct Everything<'s> {
    messages: Messages<'s>,
    source: &'s dyn Source,
    directory: &'s Directory,
    chats: Reading<Chat>,
    about: About,
    zone: TimeZone,
    jobs: usize,
}

/// All conversations.
///
/// # Errors
/// What opening them says.
pub fn whole<'s>(whole: &Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError> {
    let messages = Messages::open(whole.source, whole.directory)?;
    let chats = messages.chats(&Selection::default())?;
    Ok(Box::new(Everything {
        messages,
        source: whole.source,
        directory: whole.directory,
        chats,
        about: whole.about.clone(),
        zone: whole.zone.clone(),
        jobs: whole.threads,
    }))
}

impl Records for Everything<'_> {
    fn total(&self) -> Option<u64> {
        self.messages.count().ok().map(|counts| counts.messages)
    }

    fn write(&self, base: &SafePath, tree: &Tree, told: &Told<'_>) -> Result<KindReport, ExportError> {
        let options = Options {
            about: self.about.clone(),
            zone: self.zone.clone(),
            base: base.clone(),
            formats: Formats { html: true, jsonl: true, csv: true, layout: None, txt: false },
            attachments: Attachments::Copy,
            convert: false,
            converter: Arc::default(),
            search: true,
            owner: self.messages.owner().name,
            jobs: self.jobs,
        };
        let (selection, photos) = (Selection::default(), Photos::open(self.source));
        let chosen = Chosen {
            messages: &self.messages,
            source: self.source,
            selection: &selection,
            directory: self.directory,
            photos: &photos,
        };
        let mut report = export(&chosen, &self.chats.records, &options, tree, &|done| told(done.messages))?;
        report.skipped.extend(self.chats.skipped.iter().cloned().map(item));
        Ok(report)
    }
}
