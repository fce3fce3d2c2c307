//! One file on its way into a tree.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};

use corer_schemas::Opened;
use sha2::{Digest, Sha256};

use super::archive::Entry;
use super::checksums::Checksums;
use super::chunks::{chunks, hash_all};
use super::error::{CopyError, OutputError, is_no_space};
use super::safe_name::SafePath;
use super::store::{Published, TreeStore};
use super::temporary::TempFile;

/// How much is gathered before it is written, in bytes.
const BUFFER: usize = 64 * 1024;

/// A file that is being written under a temporary name. [`finish`](Self::finish) gives it its own; dropped before, it
/// leaves nothing.
#[must_use = "a file that is not finished is removed"]
pub struct OutFile<'t> {
    store: &'t TreeStore,
    path: SafePath,
    modified: Option<i64>,
    sink: Sink,
    checksums: Checksums,
    hash: Sha256,
    /// Whether `hash` has seen every byte.
    hashed: bool,
    bytes: u64,
}

/// Where the bytes go.
pub(super) enum Sink {
    /// A temporary file in a folder.
    Folder(BufWriter<TempFile>),
    /// An entry of an archive.
    Archive(Box<Entry>),
}

impl Sink {
    /// Gathers small writes to a temporary file.
    pub(super) fn folder(part: TempFile) -> Self {
        Self::Folder(BufWriter::with_capacity(BUFFER, part))
    }
}

/// A file that is in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is.
    pub path: SafePath,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, where it was asked for.
    pub sha256: Option<[u8; 32]>,
    /// Whether the file is new or different. An update leaves equal files untouched.
    pub changed: bool,
    /// Whether a file that somebody changed or put there has the name, and was left as it is.
    pub is_left_alone: bool,
}

impl<'t> OutFile<'t> {
    pub(super) fn new(store: &'t TreeStore, path: SafePath, modified: Option<i64>, sink: Sink) -> Self {
        let checksums = store.checksums;
        let hashed = checksums != Checksums::None;
        Self { store, path, modified, sink, checksums, hash: Sha256::new(), hashed, bytes: 0 }
    }

    /// Asks for the SHA-256 of this file whatever the tree does. Before the first byte.
    pub fn with_sha256(mut self) -> Self {
        self.checksums = Checksums::All;
        self.hashed = true;
        self
    }

    /// Takes in the whole content of `opened`: by the kernel (as a reflink, where the disk can) when a plain file has
    /// it, through a buffer otherwise.
    ///
    /// # Errors
    /// [`CopyError::Source`] when the content cannot be read or is shorter than it should be, [`CopyError::Output`]
    /// when the copy cannot be written.
    pub fn fill(&mut self, opened: Opened) -> Result<(), CopyError> {
        let Opened { mut reader, plain, len } = opened;
        let before = self.bytes;
        match (&plain, &self.sink) {
            (Some(file), Sink::Folder(_)) => self.fill_by_kernel(file)?,
            _ => self.fill_by_buffer(&mut *reader)?,
        }
        match len {
            Some(len) if len != self.bytes - before => Err(CopyError::Source(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("its content has {} of {len} bytes", self.bytes - before),
            ))),
            _ => Ok(()),
        }
    }

    fn fill_by_kernel(&mut self, plain: &File) -> Result<(), CopyError> {
        let Sink::Folder(sink) = &mut self.sink else { return Ok(()) };
        let failed =
            |e: io::Error| if is_no_space(&e) { self.store.failed(&self.path, e).into() } else { CopyError::Source(e) };
        sink.flush().map_err(failed)?;
        let copied = sink.get_mut().append(plain).map_err(failed)?;
        match self.checksums {
            Checksums::All => {
                let mut file = &sink.get_ref().file;
                file.seek(io::SeekFrom::Start(self.bytes)).map_err(failed)?;
                hash_all(&mut file, &mut self.hash).map_err(failed)?;
            }
            Checksums::Written | Checksums::None => self.hashed = false,
        }
        self.bytes += copied;
        Ok(())
    }

    fn fill_by_buffer(&mut self, reader: &mut dyn Read) -> Result<(), CopyError> {
        chunks(reader, CopyError::Source, |bytes| {
            Ok(self.write_all(bytes).map_err(|e| self.store.failed(&self.path, e))?)
        })
    }

    /// Where the file will be.
    pub fn path(&self) -> &SafePath {
        &self.path
    }

    /// How many bytes have been written so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The SHA-256 of what has been written so far, where it was asked for.
    pub fn sha256(&self) -> Option<[u8; 32]> {
        self.hashed.then(|| self.hash.clone().finalize().into())
    }

    /// Gives the whole file its name, replacing what has it.
    ///
    /// # Errors
    /// When the disk is full or the system refuses.
    pub fn finish(self) -> Result<Written, OutputError> {
        let sha256 = self.sha256();
        let Self { store, path, modified, sink, bytes, .. } = self;
        let published = match sink {
            Sink::Folder(writer) => {
                let part = writer.into_inner().map_err(|e| store.failed(&path, e.into_error()))?;
                store.publish(part, &path, bytes, modified, sha256)?
            }
            Sink::Archive(entry) => {
                let entry = entry.finish().map_err(|e| store.failed(&path, e))?;
                store.stage(&path, entry);
                Published::New
            }
        };
        let is_left_alone = published == Published::LeftAlone;
        if !is_left_alone {
            store.note(&path, sha256);
        }
        Ok(Written { path, bytes, sha256, changed: published == Published::New, is_left_alone })
    }

    /// Like [`finish`](Self::finish), under another name than the one it was begun with.
    ///
    /// # Errors
    /// As for [`finish`](Self::finish).
    pub fn finish_as(mut self, path: &SafePath) -> Result<Written, OutputError> {
        self.path = path.clone();
        self.finish()
    }
}

impl Write for OutFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.sink {
            Sink::Folder(writer) => writer.write(bytes),
            Sink::Archive(entry) => entry.write(bytes),
        }?;
        if self.hashed {
            self.hash.update(bytes.get(..count).unwrap_or_default());
        }
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Folder(writer) => writer.flush(),
            Sink::Archive(entry) => entry.flush(),
        }
    }
}
