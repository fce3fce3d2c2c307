//! Bytes that can be read at any offset by several threads at once: a file, a window of a file, a block of memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// A fixed run of bytes with random access. Reading never moves a shared position.
pub trait ReadAt: Send + Sync {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// Reads from `offset` into `buffer` until it is full or the bytes end; returns how many were read.
    ///
    /// # Errors
    /// What the operating system says about the file below.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// The file on disk that holds exactly these bytes, from its first to its last.
    fn plain_file(&self) -> Option<&File> {
        None
    }
}

/// A whole file.
#[derive(Debug)]
pub struct FileBytes {
    file: File,
    len: u64,
}

impl FileBytes {
    /// Takes an open file at its present length.
    ///
    /// # Errors
    /// When the length cannot be asked.
    pub fn new(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }
}

impl ReadAt for FileBytes {
    fn size(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        read_file_at(&self.file, offset, buffer)
    }

    fn plain_file(&self) -> Option<&File> {
        Some(&self.file)
    }
}

/// A part of other bytes: a stored entry of a zip archive.
pub struct Window {
    whole: Arc<dyn ReadAt>,
    start: u64,
    len: u64,
}

impl Window {
    /// The `len` bytes of `whole` from `start`, cut where `whole` ends.
    pub fn new(whole: Arc<dyn ReadAt>, start: u64, len: u64) -> Self {
        let len = len.min(whole.size().saturating_sub(start));
        Self { whole, start, len }
    }
}

impl ReadAt for Window {
    fn size(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
        let take = buffer.len().min(left);
        let Some(buffer) = buffer.get_mut(..take) else { return Ok(0) };
        self.whole.read_at(self.start.saturating_add(offset), buffer)
    }
}

/// Bytes in memory.
pub struct MemoryBytes(pub Vec<u8>);

impl ReadAt for MemoryBytes {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|start| self.0.get(start..)).unwrap_or_default();
        let take = rest.len().min(buffer.len());
        match (buffer.get_mut(..take), rest.get(..take)) {
            (Some(to), Some(from)) => to.copy_from_slice(from),
            _ => return Ok(0),
        }
        Ok(take)
    }
}

/// Reads bytes from front to back, as [`Read`] and [`Seek`].
pub struct Cursor {
    bytes: Arc<dyn ReadAt>,
    position: u64,
}

impl Cursor {
    /// Starts at the first byte.
    pub fn new(bytes: Arc<dyn ReadAt>) -> Self {
        Self { bytes, position: 0 }
    }
}

impl Clone for Cursor {
    fn clone(&self) -> Self {
        Self { bytes: Arc::clone(&self.bytes), position: self.position }
    }
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read_at(self.position, buffer)?;
        self.position = self.position.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for Cursor {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(delta) => self.bytes.size().checked_add_signed(delta),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
        };
        self.position =
            target.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "seek before the first byte"))?;
        Ok(self.position)
    }
}

/// Reads at most `limit` bytes into memory; more than that is an error, not a cut.
///
/// # Errors
/// What reading says, and [`io::ErrorKind::FileTooLarge`] above the limit.
pub fn read_all(bytes: &dyn ReadAt, limit: u64) -> io::Result<Vec<u8>> {
    if bytes.size() > limit {
        let message = format!("{} bytes, where at most {limit} make sense", bytes.size());
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    // The length is that of bytes that exist, not a number that they claim.
    let mut whole = vec![0; usize::try_from(bytes.size()).unwrap_or(usize::MAX)];
    let read = bytes.read_at(0, &mut whole)?;
    whole.truncate(read);
    Ok(whole)
}

/// Fills `buffer` from `offset` of `file` as far as the file goes, without moving its position.
fn read_file_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match read_once_at(file, offset.saturating_add(filled as u64), rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn read_once_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_once_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
