//! Finding the backups on this computer.
//!
//! | system | place |
//! | --- | --- |
//! | macOS | `~/Library/Application Support/MobileSync/Backup` (needs Full Disk Access) |
//! | Windows, iTunes | `%APPDATA%\Apple Computer\MobileSync\Backup` |
//! | Windows, Store iTunes and Apple Devices | `%USERPROFILE%\Apple\MobileSync\Backup` |
//! | Linux | `$XDG_DATA_HOME/corer/backups` |
//!
//! One folder a device, named by its UDID; `<UDID>-YYYYMMDD-HHMMSS` is an older one that was set aside. iMazing keeps
//! snapshots below `iMazing.Versions/Versions/<UDID>/<date and time>` beside them. People keep theirs deeper, and so they
//! are looked for some levels below each place.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::archive::Zip;
use super::archive_kind::{archive_kind, begins_as_zip};
use super::backup_folder::{is_backup, missing_manifest};
use super::committed;
use super::locate::{LocateError, Located, locate};
use super::open::{BackupError, LockedBackup};
use super::tree::{ChildKind, FileTree};

/// How far below a place backups are looked for: a snapshot of iMazing lies four folders deep.
pub const DEEPEST: usize = 4;

/// How many files and folders are looked at in all, those in backups apart.
pub const MOST_ENTRIES: usize = 20_000;

/// How much of a folder is looked at that is not looked into.
const GLANCE: usize = 1_000;

/// How the folders begin in which corer prepares a backup.
const OWN: &str = ".corer-";

/// The folder in which iMazing keeps snapshots.
const IMAZING_VERSIONS: &str = "iMazing.Versions";

/// A backup that was found.
pub struct FoundBackup {
    /// Where it lies: a folder or an archive.
    pub path: PathBuf,
    /// The backup, not unlocked.
    pub backup: LockedBackup,
    /// Whether it is a snapshot or was set aside, so that a newer one of the device exists.
    pub is_older: bool,
}

/// A place that could not be looked into.
#[derive(Debug)]
pub struct Problem {
    /// Where.
    pub path: PathBuf,
    /// Why, in words.
    pub why: String,
    /// Whether the system does not allow it.
    pub is_denied: bool,
}

/// The places in which backups lie on this computer, whether they exist or not.
pub fn standard_places() -> Vec<PathBuf> {
    let home = etcetera::home_dir().ok();
    let below_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let from_env = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let places = if cfg!(target_os = "macos") {
        vec![below_home("Library/Application Support/MobileSync/Backup")]
    } else if cfg!(windows) {
        vec![
            from_env("APPDATA").map(|folder| folder.join("Apple Computer/MobileSync/Backup")),
            below_home("Apple/MobileSync/Backup"),
        ]
    } else {
        let data = from_env("XDG_DATA_HOME").or_else(|| below_home(".local/share"));
        vec![data.map(|folder| folder.join("corer/backups"))]
    };
    places.into_iter().flatten().collect()
}

/// What a search found.
#[derive(Default)]
pub struct Search {
    /// The backups, newest first.
    pub found: Vec<FoundBackup>,
    /// Where nobody could look, and what is there and cannot be opened.
    pub problems: Vec<Problem>,
    /// Where it stopped looking.
    pub stops: Vec<Stop>,
    /// Archives that are not looked into, and of which kind they are: there may be backups in them.
    pub packed: Vec<(PathBuf, &'static str)>,
    /// How many entries may still be looked at.
    left: usize,
}

/// Where a search stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// A folder that was not looked into.
    pub path: PathBuf,
    /// Which bound it met.
    pub bound: Bound,
}

/// The bounds of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// [`DEEPEST`].
    Levels,
    /// [`MOST_ENTRIES`].
    Entries,
}

