//! What a connection sees as its files: the stored bytes, with what SQLite writes kept in memory on top.
//!
//! A backup's database is never changed. SQLite itself has to write when it rolls back an unfinished transaction
//! from a journal; it writes here, the connection sees the result, and it is gone with the connection.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use crate::backup::bytes::ReadAt;

const CHUNK: u64 = 4096;

/// What one connection may write at most. A rollback writes as much as its journal holds, which is little.
const MOST_CHUNKS: usize = 16_384;

/// A database as it lies in a backup: the main file and what SQLite keeps beside it.
#[derive(Clone)]
pub struct Image {
    /// The main file.
    pub main: Arc<dyn ReadAt>,
    /// The write-ahead log (`-wal`). Some databases exist only in it.
    pub wal: Option<Arc<dyn ReadAt>>,
    /// The rollback journal (`-journal`).
    pub journal: Option<Arc<dyn ReadAt>>,
}

impl Image {
    /// A database without anything beside it.
    pub fn alone(main: Arc<dyn ReadAt>) -> Self {
        Self { main, wal: None, journal: None }
    }

    /// How many bytes the files have together.
    pub fn size(&self) -> u64 {
        let beside = [&self.wal, &self.journal].into_iter().flatten().map(|bytes| bytes.size());
        beside.fold(self.main.size(), u64::saturating_add)
    }

    /// Whether an unfinished transaction has to be rolled back before reading.
    pub fn has_journal(&self) -> bool {
        self.journal.as_ref().is_some_and(|journal| journal.size() > 0)
    }

    /// SQLite takes the log of an empty main file for a leftover and ignores it. Where the log holds pages, an empty
    /// first page is put in the main file's place, which the log then covers.
    pub fn with_first_page(mut self) -> Self {
        if self.main.size() == 0
            && let Some(page_size) = self.wal.as_deref().and_then(page_size_of_wal)
        {
            self.main = Arc::new(crate::backup::bytes::MemoryBytes(vec![0; page_size]));
        }
        self
    }
}

/// The page size in a log's header: `377f0682` or `377f0683`, version, page size, all u32 big-endian.
pub(super) fn page_size_of_wal(wal: &dyn ReadAt) -> Option<usize> {
    let mut header = [0; 12];
    wal.read_at(0, &mut header).ok()?;
    let (magic, rest) = header.split_first_chunk::<4>()?;
    let size = u32::from_be_bytes(*rest.last_chunk::<4>()?);
    let is_wal = matches!(u32::from_be_bytes(*magic), 0x377f_0682 | 0x377f_0683);
    (is_wal && size.is_power_of_two() && (512..=65_536).contains(&size)).then_some(size as usize)
}

/// How much is read ahead when SQLite reads from front to back: fewer calls, and longer runs for the cipher.
const AHEAD: usize = 64 << 10;

/// One file of one connection.
#[derive(Default)]
pub struct Layered {
    below: Option<Arc<dyn ReadAt>>,
    ahead: Ahead,
    /// Where the bytes below are cut by a truncation.
    below_size: u64,
    written: BTreeMap<u64, Box<[u8; CHUNK as usize]>>,
    size: u64,
}

impl Layered {
    /// A file that begins as these bytes; nothing is an empty file.
    pub fn over(below: Option<Arc<dyn ReadAt>>) -> Self {
        let size = below.as_ref().map_or(0, |bytes| bytes.size());
        Self { below, below_size: size, size, ..Self::default() }
    }

