//! The bytes of the new files, on the disk. What the device sees of them is not known here, only where they lie: where they
//! are going to be in the end, if that place is free, and else in a spare file beside all others.

use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, HeldFolder, below};
use super::early_placement::place;
use super::inventory::Inventory;
use super::overlay::{Location, Overlay};
use super::payload_count::PayloadCount;

/// The folder of spare files, beside that of the new ones.
pub const SPARE: &str = "spare";

/// The bytes of the new files.
pub struct StagedFiles {
    /// The folder that becomes the new backup.
    files: HeldFolder,
    /// What lies in the place of something else until the end.
    spare: PathBuf,
    /// How many spare files there ever were; the folder is made for the first.
    spares: u64,
    /// All folders in `files`.
    folders: BTreeSet<String>,
    /// What nobody needs any more and could not be removed yet.
    unneeded: Vec<Location>,
    count: PayloadCount,
}

impl StagedFiles {
    /// Starts with nothing in a folder.
    ///
    /// # Errors
    /// When the folder cannot be emptied or made.
    pub fn begin(files: &Path, has_earlier: bool) -> io::Result<Self> {
        let spare = files.with_file_name(SPARE);
        disk::remove_any(&spare)?;
        let (folders, unneeded) = (BTreeSet::new(), Vec::new());
        let count = PayloadCount::new(has_earlier);
        Ok(Self { files: HeldFolder::make(files)?, spare, spares: 0, folders, unneeded, count })
    }

    /// What lies in the folders of payloads, where that is known without a look.
    pub fn count(&self) -> Option<&Inventory> {
        self.count.result()
    }

    /// How many bytes the disk takes.
    ///
    /// # Errors
    /// What the operating system says, as everywhere here.
    pub fn free_space(&self) -> io::Result<u64> {
        fs4::available_space(&self.files.path)
    }

