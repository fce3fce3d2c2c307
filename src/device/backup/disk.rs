//! What the staging of a backup needs from the file system: never follow a link, and know when bytes are safe.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The deepest folders that are walked through.
const DEEPEST: usize = 64;

/// What lies at a path below a folder. `None` where there is nothing, or a link or file stands on the way.
pub fn metadata_below(root: &Path, relative: &str) -> io::Result<Option<Metadata>> {
    let mut whole = root.to_owned();
    let mut names = relative.split('/').filter(|name| !name.is_empty()).peekable();
    if names.peek().is_none() {
        return found(&whole);
    }
    while let Some(name) = names.next() {
        whole.push(name);
        let Some(metadata) = found(&whole)? else { return Ok(None) };
        if names.peek().is_none() {
            return Ok(Some(metadata));
        }
        if !metadata.is_dir() {
            return Ok(None);
        }
    }
    Ok(None)
}

/// What lies at a path; `None` where there is nothing.
pub fn found(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an error says that there is nothing of that name.
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A folder that is held open: what is done below it need not be looked up from the root of the disk each time.
pub struct HeldFolder {
    /// Where it lies.
    pub path: PathBuf,
    #[cfg(unix)]
    folder: File,
}

impl HeldFolder {
    /// Makes the folder, empty.
    pub fn make(path: &Path) -> io::Result<Self> {
        remove_any(path)?;
        make_folders(path)?;
        Ok(Self {
            path: path.to_owned(),
            #[cfg(unix)]
            folder: File::open(path)?,
        })
    }

    /// Makes a new file in it for the owner alone.
    pub fn create_new(&self, relative: &str) -> io::Result<File> {
        #[cfg(unix)]
        {
            use rustix::fs::{Mode, OFlags, openat};
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
            Ok(File::from(openat(&self.folder, relative, flags, Mode::RUSR | Mode::WUSR)?))
        }
        #[cfg(not(unix))]
        create_new(&below(&self.path, relative))
    }
}

/// Opens a regular file for reading.
pub fn open(path: &Path) -> io::Result<File> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    }
    options.open(path)
}

/// Makes a new file for the owner alone.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Makes a folder for the owner alone, and those above it as they come.
pub fn make_folders(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Closes an existing folder to everybody but its owner, where the file system knows owners.
pub fn close_to_others(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // That of a memory card, say, does not.
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Removes a file, a link, or a folder with everything in it. What is not there needs nothing.
pub fn remove_any(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(metadata) => remove_file(path, &metadata),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if is_absent(&error) => Ok(()),
        other => other,
    }
}

/// Removes a file. Windows keeps those that may not be written.
fn remove_file(path: &Path, metadata: &Metadata) -> io::Result<()> {
    #[cfg(windows)]
    if metadata.permissions().readonly() {
        let mut permissions = metadata.permissions();
        #[allow(clippy::permissions_set_readonly_false, reason = "Windows alone: it is an attribute there")]
        permissions.set_readonly(false);
        fs::set_permissions(path, permissions)?;
    }
    #[cfg(not(windows))]
    let _ = metadata;
    fs::remove_file(path)
}

/// Calls `visit` for everything below a folder: a folder's content first, then the folder. Links are not followed.
pub fn walk(root: &Path, relative: &str, visit: &mut dyn FnMut(&str, &Metadata) -> io::Result<()>) -> io::Result<()> {
    walk_at(root, relative, 0, visit)
}

fn walk_at(
    root: &Path,
    relative: &str,
    depth: usize,
    visit: &mut dyn FnMut(&str, &Metadata) -> io::Result<()>,
) -> io::Result<()> {
    let path = below(root, relative);
    let metadata = fs::symlink_metadata(&path)?;
    if metadata.is_dir() {
        if depth > DEEPEST {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        let mut names: Vec<_> = fs::read_dir(&path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<_>>()?;
        names.sort();
        for name in names {
            let name = name.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
            walk_at(root, &joined(relative, name), depth + 1, visit)?;
        }
    }
    visit(relative, &metadata)
}

/// A path below a folder.
pub fn below(root: &Path, relative: &str) -> PathBuf {
    if relative.is_empty() { root.to_owned() } else { root.join(relative) }
}

/// A relative path and a name.
pub fn joined(relative: &str, name: &str) -> String {
    if relative.is_empty() { name.to_owned() } else { format!("{relative}/{name}") }
}

/// Whether files can be moved from one folder to the other, as far as that can be told: not to a disk, or a subvolume, that
/// is mounted there.
pub fn are_on_one_disk(one: &Path, other: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok(fs::metadata(one)?.dev() == fs::metadata(other)?.dev())
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        Ok(true)
    }
}

/// Waits until everything below a folder is safe on the disk.
pub fn sync_below(folder: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        // One call for all of them: a hundred thousand single ones take minutes.
        rustix::fs::syncfs(File::open(folder)?)?;
        Ok(())
    }
    #[cfg(not(target_os = "linux"))]
    {
        walk(folder, "", &mut |relative, metadata| match metadata {
            file if file.is_file() => OpenOptions::new().write(true).open(below(folder, relative))?.sync_all(),
            directory if directory.is_dir() => sync_folder(&below(folder, relative)),
            _ => Ok(()),
        })
    }
}

/// Waits until the names in a folder are safe on the disk. Windows writes them through by itself, and some file systems
/// (shares of other computers) cannot be asked.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match File::open(folder)?.sync_all() {
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            return Err(error);
        }
        _ => {}
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_mounted_is_another_disk() {
        let folder = tempfile::tempdir().unwrap();
        assert!(are_on_one_disk(folder.path(), folder.path()).unwrap());
        assert!(!are_on_one_disk(Path::new("/"), Path::new("/proc")).unwrap());
    }
}