/// Finds the backups in these places and the folders below. A place that does not exist is no problem. Links are followed
/// to a place, and nowhere else.
pub fn find(places: &[PathBuf]) -> Search {
    let mut search = Search { left: MOST_ENTRIES, ..Search::default() };
    for place in places {
        search.look_into(place);
    }
    search.found.sort_by(|a, b| {
        let age = |found: &FoundBackup| (std::cmp::Reverse(found.backup.facts().last_backup), found.path.clone());
        age(a).cmp(&age(b))
    });
    // A place may lie in another one.
    let mut seen = HashSet::new();
    let mut is_new = |path: &Path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned()));
    search.found.retain(|found| is_new(&found.path));
    search.problems.retain(|problem| is_new(&problem.path));
    search
}

/// How many bytes a backup takes on this disk.
pub fn stored_size(tree: &dyn FileTree) -> u64 {
    let sizes_in = |folder: &str| -> u64 {
        let children = tree.list(folder).unwrap_or_default().into_iter();
        // Saturating: an archive may claim any size.
        children.map(|child| if let ChildKind::File(size) = child.kind { size } else { 0 }).fold(0, u64::saturating_add)
    };
    let children = tree.list("").unwrap_or_default();
    let folders: Vec<_> = children.iter().filter(|child| child.kind == ChildKind::Folder).collect();
    let below = folders.par_iter().map(|folder| sizes_in(&folder.name)).reduce(|| 0, u64::saturating_add);
    sizes_in("").saturating_add(below)
}

impl Search {
    /// Looks into a place level by level, so that what lies high is found however much lies below.
    fn look_into(&mut self, place: &Path) {
        if place.is_file() {
            return self.add_zip(place);
        }
        let mut level = vec![place.to_owned()];
        for depth in 0..=DEEPEST {
            let mut below = Vec::new();
            for folder in level {
                if self.is_settled(&folder) {
                    continue;
                }
                if depth < DEEPEST {
                    below.extend(self.children(&folder));
                } else if has_folders(&folder) {
                    self.stop(place, folder, Bound::Levels);
                }
            }
            level = below;
        }
    }

    /// Takes a folder that is a backup, or was one: nothing is looked for in it.
    fn is_settled(&mut self, path: &Path) -> bool {
        let folder = committed::folder(path);
        if is_backup(folder.as_ref()) {
            self.add(path, folder);
            return true;
        }
        let missing = missing_manifest(folder.as_ref());
        if let Some(manifest) = missing {
            self.fail(path, without(manifest));
        }
        missing.is_some()
    }

    /// The folders in a folder. Archives in it are taken at once.
    fn children(&mut self, path: &Path) -> Vec<PathBuf> {
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                self.deny(path, &error);
                return Vec::new();
            }
        };
        let (mut folders, mut archives) = (Vec::new(), Vec::new());
        for entry in entries {
            if self.left == 0 {
                self.stop(path, path.to_owned(), Bound::Entries);
                break;
            }
            self.left -= 1;
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.deny(path, &error);
                    break;
                }
            };
            let is_own = entry.file_name().to_string_lossy().starts_with(OWN);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !is_own => folders.push(entry.path()),
                Ok(kind) if kind.is_file() && is_called_archive(&entry.path()) => archives.push(entry.path()),
                _ => {}
            }
        }
        folders.sort();
        archives.sort();
        archives.iter().for_each(|archive| self.add_archive(archive));
        folders
    }

    fn stop(&mut self, place: &Path, path: PathBuf, bound: Bound) {
        let is_known = |stop: &Stop| stop.bound == bound && (bound == Bound::Entries || stop.path.starts_with(place));
        if !self.stops.iter().any(is_known) {
            self.stops.push(Stop { path, bound });
        }
    }

    fn deny(&mut self, path: &Path, error: &io::Error) {
        let is_denied = error.kind() == io::ErrorKind::PermissionDenied;
        self.problems.push(Problem { path: path.to_owned(), why: denied(error), is_denied });
    }

    fn add(&mut self, path: &Path, tree: Arc<dyn FileTree>) {
        match LockedBackup::open(tree) {
            Ok(backup) => self.found.push(FoundBackup { path: path.to_owned(), backup, is_older: is_older(path) }),
            Err(BackupError::Io { error, .. }) => self.deny(path, &error),
            Err(error) => self.fail(path, error.to_string()),
        }
    }

    fn fail(&mut self, path: &Path, why: String) {
        self.problems.push(Problem { path: path.to_owned(), why, is_denied: false });
    }

    /// Takes a file that is called an archive. Whatever else it is lies here as any file does.
    fn add_archive(&mut self, path: &Path) {
        match Content::of(path) {
            Ok(Content::Zip) => self.add_zip(path),
            Ok(Content::Packed(kind)) => self.packed.push((path.to_owned(), kind)),
            Ok(Content::Other) => {}
            Err(error) => self.deny(path, &error),
        }
    }

    fn add_zip(&mut self, path: &Path) {
        let why = match locate(path, None) {
            Ok(Located::Backup(backup)) => {
                return self.found.push(FoundBackup {
                    path: path.to_owned(),
                    backup: *backup,
                    is_older: is_older(path),
                });
            }
            Err(LocateError::Io { error, .. }) => return self.deny(path, &error),
            Err(LocateError::Packed { kind, .. }) => format!("it is an archive ({kind}): unpack it first"),
            Err(LocateError::NoManifest { manifest, .. }) => without(manifest),
            Ok(Located::Files(_)) => return,
            Err(_) if Zip::open(path).is_ok() => return,
            Err(_) if begins_as_zip(path).unwrap_or(true) => "the archive cannot be read".to_owned(),
            Err(_) => "it is neither a folder nor an archive".to_owned(),
        };
        self.fail(path, why);
    }
}

