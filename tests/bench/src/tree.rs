//! What a contestant left behind: how many files and bytes, so that a fast run that lost files shows.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{At, Result};

/// The files at and below a folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Regular files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Counts the files below `root`. A folder that is not there holds none.
///
/// # Errors
/// When a folder cannot be read.
pub fn size(root: &Path) -> Result<Size> {
    let mut size = Size::default();
    if root.exists() {
        each_file(root, |path| {
            size.files += 1;
            size.bytes += fs::metadata(path).at(path)?.len();
            Ok(())
        })?;
    }
    Ok(size)
}

/// Reads every file below `root` once, so that no contestant pays for a cold page cache.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn warm(root: &Path) -> Result<()> {
    each_file(root, |path| {
        let mut file = fs::File::open(path).at(path)?;
        std::io::copy(&mut file, &mut std::io::sink()).at(path)?;
        Ok(())
    })
}

/// Removes a folder and all below it; that it is not there is fine.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(root: &Path) -> Result<()> {
    match fs::remove_dir_all(root) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).at(root),
        _ => Ok(()),
    }
}

fn each_file(root: &Path, mut visit: impl FnMut(&Path) -> Result<()>) -> Result<()> {
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).at(&folder)? {
            let entry = entry.at(&folder)?;
            let kind = entry.file_type().at(&folder)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                visit(&entry.path())?;
            }
        }
    }
    Ok(())
}
