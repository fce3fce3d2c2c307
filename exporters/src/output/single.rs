//! One file that the person named: it appears under its name when it is complete.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::archive::{check_single, folder_of};
use super::error::OutputError;
use super::folder::sync_folder;
use super::lock::Lock;
use super::special_files::refuse_special;
use super::target::IfExists;
use super::temporary::{TempFile, sweep, tag_of};

/// A single file that is being written beside its final name. Dropped before [`finish`](Self::finish), it leaves
/// nothing.
#[must_use = "a file that is not finished is removed"]
#[derive(Debug)]
pub struct SingleFile {
    path: PathBuf,
    writer: BufWriter<TempFile>,
    /// Let go of last.
    _lock: Lock,
}

impl SingleFile {
    /// Starts the file `path`.
    ///
    /// # Errors
    /// [`OutputError::Exists`] when it exists and may not be replaced, [`OutputError::NoUpdate`] for
    /// [`IfExists::Update`], [`OutputError::Busy`] while another run writes it.
    pub fn create(path: &Path, existing: IfExists) -> Result<Self, OutputError> {
        check_single(path, existing)?;
        let (folder, tag) = (folder_of(path), tag_of(path));
        let lock = Lock::of_file(path, folder)?;
        // The run that had the lock until now may have written it.
        check_single(path, existing)?;
        sweep(folder, &tag).map_err(|e| OutputError::from_io(folder, e))?;
        let part = TempFile::create(folder, &tag)?;
        Ok(Self { path: path.to_path_buf(), writer: BufWriter::new(part), _lock: lock })
    }

    /// Gives the whole file its name and waits until it is on the disk.
    ///
    /// # Errors
    /// When the disk is full or the system refuses.
    pub fn finish(self) -> Result<(), OutputError> {
        let failed = |e| OutputError::from_io(&self.path, e);
        let part = self.writer.into_inner().map_err(|e| failed(e.into_error()))?;
        refuse_special(&self.path)?;
        part.rename(&self.path)?;
        sync_folder(folder_of(&self.path)).map_err(failed)
    }
}

impl Write for SingleFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
