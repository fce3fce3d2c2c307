//! Writing down what an export remembers.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use corer_schemas::identity::RecordId;
use flate2::Compression;
use flate2::write::GzEncoder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::Serialize;

use super::head::Head;
use super::line::{Copies, CopyLine, End, GroupLine, RecordLine};
use super::memory::LONGEST_LINE;
use crate::output::ledger::{Facts, FileLine};
use crate::write::jsonl;

/// More bytes than this are packed.
const PACKED_FROM: u64 = 64 * 1024;

/// So many bytes are packed at a time, each piece by itself: a file of several pieces is one to every program that unpacks it.
const PIECE: usize = 1024 * 1024;

/// So many pieces are packed side by side.
const PIECES: usize = 8;

/// So many bytes of lines are gathered before they are handed on.
const GATHERED: usize = 256 * 1024;

/// The records of a new memory, which wait in a file until all is known that stands before and behind them. Several threads can
/// add to it.
#[derive(Debug)]
pub struct Writer {
    lines: Mutex<Gathered>,
    copies: Copies,
}

/// Lines, in the order in which they came.
#[derive(Debug)]
struct Gathered {
    file: BufWriter<File>,
    length: u64,
    /// Where the lines of a section are, which has this number.
    ranges: Vec<(usize, Range<u64>)>,
    records: u64,
    groups: u64,
}

impl Writer {
    /// Begins. `lines` is an empty file, as a rule without a name.
    pub fn new(lines: File) -> Self {
        let file = BufWriter::new(lines);
        let lines = Gathered { file, length: 0, ranges: Vec::new(), records: 0, groups: 0 };
        Self { lines: Mutex::new(lines), copies: Copies::new() }
    }

    /// A part of the memory, which stands there in the order of its number.
    pub(crate) fn section(&self, number: usize) -> Section<'_> {
        Section { writer: self, number, group: Vec::new(), lines: Vec::new(), records: 0, groups: 0 }
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
        let Self { lines, copies } = self;
        let lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Gathered { file, length, mut ranges, records, groups } = lines;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        // Those of one section are in their order already.
        ranges.sort_by_key(|(number, _)| *number);
        let end = End { records, copies: copies.len() as u64, files: files.len() as u64, groups };
        let mut file = BufReader::new(file);
        let mut all = |to: &mut dyn Write| {
            line(to, "head", head)?;
            for (_, Range { start, end }) in &ranges {
                file.seek(SeekFrom::Start(*start))?;
                io::copy(&mut (&mut file).take(end - start), to)?;
            }
            CopyLine::all(&copies).try_for_each(|copy| line(to, "copy", &copy))?;
            for (path, facts) in files {
                line(to, "file", &FileLine { path: path.clone(), facts: facts.clone(), from: None })?;
            }
            line(to, "end", &end)
        };
        if length + files.len() as u64 * 128 <= PACKED_FROM {
            return all(to);
        }
        let mut packer = Packer { to, gathered: Vec::new() };
        all(&mut packer)?;
        packer.pack()
    }
}

/// A part of a memory that is written by one thread.
pub(crate) struct Section<'w> {
    writer: &'w Writer,
    number: usize,
    /// The line of a group of which no record has come.
    group: Vec<u8>,
    lines: Vec<u8>,
    records: u64,
    groups: u64,
}

impl Section<'_> {
    /// Begins a group: the records that follow belong to it. Without any, it is not written down.
    ///
    /// # Errors
    /// When it has a value that JSON does not know.
    pub(crate) fn begin_group<T: Serialize>(&mut self, record: &T) -> io::Result<()> {
        self.group.clear();
        jsonl::append(&mut self.group, "group", &GroupLine { record })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// When the file takes no more.
    pub(super) fn record<T: Serialize>(&mut self, line: &RecordLine<T>) -> io::Result<()> {
        if !self.group.is_empty() {
            self.groups += 1;
            self.lines.append(&mut self.group);
        }
        self.records += 1;
        let begin = self.lines.len();
        jsonl::append(&mut self.lines, "record", line)?;
        if (self.lines.len() - begin) as u64 >= LONGEST_LINE {
            return Err(io::Error::other("a record is too long to be remembered"));
        }
        if self.lines.len() < GATHERED { Ok(()) } else { self.hand_on() }
    }

    /// Ends the part.
    ///
    /// # Errors
    /// When the file takes no more.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.hand_on()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        let mut to = self.writer.lines.lock().unwrap_or_else(PoisonError::into_inner);
        to.file.write_all(&self.lines)?;
        let range = to.length..to.length + self.lines.len() as u64;
        to.length = range.end;
        to.ranges.push((self.number, range));
        to.records += std::mem::take(&mut self.records);
        to.groups += std::mem::take(&mut self.groups);
        self.lines.clear();
        Ok(())
    }
}

/// Packs what is written, several pieces side by side.
struct Packer<'t> {
    to: &'t mut dyn Write,
    gathered: Vec<u8>,
}

impl Packer<'_> {
    fn pack(&mut self) -> io::Result<()> {
        let pieces: Vec<&[u8]> = self.gathered.chunks(PIECE).collect();
        let pack = |piece: &[u8]| {
            let mut packer = GzEncoder::new(Vec::with_capacity(piece.len() / 4), Compression::fast());
            packer.write_all(piece)?;
            packer.finish()
        };
        let packed: io::Result<Vec<Vec<u8>>> = pieces.into_par_iter().map(pack).collect();
        for piece in packed? {
            self.to.write_all(&piece)?;
        }
        self.gathered.clear();
        Ok(())
    }
}

impl Write for Packer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = (PIECE * PIECES).saturating_sub(self.gathered.len()).min(bytes.len());
        self.gathered.extend_from_slice(bytes.get(..room).unwrap_or_default());
        if self.gathered.len() == PIECE * PIECES {
            self.pack()?;
        }
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes one line.
///
/// # Errors
/// Those of `to`.
pub(super) fn line<T: Serialize>(to: &mut dyn Write, name: &str, value: &T) -> io::Result<()> {
    jsonl::record(to, name, value)
}
