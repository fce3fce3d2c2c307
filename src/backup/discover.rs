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
//! snapshots below `iMazing.Versions/Versions/<UDID>/<date and time>` beside them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::archive::Zip;
use super::committed;
use super::locate::is_backup;
use super::open::LockedBackup;
use super::tree::{ChildKind, FileTree};

/// How far below a place backups are looked for: a snapshot of iMazing lies four folders deep.
const DEEPEST: usize = 4;

/// The folder in which iMazing keeps snapshots.
const IMAZING_VERSIONS: &str = "iMazing.Versions";

/// A backup that was found.
pub struct Found {
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

/// Finds the backups in these places, newest first. A place that does not exist is no problem.
pub fn find(places: &[PathBuf]) -> (Vec<Found>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for place in places {
        look_into(place, 0, &mut found, &mut problems);
    }
    found.sort_by(|a, b| {
        let age = |found: &Found| (std::cmp::Reverse(found.backup.facts().last_backup), found.path.clone());
        age(a).cmp(&age(b))
    });
    (found, problems)
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

fn look_into(path: &Path, depth: usize, found: &mut Vec<Found>, problems: &mut Vec<Problem>) {
    if path.is_file() {
        return add_zip(path, found, problems);
    }
    let folder = committed::folder(path);
    if is_backup(folder.as_ref()) {
        return add(path, folder, found, problems);
    }
    let children = match fs::read_dir(path).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(children) => children,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => return problems.push(Problem { path: path.to_owned(), why: denied(&error) }),
    };
    for child in children {
        let path = child.path();
        // Followed: people keep backups on other disks behind links and junctions.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if metadata.is_dir() && goes_on(&path, depth) {
            look_into(&path, depth + 1, found, problems);
        } else if metadata.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
        {
            add_zip(&path, found, problems);
        }
    }
}

/// One level deep by itself; deeper only where iMazing keeps its snapshots.
fn goes_on(path: &Path, depth: usize) -> bool {
    let inside_versions = path.components().any(|component| component.as_os_str() == IMAZING_VERSIONS);
    depth == 0 || (inside_versions && depth < DEEPEST)
}

fn add(path: &Path, tree: Arc<dyn FileTree>, found: &mut Vec<Found>, problems: &mut Vec<Problem>) {
    match LockedBackup::open(tree) {
        Ok(backup) => found.push(Found { path: path.to_owned(), backup, is_older: is_older(path) }),
        Err(error) => problems.push(Problem { path: path.to_owned(), why: error.to_string() }),
    }
}

fn add_zip(path: &Path, found: &mut Vec<Found>, problems: &mut Vec<Problem>) {
    if let Ok(super::locate::Located::Backup(backup)) = super::locate::locate(path, None) {
        found.push(Found { path: path.to_owned(), backup: *backup, is_older: is_older(path) });
    } else if Zip::open(path).is_err() {
        problems.push(Problem { path: path.to_owned(), why: "the archive cannot be read".to_owned() });
    }
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