    /// Opens a file.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn open(&self, at: &Location) -> io::Result<File> {
        disk::open(&self.path(at))
    }

    /// What the operating system knows of a file.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn metadata(&self, at: &Location) -> io::Result<Metadata> {
        fs::symlink_metadata(self.path(at))
    }

    /// Makes the file whose bytes are those of a new file at `path`.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn create(&mut self, path: &str) -> io::Result<(File, Location)> {
        let place = place(path);
        match self.make_parent(place).and_then(|()| self.files.create_new(place)) {
            Ok(file) => {
                self.count.created(place);
                Ok((file, self.taken(Location::Path(place.to_owned()))))
            }
            Err(error) if self.is_occupied(place, &error) => {
                let at = self.next_spare()?;
                Ok((disk::create_new(&self.path(&at))?, self.taken(at)))
            }
            Err(error) => Err(error),
        }
    }

    /// Everything that came for a file was written: so many bytes.
    pub fn complete(&mut self, at: &Location, size: u64) {
        if let Location::Path(place) = at {
            self.count.completed(place, size);
        }
    }

    /// Copies a file for a new one at `path`.
    ///
    /// # Errors
    /// What the operating system says; then nothing was made.
    pub fn copy(&mut self, mut from: File, path: &str) -> io::Result<Location> {
        let (mut file, at) = self.create(path)?;
        let copied = io::copy(&mut from, &mut file);
        self.disturb(&at);
        match copied {
            Ok(_) => Ok(at),
            Err(error) => {
                self.remove(at);
                Err(error)
            }
        }
    }

    /// Lets a file of the earlier backup be a new one at `path`, too. Where the file system has no links it is copied.
    ///
    /// # Errors
    /// What the operating system says; then nothing was made.
    pub fn link(&mut self, earlier: &Path, path: &str) -> io::Result<Location> {
        let at = Location::Path(place(path).to_owned());
        match self.make_parent(place(path)).and_then(|()| fs::hard_link(earlier, self.path(&at))) {
            Ok(()) => {
                self.disturb(&at);
                Ok(self.taken(at))
            }
            Err(_) => self.copy(disk::open(earlier)?, path),
        }
    }

    /// Removes what nobody needs any more. What cannot be removed now has to be before the end.
    pub fn remove(&mut self, at: Location) {
        if let Location::Path(place) = &at {
            self.count.removed(place);
        }
        if disk::remove_any(&self.path(&at)).is_err() {
            self.unneeded.push(at);
        }
    }

    /// Lays everything out as the device sees it: after this, the folder of the new files is what it is in the overlay, and
    /// nothing else. What fails here can be tried again.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn materialize(&mut self, overlay: &mut Overlay) -> io::Result<()> {
        while let Some(at) = self.unneeded.last() {
            disk::remove_any(&self.path(at))?;
            self.unneeded.pop();
        }
        let misplaced = overlay.misplaced();
        // All of them first: one may lie where another belongs.
        for (path, at) in &misplaced {
            if let Location::Path(_) = at {
                let spare = self.next_spare()?;
                self.relocate(at, &spare)?;
                overlay.relocate(path, spare);
            }
        }
        self.match_folders(overlay)?;
        for (path, _) in misplaced {
            let Some(from) = overlay.new_file(&path) else { continue };
            let to = Location::Path(path.clone());
            // Two names that are one to this file system: neither may be lost for the other.
            if disk::found(&self.path(&to))?.is_some() {
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("there are two files called {path}")));
            }
            self.relocate(&from, &to)?;
            overlay.relocate(&path, to);
        }
        // Not what is in it: there is nothing, or something went wrong.
        match fs::remove_dir(&self.spare) {
            Err(error) if !disk::is_absent(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes the folders that were made for files alone and makes those that the device sees.
    fn match_folders(&mut self, overlay: &Overlay) -> io::Result<()> {
        let unseen: Vec<String> =
            self.folders.iter().rev().filter(|folder| !overlay.is_new_folder(folder)).cloned().collect();
        for folder in unseen {
            fs::remove_dir(below(&self.files.path, &folder))?;
            self.folders.remove(&folder);
        }
        overlay.new_folders().try_for_each(|folder| self.make_folder(folder))
    }

    fn relocate(&mut self, from: &Location, to: &Location) -> io::Result<()> {
        self.disturb(from);
        self.disturb(to);
        fs::rename(self.path(from), self.path(to))
    }

    fn disturb(&mut self, at: &Location) {
        if let Location::Path(place) = at {
            self.count.disturbed(place);
        }
    }

    /// What lay there once, and could not be removed, is there no more: nobody shall remove what has come instead.
    fn taken(&mut self, at: Location) -> Location {
        self.unneeded.retain(|unneeded| *unneeded != at);
        at
    }

    fn next_spare(&mut self) -> io::Result<Location> {
        disk::make_folders(&self.spare)?;
        self.spares += 1;
        Ok(Location::Spare(self.spares))
    }

    fn path(&self, at: &Location) -> PathBuf {
        match at {
            Location::Path(place) => below(&self.files.path, place),
            Location::Spare(number) => self.spare.join(number.to_string()),
        }
    }

    fn make_parent(&mut self, place: &str) -> io::Result<()> {
        place.rsplit_once('/').map_or(Ok(()), |(parent, _)| self.make_folder(parent))
    }

    fn make_folder(&mut self, folder: &str) -> io::Result<()> {
        if self.folders.contains(folder) {
            return Ok(());
        }
        disk::make_folders(&below(&self.files.path, folder))?;
        let above = folder.match_indices('/').filter_map(|(at, _)| folder.get(..at));
        self.folders.extend(above.chain([folder]).map(str::to_owned));
        Ok(())
    }

    /// Whether a file cannot be made because something else lies there, or on the way: systems say so in many ways.
    fn is_occupied(&self, place: &str, error: &io::Error) -> bool {
        use io::ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
        let ends = place.match_indices('/').filter_map(|(at, _)| place.get(..at));
        let is_file = |folder: &str| below(&self.files.path, folder).is_file();
        matches!(error.kind(), AlreadyExists | IsADirectory | NotADirectory)
            || matches!(disk::found(&below(&self.files.path, place)), Ok(Some(_)))
            || ends.into_iter().any(is_file)
    }
}

#[cfg(test)]
mod tests;
