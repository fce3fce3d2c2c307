//! Writing down what an export remembers.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};

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
    copies: Copies,
}

impl Writer {
    /// Begins. `lines` is an empty file, as a rule without a name.
    pub fn new(lines: File) -> Self {
        Self { lines: BufWriter::new(lines), records: 0, copies: Copies::new() }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the file takes no more.
    pub(super) fn record(&mut self, line: &RecordLine) -> io::Result<()> {
        self.records += 1;
        line.write(&mut self.lines)
    }

    /// Says where a file of a backup is.
    pub(super) fn copy(&mut self, copy: (usize, String, String), file: String) {
        self.copies.insert(copy, file);
    }

    /// Puts the memory together: the same content gives the same bytes. `now` says where a file is now.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(
        self,
        head: &Head,
        files: &BTreeMap<String, Facts>,
        now: impl Fn(String) -> String,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let mut lines = self.lines.into_inner().map_err(io::IntoInnerError::into_error)?;
        let copies: Copies = self.copies.into_iter().map(|(copy, file)| (copy, now(file))).collect();
        let end = End { records: self.records, copies: copies.len() as u64, files: files.len() as u64 };
        let length = lines.stream_position()?;
        lines.rewind()?;
        let mut lines = BufReader::new(lines);
        let mut all = |to: &mut dyn Write| {
            line(to, "head", head)?;
            io::copy(&mut lines, to)?;
            CopyLine::all(&copies).try_for_each(|copy| line(to, "copy", &copy))?;
            for (path, facts) in files {
                line(to, "file", &FileLine { path: path.clone(), facts: facts.clone() })?;
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
