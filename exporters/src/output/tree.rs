//! The tree of files that an export writes: into a folder or into one archive, from any number of threads.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use corer_schemas::Opened;
use sha2::{Digest, Sha256};
use tempfile::SpooledTempFile;

use super::archive::Archive;
use super::checksums::{Checksums, SHA256SUMS, write_sums};
use super::chunks::hash_all;
use super::error::{CopyError, OutputError};
use super::file::{OutFile, Sink, Written};
use super::folder::Folder;
use super::ledger::Ledger;
use super::safe_name::SafePath;
use super::store::{Backend, TreeStore};
use super::target::IfExists;

/// How a tree is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TreeOptions {
    /// What to do about files that are there already.
    pub existing: IfExists,
    /// Which files are hashed and listed in `SHA256SUMS`.
    pub checksums: Checksums,
}

/// A tree of files that is being written. Every method may be called from many threads at once.
#[derive(Debug)]
pub struct Tree {
    store: TreeStore,
    folder_times: Mutex<BTreeMap<SafePath, i64>>,
}

impl Tree {
    /// Starts a tree in the folder `root`, which is created if need be.
    ///
    /// # Errors
    /// [`OutputError::NotEmpty`] when it holds something and may not, [`OutputError::Busy`] when another run is writing
    /// into it.
    pub fn in_folder(root: &Path, options: TreeOptions) -> Result<Self, OutputError> {
        Ok(Self::new(Backend::Folder(Folder::open(root, options.existing)?), options))
    }

    /// Starts a tree that becomes the archive `path`.
    ///
    /// # Errors
    /// [`OutputError::Exists`] when the file exists and may not be replaced, [`OutputError::NoUpdate`] for
    /// [`IfExists::Update`].
    pub fn in_archive(path: &Path, options: TreeOptions) -> Result<Self, OutputError> {
        Ok(Self::new(Backend::Archive(Archive::open(path, options.existing)?), options))
    }

    fn new(place: Backend, options: TreeOptions) -> Self {
        Self { store: TreeStore::new(place, options.checksums), folder_times: Mutex::default() }
    }

