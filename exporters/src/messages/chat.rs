//! Writing one conversation in all formats, in one reading. Memory stays flat: its pages wait in a scratch file until
//! their number and the months they cover are known.

use std::io::{self, Read, Seek, Write};
use std::ops::ControlFlow;

use corer_schemas::messages::{Chat, Message};
use tempfile::SpooledTempFile;

use super::attachment::{Saved, Sent, WriteOutcome, files};
use super::html::{Body, ChatSummary, Frame, PAGE, PushedMessage};
use super::people::ChatPeople;
use super::run::{ExportRun, SEARCH};
use super::scratch::SearchBlock;
use super::scratch::{Scratch, ScratchRanges};
use super::search;
use super::totals::RunTotals;
use super::{csv, jsonl, labels, text, whatsapp_text};
use crate::output::{ExportError, OutFile, SafePath};
use crate::page::{LinkTarget, Links, relative};
use crate::saved::Kept;
use crate::write::csv::CsvTable;

/// How much of a conversation's pages is kept in memory, in bytes.
const PAGES_IN_MEMORY: usize = 4 * 1024 * 1024;

/// A page ends with the message with which it has so many bytes: few phones show a larger one, and it is in memory.
const LARGEST_PAGE: usize = 4 * 1024 * 1024;

/// The file of a conversation as plain text, in its folder.
const TEXT: &str = "messages.txt";

/// What remains of a conversation when it has been written.
#[derive(Debug)]
pub(super) struct WrittenChat {
    pub(super) totals: RunTotals,
    /// Its line on the start page; `None` when there are no pages, or nothing of it was asked for.
    pub(super) line: Option<ChatSummary>,
    /// Where its part of what all write is.
    pub(super) marks: ScratchRanges,
}