    /// How long the file is now.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads as far as the file goes.
    ///
    /// # Errors
    /// What reading the stored bytes says.
    pub fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = clamp(self.size.saturating_sub(offset)).min(buffer.len());
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        self.read_below(offset, buffer)?;
        if !self.written.is_empty() {
            self.read_written(offset, buffer);
        }
        Ok(wanted)
    }

    /// Writes into memory.
    ///
    /// # Errors
    /// [`io::ErrorKind::StorageFull`] above a fixed limit, and what reading the stored bytes says.
    pub fn write(&mut self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut position = offset;
        let mut data = data;
        while !data.is_empty() {
            let inside = (position % CHUNK) as usize;
            let (now, later) = data.split_at(data.len().min(CHUNK as usize - inside));
            if let Some(target) = self.chunk(position - position % CHUNK)?.get_mut(inside..inside + now.len()) {
                target.copy_from_slice(now);
            }
            position = position.saturating_add(now.len() as u64);
            self.size = self.size.max(position);
            data = later;
        }
        Ok(())
    }

    /// Cuts the file off, or extends it with zeros.
    pub fn truncate(&mut self, size: u64) {
        self.below_size = self.below_size.min(size);
        self.written.retain(|start, _| *start < size);
        if let Some((start, chunk)) = self.written.last_key_value().map(|(start, chunk)| (*start, chunk.clone())) {
            let mut chunk = chunk;
            chunk.get_mut(clamp(size - start)..).unwrap_or_default().fill(0);
            self.written.insert(start, chunk);
        }
        self.size = size;
    }

    fn chunk(&mut self, start: u64) -> io::Result<&mut [u8; CHUNK as usize]> {
        if !self.written.contains_key(&start) {
            if self.written.len() == MOST_CHUNKS {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let mut chunk = Box::new([0; CHUNK as usize]);
            self.read_below(start, chunk.as_mut_slice())?;
            self.written.insert(start, chunk);
        }
        self.written.get_mut(&start).map(Box::as_mut).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Fills the buffer from the stored bytes, and with zeros where they end.
    fn read_below(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let there = clamp(self.below_size.saturating_sub(offset)).min(buffer.len());
        let read = match (&self.below, buffer.get_mut(..there)) {
            (Some(below), Some(wanted)) if there > 0 => self.ahead.read(below.as_ref(), offset, wanted)?,
            _ => 0,
        };
        buffer.get_mut(read..).unwrap_or_default().fill(0);
        Ok(())
    }

    fn read_written(&self, offset: u64, buffer: &mut [u8]) {
        let end = offset.saturating_add(buffer.len() as u64);
        for (start, chunk) in self.written.range(offset.saturating_sub(CHUNK - 1)..end) {
            let from = offset.max(*start);
            let to = end.min(start.saturating_add(CHUNK));
            let source = chunk.get(clamp(from - start)..clamp(to - start));
            let target = buffer.get_mut(clamp(from - offset)..clamp(to - offset));
            if let (Some(source), Some(target)) = (source, target) {
                target.copy_from_slice(source);
            }
        }
    }
}

/// What was read ahead of the last reader.
#[derive(Default)]
struct Ahead {
    start: u64,
    bytes: Vec<u8>,
    /// Where the last read ended: one that begins there goes on from front to back.
    end_of_last: u64,
}

impl Ahead {
    fn read(&mut self, below: &dyn ReadAt, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let goes_on = offset == self.end_of_last;
        self.end_of_last = offset.saturating_add(buffer.len() as u64);
        if let Some(known) = self.known(offset, buffer.len()) {
            buffer.copy_from_slice(known);
            return Ok(buffer.len());
        }
        if !goes_on || buffer.len() >= AHEAD {
            return below.read_at(offset, buffer);
        }
        self.bytes.resize(AHEAD, 0);
        let outcome = below.read_at(offset, &mut self.bytes);
        self.bytes.truncate(outcome.as_ref().copied().unwrap_or(0));
        let read = outcome?;
        self.start = offset;
        let take = read.min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..take), self.bytes.get(..take)) {
            to.copy_from_slice(from);
        }
        Ok(take)
    }

    fn known(&self, offset: u64, length: usize) -> Option<&[u8]> {
        let start = clamp(offset.checked_sub(self.start)?);
        self.bytes.get(start..start.checked_add(length)?)
    }
}

fn clamp(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::bytes::MemoryBytes;

    #[test]
    fn writes_cover_the_stored_bytes_and_truncation_forgets_both() {
        let mut file = Layered::over(Some(Arc::new(MemoryBytes(vec![1; 10_000]))));
        file.write(4090, &[2; 10]).unwrap();
        let mut buffer = [0; 30];
        assert_eq!(file.read(4080, &mut buffer).unwrap(), 30);
        assert_eq!(buffer[..10], [1; 10]);
        assert_eq!(buffer[10..20], [2; 10]);
        assert_eq!(buffer[20..], [1; 10]);

        file.truncate(4095);
        file.write(4100, &[3; 2]).unwrap();
        assert_eq!(file.read(4090, &mut buffer).unwrap(), 12);
        assert_eq!(buffer[..12], [2, 2, 2, 2, 2, 0, 0, 0, 0, 0, 3, 3]);
    }

    #[test]
    fn writing_is_bounded() {
        let mut file = Layered::default();
        let error = (0..).find_map(|i| file.write(i * CHUNK, &[1]).err()).unwrap();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
