//! From two folders to one: how a new backup comes into place.
//!
//! 1. The new files are safe on the disk.
//! 2. The journal, which lists what is to be removed, is written, made safe, and gets its name. **From here on the new
//!    backup counts**: readers see it ([`committed`]), and what is cut off is finished by the next run. Before, nothing
//!    of the old backup has changed, and the next run throws the new files away.
//! 3. What the device removed is removed; the new files are moved into place: those of a first backup all at once, with
//!    the folder that they are in.
//! 4. That is made safe, and the journal is removed.
//!
//! Each part of step 3 may happen twice: what is removed is never among what is moved.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::disk::{self, below, joined};
use super::snapshot::Snapshot;
use super::staged_files::SPARE;
use crate::backup::committed::{FILES, JOURNAL, staging_of};
use crate::device::error::DeviceError;

const HEAD: &str = "corer journal 1";
const FILE: &str = "file ";
const FOLDER: &str = "folder ";
const END: &str = "end";
const PART: &str = "journal.part";
const LOCK: &str = "lock";

/// A backup's folder and the one beside it, held against other runs.
pub struct Workspace {
    /// The backup.
    pub backup: PathBuf,
    /// The folder beside it.
    staging: PathBuf,
    _lock: File,
}

/// What the last run had left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leftover {
    /// Nothing.
    Nothing,
    /// Files of a backup that was not completed: thrown away.
    Unfinished,
    /// A complete backup that was not all in place: now it is.
    Finished,
}

