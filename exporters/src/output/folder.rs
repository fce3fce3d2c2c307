//! A tree of files in a folder. Below the folder that the person named, nothing that stands there already is trusted:
//! no link is followed, and what is replaced is replaced by name, never written through.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::checksums::SHA256SUMS;
use super::error::OutputError;
use super::lock::{Lock, is_held};
use super::safe_name::SafePath;
use super::safe_name::is_temporary;
use super::special_files::refuse_special;
use super::target::IfExists;
use super::temporary::{TempFile, make_folder, make_folders, sweep, system_time};

/// The coarsest clock of a disk in use: FAT counts two seconds.
const CLOCK: Duration = Duration::from_secs(2);

/// How much of two files is compared at a time, in bytes.
const COMPARED: usize = 64 * 1024;

/// A folder that is being filled.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    existing: IfExists,
    /// Folders that are known to be there and to be real.
    made: Mutex<HashSet<SafePath>>,
    /// Keeps a second run out.
    _lock: Lock,
}

/// What most exports put directly into their folder.
pub(super) const OWN: [&str; 4] = ["index.html", "report.json", "report.txt", SHA256SUMS];

/// Marks the temporary files of trees: those of an archive or a single file beside them are other runs' own.
const TAG: &str = "tree-";

impl Folder {
    /// Makes the folder ready: creates it, looks whether it may be used, and sweeps what a killed run left.
    pub(super) fn open(root: &Path, existing: IfExists) -> Result<Self, OutputError> {
        let refused = |e| OutputError::from_io(root, e);
        if fs::metadata(root).is_ok_and(|found| !found.is_dir()) {
            return Err(OutputError::InTheWay { path: root.to_path_buf(), what: "it is no folder" });
        }
        make_folders(root).map_err(refused)?;
        let lock = Lock::of_folder(root)?;
        if existing == IfExists::Refuse && holds_something(root).map_err(refused)? {
            return Err(OutputError::NotEmpty { path: root.to_path_buf() });
        }
        // Before hours of work, not after.
        for own in OWN {
            refuse_special(&root.join(own))?;
        }
        sweep(root, TAG).map_err(refused)?;
        Ok(Self { root: root.to_path_buf(), existing, made: Mutex::default(), _lock: lock })
    }

    /// Where the tree is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Where a path of the tree is.
    pub(super) fn place(&self, path: &SafePath) -> PathBuf {
        path.below(&self.root)
    }

