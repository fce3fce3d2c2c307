//! The driver: one reading of the calls, every format that is asked for.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use corer_schemas::Skipped;
use corer_schemas::calls::Call;
use corer_schemas::records::Feed;
use jiff::tz::TimeZone;

use super::html::{PAGE, Position, Rows, page};
use super::table::Table;
use super::totals::{Sums, Totals, report};
use super::{Context, Format, Layout, RECORDS, TABLE, adopt, jsonl, text};
use crate::output::{ExportError, KindReport, OutFile, OutputError, SafePath, Tree};
use crate::page::{LinkTarget, Links};
use crate::saved::Kept;
use crate::write::pipeline::read_ahead;
use crate::write::{Exporter, FileSource};

const START: &str = "calls.html";

/// The only page.
const ALONE: Position = Position { page: 0, is_newest: true };

/// How many calls are read before they are written and progress is told.
const BATCH: usize = 256;

/// Writes calls: its table in this layout.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallsExporter {
    /// The layout of the table.
    pub layout: Layout,
}

impl Exporter for CallsExporter {
    type Record = Call;
    type Format = Format;

    fn adopt(&self, folder: &Path) -> Option<Vec<Self::Record>> {
        adopt::calls(folder)
    }

    fn lines(&self, call: &Call, zone: &TimeZone) -> Vec<String> {
        vec![text::line(call, zone)]
    }

    fn export(
        &self,
        calls: &dyn Feed<Kept<Call>>,
        _files: &dyn FileSource,
        context: &Context,
        tree: &Tree,
        progress: &dyn Fn(u64) -> ControlFlow<()>,
    ) -> Result<KindReport, ExportError> {
        let mut files = Written::begin(self.layout, context, tree)?;
        let mut totals = Totals::default();
        let mut skipped = Vec::new();
        let read = |push: &mut dyn FnMut(Kept<Call>) -> ControlFlow<()>| {
            skipped = calls.each(&mut |call| {
                totals.calls += 1;
                let is_told = totals.calls.is_multiple_of(BATCH as u64);
                if is_told && progress(totals.calls).is_break() { ControlFlow::Break(()) } else { push(call) }
            });
        };
        read_ahead(BATCH, read, |call| files.call(&call))?;
        if progress(totals.calls).is_break() {
            return Err(ExportError::Interrupted);
        }
        totals.skipped = skipped.len() as u64;
        files.finish(totals)?;
        Ok(report(totals, skipped))
    }

    /// A page then has all of them.
    fn stream(
        &self,
        calls: &dyn Feed<Kept<Call>>,
        format: Format,
        context: &Context,
        to: &mut (dyn Write + Send),
    ) -> io::Result<KindReport> {
        let Context { about, zone, .. } = context;
        let mut totals = Totals::default();
        let skipped = match format {
            Format::Jsonl => {
                jsonl::header(to, about)?;
                let skipped = each(calls, &mut totals, |call| jsonl::call(to, call, zone))?;
                jsonl::completion(to, Totals { skipped: skipped.len() as u64, ..totals })?;
                skipped
            }
            Format::Csv => {
                let mut table = Table::begin(to, self.layout, zone)?;
                let skipped = each(calls, &mut totals, |call| table.call(call))?;
                table.finish()?;
                skipped
            }
            Format::Html => {
                let (mut rows, mut sums) = (Rows::default(), Sums::default());
                let skipped = each(calls, &mut totals, |call| {
                    sums.add(call, zone, 0);
                    rows.push(call, zone);
                    Ok(())
                })?;
                let count = skipped.len() as u64;
                to.write_all(page(&rows, Some(&sums), count, ALONE, &PageLinks { newest: Some(0) }, about).as_bytes())?;
                skipped
            }
        };
        totals.skipped = skipped.len() as u64;
        Ok(report(totals, skipped))
    }
}

/// Hands each call to a writer until that fails.
fn each(
    calls: &dyn Feed<Kept<Call>>,
    totals: &mut Totals,
    mut write: impl FnMut(&Kept<Call>) -> io::Result<()> + Send,
) -> io::Result<Vec<Skipped>> {
    let mut skipped = Vec::new();
    let read = |push: &mut dyn FnMut(Kept<Call>) -> ControlFlow<()>| {
        skipped = calls.each(&mut |call| {
            totals.calls += 1;
            push(call)
        });
    };
    read_ahead(BATCH, read, |call| write(&call))?;
    Ok(skipped)
}

/// The files of an export that are being written.
struct Written<'t> {
    context: &'t Context,
    tree: &'t Tree,
    table: Option<Table<OutFile<'t>>>,
    records: Option<OutFile<'t>>,
    pages: Option<Pages>,
}