fn without(manifest: &str) -> String {
    format!("it is a backup without its manifest: {manifest} is missing")
}

/// What a file is, whatever it is called.
enum Content {
    Zip,
    Packed(&'static str),
    Other,
}

impl Content {
    fn of(path: &Path) -> io::Result<Self> {
        if begins_as_zip(path)? {
            return Ok(Self::Zip);
        }
        Ok(archive_kind(path)?.map_or(Self::Other, Self::Packed))
    }
}

/// How archives are called. Only what is called so is opened: a folder may hold any number of other files.
const ARCHIVES: [&str; 14] =
    ["zip", "7z", "rar", "tar", "gz", "tgz", "xz", "txz", "bz2", "tbz", "zst", "lz4", "xar", "dmg"];

fn is_called_archive(path: &Path) -> bool {
    let is_one = |extension: &std::ffi::OsStr| ARCHIVES.iter().any(|known| extension.eq_ignore_ascii_case(known));
    path.extension().is_some_and(is_one)
}

/// Whether there are folders in a folder, as far as a glance tells.
fn has_folders(path: &Path) -> bool {
    let is_folder =
        |entry: io::Result<fs::DirEntry>| entry.is_ok_and(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    fs::read_dir(path).is_ok_and(|entries| entries.take(GLANCE).any(is_folder))
}

/// A snapshot of iMazing, or a folder named `<UDID>-YYYYMMDD-HHMMSS`.
fn is_older(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut parts = name.rsplit('-');
    let is_number = |part: Option<&str>, length| {
        part.is_some_and(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_dated = is_number(parts.next(), 6) && is_number(parts.next(), 8) && parts.next().is_some();
    is_dated || path.components().any(|component| component.as_os_str() == IMAZING_VERSIONS)
}

/// Says what to do where the system keeps a folder closed.
fn denied(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied if cfg!(target_os = "macos") => {
            "macOS does not let this program read it: allow it in System Settings, Privacy & Security, Full Disk Access"
                .to_owned()
        }
        io::ErrorKind::PermissionDenied => format!("it may not be read: {error}"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_backups_are_known_by_their_place() {
        assert!(is_older(Path::new("00008101-000A1B2C3D4E5F60-20240131-101500")));
        assert!(is_older(Path::new("x/iMazing.Versions/Versions/0000/2024-01-31")));
        assert!(!is_older(Path::new("00008101-000A1B2C3D4E5F60")));
        assert!(!is_older(Path::new("20240131-101500")));
    }
}
