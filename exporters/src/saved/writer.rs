//! Writing down what an export remembers.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};

use corer_schemas::identity::RecordId;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::head::Head;
use super::line::{Copies, CopyLine, End, RecordLine};
use crate::output::ledger::{Facts, FileLine};
use crate::write::jsonl;

/// More bytes than this are packed.
const PACKED_FROM: u64 = 64 * 1024;

/// The records of a new memory, which wait in a file until all is known that stands before and behind them.
#[derive(Debug)]
pub struct Writer {
    lines: BufWriter<File>,
    records: u64,
    ids: HashSet<RecordId, foldhash::fast::RandomState>,
    copies: Copies,
}

impl Writer {
    /// Begins. `lines` is an empty file, as a rule without a name.
    pub fn new(lines: File) -> Self {
        Self { lines: BufWriter::new(lines), records: 0, ids: HashSet::default(), copies: Copies::new() }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the file takes no more.
    pub(super) fn record(&mut self, line: &RecordLine) -> io::Result<()> {
        self.records += 1;
        self.ids.insert(line.id);
        line.write(&mut self.lines)
    }

    /// Whether a record was added.
    pub(super) fn has(&self, id: RecordId) -> bool {
        self.ids.contains(&id)
    }

    /// Says where a file of a record is.
    pub(super) fn copy(&mut self, of: RecordId, number: usize, file: String) {
        self.copies.insert((of, number), file);
    }

    /// Puts the memory together: the same content gives the same bytes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self, head: &Head, files: &BTreeMap<String, Facts>, to: &mut dyn Write) -> io::Result<()> {
        let mut lines = self.lines.into_inner().map_err(io::IntoInnerError::into_error)?;
        let copies = self.copies;
        let end = End { records: self.records, copies: copies.len() as u64, files: files.len() as u64 };
        let length = lines.stream_position()?;
        lines.rewind()?;
        let mut lines = BufReader::new(lines);
        let mut all = |to: &mut dyn Write| {
            line(to, "head", head)?;
            io::copy(&mut lines, to)?;
            CopyLine::all(&copies).try_for_each(|copy| line(to, "copy", &copy))?;
            for (path, facts) in files {
                line(to, "file", &FileLine { path: path.clone(), facts: facts.clone(), from: None })?;
            }
            line(to, "end", &end)
        };
        let files = files.len() as u64 * 128;
        if length + files <= PACKED_FROM {
            return all(to);
        }
        let mut packer = GzEncoder::new(to, Compression::fast());
        all(&mut packer)?;
        packer.finish().map(|_| ())
    }
}

/// Writes one line.
///
/// # Errors
/// Those of `to`.
pub(super) fn line<T: Serialize>(to: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    jsonl::record(to, name, value)
}
