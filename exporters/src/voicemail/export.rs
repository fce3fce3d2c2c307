//! The driver: sounds first, then every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_schemas::records::{Feed, Reading};
use corer_schemas::voicemail::Voicemail;
use jiff::tz::TimeZone;

use super::sound::{Fates, Shelf};
use super::tally::report;
use super::{Context, Format, html, jsonl, table, text};
use crate::output::{ExportError, KindReport, OutputError, SafePath, Tree};
use crate::page::SavedFiles;
use crate::write::{Exporter, Files};

const TABLE: &str = "voicemail.csv";
const RECORDS: &str = "voicemail.jsonl";
const START: &str = "voicemail.html";

/// Writes voicemails and their sounds.
#[derive(Debug, Clone, Copy, Default)]
pub struct VoicemailExporter;

impl Exporter for VoicemailExporter {
    type Record = Voicemail;
    type Format = Format;

    fn lines(&self, voicemail: &Voicemail, zone: &TimeZone) -> Vec<String> {
        text::lines(voicemail, zone)
    }

    fn export(
        &self,
        voicemails: &dyn Feed<Voicemail>,
        files: &dyn Files,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let Reading { records: voicemails, skipped } = Reading::of(voicemails);
        let mut shelf = Shelf::new(files, context, tree);
        let mut fates = Vec::new();
        for voicemail in &voicemails {
            if progress(fates.len() as u64).is_break() {
                return Err(ExportError::Interrupted);
            }
            fates.push(shelf.save(voicemail)?);
        }
        if context.formats.contains(&Format::Csv) {
            let (mut file, failed) = begin(context, tree, TABLE)?;
            table::write(&voicemails, &fates, &context.zone, &mut file).map_err(&failed)?;
            file.finish()?;
        }
        if context.formats.contains(&Format::Jsonl) {
            let (mut file, failed) = begin(context, tree, RECORDS)?;
            jsonl::write(&voicemails, &fates, &skipped, &context.about, &context.zone, &mut file).map_err(&failed)?;
            file.finish()?;
        }
        let report = report(&voicemails, &fates, &skipped);
        if context.formats.contains(&Format::Html) {
            let count = report.skipped.len() as u64;
            // Sounds are named from the folder of the page on.
            let links = SavedFiles { from: &SafePath::root() };
            let page = html::page(&voicemails, &fates, count, &links, &context.about, &context.zone);
            tree.write(&context.base.join(START), page.as_bytes())?;
        }
        Ok(report)
    }

    /// A page needs the sounds beside it and is none of these.
    fn stream(
        &self,
        voicemails: &dyn Feed<Voicemail>,
        format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let Reading { records: voicemails, skipped } = Reading::of(voicemails);
        let fates: Vec<Fates> = voicemails.iter().map(Fates::foretell).collect();
        match format {
            Format::Csv => _ = table::write(&voicemails, &fates, &context.zone, to)?,
            Format::Jsonl | Format::Html => {
                jsonl::write(&voicemails, &fates, &skipped, &context.about, &context.zone, to)?;
            }
        }
        Ok(report(&voicemails, &fates, &skipped))
    }
}

type Begun<'t> = (crate::output::OutFile<'t>, Box<dyn Fn(io::Error) -> OutputError + 't>);

fn begin<'t>(context: &Context, tree: &'t Tree, name: &str) -> Result<Begun<'t>, OutputError> {
    let path: SafePath = context.base.join(name);
    let file = tree.file(&path, None)?;
    Ok((file, Box::new(move |error| tree.failed(&path, error))))
}