impl Workspace {
    /// Takes a backup's folder, which need not exist, and clears up after the last run.
    ///
    /// # Errors
    /// [`DeviceError::Busy`] while another run works there.
    pub fn take(backup: &Path) -> Result<(Self, Leftover), DeviceError> {
        let failed = |error| DeviceError::io(format!("{} cannot be prepared", backup.display()), error);
        let staging = staging_of(backup).map_err(failed)?;
        disk::make_folders(&staging).map_err(failed)?;
        if disk::found(&staging.join(LOCK)).map_err(failed)?.is_some_and(|found| !found.is_file()) {
            let what = format!("{} is in the way: it is no file", staging.join(LOCK).display());
            return Err(DeviceError::io(what, io::ErrorKind::AlreadyExists.into()));
        }
        let lock = File::options().create(true).append(true).open(staging.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(DeviceError::Busy(format!("Another run of corer is working with {}.", backup.display())));
            }
            // A share of another computer may have no locks.
            Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(fs::TryLockError::Error(error)) => return Err(failed(error)),
        }
        let backup = backup.canonicalize().unwrap_or_else(|_| backup.to_owned());
        // Else the journal would be written and could never be obeyed.
        if backup.is_dir() && !disk::are_on_one_disk(&staging, &backup).map_err(failed)? {
            let what = format!(
                "{} is a disk of its own: files cannot be moved there from beside it. Choose a folder in it (--to)",
                backup.display()
            );
            return Err(DeviceError::io(what, io::ErrorKind::CrossesDevices.into()));
        }
        let place = Self { backup, staging, _lock: lock };
        let left = place.clear_up().map_err(|error| DeviceError::io("An earlier backup cannot be finished", error))?;
        Ok((place, left))
    }

    /// The folder for the new files.
    pub fn files(&self) -> PathBuf {
        self.staging.join(FILES)
    }

    /// A file of corer's own beside the new files.
    pub fn own(&self, name: &str) -> PathBuf {
        self.staging.join(name)
    }

    /// Finishes what counts and throws away what does not.
    fn clear_up(&self) -> io::Result<Leftover> {
        let journal = self.staging.join(JOURNAL);
        if journal.is_file() {
            self.apply(&journal, false)?;
            return Ok(Leftover::Finished);
        }
        disk::remove_any(&self.staging.join(PART))?;
        disk::remove_any(&self.staging.join(SPARE))?;
        let had_files = fs::read_dir(self.files()).is_ok_and(|mut entries| entries.next().is_some());
        disk::remove_any(&self.files())?;
        Ok(if had_files { Leftover::Unfinished } else { Leftover::Nothing })
    }

    /// Throws the new files away.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn roll_back(&self) -> io::Result<()> {
        self.clear_up().map(|_| ())
    }

    /// Makes the new files count and puts them into place.
    ///
    /// # Errors
    /// What the operating system says. Whether the new backup counts shows in whether there is a journal.
    pub fn commit(&self, snapshot: &Snapshot) -> io::Result<()> {
        disk::sync_below(&self.files())?;
        let is_first = disk::found(&self.backup)?.is_none();
        // There before the journal is: a reader looks for a backup where its folder is.
        disk::make_folders(&self.backup)?;
        self.sync_above()?;
        let part = self.staging.join(PART);
        self.write_journal(&part, snapshot)?;
        let journal = self.staging.join(JOURNAL);
        fs::rename(part, &journal)?;
        disk::sync_folder(&self.staging)?;
        self.apply(&journal, is_first)
    }

    /// Makes the name of the backup's folder safe.
    fn sync_above(&self) -> io::Result<()> {
        self.backup.parent().map_or(Ok(()), disk::sync_folder)
    }

    fn write_journal(&self, part: &Path, snapshot: &Snapshot) -> io::Result<()> {
        disk::remove_any(part)?;
        let mut out = BufWriter::new(disk::create_new(part)?);
        writeln!(out, "{HEAD}")?;
        for hidden in snapshot.hidden() {
            if disk::metadata_below(&self.backup, hidden)?.is_none() {
                continue;
            }
            disk::walk(&self.backup, hidden, &mut |path, metadata| {
                // A name with a line end in it is none that corer or a device has given.
                match metadata.is_dir() {
                    _ if path.contains('\n') || self.is_new(path, metadata.is_dir())? => Ok(()),
                    true => writeln!(out, "{FOLDER}{path}"),
                    false => writeln!(out, "{FILE}{path}"),
                }
            })?;
        }
        writeln!(out, "{END}")?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }

    /// Whether there is a new file, or a new folder, of that path: it comes to lie there, and may be there already when the
    /// journal is obeyed once more.
    fn is_new(&self, relative: &str, is_folder: bool) -> io::Result<bool> {
        Ok(disk::metadata_below(&self.files(), relative)?.is_some_and(|new| new.is_dir() == is_folder))
    }

    /// Puts into place what counts. `is_first`: the folder of the backup was made for it, and is empty. Most systems let
    /// another take its place, in one step; a folder that a person made stays.
    fn apply(&self, journal: &Path, is_first: bool) -> io::Result<()> {
        self.remove_listed(journal)?;
        let files = self.files();
        let is_done = is_first && fs::rename(&files, &self.backup).is_ok();
        if !is_done && files.is_dir() {
            move_into_place(&files, &self.backup, "")?;
        }
        disk::close_to_others(&self.backup);
        disk::sync_below(&self.backup)?;
        self.sync_above()?;
        fs::remove_file(journal)?;
        disk::sync_folder(&self.staging)?;
        disk::remove_any(&files)
    }

    fn remove_listed(&self, journal: &Path) -> io::Result<()> {
        let mut lines = BufReader::new(File::open(journal)?).lines();
        if lines.next().transpose()?.as_deref() != Some(HEAD) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the journal is not one of this program"));
        }
        for line in lines {
            let line = line?;
            if line == END {
                return Ok(());
            }
            self.remove_one(&line)?;
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "the journal is cut off"))
    }

    /// Removes a file, or a folder that is empty by now. Where a line was obeyed before, a new file may lie in the place of
    /// an old folder, or a new folder in that of an old file: it stays.
    fn remove_one(&self, line: &str) -> io::Result<()> {
        let (is_folder, relative) = match (line.strip_prefix(FOLDER), line.strip_prefix(FILE)) {
            (Some(relative), _) => (true, relative),
            (_, Some(relative)) => (false, relative),
            _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "the journal has a line that makes no sense")),
        };
        // A backslash or a colon would lead elsewhere on some systems.
        if relative.contains(['\\', ':']) || relative.split('/').any(|name| matches!(name, "" | "." | "..")) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the journal names a place outside of the backup"));
        }
        let path = below(&self.backup, relative);
        match disk::metadata_below(&self.backup, relative)? {
            Some(there) if there.is_dir() != is_folder => Ok(()),
            Some(_) if is_folder => match fs::remove_dir(path) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
                other => other,
            },
            Some(_) => disk::remove_any(&path),
            None => Ok(()),
        }
    }
}

/// Moves everything in the new files to its place in the backup.
fn move_into_place(new: &Path, old: &Path, relative: &str) -> io::Result<()> {
    let target = below(old, relative);
    match fs::symlink_metadata(&target) {
        // The backup itself may be a link to another disk: it was looked up. Nothing in it is one.
        Ok(there) if there.is_dir() => {}
        Ok(_) if !relative.is_empty() => {
            disk::remove_any(&target)?;
            disk::make_folders(&target)?;
        }
        _ => disk::make_folders(&target)?,
    }
    for entry in fs::read_dir(below(new, relative))? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
        let inner = joined(relative, name);
        if entry.file_type()?.is_dir() {
            // A folder that is new altogether takes one step, however much is in it.
            let (from, to) = (below(new, &inner), below(old, &inner));
            if disk::found(&to)?.is_some() || fs::rename(from, to).is_err() {
                move_into_place(new, old, &inner)?;
            }
        } else {
            move_file(&below(new, &inner), &below(old, &inner))?;
        }
    }
    Ok(())
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::IsADirectory || to.is_dir() => {
            disk::remove_any(to)?;
            fs::rename(from, to)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
