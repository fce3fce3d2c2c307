//! Files that an earlier run wrote, where the backup does not have them any more: what is remembered is written again from them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use corer_schemas::{Absence, Entry, Opened, Presence, SourceError};

use super::memory::FOLDER;
use crate::output::SafePath;
use crate::write::FileSource;

/// The domain of files that lie in the export itself. No backup has one of that name.
const DOMAIN: &str = FOLDER;

/// The files of a kind's folder that stand in for others.
#[derive(Debug, Default)]
pub struct StandIns {
    /// The folder of the kind on the disk; `None` in an archive, which remembers nothing.
    folder: Option<PathBuf>,
    /// The same in the tree.
    base: SafePath,
    /// Files of the backup, by domain and path, and what to take where they cannot be read.
    lent: Mutex<HashMap<(String, String), String>>,
    /// Files that are needed, whatever this run writes.
    needed: Mutex<HashSet<String>>,
    /// Where files of the backup were put.
    put: Mutex<BTreeMap<(String, String), String>>,
    /// Where files were put that stood in.
    moved: Mutex<HashMap<String, String>>,
}

impl StandIns {
    /// Those of a folder.
    pub(super) fn new(folder: Option<PathBuf>, base: SafePath) -> Self {
        Self { folder, base, ..Self::default() }
    }

    /// Lets a file of the export stand in for an entry.
    pub(super) fn stand_in(&self, entry: &mut Entry, file: &str) {
        lock(&self.needed).insert(file.to_owned());
        entry.domain = DOMAIN.to_owned();
        entry.path = file.to_owned();
        entry.presence = Presence::Present;
    }

    /// Nothing stands in: what has the entry's place in this backup belongs to another record.
    pub(super) fn nothing(&self, entry: &mut Entry) {
        entry.domain = DOMAIN.to_owned();
        if entry.presence == Presence::Present {
            entry.presence = Presence::Absent(Absence::Lost);
        }
    }

    /// Lends a file of the export to an entry of the backup, should that not be readable.
    pub(super) fn lend(&self, entry: &Entry, file: &str) {
        lock(&self.needed).insert(file.to_owned());
        lock(&self.lent).insert((entry.domain.clone(), entry.path.clone()), file.to_owned());
    }

    /// Whether a file must stay, though this run may not have written it.
    pub(super) fn needs(&self, file: &str) -> bool {
        lock(&self.needed).contains(file) && !lock(&self.moved).contains_key(file)
    }

    /// Where files of the backup were put.
    pub(super) fn put(&self) -> BTreeMap<(String, String), String> {
        lock(&self.put).clone()
    }

    /// Where a file is now that an earlier run wrote.
    pub(super) fn now(&self, file: String) -> String {
        lock(&self.moved).get(&file).cloned().unwrap_or(file)
    }

    fn open(&self, file: &str) -> Result<Opened, SourceError> {
        let unreadable = |error: io::Error| SourceError::Unreadable { what: file.to_owned(), why: error.to_string() };
        let folder = self.folder.as_ref().ok_or_else(|| unreadable(io::ErrorKind::NotFound.into()))?;
        let path = SafePath::new(file).below(folder);
        // The folder may have been in other hands: no link is followed.
        let found = fs::symlink_metadata(&path).map_err(unreadable)?;
        if !found.is_file() {
            return Err(unreadable(io::Error::other("it is no plain file")));
        }
        let reader = File::open(&path).map_err(unreadable)?;
        Ok(Opened { reader: Box::new(reader), plain: None, len: Some(found.len()) })
    }
}

/// The files of a backup, and what stands in for those that it has no more.
pub struct WithStandIns<'s> {
    /// The backup.
    pub source: &'s dyn FileSource,
    /// What stands in.
    pub stand_ins: &'s StandIns,
}

impl FileSource for WithStandIns<'_> {
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        if entry.domain == DOMAIN {
            return self.stand_ins.open(&entry.path);
        }
        self.source.open(entry).or_else(|error| {
            let key = (entry.domain.clone(), entry.path.clone());
            let lent = lock(&self.stand_ins.lent).get(&key).cloned();
            lent.map_or(Err(error), |file| self.stand_ins.open(&file))
        })
    }

    fn put(&self, entry: &Entry, path: &SafePath) {
        let base = self.stand_ins.base.as_str();
        let Some(own) = path.as_str().strip_prefix(base).map(|own| own.trim_start_matches('/')) else { return };
        match entry.domain == DOMAIN {
            true if own == entry.path => {}
            true => _ = lock(&self.stand_ins.moved).insert(entry.path.clone(), own.to_owned()),
            false => {
                _ = lock(&self.stand_ins.put).insert((entry.domain.clone(), entry.path.clone()), own.to_owned());
            }
        }
    }
}

/// Whether a file lies in the folder of a kind, as a plain file under a name that an export gives.
pub(crate) fn is_there(folder: &Path, file: &str) -> bool {
    let path = SafePath::new(file);
    path.as_str() == file && fs::symlink_metadata(path.below(folder)).is_ok_and(|found| found.is_file())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
