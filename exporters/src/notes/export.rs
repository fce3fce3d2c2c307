//! The driver: the files of a note first, then the note in every format that is asked for.
//!
//! Notes are written as they come. Those that lead to others wait until all have their place.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_schemas::Skipped;
use corer_schemas::notes::Note;
use corer_schemas::records::Feed;
use jiff::tz::TimeZone;

use super::files::{FileStore, SavedFile, without_writing};
use super::links::{NoteLinks, has_any};
use super::markdown::Surroundings;
use super::names::{Places, with_ending};
use super::totals::Counter;
use super::{Context, Format, RECORDS, START, html, jsonl, markdown, text};
use crate::output::{ExportError, KindReport, OutFile, SafePath, Tree};
use crate::saved::Kept;
use crate::write::{Exporter, FileSource};

/// Writes notes and what is attached to them.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotesExporter;

impl Exporter for NotesExporter {
    type Record = Note;
    type Format = Format;

    fn lines(&self, note: &Note, zone: &TimeZone) -> Vec<String> {
        text::lines(note, zone)
    }

    fn export(
        &self,
        notes: &dyn Feed<Kept<Note>>,
        files: &dyn FileSource,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let mut export = Export::begin(files, context, tree)?;
        let (mut done, mut failed) = (0, None);
        let skipped = notes.each(&mut |note| {
            let result = match progress(done) {
                ControlFlow::Continue(()) => export.take(note),
                ControlFlow::Break(()) => Err(ExportError::Interrupted),
            };
            done += 1;
            failed = result.err();
            if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match failed {
            Some(error) => Err(error),
            None => export.finish(&skipped),
        }
    }

    fn stream(
        &self,
        notes: &dyn Feed<Kept<Note>>,
        _format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let (mut counter, mut written) = (Counter::default(), jsonl::begin(to, &context.about));
        let skipped = notes.each(&mut |note| {
            let files = without_writing(&note);
            if written.is_ok() {
                written = jsonl::note(to, &note, &files, None, &context.zone);
            }
            counter.count(&note, &files);
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written?;
        jsonl::end(to, &counter.totals(&skipped))?;
        Ok(counter.report(&skipped))
    }
}

/// A note that waits until all have their place.
struct Waiting {
    note: Kept<Note>,
    files: Vec<SavedFile>,
    path: SafePath,
}

/// An export that is being written.
struct Export<'a> {
    context: &'a Context,
    tree: &'a Tree,
    store: FileStore<'a>,
    places: Places<'a>,
    links: NoteLinks,
    waiting: Vec<Waiting>,
    start: html::Start,
    counter: Counter,
    records: Option<OutFile<'a>>,
}

impl<'a> Export<'a> {
    fn begin(files: &'a dyn FileSource, context: &'a Context, tree: &'a Tree) -> Result<Self, ExportError> {
        let mut own = Self {
            context,
            tree,
            store: FileStore { files, context, tree },
            places: Places::new(files, context, tree),
            links: NoteLinks::default(),
            waiting: Vec::new(),
            start: html::Start::default(),
            counter: Counter::default(),
            records: None,
        };
        if context.formats.contains(&Format::Jsonl) {
            let path = context.base.join(RECORDS);
            let mut records = tree.file(&path, None)?;
            jsonl::begin(&mut records, &context.about).map_err(|error| tree.failed(&path, error))?;
            own.records = Some(records);
        }
        Ok(own)
    }

    fn take(&mut self, note: Kept<Note>) -> Result<(), ExportError> {
        let files = self.store.save(&note, &mut self.places)?;
        self.counter.count(&note, &files);
        let has_pages = self.context.formats.iter().any(|format| *format != Format::Jsonl);
        let path = has_pages.then(|| self.places.of(&note));
        if let Some(records) = &mut self.records {
            let first = self.context.formats.iter().find(|format| **format != Format::Jsonl);
            let page = path.as_ref().zip(first).map(|(path, format)| with_ending(path, *format));
            jsonl::note(records, &note, &files, page.as_ref(), &self.context.zone)
                .map_err(|error| self.tree.failed(&self.context.base.join(RECORDS), error))?;
        }
        let Some(path) = path else { return Ok(()) };
        self.links.place(&note, &path);
        if let Some(format) = self.shown() {
            self.start.add(&note, &with_ending(&path, format), &self.context.zone);
        }
        let waiting = Waiting { note, files, path };
        if has_any(&waiting.note) {
            self.waiting.push(waiting);
            return Ok(());
        }
        self.write(&waiting)
    }

    /// The format that the page to begin with leads to.
    fn shown(&self) -> Option<Format> {
        let formats = &self.context.formats;
        let pages = formats.iter().find(|format| **format == Format::Html);
        pages.or_else(|| formats.iter().find(|format| **format != Format::Jsonl)).copied()
    }

    /// Writes a note in all formats that have a file for each.
    fn write(&self, Waiting { note, files, path }: &Waiting) -> Result<(), ExportError> {
        let folder = path.parent();
        let around = Surroundings { files, links: &self.links, folder: &folder };
        let (zone, about) = (&self.context.zone, &self.context.about);
        let mut is_placed = false;
        for format in &self.context.formats {
            let page = match format {
                Format::Markdown => markdown::page(note, &around, zone),
                Format::Html => html::page(note, &around, about, zone),
                Format::Txt => text::page(note, files, zone),
                Format::Jsonl => continue,
            };
            let place = self.context.base.then(&with_ending(path, *format));
            let modified = note.modified.and_then(|date| date.timestamp()).map(|date| date.as_second());
            let written = self.tree.write_dated(&place, page.as_bytes(), modified)?;
            if !written.is_left_alone && !is_placed {
                self.store.files.note_placed(&note.page, &written.path);
                is_placed = true;
            }
        }
        Ok(())
    }

    fn finish(mut self, skipped: &[Skipped]) -> Result<KindReport, ExportError> {
        for waiting in std::mem::take(&mut self.waiting) {
            self.write(&waiting)?;
        }
        if let Some(mut records) = self.records.take() {
            let path = self.context.base.join(RECORDS);
            jsonl::end(&mut records, &self.counter.totals(skipped)).map_err(|error| self.tree.failed(&path, error))?;
            records.finish()?;
        }
        let shown = self.shown();
        let report = self.counter.report(skipped);
        if shown.is_some() {
            let page = self.start.page(report.skipped.len() as u64, &self.context.about);
            self.tree.write(&self.context.base.join(START), page.as_bytes())?;
        }
        Ok(report)
    }
}
