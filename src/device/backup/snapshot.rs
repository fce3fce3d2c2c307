//! The backup that is being made: the [overlay](super::overlay) knows what the device sees, the
//! [staged files](super::staged_files) are the bytes, and here the two are kept in step.
//!
//! Nothing of the earlier backup changes. What the device sends lies in a folder beside it; what it removes is remembered.
//! A file of the earlier backup that the device moves is linked, never copied (where the file system has no links, it is
//! copied). [`journal`](super::journal) makes one of the two.
//!
//! Every change goes through [`Snapshot::change`]: it is planned, its bytes are brought into place, and then it counts. There
//! is no other way to the overlay, so that no method of the [`Store`] can forget a step.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::disk::{self, below, joined};
use super::inventory::Inventory;
use super::overlay::{Bytes, Change, Earlier, Kind, Location, Overlay, Standing};
use super::staged_files::StagedFiles;
use crate::device::link::path::BackupPath;
use crate::device::link::store::{FolderItem, ItemKind, Store};

/// So much is kept free beyond what the device is told: a journal must fit, and a system without any room is no fun.
const RESERVE: u64 = 64 << 20;
/// More entries than any folder of a backup has.
const MOST_LISTED: usize = 1_000_000;

/// The backup that is being made, over the earlier one.
pub struct Snapshot {
    earlier: EarlierFolder,
    overlay: Overlay,
    staged: StagedFiles,
}

/// The folder of the earlier backup, which may not be there.
struct EarlierFolder {
    path: PathBuf,
    /// Whether there is anything in it. Nobody else works there, so nothing comes.
    has_any: bool,
}

impl Snapshot {
    /// Starts with nothing new.
    ///
    /// # Errors
    /// When the folder for the new files cannot be emptied or made.
    pub fn begin(earlier: &Path, files: &Path) -> io::Result<Self> {
        let listed = fs::read_dir(earlier);
        let has_any = listed.map_or_else(|error| !disk::is_absent(&error), |mut all| all.next().is_some());
        let staged = StagedFiles::begin(files, has_any)?;
        Ok(Self { earlier: EarlierFolder { path: earlier.to_owned(), has_any }, overlay: Overlay::default(), staged })
    }

    /// What of the earlier backup is hidden.
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.overlay.hidden()
    }

    /// What is going to lie in the folders of payloads, where that is known without a look.
    pub fn counted(&self) -> Option<&Inventory> {
        self.staged.count()
    }

    /// Takes something of the earlier backup out of the device's sight. The name is corer's own.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn hide(&mut self, name: &'static str) -> io::Result<()> {
        self.change(Change::Hide(name)).map(|_| ())
    }

    /// Reads a file, as the device would. The name is corer's own.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn read(&self, name: &'static str, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open_at(name)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes a file of corer's own.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(&mut self, name: &'static str, bytes: &[u8]) -> io::Result<()> {
        self.create_at(name)?.write_all(bytes)
    }

    /// Lays the new files out as the device sees them: after this they can be committed.
    ///
    /// # Errors
    /// What the operating system says. It can be tried again.
    pub fn materialize(&mut self) -> io::Result<()> {
        self.staged.materialize(&mut self.overlay)
    }

    /// Does what is wanted, or nothing. Gives the file to write to, where one was created.
    fn change(&mut self, change: Change<'_>) -> io::Result<Option<File>> {
        let plan = self.overlay.plan(&self.earlier, change)?;
        let (mut placed, mut created) = (Vec::with_capacity(plan.puts.len()), None);
        for (path, bytes) in &plan.puts {
            match self.bring(path, bytes, &mut created) {
                Ok(at) => placed.push(at),
                Err(error) => {
                    self.take_back(&plan.puts, placed);
                    return Err(error);
                }
            }
        }
        for unneeded in self.overlay.apply(plan, placed) {
            self.staged.remove(unneeded);
        }
        Ok(created)
    }

    /// Sees to it that the bytes of a new file at `path` lie somewhere.
    fn bring(&mut self, path: &str, bytes: &Bytes, created: &mut Option<File>) -> io::Result<Location> {
        match bytes {
            Bytes::Kept(at) => Ok(at.clone()),
            Bytes::Fresh => {
                let (file, at) = self.staged.create(path)?;
                *created = Some(file);
                Ok(at)
            }
            Bytes::Linked(from) => self.staged.link(&self.earlier.at(from), path),
            Bytes::OfEarlier(from) => self.staged.copy(disk::open(&self.earlier.at(from))?, path),
            Bytes::OfNew(from) => self.staged.copy(self.staged.open(from)?, path),
        }
    }

    /// Removes what was brought for a plan that cannot come true.
    fn take_back(&mut self, puts: &[(String, Bytes)], placed: Vec<Location>) {
        for ((_, bytes), at) in puts.iter().zip(placed) {
            if !matches!(bytes, Bytes::Kept(_)) {
                self.staged.remove(at);
            }
        }
    }

    fn create_at(&mut self, path: &str) -> io::Result<File> {
        self.change(Change::Create(path))?.ok_or_else(|| io::Error::other("a file was to be created, and none was"))
    }

    fn open_at(&self, path: &str) -> io::Result<File> {
        match self.overlay.standing(&self.earlier, path)? {
            None => Err(io::ErrorKind::NotFound.into()),
            Some(Standing::Folder) => Err(io::ErrorKind::IsADirectory.into()),
            Some(Standing::New(at)) => self.staged.open(&at),
            Some(Standing::Earlier(_)) => disk::open(&self.earlier.at(path)),
        }
    }

    fn item(&self, path: &str, name: String, standing: &Standing) -> io::Result<FolderItem> {
        let metadata = match standing {
            // When it changed last: the time of a new folder, which may not be on the disk, nobody needs.
            Standing::Folder => disk::metadata_below(&self.earlier.path, path)?,
            Standing::New(at) => Some(self.staged.metadata(at)?),
            Standing::Earlier(_) => Some(fs::symlink_metadata(self.earlier.at(path))?),
        };
        let kind = match standing {
            Standing::Folder => ItemKind::Folder,
            Standing::New(_) | Standing::Earlier(Kind::File) => {
                ItemKind::File(metadata.as_ref().map_or(0, Metadata::len))
            }
            Standing::Earlier(_) => ItemKind::Other,
        };
        let modified = metadata.and_then(|metadata| metadata.modified().ok());
        Ok(FolderItem { name, kind, modified: modified.unwrap_or_else(SystemTime::now) })
    }
}

