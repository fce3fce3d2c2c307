//! A file that is being read, watched: it counts for the progress, and it ends when somebody asks to stop.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use corer_schemas::Opened;
use corer_schemas::source::ReadSeek;

use crate::cli::terminal::interrupt;
use crate::cli::terminal::progress::Progress;

/// A reader that reports what is read.
pub struct ProgressReader {
    inner: Box<dyn ReadSeek>,
    progress: Arc<Progress>,
    position: u64,
    /// How far it has been read: what is read once more does not count again.
    farthest: u64,
}

impl ProgressReader {
    /// Watches the content of a file. What the kernel copies from the plain file, where the output lets it, counts at
    /// once.
    pub fn wrap(opened: Opened, is_by_kernel: bool, progress: &Arc<Progress>) -> Opened {
        let Opened { reader, plain, len } = opened;
        if is_by_kernel && plain.is_some() {
            progress.advance(len.unwrap_or(0));
            return Opened { reader, plain, len };
        }
        let watched = Self { inner: reader, progress: Arc::clone(progress), position: 0, farthest: 0 };
        Opened { reader: Box::new(watched), plain, len }
    }
}

impl Read for ProgressReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if interrupt::requested() {
            // Not the kind `Interrupted`: that one means "try again".
            return Err(io::Error::other("stopped"));
        }
        let read = self.inner.read(buffer)?;
        self.position = self.position.saturating_add(read as u64);
        self.progress.advance(self.position.saturating_sub(self.farthest));
        self.farthest = self.farthest.max(self.position);
        Ok(read)
    }
}

impl Seek for ProgressReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.inner.seek(to)?;
        Ok(self.position)
    }
}
