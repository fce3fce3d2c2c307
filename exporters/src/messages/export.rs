//! The driver: all conversations, all formats, several threads, the same bytes every time.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use corer_schemas::messages::Chat;

use super::avatars::Avatars;
use super::chat::{ExportLinks, WrittenChat, write_chat};
use super::html::start_page;
use super::run::{ExportRun, Progress, RECORDS, START, TABLE};
use super::scratch::{FinishedScratch, Scratch};
use super::search::Index;
use super::totals::RunTotals;
use super::{Conversations, Options, csv, jsonl};
use crate::output::{ExportError, KindReport, SafePath, Tree};
use crate::page::relative;
use crate::write::csv::CsvTable;

/// Exports conversations into a tree: pages, records and attachments as the options say. `progress` is called from
/// several threads and can stop the export.
///
/// # Errors
/// [`ExportError::Output`] when the tree cannot be written. What cannot be *read* is no error: it is in the report.
pub fn export(
    source: &dyn Conversations,
    chats: &[Chat],
    options: &Options,
    tree: &Tree,
    progress: &(dyn Fn(Progress) -> ControlFlow<()> + Sync),
) -> Result<KindReport, ExportError> {
    let mut run = ExportRun::new(source, chats, options, tree, progress);
    if options.formats.html {
        run.avatars = Avatars::save(source, chats, options, tree)?;
    }
    let (mut scratch, done) = run.write_chats(chats)?;
    if options.formats.jsonl {
        run.write_records(&mut scratch, &done)?;
    }
    if options.formats.csv {
        run.write_table(&mut scratch, &done)?;
    }
    if options.formats.html && options.search {
        run.write_index(&mut scratch, &done)?;
    }
    let mut totals = RunTotals::default();
    let mut lines = Vec::new();
    for part in done {
        totals.merge(part.done.totals);
        lines.extend(part.done.line);
    }
    if options.formats.html {
        let links = ExportLinks { from: &SafePath::root(), run: &run };
        let page = start_page(options.title, &lines, &totals.totals, (&options.about, options.search), &links);
        tree.write(&options.base.join(START), page.as_bytes())?;
    }
    Ok(totals.report(options.kind))
}

/// A conversation that is done, and by which thread.
struct FinishedChat {
    position: usize,
    worker: usize,
    done: WrittenChat,
}

impl ExportRun<'_> {
    /// Writes all conversations. Gives what each thread gathered, and what is done, in the order of the conversations.
    fn write_chats(&self, chats: &[Chat]) -> Result<(Vec<FinishedScratch>, Vec<FinishedChat>), ExportError> {
        self.read_ahead(chats)?;
        let ended = self.work.share(self.options.jobs, |worker| self.work(worker, chats))?;
        let (scratch, parts): (Vec<FinishedScratch>, Vec<Vec<FinishedChat>>) = ended.into_iter().unzip();
        let mut parts: Vec<FinishedChat> = parts.into_iter().flatten().collect();
        parts.sort_by_key(|part| part.position);
        Ok((scratch, parts))
    }

    fn read_ahead(&self, chats: &[Chat]) -> Result<(), ExportError> {
        let keep_going = || match self.check() {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
        // What cannot be read is said of each conversation.
        let _ = self.source.read_ahead(chats, &|| self.tree.temp_file(), self.options.jobs.max(1), &keep_going);
        self.check()
    }

    /// What one thread does: the next conversation, until there is none.
    fn work(&self, worker: usize, chats: &[Chat]) -> Result<(FinishedScratch, Vec<FinishedChat>), ExportError> {
        let mut scratch = Scratch::new(self);
        let mut parts = Vec::new();
        while let Some((position, chat)) = self.work.next().and_then(|next| Some((next, chats.get(next)?))) {
            self.check()?;
            let done = write_chat(self, chat, &mut scratch)?;
            parts.push(FinishedChat { position, worker, done });
            self.chats.fetch_add(1, Ordering::Relaxed);
        }
        Ok((scratch.end().map_err(|e| self.scratch_failed(e))?, parts))
    }

    fn write_records(&self, scratch: &mut [FinishedScratch], parts: &[FinishedChat]) -> Result<(), ExportError> {
        let path = self.options.base.join(RECORDS);
        let failed = |e| self.tree.failed(&path, e);
        let mut file = self.tree.file(&path, None)?;
        jsonl::header(&mut file, &self.options.about, self.options.owner.as_deref()).map_err(failed)?;
        let mut totals = super::Totals::default();
        for part in parts {
            if let Some(records) = scratch.get_mut(part.worker).and_then(|own| own.records.as_mut()) {
                records.copy(&part.done.marks.records, &mut file).map_err(failed)?;
            }
            totals.add(&part.done.totals.totals);
        }
        jsonl::completion(&mut file, totals).map_err(failed)?;
        file.finish()?;
        Ok(())
    }

    fn write_table(&self, scratch: &mut [FinishedScratch], parts: &[FinishedChat]) -> Result<(), ExportError> {
        let path = self.options.base.join(TABLE);
        let failed = |e| self.tree.failed(&path, e);
        let file = self.tree.file(&path, None)?;
        let mut file = CsvTable::for_people(file, &csv::HEADER).and_then(CsvTable::finish).map_err(failed)?;
        for part in parts {
            if let Some(rows) = scratch.get_mut(part.worker).and_then(|own| own.rows.as_mut()) {
                rows.copy(&part.done.marks.rows, &mut file).map_err(failed)?;
            }
        }
        file.finish()?;
        Ok(())
    }

    /// Writes the search index, whose links are those of the start page.
    fn write_index(&self, scratch: &mut [FinishedScratch], parts: &[FinishedChat]) -> Result<(), ExportError> {
        let mut index = Index::new(self);
        for part in parts {
            let Some(line) = &part.done.line else { continue };
            let Some(blocks) = scratch.get_mut(part.worker).and_then(|own| own.blocks.as_mut()) else { continue };
            let folder = format!("{}/", relative(&SafePath::root(), &self.folder(line.chat())));
            index.add(line.chat(), line.title(), folder, &part.done.marks.blocks, blocks)?;
        }
        index.finish()
    }
}
