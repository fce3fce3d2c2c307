//! A backup whose new files are still being put into place.
//!
//! corer makes a backup in a folder beside it and then moves the files into place. A journal in that folder says that
//! the new backup is complete and counts: from then on a reader looks for each file there first and in the backup second,
//! and sees all of the new backup, whether the moving goes on, was cut off, or comes to its end while it looks.
//!
//! | in `.corer-<name>` beside the backup `<name>` | |
//! | --- | --- |
//! | `files/` | the new files, laid out as in the backup |
//! | `journal` | there once the new backup is complete |

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bytes::ReadAt;
use super::tree::{Child, FileTree, Folder};

/// The folder of the new files.
pub const FILES: &str = "files";
/// The file that says that they count.
pub const JOURNAL: &str = "journal";

/// The folder in which the next backup is prepared: beside the backup itself, wherever links lead.
///
/// # Errors
/// When the folder above it cannot be found, and for a path without a name.
pub fn staging_of(backup: &Path) -> io::Result<PathBuf> {
    let real = match backup.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = backup.file_name().ok_or(io::ErrorKind::InvalidInput)?;
            let above = backup.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            above.canonicalize()?.join(name)
        }
        Err(error) => return Err(error),
    };
    let name = real.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut staging = std::ffi::OsString::from(".corer-");
    staging.push(name);
    Ok(real.with_file_name(staging))
}

/// A folder as a reader should see it.
pub fn folder(path: impl Into<PathBuf>) -> Arc<dyn FileTree> {
    let path = path.into();
    let staging = staging_of(&path).ok().filter(|staging| staging.join(JOURNAL).is_file());
    match staging {
        None => Arc::new(Folder::new(path)),
        Some(staging) => Arc::new(Both { new: Folder::new(staging.join(FILES)), old: Folder::new(path) }),
    }
}

/// Files that are looked for in one folder first, then in another.
struct Both {
    new: Folder,
    old: Folder,
}

impl FileTree for Both {
    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        match self.new.open(path) {
            // Moved into place by now, or one of the files that did not change.
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.old.open(path),
            other => other,
        }
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        self.new.size_of(path).or_else(|| self.old.size_of(path))
    }

    fn look_for(&self, path: &str) -> io::Result<Option<u64>> {
        match self.new.look_for(path)? {
            None => self.old.look_for(path),
            size => Ok(size),
        }
    }

    fn child(&self, path: &str) -> Option<Child> {
        self.new.child(path).or_else(|| self.old.child(path))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Child>> {
        let mut children = self.new.list(folder)?;
        for child in self.old.list(folder)? {
            if children.iter().all(|new| new.name != child.name) {
                children.push(child);
            }
        }
        children.sort();
        Ok(children)
    }

    fn location(&self) -> &Path {
        self.old.location()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn new_files_count_once_there_is_a_journal() {
        let root = tempfile::tempdir().unwrap();
        let backup = root.path().join("0000");
        let staging = staging_of(&backup).unwrap();
        assert_eq!(staging.file_name().unwrap(), ".corer-0000");
        fs::create_dir_all(backup.join("ab")).unwrap();
        fs::create_dir_all(staging.join(FILES).join("ab")).unwrap();
        fs::write(backup.join("ab/old"), "old").unwrap();
        fs::write(backup.join("ab/both"), "old").unwrap();
        fs::write(staging.join(FILES).join("ab/both"), "newer").unwrap();
        assert_eq!(folder(&backup).size_of("ab/both"), Some(3), "not before");
        fs::write(staging.join(JOURNAL), "").unwrap();
        let tree = folder(&backup);
        assert_eq!((tree.size_of("ab/both"), tree.size_of("ab/old")), (Some(5), Some(3)));
        assert_eq!(tree.list("ab").unwrap().len(), 2);
        fs::rename(staging.join(FILES).join("ab/both"), backup.join("ab/both")).unwrap();
        assert_eq!(tree.open("ab/both").unwrap().size(), 5, "while it is moved");
    }
}
