//! What all conversations write into one file: gathered by each thread, put together in the order of the conversations.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;

use tempfile::SpooledTempFile;

use super::run::ExportRun;
use crate::output::ExportError;
use crate::write::csv::CsvTable;

/// How much of one format is kept in memory for each thread, in bytes.
const IN_MEMORY: usize = 1024 * 1024;

/// What one thread has gathered, one stream for each format that is one file (or a few) in the end.
pub(super) struct Scratch {
    /// Records of `messages.jsonl`.
    pub(super) records: Option<Stream>,
    /// Rows of `messages.csv`.
    pub(super) rows: Option<CsvTable<Stream>>,
    /// Blocks of the search index.
    pub(super) blocks: Option<Stream>,
}

/// Where what one conversation wrote lies in the streams of its thread.
#[derive(Debug, Default)]
pub(super) struct ScratchRanges {
    pub(super) records: Range<u64>,
    pub(super) rows: Range<u64>,
    pub(super) blocks: Vec<SearchBlock>,
}

/// Where a page lies in the stream of its thread.
#[derive(Debug)]
pub(super) struct SearchBlock {
    pub(super) range: Range<u64>,
    pub(super) messages: u64,
}

impl Scratch {
    /// Starts with nothing.
    pub(super) fn new(run: &ExportRun<'_>) -> Self {
        let stream = |wanted: bool| wanted.then(|| Stream::new(run.tree.scratch(IN_MEMORY)));
        let formats = run.options.formats;
        Self {
            records: stream(formats.jsonl),
            rows: stream(formats.csv).map(CsvTable::continuing),
            blocks: stream(formats.html && run.options.search),
        }
    }

    /// Where the streams have come to.
    pub(super) fn ends(&mut self, run: &ExportRun<'_>) -> Result<(u64, u64), ExportError> {
        if let Some(rows) = &mut self.rows {
            rows.flush().map_err(|e| run.scratch_failed(e))?;
        }
        let records = self.records.as_ref().map_or(0, |stream| stream.len);
        Ok((records, self.rows.as_ref().map_or(0, |rows| rows.writer().len)))
    }

    /// The same, with rows as the plain stream that they are.
    pub(super) fn end(self) -> io::Result<FinishedScratch> {
        Ok(FinishedScratch {
            records: self.records,
            rows: self.rows.map(CsvTable::finish).transpose()?,
            blocks: self.blocks,
        })
    }
}

/// What one thread has gathered when it has come to its end.
pub(super) struct FinishedScratch {
    pub(super) records: Option<Stream>,
    pub(super) rows: Option<Stream>,
    pub(super) blocks: Option<Stream>,
}

/// Bytes that are kept for later.
pub(super) struct Stream {
    to: BufWriter<SpooledTempFile>,
    pub(super) len: u64,
}

impl Stream {
    fn new(scratch: SpooledTempFile) -> Self {
        Self { to: BufWriter::new(scratch), len: 0 }
    }

    /// Copies some of them.
    pub(super) fn copy(&mut self, range: &Range<u64>, to: &mut dyn Write) -> io::Result<()> {
        // Seeking writes what is still gathered.
        self.to.seek(SeekFrom::Start(range.start))?;
        io::copy(&mut self.to.get_mut().take(range.end - range.start), to)?;
        Ok(())
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.to.write(bytes)?;
        self.len += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
