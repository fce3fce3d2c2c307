//! Where the files of a tree go: a folder or an archive, and the list of their checksums.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::archive::Archive;
use super::checksums::Checksums;
use super::error::OutputError;
use super::folder::Folder;
use super::safe_name::SafePath;
use super::temporary::{TempFile, TempPath};

/// A folder or an archive.
#[derive(Debug)]
pub(super) enum Backend {
    Folder(Folder),
    Archive(Archive),
}

/// What a tree writes into.
#[derive(Debug)]
pub(super) struct TreeStore {
    pub(super) place: Backend,
    pub(super) checksums: Checksums,
    sums: Mutex<BTreeMap<SafePath, [u8; 32]>>,
}

impl TreeStore {
    /// A store that lists no file yet.
    pub(super) fn new(place: Backend, checksums: Checksums) -> Self {
        Self { place, checksums, sums: Mutex::default() }
    }

    /// Says that writing `path` failed.
    pub(super) fn failed(&self, path: &SafePath, error: io::Error) -> OutputError {
        let failed = OutputError::from_io(&self.place_of(path), error);
        match self.place {
            Backend::Folder(_) => failed.in_folder(),
            Backend::Archive(_) => failed,
        }
    }

    /// Gives a file that was written into a folder its name. Says whether it is new or different.
    pub(super) fn publish(
        &self,
        part: TempFile,
        path: &SafePath,
        bytes: u64,
        modified: Option<i64>,
    ) -> Result<bool, OutputError> {
        let Backend::Folder(folder) = &self.place else { return Ok(false) };
        folder.ensure(&path.parent())?;
        if let Some(seconds) = modified {
            part.set_modified(seconds)?;
        }
        folder.publish(part, path, bytes)
    }

    /// Puts a file that was written for an archive into it.
    pub(super) fn stage(&self, path: &SafePath, entry: TempPath) {
        if let Backend::Archive(archive) = &self.place {
            archive.add(path, entry);
        }
    }

    /// Remembers a checksum for `SHA256SUMS`.
    pub(super) fn note(&self, path: &SafePath, sha256: Option<[u8; 32]>) {
        if let (Some(sha256), true) = (sha256, self.checksums != Checksums::None) {
            self.sums().insert(path.clone(), sha256);
        }
    }

    /// The checksum of a file that was written.
    pub(super) fn sum_of(&self, path: &SafePath) -> Option<[u8; 32]> {
        self.sums().get(path).copied()
    }

    /// All checksums; the list is empty then.
    pub(super) fn take_sums(&self) -> BTreeMap<SafePath, [u8; 32]> {
        std::mem::take(&mut *self.sums())
    }

    fn sums(&self) -> MutexGuard<'_, BTreeMap<SafePath, [u8; 32]>> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A folder on the disk of this tree.
    pub(super) fn scratch_folder(&self) -> &Path {
        match &self.place {
            Backend::Folder(folder) => folder.root(),
            Backend::Archive(archive) => archive.staging(),
        }
    }

    /// Where a file is, or the archive that it is in.
    fn place_of(&self, path: &SafePath) -> PathBuf {
        match &self.place {
            Backend::Folder(folder) => folder.place(path),
            Backend::Archive(archive) => archive.path().to_path_buf(),
        }
    }
}
