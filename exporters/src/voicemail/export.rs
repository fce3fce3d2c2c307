//! The drivers: sounds first, then every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;

use super::sound::{Fates, Shelf};
use super::tally::report;
use super::{Format, Mailbox, Options, html, jsonl, table};
use crate::output::{ExportError, KindReport, OutputError, SafePath, Tree};

const TABLE: &str = "voicemail.csv";
const RECORDS: &str = "voicemail.jsonl";
const START: &str = "voicemail.html";

/// Exports voicemails into a tree: their sounds, and the formats that the options name. `progress` is told how many are
/// done, and can stop the export.
///
/// # Errors
/// [`ExportError::Output`] when the tree cannot be written. What cannot be *read* is no error: it is in the report.
pub fn export(
    mailbox: &dyn Mailbox,
    options: &Options,
    tree: &Tree,
    progress: &dyn Fn(u64) -> ControlFlow<()>,
) -> Result<KindReport, ExportError> {
    let voicemails = mailbox.voicemails();
    let mut shelf = Shelf::new(mailbox, options, tree);
    let mut fates = Vec::new();
    for voicemail in voicemails {
        if progress(fates.len() as u64).is_break() {
            return Err(ExportError::Interrupted);
        }
        fates.push(shelf.save(voicemail)?);
    }
    if options.formats.contains(&Format::Csv) {
        let (mut file, failed) = begin(options, tree, TABLE)?;
        table::write(voicemails, &fates, &options.zone, &mut file).map_err(&failed)?;
        file.finish()?;
    }
    if options.formats.contains(&Format::Jsonl) {
        let (mut file, failed) = begin(options, tree, RECORDS)?;
        jsonl::write(voicemails, &fates, mailbox.skipped(), &options.about, &options.zone, &mut file)
            .map_err(&failed)?;
        file.finish()?;
    }
    let report = report(voicemails, &fates, mailbox.skipped());
    if options.formats.contains(&Format::Html) {
        let page = html::page(voicemails, &fates, report.skipped.len() as u64, &options.about, &options.zone);
        tree.write(&options.base.join(START), page.as_bytes())?;
    }
    Ok(report)
}

/// Writes voicemails in one format to one stream, without their sounds. A page needs the sounds beside it and is none of
/// these.
///
/// # Errors
/// Those of `to`.
pub fn single(mailbox: &dyn Mailbox, format: Format, options: &Options, to: &mut dyn Write) -> io::Result<KindReport> {
    let voicemails = mailbox.voicemails();
    let fates: Vec<Fates> = voicemails.iter().map(Fates::foretell).collect();
    match format {
        Format::Csv => _ = table::write(voicemails, &fates, &options.zone, to)?,
        Format::Jsonl | Format::Html => {
            jsonl::write(voicemails, &fates, mailbox.skipped(), &options.about, &options.zone, to)?;
        }
    }
    Ok(report(voicemails, &fates, mailbox.skipped()))
}

type Begun<'t> = (crate::output::OutFile<'t>, Box<dyn Fn(io::Error) -> OutputError + 't>);

fn begin<'t>(options: &Options, tree: &'t Tree, name: &str) -> Result<Begun<'t>, OutputError> {
    let path: SafePath = options.base.join(name);
    let file = tree.file(&path, None)?;
    Ok((file, Box::new(move |error| tree.failed(&path, error))))
}
