//! Errors that are told once. The library of archives finishes one that is dropped before its end, and prints what keeps it
//! from that in its own words; after the first error, which goes to the caller, it hears of none.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A writer that fails once. What is written after that goes nowhere.
pub(super) struct FailOnce<W> {
    to: W,
    position: u64,
    failed: Option<io::ErrorKind>,
    is_let_go: Arc<AtomicBool>,
}

/// Nobody needs what is written any more once this is dropped: it goes nowhere.
pub(super) struct Needed(Arc<AtomicBool>);

impl Drop for Needed {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<W: Write + Seek> FailOnce<W> {
    /// Writes to `to`, from its beginning on.
    pub(super) fn new(to: W) -> Self {
        Self { to, position: 0, failed: None, is_let_go: Arc::default() }
    }

    /// What says that the writer is needed, as long as it is there.
    pub(super) fn needed(&self) -> Needed {
        Needed(Arc::clone(&self.is_let_go))
    }

    fn goes_nowhere(&self) -> bool {
        self.failed.is_some() || self.is_let_go.load(Ordering::Relaxed)
    }

    /// Gives the writer back.
    ///
    /// # Errors
    /// When anything failed before.
    pub(super) fn into_inner(self) -> io::Result<W> {
        match self.failed {
            Some(kind) => Err(kind.into()),
            None => Ok(self.to),
        }
    }

    fn note<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failed = Some(error.kind());
        }
        result
    }
}

impl<W: Write + Seek> Write for FailOnce<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self.goes_nowhere() {
            true => bytes.len(),
            false => {
                let result = self.to.write(bytes).and_then(|written| match written {
                    0 if !bytes.is_empty() => Err(io::ErrorKind::WriteZero.into()),
                    written => Ok(written),
                });
                self.note(result)?
            }
        };
        self.position = self.position.saturating_add(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.goes_nowhere() {
            return Ok(());
        }
        let result = self.to.flush();
        self.note(result)
    }
}

impl<W: Write + Seek> Seek for FailOnce<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match (self.goes_nowhere(), to) {
            (false, _) => {
                let result = self.to.seek(to);
                self.note(result)?
            }
            (true, SeekFrom::Start(position)) => position,
            (true, SeekFrom::Current(by) | SeekFrom::End(by)) => self.position.saturating_add_signed(by),
        };
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_told_once_and_again_at_the_end() {
        let mut room = [0; 4];
        let mut writer = FailOnce::new(io::Cursor::new(&mut room[..]));
        assert!(writer.write_all(b"abcdef").is_err());
        writer.write_all(b"more").unwrap();
        writer.seek(SeekFrom::Start(2)).unwrap();
        assert_eq!(writer.stream_position().unwrap(), 2);
        assert!(writer.into_inner().is_err());
    }
}
