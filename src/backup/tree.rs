//! The files of a backup as they lie on this computer: in a folder or in a zip archive.
//!
//! Paths inside are relative, with `/`, and made by corer itself or by a listing; nothing that a manifest says is used
//! as a path.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use corer_schemas::Skipped;

use super::bytes::{FileBytes, ReadAt};
use super::out_of_reach::is_out_of_reach;

/// A folder, or an archive that is read as one.
pub trait FileTree: Send + Sync {
    /// Opens a regular file. Links are not followed.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when there is no such file, [`io::ErrorKind::InvalidInput`] when it is no regular
    /// file, else what the operating system or the archive says.
    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>>;

    /// The size of a regular file as it is stored; `None` when there is no such file.
    fn size_of(&self, path: &str) -> Option<u64>;

    /// The same, for who must tell "not there" from "nobody could look".
    ///
    /// # Errors
    /// What the operating system says, where it does not say that there is no such file.
    fn look_for(&self, path: &str) -> io::Result<Option<u64>> {
        Ok(self.size_of(path))
    }

    /// What lies at a path, whatever it is; `None` when nothing does.
    fn child(&self, path: &str) -> Option<Child> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.list(folder).ok()?.into_iter().find(|child| child.name == name)
    }

    /// What lies directly in a folder (`""` is the tree itself), ordered by name. A folder that is not there is empty.
    ///
    /// # Errors
    /// What the operating system says.
    fn list(&self, folder: &str) -> io::Result<Vec<Child>>;

    /// What cannot be part of the tree, though it is there.
    fn left_out(&self) -> Vec<Skipped> {
        Vec::new()
    }

    /// Where the tree is, for messages.
    fn location(&self) -> &Path;
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Child {
    /// Its name, as far as it is text.
    pub name: String,
    /// What it is.
    pub kind: ChildKind,
    /// Last modification, in seconds since 1970 UTC, where it is known.
    pub modified: Option<i64>,
}

/// What lies in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChildKind {
    /// A regular file of this size in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A link, a pipe, a device: not read.
    Other,
    /// Its name is no text, so that nobody can ask for it.
    Nameless,
}

/// A folder on disk.
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Takes a folder. The folder itself may be a link: the person named it.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The path on disk, unless a folder on the way to it is a link that leads elsewhere.
    fn resolve(&self, path: &str) -> io::Result<PathBuf> {
        let mut whole = self.root.clone();
        let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
        while let Some(segment) = segments.next() {
            // A name may hold what another system takes for a path: `..\\..`, `C:\\x`.
            if !is_plain_name(segment) {
                return Err(io::ErrorKind::NotFound.into());
            }
            whole.push(segment);
            if segments.peek().is_some() && !fs::symlink_metadata(&whole)?.is_dir() {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "a link or file stands where a folder should"));
            }
        }
        Ok(whole)
    }
}

impl FileTree for Folder {
    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        let path = self.resolve(path)?;
        // Asked before opening, because opening a pipe would wait for a writer.
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file (a link is not followed)"));
        }
        Ok(Arc::new(FileBytes::new(open_without_following(&path)?)?))
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        let metadata = fs::symlink_metadata(self.resolve(path).ok()?).ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    fn look_for(&self, path: &str) -> io::Result<Option<u64>> {
        match self.resolve(path).and_then(fs::symlink_metadata) {
            Ok(metadata) => Ok(metadata.is_file().then_some(metadata.len())),
            Err(error) if is_out_of_reach(&error) => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn child(&self, path: &str) -> Option<Child> {
        let metadata = fs::symlink_metadata(self.resolve(path).ok()?).ok()?;
        Some(child(name_of(path), &metadata))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Child>> {
        let entries = match self.resolve(folder).and_then(fs::read_dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut children = Vec::new();
        for entry in entries {
            let entry = entry?;
            children.push(match entry.file_name().into_string() {
                // Gone since the folder was read.
                Ok(name) => match entry.metadata() {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    metadata => child(name, &metadata?),
                },
                Err(name) => {
                    Child { name: name.to_string_lossy().into_owned(), kind: ChildKind::Nameless, modified: None }
                }
            });
        }
        children.sort();
        Ok(children)
    }

    fn location(&self) -> &Path {
        &self.root
    }
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

fn is_plain_name(segment: &str) -> bool {
    let mut components = Path::new(segment).components();
    matches!((components.next(), components.next()), (Some(Component::Normal(_)), None))
}

fn child(name: String, metadata: &fs::Metadata) -> Child {
    let kind = match metadata {
        file if file.is_file() => ChildKind::File(file.len()),
        folder if folder.is_dir() => ChildKind::Folder,
        _ => ChildKind::Other,
    };
    Child { name, kind, modified: metadata.modified().ok().and_then(unix_seconds) }
}

fn unix_seconds(time: std::time::SystemTime) -> Option<i64> {
    match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).ok(),
        Err(before) => i64::try_from(before.duration().as_secs()).ok().map(|seconds| -seconds),
    }
}

#[cfg(unix)]
fn open_without_following(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NOFOLLOW.bits();
    OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_following(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn links_are_not_followed_inside_the_tree() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        let inside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("folder")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("secret"), inside.path().join("file")).unwrap();
        let tree = Folder::new(inside.path());
        assert!(tree.open("file").is_err());
        assert!(tree.open("folder/secret").is_err());
        assert!(tree.open("../secret").is_err());
        assert_eq!((tree.size_of("file"), tree.size_of("folder/secret")), (None, None));
    }
}