/// Reads and writes one conversation. What goes into a file with that of others goes to the end of `scratch`.
pub(super) fn write_chat(run: &ExportRun<'_>, chat: &Chat, scratch: &mut Scratch) -> Result<WrittenChat, ExportError> {
    let folder = run.folder(chat.id);
    let links = ExportLinks { from: &folder, run };
    let (records, rows) = scratch.ends(run)?;
    let pages = run.options.formats.html.then(|| Pages::new(run, chat, &links));
    let mut writing = ChatWriter {
        run,
        chat,
        folder: &folder,
        pages,
        text: None,
        chat_text: None,
        table: None,
        scratch,
        saved: Saved::default(),
        totals: RunTotals::default(),
    };
    let (mut outcome, mut last) = (Ok(()), None);
    let read = run.source.messages(chat, &mut |message| {
        outcome = writing.message(&message);
        last = Some(message);
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    outcome?;
    // What ended too early must not become pages.
    run.check()?;
    writing.totals.read(chat, read);
    let ChatWriter { pages, text, chat_text, table, scratch, mut totals, .. } = writing;
    let counts = totals.end_chat(&run.options.about);
    if counts && totals.totals.messages == 0 {
        record(run, scratch, |to| jsonl::chat(to, chat))?;
    }
    if let Some(table) = table {
        let path = table.writer().path().clone();
        table.finish().map_err(|e| run.tree.failed(&path, e))?.finish()?;
    }
    text.map(OutFile::finish).transpose()?;
    chat_text.map(OutFile::finish).transpose()?;
    let (line, blocks) = match pages {
        Some(pages) if counts => pages.write(run, chat, last.as_ref(), scratch)?,
        _ => (None, Vec::new()),
    };
    let (records_end, rows_end) = scratch.ends(run)?;
    Ok(WrittenChat {
        totals,
        line,
        marks: ScratchRanges { records: records..records_end, rows: rows..rows_end, blocks },
    })
}

/// A conversation that is being written.
struct ChatWriter<'a> {
    run: &'a ExportRun<'a>,
    chat: &'a Chat,
    folder: &'a SafePath,
    pages: Option<Pages<'a>>,
    text: Option<OutFile<'a>>,
    /// The text that WhatsApp itself would export.
    chat_text: Option<OutFile<'a>>,
    table: Option<CsvTable<OutFile<'a>>>,
    scratch: &'a mut Scratch,
    saved: Saved,
    totals: RunTotals,
}

impl ChatWriter<'_> {
    fn message(&mut self, message: &Kept<Message>) -> Result<(), ExportError> {
        let mut outcomes = Vec::with_capacity(message.attachments.len());
        for attachment in files(message) {
            self.run.check()?;
            let sent = Sent { message, folder: self.folder };
            outcomes.push(self.run.attachment_store.save(attachment, &sent, self.run.source, &mut self.saved)?);
        }
        let (run, chat, zone) = (self.run, self.chat, &self.run.options.zone);
        let is_first = self.totals.totals.messages == 0;
        if is_first {
            record(run, self.scratch, |to| jsonl::chat(to, chat))?;
            self.begin_files()?;
        }
        record(run, self.scratch, |to| jsonl::message(to, message, &outcomes, zone))?;
        self.totals.message(chat, message, &outcomes);
        if let Some(rows) = &mut self.scratch.rows {
            csv::row(rows, chat, message, &outcomes, run.options).map_err(|e| run.scratch_failed(e))?;
        }
        self.own_files(message, &outcomes)?;
        if let Some(pages) = &mut self.pages {
            pages.push(run, chat, message, &outcomes, self.scratch)?;
        }
        run.advance()
    }

    /// Begins the files that a conversation has for itself.
    fn begin_files(&mut self) -> Result<(), ExportError> {
        let (run, formats) = (self.run, self.run.options.formats);
        if formats.txt {
            let path = run.options.base.then(&self.folder.join(TEXT));
            let mut file = run.tree.file(&path, None)?;
            text::begin(&mut file, self.chat).map_err(|e| run.tree.failed(&path, e))?;
            self.text = Some(file);
        }
        if formats.layout.is_some_and(csv::Layout::is_text) {
            let path = run.options.base.then(&self.folder.join(whatsapp_text::CHAT_TEXT));
            self.chat_text = Some(run.tree.file(&path, None)?);
        } else if let Some(layout) = formats.layout {
            let path = run.options.base.then(&csv::place(self.folder));
            let file = run.tree.file(&path, None)?;
            self.table = Some(layout.begin(file).map_err(|e| run.tree.failed(&path, e))?);
        }
        Ok(())
    }

    fn own_files(&mut self, message: &Kept<Message>, outcomes: &[WriteOutcome]) -> Result<(), ExportError> {
        let (run, options) = (self.run, self.run.options);
        if let Some(file) = &mut self.text {
            let path = file.path().clone();
            text::write(file, self.chat, message, outcomes, options).map_err(|e| run.tree.failed(&path, e))?;
        }
        if let (Some(file), Some(dates)) = (&mut self.chat_text, options.formats.layout.and_then(csv::Layout::dates)) {
            let path = file.path().clone();
            whatsapp_text::write(file, dates, self.chat, message, outcomes, options)
                .map_err(|e| run.tree.failed(&path, e))?;
        }
        if let (Some(table), Some(layout)) = (&mut self.table, options.formats.layout) {
            let path = table.writer().path().clone();
            layout.rows(table, self.chat, message, outcomes, options).map_err(|e| run.tree.failed(&path, e))?;
        }
        Ok(())
    }
}

/// Adds a record, where records are asked for.
fn record(
    run: &ExportRun<'_>,
    scratch: &mut Scratch,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), ExportError> {
    let Some(records) = &mut scratch.records else { return Ok(()) };
    write(records).map_err(|e| run.scratch_failed(e))
}

/// The pages of a conversation: the finished ones without their frames, the one that is being filled, and the same for
/// the search index.
struct Pages<'a> {
    body: Body<'a>,
    scratch: SpooledTempFile,
    ends: Vec<u64>,
    index: search::Page,
    blocks: Vec<SearchBlock>,
}

impl<'a> Pages<'a> {
    fn new(run: &'a ExportRun<'a>, chat: &'a Chat, links: &'a dyn Links) -> Self {
        Self {
            body: Body::new(chat, &run.options.zone, run.options.owner.as_deref(), links),
            scratch: run.tree.scratch(PAGES_IN_MEMORY),
            ends: Vec::new(),
            index: search::Page::default(),
            blocks: Vec::new(),
        }
    }

