//! A file that one thread writes and several threads read, each where it wants to.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file, and where it ends.
pub(super) struct Shared {
    file: File,
    end: AtomicU64,
}

impl Shared {
    /// Takes an empty file.
    pub(super) fn new(file: File) -> Self {
        Self { file, end: AtomicU64::new(0) }
    }

    /// How many bytes it has.
    pub(super) fn end(&self) -> u64 {
        self.end.load(Ordering::Relaxed)
    }

    /// Writes at the end.
    pub(super) fn append(&self, bytes: &[u8]) -> io::Result<()> {
        write_at(&self.file, bytes, self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed))
    }

    /// Reads from there until the buffer is full.
    pub(super) fn read(&self, start: u64, buffer: &mut [u8]) -> io::Result<()> {
        read_at(&self.file, buffer, start)
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, start)
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, start)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut start: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, start)?;
        start += written as u64;
        bytes = bytes.get(written..).filter(|_| written > 0).ok_or(io::ErrorKind::WriteZero)?;
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut buffer: &mut [u8], mut start: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, buffer, start)?;
        start += read as u64;
        buffer = buffer.get_mut(read..).filter(|_| read > 0).ok_or(io::ErrorKind::UnexpectedEof)?;
    }
    Ok(())
}
