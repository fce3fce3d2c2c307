//! The driver: sounds first, then every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use corer_schemas::records::{Feed, Reading};
use corer_schemas::voicemail::Voicemail;
use jiff::tz::TimeZone;

use super::sound::stem;
use super::totals::report;
use super::{Context, Format, RECORDS, TABLE, adopt, html, jsonl, table, text};
use crate::output::{ExportError, KindReport, OutputError, SafePath, Tree};
use crate::page::SavedFiles;
use crate::saved::Kept;
use crate::write::{Exporter, FileSource, SoundOutcomes, SoundStore};

const START: &str = "voicemail.html";

/// Writes voicemails and their sounds.
#[derive(Debug, Clone, Copy, Default)]
pub struct VoicemailExporter;

impl Exporter for VoicemailExporter {
    type Record = Voicemail;
    type Format = Format;

    fn adopt(&self, folder: &Path) -> Option<Vec<Self::Record>> {
        adopt::voicemails(folder)
    }

    fn lines(&self, voicemail: &Voicemail, zone: &TimeZone) -> Vec<String> {
        text::lines(voicemail, zone)
    }

    fn export(
        &self,
        voicemails: &dyn Feed<Kept<Voicemail>>,
        files: &dyn FileSource,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let Reading { records: voicemails, skipped } = Reading::of(voicemails);
        let mut store = SoundStore::new(files, &context.base, tree);
        let mut outcomes = Vec::new();
        for voicemail in &voicemails {
            if progress(outcomes.len() as u64).is_break() {
                return Err(ExportError::Interrupted);
            }
            outcomes.push(store.save(&voicemail.sound, &voicemail.others, &stem(voicemail, &context.zone))?);
        }
        if context.formats.contains(&Format::Csv) {
            let (mut file, failed) = begin(context, tree, TABLE)?;
            table::write(&voicemails, &outcomes, &context.zone, &mut file).map_err(&failed)?;
            file.finish()?;
        }
        if context.formats.contains(&Format::Jsonl) {
            let (mut file, failed) = begin(context, tree, RECORDS)?;
            jsonl::write(&voicemails, &outcomes, &skipped, &context.about, &context.zone, &mut file)
                .map_err(&failed)?;
            file.finish()?;
        }
        let report = report(&voicemails, &outcomes, &skipped);
        if context.formats.contains(&Format::Html) {
            let count = report.skipped.len() as u64;
            // Sounds are named from the folder of the page on.
            let links = SavedFiles { from: &SafePath::root() };
            let page = html::page(&voicemails, &outcomes, count, &links, &context.about, &context.zone);
            tree.write(&context.base.join(START), page.as_bytes())?;
        }
        Ok(report)
    }

    /// A page needs the sounds beside it and is none of these.
    fn stream(
        &self,
        voicemails: &dyn Feed<Kept<Voicemail>>,
        format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let Reading { records: voicemails, skipped } = Reading::of(voicemails);
        let outcomes =
            |voicemail: &Kept<Voicemail>| SoundOutcomes::without_writing(&voicemail.sound, &voicemail.others);
        let outcomes: Vec<SoundOutcomes> = voicemails.iter().map(outcomes).collect();
        match format {
            Format::Csv => _ = table::write(&voicemails, &outcomes, &context.zone, to)?,
            Format::Jsonl | Format::Html => {
                jsonl::write(&voicemails, &outcomes, &skipped, &context.about, &context.zone, to)?;
            }
        }
        Ok(report(&voicemails, &outcomes, &skipped))
    }
}

type Begun<'t> = (crate::output::OutFile<'t>, Box<dyn Fn(io::Error) -> OutputError + 't>);

fn begin<'t>(context: &Context, tree: &'t Tree, name: &str) -> Result<Begun<'t>, OutputError> {
    let path: SafePath = context.base.join(name);
    let file = tree.file(&path, None)?;
    Ok((file, Box::new(move |error| tree.failed(&path, error))))
}
