//! Errors that are told once. The library of archives finishes one that is dropped before its end, and prints what keeps it
//! from that in its own words; after the first error, which goes to the caller, it hears of none.

use std::io::{self, Seek, SeekFrom, Write};

/// A writer that fails once. What is written after that goes nowhere.
pub(super) struct FailOnce<W> {
    to: W,
    position: u64,
    failed: Option<io::ErrorKind>,
}

impl<W: Write + Seek> FailOnce<W> {
    /// Writes to `to`, from its beginning on.
    pub(super) fn new(to: W) -> Self {
        Self { to, position: 0, failed: None }
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
        let written = match self.failed {
            Some(_) => bytes.len(),
            None => {
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
        if self.failed.is_some() {
            return Ok(());
        }
        let result = self.to.flush();
        self.note(result)
    }
}

impl<W: Write + Seek> Seek for FailOnce<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match (self.failed, to) {
            (None, _) => {
                let result = self.to.seek(to);
                self.note(result)?
            }
            (Some(_), SeekFrom::Start(position)) => position,
            (Some(_), SeekFrom::Current(by) | SeekFrom::End(by)) => self.position.saturating_add_signed(by),
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
