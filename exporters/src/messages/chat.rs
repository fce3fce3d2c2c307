//! Writing one conversation in all formats, in one reading. Memory stays flat: its pages wait in a scratch file until
//! their number and the months they cover are known.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use corer_schemas::messages::{Chat, Message};
use tempfile::SpooledTempFile;

use super::attachment::Saved;
use super::export::Run;
use super::html::{Body, Frame, Line, PAGE};
use super::jsonl;
use super::tally::Tally;
use crate::output::{ExportError, SafePath};
use crate::page::{Links, Place, relative};

/// How much of a conversation's pages is kept in memory, in bytes.
const PAGES_IN_MEMORY: usize = 4 * 1024 * 1024;

/// How much of the records of one thread is kept in memory, in bytes.
const RECORDS_IN_MEMORY: usize = 1024 * 1024;

/// What remains of a conversation when it has been written.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) tally: Tally,
    /// Its line on the start page; `None` when there are no pages, or nothing of it was asked for.
    pub(super) line: Option<Line>,
    /// Where its records are.
    pub(super) records: Range<u64>,
}

/// Reads and writes one conversation. Its records go to the end of `records`.
pub(super) fn write_chat(run: &Run<'_>, chat: &Chat, records: &mut Records) -> Result<Done, ExportError> {
    let folder = run.folder(chat.id);
    let links = Beside { from: &folder, run };
    let begin = records.len;
    let body = run.options.html.then(|| Body::new(chat, &run.options.zone, &links));
    let pages = Pages { scratch: run.tree.scratch(PAGES_IN_MEMORY), ends: Vec::new() };
    let mut writing = Writing { run, chat, body, pages, records, saved: Saved::default(), tally: Tally::default() };
    let mut outcome = Ok(());
    let read = run.source.messages(chat, &mut |message| {
        if outcome.is_ok() {
            outcome = writing.message(&message);
        }
    });
    outcome?;
    writing.tally.read(chat, read);
    let Writing { body, pages, records, mut tally, .. } = writing;
    let counts = tally.end_chat(&run.options.about);
    if counts && tally.totals.messages == 0 {
        records.write(run, |to| jsonl::chat(to, chat))?;
    }
    let line = match body {
        Some(mut body) if counts => {
            pages.write(run, chat, &folder, &mut body, &links)?;
            Some(Line::new(chat, &body))
        }
        _ => None,
    };
    Ok(Done { tally, line, records: begin..records.len })
}

/// A conversation that is being written.
struct Writing<'a> {
    run: &'a Run<'a>,
    chat: &'a Chat,
    body: Option<Body<'a>>,
    pages: Pages,
    records: &'a mut Records,
    saved: Saved,
    tally: Tally,
}

impl Writing<'_> {
    fn message(&mut self, message: &Message) -> Result<(), ExportError> {
        let mut fates = Vec::with_capacity(message.attachments.len());
        for attachment in &message.attachments {
            self.run.check()?;
            fates.push(self.run.shelf.save(attachment, self.run.source, &mut self.saved)?);
        }
        if self.tally.totals.messages == 0 {
            self.records.write(self.run, |to| jsonl::chat(to, self.chat))?;
        }
        self.records.write(self.run, |to| jsonl::message(to, message, &fates, &self.run.options.zone))?;
        self.tally.message(self.chat, message, &fates);
        if let Some(body) = &mut self.body {
            if body.on_page() == PAGE {
                self.pages.end_page(self.run, body)?;
            }
            body.push(message, &fates);
        }
        self.run.advance()
    }
}

/// The finished pages of a conversation, without their frames.
struct Pages {
    scratch: SpooledTempFile,
    ends: Vec<u64>,
}

impl Pages {
    fn end_page(&mut self, run: &Run<'_>, body: &mut Body<'_>) -> Result<(), ExportError> {
        body.end_page(|html| self.scratch.write_all(html.as_bytes())).map_err(|e| run.scratch_failed(e))?;
        self.ends.push(self.scratch.stream_position().map_err(|e| run.scratch_failed(e))?);
        Ok(())
    }

    /// Writes all pages, each in its frame.
    fn write(
        mut self,
        run: &Run<'_>,
        chat: &Chat,
        folder: &SafePath,
        body: &mut Body<'_>,
        links: &dyn Links,
    ) -> Result<(), ExportError> {
        self.end_page(run, body)?;
        let frame = Frame::new(chat, body, self.ends.len(), &run.options.about.time_zone, links);
        self.scratch.rewind().map_err(|e| run.scratch_failed(e))?;
        let mut begin = 0;
        for (index, end) in self.ends.iter().enumerate() {
            let path = run.options.base.then(&page_path(folder, index + 1));
            let mut file = run.tree.file(&path, None)?;
            let mut messages = (&mut self.scratch).take(end - begin);
            file.write_all(frame.before(index + 1).as_bytes())
                .and_then(|()| io::copy(&mut messages, &mut file))
                .and_then(|_| file.write_all(frame.after(index + 1).as_bytes()))
                .map_err(|e| run.tree.failed(&path, e))?;
            file.finish()?;
            begin = *end;
        }
        Ok(())
    }
}

/// Where the records of the conversations that one thread writes wait for those of the others.
pub(super) struct Records {
    /// `None` when no records are asked for.
    to: Option<BufWriter<SpooledTempFile>>,
    line: Vec<u8>,
    len: u64,
}

impl Records {
    /// Starts with none.
    pub(super) fn new(run: &Run<'_>) -> Self {
        let to = run.options.jsonl.then(|| BufWriter::new(run.tree.scratch(RECORDS_IN_MEMORY)));
        Self { to, line: Vec::new(), len: 0 }
    }

    fn write(&mut self, run: &Run<'_>, record: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<(), ExportError> {
        let Some(to) = &mut self.to else { return Ok(()) };
        self.line.clear();
        record(&mut self.line).and_then(|()| to.write_all(&self.line)).map_err(|e| run.scratch_failed(e))?;
        self.len += self.line.len() as u64;
        Ok(())
    }

    /// Copies some of them.
    pub(super) fn copy(&mut self, range: &Range<u64>, to: &mut dyn Write) -> io::Result<()> {
        let Some(from) = &mut self.to else { return Ok(()) };
        // Seeking writes what is still gathered.
        from.seek(SeekFrom::Start(range.start))?;
        io::copy(&mut from.get_mut().take(range.end - range.start), to)?;
        Ok(())
    }
}

/// The file of a page, from 1, of the conversation in `folder`.
fn page_path(folder: &SafePath, page: usize) -> SafePath {
    match page {
        0 | 1 => folder.join("index.html"),
        page => folder.join(&format!("page-{page}.html")),
    }
}

/// Links between the files of one export, as seen from one folder.
pub(super) struct Beside<'a> {
    pub(super) from: &'a SafePath,
    pub(super) run: &'a Run<'a>,
}

impl Links for Beside<'_> {
    fn href(&self, place: Place<'_>) -> Option<String> {
        let to = match place {
            Place::Conversations => SafePath::new("index.html"),
            Place::Chat { chat, page } => page_path(&self.run.folder(chat), page),
            Place::Attachment { saved, .. } => saved?.clone(),
        };
        Some(relative(self.from, &to))
    }
}
