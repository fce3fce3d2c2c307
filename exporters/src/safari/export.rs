//! The driver: each record once, into every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_schemas::Skipped;
use corer_schemas::records::Feed;
use corer_schemas::safari::SafariRecord;
use jiff::tz::TimeZone;

use super::html::Pages;
use super::netscape::Bookmarks;
use super::table::Table;
use super::totals::Totals;
use super::{BOOKMARKS, Context, Format, RECORDS, TABLE, jsonl, text};
use crate::output::{ExportError, KindReport, OutFile, OutputError, Tree};
use crate::saved::Kept;
use crate::write::{Exporter, FileSource};

/// Writes what Safari keeps.
#[derive(Debug, Clone, Copy, Default)]
pub struct SafariExporter;

impl Exporter for SafariExporter {
    type Record = SafariRecord;
    type Format = Format;

    fn lines(&self, record: &SafariRecord, zone: &TimeZone) -> Vec<String> {
        text::lines(record, zone)
    }

    fn export(
        &self,
        records: &dyn Feed<Kept<SafariRecord>>,
        _files: &dyn FileSource,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let mut written = Written::begin(context, tree)?;
        let mut failed = None;
        let skipped = records.each(&mut |record| {
            let result = match progress(written.totals.records()) {
                ControlFlow::Break(()) => Err(ExportError::Interrupted),
                ControlFlow::Continue(()) => written.record(&record).map_err(ExportError::from),
            };
            match result {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(written.finish(&skipped)?),
        }
    }

    fn stream(
        &self,
        records: &dyn Feed<Kept<SafariRecord>>,
        format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let mut stream = match format {
            Format::Csv => Stream::Table(Box::new(Table::begin(to, &context.zone)?)),
            Format::Bookmarks => Stream::Bookmarks(Bookmarks::default(), to),
            Format::Jsonl | Format::Html => {
                jsonl::header(to, &context.about)?;
                Stream::Records(to)
            }
        };
        let (mut totals, mut result) = (Totals::default(), Ok(()));
        let skipped = records.each(&mut |record| {
            totals.add(&record);
            result = match &mut stream {
                Stream::Table(table) => table.record(&record),
                Stream::Bookmarks(bookmarks, _) => {
                    bookmarks.add(&record);
                    Ok(())
                }
                Stream::Records(to) => jsonl::record(&mut **to, &record, &context.zone),
            };
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        result?;
        totals.skipped = skipped.len() as u64;
        let mut left_out = 0;
        match stream {
            Stream::Table(table) => _ = table.finish()?,
            Stream::Bookmarks(bookmarks, to) => {
                left_out = bookmarks.left_out();
                bookmarks.write(to)?;
            }
            Stream::Records(to) => jsonl::completion(to, totals)?,
        }
        Ok(totals.report(&skipped, left_out))
    }
}

/// The one stream that records go to.
enum Stream<'t> {
    Table(Box<Table<&'t mut (dyn Write + Send)>>),
    Bookmarks(Bookmarks, &'t mut (dyn Write + Send)),
    Records(&'t mut (dyn Write + Send)),
}

/// The files of an export that are being written.
struct Written<'t> {
    context: &'t Context,
    tree: &'t Tree,
    table: Option<Table<OutFile<'t>>>,
    records: Option<OutFile<'t>>,
    bookmarks: Option<Bookmarks>,
    pages: Option<Pages>,
    totals: Totals,
}

impl<'t> Written<'t> {
    fn begin(context: &'t Context, tree: &'t Tree) -> Result<Self, OutputError> {
        let wants = |format| context.formats.contains(&format);
        let mut own = Self {
            context,
            tree,
            table: None,
            records: None,
            bookmarks: wants(Format::Bookmarks).then(Bookmarks::default),
            pages: wants(Format::Html).then(Pages::default),
            totals: Totals::default(),
        };
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

    fn record(&mut self, record: &Kept<SafariRecord>) -> Result<(), OutputError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        self.totals.add(record);
        if let Some(table) = &mut self.table {
            table.record(record).map_err(|error| failed(TABLE, error))?;
        }
        if let Some(file) = &mut self.records {
            jsonl::record(file, record, &context.zone).map_err(|error| failed(RECORDS, error))?;
        }
        if let Some(bookmarks) = &mut self.bookmarks {
            bookmarks.add(record);
        }
        if let Some(pages) = &mut self.pages {
            pages.add(record, context, tree)?;
        }
        Ok(())
    }

    fn finish(mut self, skipped: &[Skipped]) -> Result<KindReport, OutputError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        self.totals.skipped = skipped.len() as u64;
        if let Some(table) = self.table {
            table.finish().map_err(|error| failed(TABLE, error))?.finish()?;
        }
        if let Some(mut file) = self.records {
            jsonl::completion(&mut file, self.totals).map_err(|error| failed(RECORDS, error))?;
            file.finish()?;
        }
        let mut left_out = 0;
        if let Some(bookmarks) = self.bookmarks {
            left_out = bookmarks.left_out();
            let mut file = tree.file(&context.base.join(BOOKMARKS), None)?;
            bookmarks.write(&mut file).map_err(|error| failed(BOOKMARKS, error))?;
            file.finish()?;
        }
        if let Some(pages) = self.pages {
            pages.finish(self.totals, context, tree)?;
        }
        Ok(self.totals.report(skipped, left_out))
    }
}
