//! The driver: of each voice memo first its sound, then its row in every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_schemas::recordings::Recording;
use corer_schemas::records::Feed;
use jiff::tz::TimeZone;

use super::captions::{paragraphs, srt};
use super::html::Rows;
use super::labels::{stem, title};
use super::table::Table;
use super::totals::Tally;
use super::{Context, Format, RECORDS, START, TABLE, html, jsonl, text};
use crate::clock::Moment;
use crate::output::{ExportError, KindReport, OutFile, OutputError, SafePath, Tree, split_extension};
use crate::page::SavedFiles;
use crate::saved::Kept;
use crate::write::{Exporter, FileSource, SoundOutcome, SoundOutcomes, SoundStore};

/// Writes voice memos and their sounds.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordingsExporter;

impl Exporter for RecordingsExporter {
    type Record = Recording;
    type Format = Format;

    fn lines(&self, recording: &Recording, zone: &TimeZone) -> Vec<String> {
        text::lines(recording, zone)
    }

    fn export(
        &self,
        recordings: &dyn Feed<Kept<Recording>>,
        files: &dyn FileSource,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let mut written = Written::begin(files, context, tree)?;
        let mut failed = None;
        let skipped = recordings.each(&mut |recording| {
            let result = match progress(written.tally.totals.recordings) {
                ControlFlow::Break(()) => Err(ExportError::Interrupted),
                ControlFlow::Continue(()) => written.recording(&recording),
            };
            match result {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        written.tally.finish(&skipped);
        Ok(written.finish()?)
    }

    /// A page and the words by themselves need the sounds beside them and are none of these.
    fn stream(
        &self,
        recordings: &dyn Feed<Kept<Recording>>,
        format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let mut tally = Tally::new();
        let mut stream = match format {
            Format::Csv => Stream::Table(Box::new(Table::begin(to, &context.zone)?)),
            Format::Jsonl | Format::Html | Format::Txt | Format::Srt => {
                jsonl::header(to, &context.about)?;
                Stream::Records(to)
            }
        };
        let mut result = Ok(());
        let skipped = recordings.each(&mut |recording| {
            let outcomes = SoundOutcomes::without_writing(&recording.sound, &recording.others);
            tally.add(&recording, &outcomes);
            result = match &mut stream {
                Stream::Table(table) => table.recording(&recording, &outcomes),
                Stream::Records(to) => jsonl::recording(&mut **to, &recording, &outcomes, &context.zone),
            };
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        result?;
        tally.finish(&skipped);
        match stream {
            Stream::Table(table) => _ = table.finish()?,
            Stream::Records(to) => jsonl::completion(to, tally.totals)?,
        }
        Ok(tally.into_report())
    }
}

/// The one stream that records go to.
enum Stream<'t> {
    Table(Box<Table<&'t mut (dyn Write + Send)>>),
    Records(&'t mut (dyn Write + Send)),
}

/// The files of an export that are being written.
struct Written<'t> {
    context: &'t Context,
    tree: &'t Tree,
    store: SoundStore<'t>,
    table: Option<Table<OutFile<'t>>>,
    records: Option<OutFile<'t>>,
    rows: Option<Rows>,
    tally: Tally,
}

impl<'t> Written<'t> {
    fn begin(files: &'t dyn FileSource, context: &'t Context, tree: &'t Tree) -> Result<Self, OutputError> {
        let store = SoundStore::new(files, &context.base, tree);
        let wants = |format| context.formats.contains(&format);
        let rows = wants(Format::Html).then(Rows::default);
        let mut own = Self { context, tree, store, table: None, records: None, rows, tally: Tally::new() };
        if wants(Format::Csv) {
            let file = tree.file(&context.base.join(TABLE), None)?;
            own.table = Some(Table::begin(file, &context.zone).map_err(|error| own.failed(TABLE, error))?);
        }
        if wants(Format::Jsonl) {
            let mut file = tree.file(&context.base.join(RECORDS), None)?;
            jsonl::header(&mut file, &context.about).map_err(|error| own.failed(RECORDS, error))?;
            own.records = Some(file);
        }
        Ok(own)
    }

    fn failed(&self, name: &str, error: io::Error) -> OutputError {
        self.tree.failed(&self.context.base.join(name), error)
    }

    fn recording(&mut self, recording: &Kept<Recording>) -> Result<(), ExportError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        let stem = stem(recording, &context.zone);
        let outcomes = self.store.save(&recording.sound, &recording.others, &stem)?;
        self.tally.add(recording, &outcomes);
        self.words(recording, &outcomes, &stem)?;
        if let Some(table) = &mut self.table {
            table.recording(recording, &outcomes).map_err(|error| failed(TABLE, error))?;
        }
        if let Some(file) = &mut self.records {
            jsonl::recording(file, recording, &outcomes, &context.zone).map_err(|error| failed(RECORDS, error))?;
        }
        if let Some(rows) = &mut self.rows {
            // Sounds are named from the folder of the page on.
            rows.push(recording, &outcomes, &SavedFiles { from: &SafePath::root() }, &context.zone);
        }
        Ok(())
    }

    /// Writes what is said, under the name of the sound, where players look for captions.
    fn words(&mut self, recording: &Kept<Recording>, outcomes: &SoundOutcomes, stem: &str) -> Result<(), OutputError> {
        let Some(transcript) = &recording.transcript else { return Ok(()) };
        let named = match &outcomes.sound {
            SoundOutcome::Saved { path, .. } => path.as_str().rsplit('/').next().map(|name| split_extension(name).0),
            _ => None,
        };
        let name = named.unwrap_or(stem);
        let identity = recording.file.as_deref().unwrap_or(stem);
        let modified = recording.date.and_then(|date| date.timestamp()).map(|date| date.as_second());
        if self.context.formats.contains(&Format::Txt) {
            let when = recording.date.and_then(|date| Moment::new(date, &self.context.zone));
            let when = when.map(|moment| format!("{}\n", moment.words())).unwrap_or_default();
            let text = format!("{}\n{when}\n{}\n", title(recording), paragraphs(transcript).join("\n\n"));
            let place = self.context.base.then(&self.store.place_beside(&format!("{name}.txt"), identity));
            self.tree.write_dated(&place, text.as_bytes(), modified)?;
        }
        if self.context.formats.contains(&Format::Srt)
            && let Some(captions) = srt(transcript)
        {
            let place = self.context.base.then(&self.store.place_beside(&format!("{name}.srt"), identity));
            self.tree.write_dated(&place, captions.as_bytes(), modified)?;
        }
        Ok(())
    }

    fn finish(self) -> Result<KindReport, OutputError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        if let Some(table) = self.table {
            table.finish().map_err(|error| failed(TABLE, error))?.finish()?;
        }
        if let Some(mut file) = self.records {
            jsonl::completion(&mut file, self.tally.totals).map_err(|error| failed(RECORDS, error))?;
            file.finish()?;
        }
        if let Some(rows) = self.rows {
            let page = html::page(&rows, self.tally.totals, self.tally.gaps(), &context.about);
            tree.write(&context.base.join(START), page.as_bytes())?;
        }
        Ok(self.tally.into_report())
    }
}