    /// Creates a folder of the tree and those above it. One that is there already is swept of what a killed run left:
    /// only the folders that are written to, as the rest may be a person's whole disk.
    pub(super) fn ensure(&self, folder: &SafePath) -> Result<(), OutputError> {
        // Held until the folder is swept: another thread's files in it would be swept, too.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if folder.is_root() || made.contains(folder) {
            return Ok(());
        }
        for path in folder.down() {
            if !made.contains(&path) {
                ensure_one(&self.place(&path))?;
                made.insert(path.clone());
            }
        }
        Ok(())
    }

    /// Starts a temporary file in a folder of the tree.
    pub(super) fn part(&self, folder: &SafePath) -> Result<TempFile, OutputError> {
        self.ensure(folder)?;
        TempFile::create(&self.place(folder), TAG)
    }

    /// Gives a whole file its name. When bringing up to date, an equal file stays untouched. Says whether it changed.
    pub(super) fn publish(&self, part: TempFile, path: &SafePath, bytes: u64) -> Result<bool, OutputError> {
        if self.has(&part, path, bytes) {
            return Ok(false);
        }
        self.replace(part, path).map(|()| true)
    }

    /// When bringing up to date: whether an equal file has the name already.
    pub(super) fn has(&self, part: &TempFile, path: &SafePath, bytes: u64) -> bool {
        self.is_update() && is_equal(&part.file, &self.place(path), bytes).unwrap_or(false)
    }

    /// Gives a whole file its name, whatever has it.
    pub(super) fn replace(&self, part: TempFile, path: &SafePath) -> Result<(), OutputError> {
        let place = self.place(path);
        self.refuse_special(&place)?;
        part.rename(&place)
    }

    /// Removes a file of the tree, and the folder that held it where nothing else is in it.
    pub(super) fn remove(&self, path: &SafePath) -> Result<(), OutputError> {
        self.ensure(&path.parent())?;
        let place = self.place(path);
        fs::remove_file(&place).map_err(|error| OutputError::from_io(&place, error))?;
        if !path.parent().is_root() {
            // It stays where something is in it.
            _ = fs::remove_dir(self.place(&path.parent()));
        }
        Ok(())
    }

    /// Whether an earlier export is brought up to date.
    pub(super) fn is_update(&self) -> bool {
        self.existing == IfExists::Update
    }

    /// Gives a file of the tree a second place that shares its bytes. Says whether the disk can.
    pub(super) fn repeat(&self, path: &SafePath, again: &SafePath) -> Result<bool, OutputError> {
        self.ensure(&again.parent())?;
        match TempFile::sharing(&self.place(path), &self.place(&again.parent()), TAG)? {
            Some(place) => {
                self.refuse_special(&self.place(again))?;
                place.rename(&self.place(again)).map(|()| true)
            }
            None => Ok(false),
        }
    }

    /// A folder that was empty holds nothing that could be in the way.
    fn refuse_special(&self, place: &Path) -> Result<(), OutputError> {
        if self.existing == IfExists::Refuse { Ok(()) } else { refuse_special(place) }
    }

    /// Whether a file of this length and modification time (seconds since 1970) is there already. Without a time nobody
    /// knows, and the contents are compared instead.
    pub(super) fn is_current(&self, path: &SafePath, len: u64, modified: Option<i64>) -> bool {
        let like = |found: Metadata| {
            found.is_file() && found.len() == len && modified.is_some_and(|modified| is_of(&found, modified))
        };
        // A link among the folders above would lead to somebody else's file.
        self.existing == IfExists::Update
            && self.ensure(&path.parent()).is_ok()
            && fs::symlink_metadata(self.place(path)).is_ok_and(like)
    }

    /// When bringing up to date: whether a plain file is there.
    pub(super) fn is_there(&self, path: &SafePath) -> bool {
        let folder = path.parent();
        let is_known = || self.made.lock().unwrap_or_else(PoisonError::into_inner).contains(&folder);
        // A folder that is not there holds nothing, and is not made for the question.
        self.existing == IfExists::Update
            && (is_known() || self.place(&folder).is_dir() && self.ensure(&folder).is_ok())
            && fs::symlink_metadata(self.place(path)).is_ok_and(|found| found.is_file())
    }

    /// When bringing up to date: whether a plain file of these bytes is there.
    pub(super) fn holds(&self, path: &SafePath, bytes: &[u8]) -> bool {
        let place = self.place(path);
        let same_length = |found: Metadata| found.len() == bytes.len() as u64;
        self.is_there(path)
            && fs::symlink_metadata(&place).is_ok_and(same_length)
            && fs::read(&place).is_ok_and(|there| there == bytes)
    }

    /// Sets the modification time of a folder, in seconds since 1970.
    pub(super) fn set_folder_modified(&self, folder: &SafePath, seconds: i64) -> Result<(), OutputError> {
        let place = self.place(folder);
        filetime::set_file_mtime(&place, filetime::FileTime::from_unix_time(seconds, 0))
            .map_err(|e| OutputError::from_io(&place, e))
    }

    /// Waits until everything written is on the disk.
    pub(super) fn sync(&self) -> Result<(), OutputError> {
        sync_folder(&self.root).map_err(|e| OutputError::from_io(&self.root, e))
    }
}

/// Whether there is anything in a folder but what interrupted runs left.
///
/// # Errors
/// When the folder cannot be read.
pub fn holds_something(root: &Path) -> io::Result<bool> {
    for item in fs::read_dir(root)? {
        if !is_temporary(&item?.file_name().to_string_lossy()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Creates one folder below the root, or makes sure that what stands there is one and sweeps it.
fn ensure_one(place: &Path) -> Result<(), OutputError> {
    let failed = |e| OutputError::from_io(place, e);
    match make_folder(place) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(place).map_err(failed)?;
            if found.is_dir() && is_held(place) {
                return Err(OutputError::Busy { path: place.to_path_buf() });
            }
            if found.is_dir() {
                return sweep(place, TAG).map_err(failed);
            }
            let what =
                if found.is_symlink() { "a link where a folder must be" } else { "a file where a folder must be" };
            Err(OutputError::InTheWay { path: place.to_path_buf(), what })
        }
        Err(e) => Err(failed(e)),
    }
}

/// One sync for everything below `folder`.
#[cfg(target_os = "linux")]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// One sync of all disks: these systems cannot name one.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

/// Each file was synced when it got its name.
#[cfg(not(unix))]
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn is_of(found: &Metadata, modified: i64) -> bool {
    let expected = system_time(modified);
    found.modified().is_ok_and(|time| {
        let apart = time.duration_since(expected).unwrap_or_else(|earlier| earlier.duration());
        apart < CLOCK
    })
}

/// Whether the plain file at `place` holds the same bytes.
fn is_equal(new: &File, place: &Path, bytes: u64) -> io::Result<bool> {
    let found = fs::symlink_metadata(place)?;
    if !found.is_file() || found.len() != bytes {
        return Ok(false);
    }
    let (mut new, mut old) = (new, File::open(place)?);
    io::Seek::rewind(&mut new)?;
    let (mut left, mut right) = (Vec::with_capacity(COMPARED), Vec::with_capacity(COMPARED));
    loop {
        left.clear();
        right.clear();
        new.take(COMPARED as u64).read_to_end(&mut left)?;
        (&mut old).take(COMPARED as u64).read_to_end(&mut right)?;
        if left != right {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
    }
}