    fn push(
        &mut self,
        run: &ExportRun<'_>,
        chat: &Chat,
        message: &Kept<Message>,
        outcomes: &[WriteOutcome],
        scratch: &mut Scratch,
    ) -> Result<(), ExportError> {
        if self.body.on_page() == PAGE || self.body.size() > LARGEST_PAGE {
            self.end_page(run, chat, scratch)?;
        }
        let PushedMessage { mark, moment, who } = self.body.push(message, outcomes);
        if scratch.blocks.is_some() {
            let people = ChatPeople::new(chat, run.options.owner.as_deref());
            let words = labels::searched(message, &people, &run.options.zone);
            self.index.push(mark.as_str(), moment.as_ref(), who, &words).map_err(|e| run.scratch_failed(e))?;
        }
        Ok(())
    }

    fn end_page(&mut self, run: &ExportRun<'_>, chat: &Chat, scratch: &mut Scratch) -> Result<(), ExportError> {
        let failed = |e| run.scratch_failed(e);
        if let Some(blocks) = &mut scratch.blocks {
            self.blocks.extend(self.index.end(chat.id, self.ends.len() + 1, blocks).map_err(failed)?);
        }
        let scratch = &mut self.scratch;
        self.body.end_page(|html| scratch.write_all(html.as_bytes())).map_err(failed)?;
        self.ends.push(self.scratch.stream_position().map_err(failed)?);
        Ok(())
    }

    /// Writes all pages, each in its frame. Gives the line of the start page, and where the index is.
    fn write(
        mut self,
        run: &ExportRun<'_>,
        chat: &Chat,
        last: Option<&Kept<Message>>,
        scratch: &mut Scratch,
    ) -> Result<(Option<ChatSummary>, Vec<SearchBlock>), ExportError> {
        self.end_page(run, chat, scratch)?;
        if let Some(last) = last {
            self.body.end(last);
        }
        let folder = run.folder(chat.id);
        let links = ExportLinks { from: &folder, run };
        let frame = Frame::new(chat, &self.body, self.ends.len(), &run.options.about.time_zone, &links);
        self.scratch.rewind().map_err(|e| run.scratch_failed(e))?;
        let mut begin = 0;
        for (index, end) in self.ends.iter().enumerate() {
            let path = run.options.base.then(&page_path(&folder, index + 1));
            let mut file = run.tree.file(&path, None)?;
            let mut messages = (&mut self.scratch).take(end - begin);
            file.write_all(frame.before(index + 1).as_bytes())
                .and_then(|()| io::copy(&mut messages, &mut file))
                .and_then(|_| file.write_all(frame.after(index + 1).as_bytes()))
                .map_err(|e| run.tree.failed(&path, e))?;
            file.finish()?;
            begin = *end;
        }
        // The list of conversations is elsewhere, so it has other links.
        let line = ChatSummary::new(chat, &self.body, &ExportLinks { from: &SafePath::root(), run });
        Ok((Some(line), self.blocks))
    }
}

/// The file of a page, from 1, of the conversation in `folder`.
fn page_path(folder: &SafePath, page: usize) -> SafePath {
    match page {
        0 | 1 => folder.join("index.html"),
        page => folder.join(&format!("page-{page}.html")),
    }
}

/// Links to what lies in the same export, from a page in the folder `from`.
pub(super) struct ExportLinks<'a> {
    pub(super) from: &'a SafePath,
    pub(super) run: &'a ExportRun<'a>,
}

impl Links for ExportLinks<'_> {
    fn href(&self, place: LinkTarget<'_>) -> Option<String> {
        let path = match place {
            LinkTarget::Conversations => SafePath::new("index.html"),
            LinkTarget::Search => SafePath::new(SEARCH).join(search::INDEX),
            LinkTarget::Chat { chat, page } => page_path(&self.run.folder(chat), page),
            LinkTarget::Avatar { address } => self.run.avatars.of_person(address)?.clone(),
            LinkTarget::GroupAvatar { chat } => self.run.avatars.of_group(chat)?.clone(),
            _ => place.saved()?.clone(),
        };
        Some(relative(self.from, &path))
    }
}
