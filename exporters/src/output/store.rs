//! Where the files of a tree go: a folder or an archive, and the list of their checksums.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::archive::Archive;
use super::checksums::Checksums;
use super::error::OutputError;
use super::folder::Folder;
use super::ledger::{Facts, Ledger};
use super::safe_name::SafePath;
use super::temporary::{TempFile, TempPath};

/// A folder or an archive.
#[derive(Debug)]
pub(super) enum Backend {
    Folder(Folder),
    Archive(Archive),
}

/// What became of a file that was to get its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Published {
    /// It has it.
    New,
    /// An equal file had it already.
    Equal,
    /// A file has it that somebody changed or put there.
    LeftAlone,
}

/// What a tree writes into.
#[derive(Debug)]
pub(super) struct TreeStore {
    pub(super) place: Backend,
    pub(super) checksums: Checksums,
    sums: Mutex<BTreeMap<SafePath, [u8; 32]>>,
    ledgers: RwLock<Vec<Arc<Ledger>>>,
}

impl TreeStore {
    /// A store that lists no file yet.
    pub(super) fn new(place: Backend, checksums: Checksums) -> Self {
        Self { place, checksums, sums: Mutex::default(), ledgers: RwLock::default() }
    }

    /// Says that writing `path` failed.
    pub(super) fn failed(&self, path: &SafePath, error: io::Error) -> OutputError {
        let failed = OutputError::from_io(&self.place_of(path), error);
        match self.place {
            Backend::Folder(_) => failed.in_folder(),
            Backend::Archive(_) => failed,
        }
    }

    /// Gives a file that was written into a folder its name, where it may have it.
    pub(super) fn publish(
        &self,
        part: TempFile,
        path: &SafePath,
        bytes: u64,
        modified: Option<i64>,
        sha256: Option<[u8; 32]>,
    ) -> Result<Published, OutputError> {
        let Backend::Folder(folder) = &self.place else { return Ok(Published::Equal) };
        folder.ensure(&path.parent())?;
        if let Some(seconds) = modified {
            part.set_modified(seconds)?;
        }
        let ledger = self.ledger(path);
        let Some((ledger, own)) = ledger.as_ref().and_then(|ledger| Some((ledger, ledger.own(path)?))) else {
            let is_new = folder.publish(part, path, bytes)?;
            return Ok(if is_new { Published::New } else { Published::Equal });
        };
        let is_equal = folder.has(&part, path, bytes);
        if folder.is_update() && !ledger.may_replace(own) {
            ledger.carry_over(own);
            return Ok(Published::LeftAlone);
        }
        if is_equal {
            ledger.note_new(own, sha256, modified.is_some());
            return Ok(Published::Equal);
        }
        let failed = |error| self.failed(path, error);
        let facts = Facts::of(&part.file.metadata().map_err(failed)?, sha256, modified.is_some());
        folder.ensure(&ledger.own_folder())?;
        ledger.announce(own, &facts).map_err(failed)?;
        folder.replace(part, path)?;
        ledger.note(own, facts);
        Ok(Published::New)
    }

    /// Lets a ledger speak for the files of its folder.
    pub(super) fn keep_ledger(&self, ledger: Arc<Ledger>) {
        self.ledgers.write().unwrap_or_else(PoisonError::into_inner).push(ledger);
    }

    /// The ledger that speaks for a file.
    pub(super) fn ledger(&self, path: &SafePath) -> Option<Arc<Ledger>> {
        let ledgers = self.ledgers.read().unwrap_or_else(PoisonError::into_inner);
        ledgers.iter().find(|ledger| ledger.own(path).is_some()).cloned()
    }

    /// Remembers a file that was put into its place otherwise.
    pub(super) fn note_new(&self, path: &SafePath, sha256: Option<[u8; 32]>) {
        if let Some(ledger) = self.ledger(path)
            && let Some(own) = ledger.own(path)
        {
            ledger.note_new(own, sha256, true);
        }
    }

    /// Remembers a file that was there already and stays. Says whether it is one of ours.
    pub(super) fn note_there(&self, path: &SafePath, sha256: Option<[u8; 32]>, is_dated: bool) -> bool {
        let Some(ledger) = self.ledger(path) else { return true };
        ledger.own(path).is_none_or(|own| ledger.note_there(own, sha256, is_dated))
    }

    /// Puts a file that was written for an archive into it.
    pub(super) fn stage(&self, path: &SafePath, entry: TempPath) {
        if let Backend::Archive(archive) = &self.place {
            archive.add(path, entry);
        }
    }

    /// Remembers a checksum for `SHA256SUMS`.
    pub(super) fn note(&self, path: &SafePath, sha256: Option<[u8; 32]>) {
        // What an export remembers is no part of what it holds.
        let is_own = path.segments().any(|name| name == super::OWN_FOLDER);
        if let (Some(sha256), true) = (sha256, self.checksums != Checksums::None && !is_own) {
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