impl EarlierFolder {
    fn at(&self, path: &str) -> PathBuf {
        below(&self.path, path)
    }
}

impl Earlier for EarlierFolder {
    fn kind_at(&self, path: &str) -> io::Result<Option<Kind>> {
        let there = if self.has_any { disk::metadata_below(&self.path, path)? } else { None };
        Ok(there.map(|there| kind_of(there.file_type())))
    }

    fn children(&self, folder: &str) -> io::Result<Vec<(String, Kind)>> {
        let mut children = Vec::new();
        if self.has_any {
            for entry in fs::read_dir(self.at(folder))?.take(MOST_LISTED) {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                children.push((name, kind_of(entry.file_type()?)));
            }
        }
        Ok(children)
    }
}

fn kind_of(kind: fs::FileType) -> Kind {
    match kind {
        folder if folder.is_dir() => Kind::Folder,
        file if file.is_file() => Kind::File,
        _ => Kind::Other,
    }
}

impl Store for Snapshot {
    fn open(&mut self, path: &BackupPath<'_>) -> io::Result<File> {
        self.open_at(path.as_str())
    }

    fn create(&mut self, path: &BackupPath<'_>) -> io::Result<File> {
        self.create_at(path.as_str())
    }

    fn complete(&mut self, path: &BackupPath<'_>, size: u64) {
        if let Some(at) = self.overlay.new_file(path.as_str()) {
            self.staged.complete(&at, size);
        }
    }

    fn discard(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        self.change(Change::Discard(path.as_str())).map(|_| ())
    }

    fn make_folder(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        self.change(Change::MakeFolder(path.as_str())).map(|_| ())
    }

    fn rename(&mut self, from: &BackupPath<'_>, to: &BackupPath<'_>) -> io::Result<()> {
        self.change(Change::Move(from.as_str(), to.as_str())).map(|_| ())
    }

    fn remove(&mut self, path: &BackupPath<'_>) -> io::Result<()> {
        self.change(Change::Remove(path.as_str())).map(|_| ())
    }

    fn copy(&mut self, from: &BackupPath<'_>, to: &BackupPath<'_>) -> io::Result<()> {
        self.change(Change::Copy(from.as_str(), to.as_str())).map(|_| ())
    }

    fn list(&mut self, path: &BackupPath<'_>) -> io::Result<Vec<FolderItem>> {
        let items = self.overlay.list(&self.earlier, path.as_str())?.into_iter();
        items.map(|(name, standing)| self.item(&joined(path.as_str(), &name), name, &standing)).collect()
    }

    fn free_space(&mut self) -> io::Result<u64> {
        Ok(self.staged.free_space()?.saturating_sub(RESERVE))
    }
}

#[cfg(test)]
pub mod tests;