    /// Starts a file that was last modified `modified` seconds after 1970; `None` leaves the time to the system.
    ///
    /// # Errors
    /// [`OutputError::InTheWay`] when a link or a file stands where a folder must be; [`OutputError::Full`].
    pub fn file(&self, path: &SafePath, modified: Option<i64>) -> Result<OutFile<'_>, OutputError> {
        let sink = match &self.store.place {
            Backend::Folder(folder) => Sink::folder(folder.part(&path.parent())?),
            Backend::Archive(archive) => Sink::Archive(Box::new(archive.entry(path, modified)?)),
        };
        Ok(OutFile::new(&self.store, path.clone(), modified, sink))
    }

    /// Room for what is put together before it becomes a file: in memory up to `memory` bytes, then in a nameless file on
    /// the disk of this tree.
    pub fn scratch(&self, memory: usize) -> SpooledTempFile {
        tempfile::spooled_tempfile_in(memory, self.store.scratch_folder())
    }

    /// An empty file for what waits to be written, which has no name and is gone with the run.
    ///
    /// # Errors
    /// When the folder takes no files.
    pub fn temp_file(&self) -> io::Result<File> {
        tempfile::tempfile_in(self.store.scratch_folder())
    }

    /// Writes a small file at once.
    ///
    /// # Errors
    /// As for [`file`](Self::file).
    pub fn write(&self, path: &SafePath, bytes: &[u8]) -> Result<Written, OutputError> {
        self.write_dated(path, bytes, None)
    }

    /// Writes a small file at once, last modified `modified` seconds after 1970. In an update, an equal file is only read.
    ///
    /// # Errors
    /// As for [`file`](Self::file).
    pub fn write_dated(&self, path: &SafePath, bytes: &[u8], modified: Option<i64>) -> Result<Written, OutputError> {
        if let Backend::Folder(folder) = &self.store.place
            && folder.holds(path, bytes)
        {
            let sha256 = (self.store.checksums != Checksums::None).then(|| Sha256::digest(bytes).into());
            let is_left_alone = !self.store.note_there(path, sha256, modified.is_some());
            if !is_left_alone {
                self.store.note(path, sha256);
            }
            let length = bytes.len() as u64;
            return Ok(Written { path: path.clone(), bytes: length, sha256, changed: false, is_left_alone });
        }
        let mut file = self.file(path, modified)?;
        file.write_all(bytes).map_err(|e| self.failed(path, e))?;
        file.finish()
    }

    /// Copies a whole file of a source.
    ///
    /// # Errors
    /// [`CopyError::Source`] when the content cannot be read to its end: nothing is written then.
    pub fn copy(&self, opened: Opened, path: &SafePath, modified: Option<i64>) -> Result<Written, CopyError> {
        let mut file = self.file(path, modified)?;
        file.fill(opened)?;
        Ok(file.finish()?)
    }

    /// Puts a file of this tree into a second place, sharing its bytes: as a reflink where the disk can, else as a hard
    /// link. Says whether it could; an archive cannot.
    ///
    /// # Errors
    /// As for [`file`](Self::file).
    pub fn repeat(&self, path: &SafePath, again: &SafePath) -> Result<bool, OutputError> {
        let Backend::Folder(folder) = &self.store.place else { return Ok(false) };
        let is_there = folder.repeat(path, again)?;
        let sum = self.store.sum_of(path);
        if is_there {
            self.store.note(again, sum);
            self.store.note_new(again, sum);
        }
        Ok(is_there)
    }

    /// Makes a folder, also one that stays empty. Its time (in seconds since 1970) is set when the tree is finished,
    /// because every file written into it changes it.
    ///
    /// # Errors
    /// As for [`file`](Self::file).
    pub fn folder(&self, path: &SafePath, modified: Option<i64>) -> Result<(), OutputError> {
        match &self.store.place {
            Backend::Folder(folder) => {
                folder.ensure(path)?;
                if let Some(seconds) = modified {
                    lock(&self.folder_times).insert(path.clone(), seconds);
                }
            }
            Backend::Archive(archive) => archive.add_folder(path, modified),
        }
        Ok(())
    }

    /// When bringing up to date: whether a file of this length in bytes and modification time in seconds since 1970 is
    /// there already. Follow with [`keep`](Self::keep) instead of writing it again.
    pub fn is_current(&self, path: &SafePath, len: u64, modified: Option<i64>) -> bool {
        match &self.store.place {
            Backend::Folder(folder) => folder.is_current(path, len, modified),
            Backend::Archive(_) => false,
        }
    }

    /// When bringing up to date: whether a plain file is there already, whatever is in it.
    pub fn is_there(&self, path: &SafePath) -> bool {
        match &self.store.place {
            Backend::Folder(folder) => folder.is_there(path),
            Backend::Archive(_) => false,
        }
    }

    /// Whether a file that is there is one that an export wrote, and as it wrote it; where nothing is remembered, every one is.
    pub(crate) fn is_own(&self, path: &SafePath) -> bool {
        self.store.ledger(path).is_none_or(|ledger| ledger.own(path).is_none_or(|own| ledger.is_own(own)))
    }

    /// When bringing up to date: the content of a small plain file that is there already.
    pub fn read(&self, path: &SafePath) -> Option<Vec<u8>> {
        match &self.store.place {
            Backend::Folder(folder) if folder.is_there(path) => std::fs::read(folder.place(path)).ok(),
            Backend::Folder(_) | Backend::Archive(_) => None,
        }
    }

    /// Keeps a file that [`is_current`](Self::is_current), and lists it in `SHA256SUMS` as if it had been written.
    /// `plain` tells that a kernel copy would have made it ([`Opened::plain`]), which is listed for
    /// [`Checksums::All`] only.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn keep(&self, path: &SafePath, plain: bool) -> Result<(), OutputError> {
        self.store.note_there(path, None, true);
        let listed = match self.store.checksums {
            Checksums::None => false,
            Checksums::Written => !plain,
            Checksums::All => true,
        };
        let known = self.store.ledger(path).and_then(|ledger| ledger.sum_of(ledger.own(path)?));
        if let (true, Some(sum)) = (listed, known) {
            self.store.note(path, Some(sum));
        } else if let (true, Backend::Folder(folder)) = (listed, &self.store.place) {
            let mut hash = Sha256::new();
            File::open(folder.place(path))
                .and_then(|mut file| hash_all(&mut file, &mut hash))
                .map_err(|e| self.failed(path, e))?;
            self.store.note(path, Some(hash.finalize().into()));
        }
        Ok(())
    }

    /// Lets a ledger speak for the files of its folder from here on.
    pub(crate) fn keep_ledger(&self, ledger: &Arc<Ledger>) {
        self.store.keep_ledger(Arc::clone(ledger));
    }

    /// Removes a file that an earlier run wrote. An archive has none.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn remove(&self, path: &SafePath) -> Result<(), OutputError> {
        match &self.store.place {
            Backend::Folder(folder) => folder.remove(path),
            Backend::Archive(_) => Ok(()),
        }
    }

    /// Lists a file in `SHA256SUMS` that stays as it is.
    pub(crate) fn list(&self, path: &SafePath, sha256: [u8; 32]) {
        self.store.note(path, Some(sha256));
    }

    /// Waits until everything written so far is on the disk.
    ///
    /// # Errors
    /// When the system refuses.
    pub(crate) fn sync(&self) -> Result<(), OutputError> {
        match &self.store.place {
            Backend::Folder(folder) => folder.sync(),
            Backend::Archive(_) => Ok(()),
        }
    }

    /// Whether it is a folder, and no archive.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        matches!(self.store.place, Backend::Folder(_))
    }

    /// Where a folder of the tree is on the disk; `None` in an archive.
    pub(crate) fn on_disk(&self, path: &SafePath) -> Option<PathBuf> {
        match &self.store.place {
            Backend::Folder(folder) => Some(folder.place(path)),
            Backend::Archive(_) => None,
        }
    }

    /// Ends the tree: writes `SHA256SUMS`, sets the times of folders, puts an archive together, and waits once until
    /// everything is on the disk.
    ///
    /// # Errors
    /// When the disk is full or the system refuses.
    pub fn finish(self) -> Result<(), OutputError> {
        let sums = self.store.take_sums();
        if !sums.is_empty() {
            self.write(&SafePath::new(SHA256SUMS), write_sums(&sums).as_bytes())?;
        }
        match self.store.place {
            Backend::Folder(folder) => {
                let times = std::mem::take(&mut *lock(&self.folder_times));
                // The deepest first: setting a time does not change the folder above, but reads well in a listing.
                for (path, seconds) in times.iter().rev() {
                    folder.set_folder_modified(path, *seconds)?;
                }
                folder.sync()
            }
            Backend::Archive(archive) => archive.finish(),
        }
    }

    /// Says that writing `path` failed.
    pub(crate) fn failed(&self, path: &SafePath, error: io::Error) -> OutputError {
        self.store.failed(path, error)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