impl<'t> Written<'t> {
    fn begin(layout: Layout, context: &'t Context, tree: &'t Tree) -> Result<Self, OutputError> {
        let wants = |format| context.formats.contains(&format);
        let mut own = Self { context, tree, table: None, records: None, pages: None };
        if wants(Format::Csv) {
            let file = tree.file(&own.path(TABLE), None)?;
            let table = Table::begin(file, layout, &context.zone).map_err(|e| own.failed(TABLE, e))?;
            own.table = Some(table);
        }
        if wants(Format::Jsonl) {
            let mut file = tree.file(&own.path(RECORDS), None)?;
            jsonl::header(&mut file, &context.about).map_err(|e| own.failed(RECORDS, e))?;
            own.records = Some(file);
        }
        own.pages = wants(Format::Html).then(Pages::default);
        Ok(own)
    }

    fn path(&self, name: &str) -> SafePath {
        self.context.base.join(name)
    }

    fn failed(&self, name: &str, error: io::Error) -> OutputError {
        self.tree.failed(&self.path(name), error)
    }

    fn call(&mut self, call: &Kept<Call>) -> Result<(), OutputError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        if let Some(table) = &mut self.table {
            table.call(call).map_err(|e| failed(TABLE, e))?;
        }
        if let Some(file) = &mut self.records {
            jsonl::call(file, call, &context.zone).map_err(|e| failed(RECORDS, e))?;
        }
        if let Some(pages) = &mut self.pages {
            pages.add(call, context, tree)?;
        }
        Ok(())
    }

    fn finish(self, totals: Totals) -> Result<(), OutputError> {
        let (context, tree) = (self.context, self.tree);
        let failed = |name: &str, error| tree.failed(&context.base.join(name), error);
        if let Some(table) = self.table {
            table.finish().map_err(|e| failed(TABLE, e))?.finish()?;
        }
        if let Some(mut file) = self.records {
            jsonl::completion(&mut file, totals).map_err(|e| failed(RECORDS, e))?;
            file.finish()?;
        }
        self.pages.map_or(Ok(()), |pages| pages.finish(totals.skipped, context, tree))
    }
}

/// The pages of an export. Which page is the newest shows only at the end, so the last full one waits for the next.
#[derive(Default)]
struct Pages {
    sums: Sums,
    rows: Rows,
    waiting: Option<Rows>,
    /// The number of the page that is being filled, from 0 for the oldest.
    number: usize,
}

impl Pages {
    fn add(&mut self, call: &Kept<Call>, context: &Context, tree: &Tree) -> Result<(), OutputError> {
        if self.rows.len() >= PAGE {
            let full = std::mem::take(&mut self.rows);
            if let Some(before) = self.waiting.replace(full) {
                self.write_older(&before, self.number.saturating_sub(1), None, context, tree)?;
            }
            self.number += 1;
        }
        self.sums.add(call, &context.zone, self.number);
        self.rows.push(call, &context.zone);
        Ok(())
    }

    fn finish(self, skipped: u64, context: &Context, tree: &Tree) -> Result<(), OutputError> {
        if let Some(before) = &self.waiting {
            self.write_older(before, self.number.saturating_sub(1), Some(self.number), context, tree)?;
        }
        let position = Position { page: self.number, is_newest: true };
        let links = PageLinks { newest: Some(self.number) };
        let html = page(&self.rows, Some(&self.sums), skipped, position, &links, &context.about);
        tree.write(&context.base.join(START), html.as_bytes()).map(|_| ())
    }

    /// Writes a page that is not the newest. `newest`: which is, where that is known.
    fn write_older(
        &self,
        rows: &Rows,
        number: usize,
        newest: Option<usize>,
        context: &Context,
        tree: &Tree,
    ) -> Result<(), OutputError> {
        let position = Position { page: number, is_newest: false };
        let html = page(rows, None, 0, position, &PageLinks { newest }, &context.about);
        tree.write(&context.base.join(&older_page(number)), html.as_bytes()).map(|_| ())
    }
}

/// The pages of an export, which lie beside each other.
struct PageLinks {
    /// Which of them is the newest, where that is known.
    newest: Option<usize>,
}

impl Links for PageLinks {
    fn href(&self, place: LinkTarget<'_>) -> Option<String> {
        let LinkTarget::Calls { page } = place else { return None };
        Some(if self.newest == Some(page) { START.to_owned() } else { older_page(page) })
    }
}

/// The name of a page that is not the newest: its number from 1.
fn older_page(number: usize) -> String {
    format!("calls-{}.html", number + 1)
}
