//! A file under a temporary name beside its final one: it gets its name only when it is complete, and is gone when it is
//! dropped before. What a killed run leaves is known by its name and swept by the next.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::error::OutputError;
use super::safe_name::is_temporary;
use super::unique_names::hex;

/// How often a temporary name that is taken is replaced by the next.
const ATTEMPTS: u32 = 1_000;

/// What the name of the file ends in that holds the lock of an output.
pub(super) const LOCK_END: &str = "lock.part";

/// Numbers the temporary files of this process.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A temporary file, open for reading and writing, removed on drop.
#[derive(Debug)]
pub(super) struct TempFile {
    /// The open file.
    pub(super) file: File,
    place: TempPath,
}

/// The place of a temporary file, removed on drop.
#[derive(Debug)]
pub(super) struct TempPath {
    path: PathBuf,
    keep: bool,
}

impl TempFile {
    /// Creates a temporary file in `folder`, readable by the owner alone. `tag` becomes part of its name.
    pub(super) fn create(folder: &Path, tag: &str) -> Result<Self, OutputError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let (path, file) = first_free(folder, tag, |path| options.open(path))?;
        Ok(Self { file, place: TempPath { path, keep: false } })
    }

    /// Makes a temporary name in `folder` for the bytes of a file of the same tree: a clone where the disk has them, else
    /// a hard link. `None` where the disk has neither.
    pub(super) fn sharing(original: &Path, folder: &Path, tag: &str) -> Result<Option<TempPath>, OutputError> {
        if let Some(clone) = clone_of(original, folder, tag) {
            return Ok(Some(clone));
        }
        let linked = first_free(folder, tag, |path| fs::hard_link(original, path));
        Ok(linked.ok().map(|(path, ())| TempPath { path, keep: false }))
    }

    /// Where it is for now.
    pub(super) fn path(&self) -> &Path {
        &self.place.path
    }

    /// Sets the modification time, in seconds since 1970, through the open handle.
    pub(super) fn set_modified(&self, seconds: i64) -> Result<(), OutputError> {
        let times = FileTimes::new().set_modified(system_time(seconds));
        self.file.set_times(times).map_err(|e| OutputError::from_io(self.path(), e))
    }

    /// Appends the whole content of `plain` without leading it through this program: by a reflink where the disk has them,
    /// else by the kernel. Linux does both with the same call. Gives the number of bytes.
    pub(super) fn append(&mut self, plain: &File) -> io::Result<u64> {
        #[cfg(target_os = "macos")]
        if let Some(len) = self.become_clone(plain) {
            return Ok(len);
        }
        let mut plain = plain;
        plain.rewind()?;
        io::copy(&mut plain, &mut self.file)
    }

    /// Puts a clone of `plain` in the place of this file, which must be empty. `None` where the disk cannot.
    #[cfg(target_os = "macos")]
    fn become_clone(&mut self, plain: &File) -> Option<u64> {
        use std::os::unix::fs::PermissionsExt;
        if self.file.metadata().ok()?.len() > 0 {
            return None;
        }
        let clone = |path: &Path| -> io::Result<()> {
            Ok(rustix::fs::fclonefileat(plain, rustix::fs::CWD, path, rustix::fs::CloneFlags::empty())?)
        };
        let (path, ()) = first_free(self.path().parent()?, "", clone).ok()?;
        let place = TempPath { path, keep: false };
        fs::set_permissions(&place.path, fs::Permissions::from_mode(0o600)).ok()?;
        let file = OpenOptions::new().read(true).write(true).open(&place.path).ok()?;
        let len = file.metadata().ok()?.len();
        *self = Self { file, place };
        Some(len)
    }

    /// The open file, and its place apart from it.
    pub(super) fn split(self) -> (File, TempPath) {
        (self.file, self.place)
    }

    /// Gives the file its final name, replacing what has it.
    pub(super) fn rename(mut self, to: &Path) -> Result<(), OutputError> {
        #[cfg(not(unix))]
        self.file.sync_all().map_err(|e| OutputError::from_io(to, e))?;
        fs::rename(self.path(), to).map_err(|e| OutputError::from_io(to, e))?;
        self.place.keep = true;
        Ok(())
    }
}

impl io::Write for TempFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TempPath {
    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its final name, replacing what has it. Where that is a link to the same file, a rename does nothing, and
    /// the temporary name is removed.
    pub(super) fn rename(self, to: &Path) -> Result<(), OutputError> {
        fs::rename(&self.path, to).map_err(|e| OutputError::from_io(to, e))
    }
}

/// A clone with the times of the original; `None` where the disk cannot.
#[cfg(target_os = "linux")]
fn clone_of(original: &Path, folder: &Path, tag: &str) -> Option<TempPath> {
    let from = File::open(original).ok()?;
    let part = TempFile::create(folder, tag).ok()?;
    rustix::fs::ioctl_ficlone(&part.file, &from).ok()?;
    let modified = from.metadata().and_then(|found| found.modified()).ok()?;
    part.file.set_times(FileTimes::new().set_modified(modified)).ok()?;
    Some(part.split().1)
}

/// A clone with the times of the original; `None` where the disk cannot.
#[cfg(target_os = "macos")]
fn clone_of(original: &Path, folder: &Path, tag: &str) -> Option<TempPath> {
    let from = File::open(original).ok()?;
    let clone = |path: &Path| -> io::Result<()> {
        Ok(rustix::fs::fclonefileat(&from, rustix::fs::CWD, path, rustix::fs::CloneFlags::empty())?)
    };
    first_free(folder, tag, clone).ok().map(|(path, ())| TempPath { path, keep: false })
}

/// Other systems link.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn clone_of(_original: &Path, _folder: &Path, _tag: &str) -> Option<TempPath> {
    None
}

impl Drop for TempPath {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A temporary folder, removed on drop with everything in it.
#[derive(Debug)]
pub(super) struct TempFolder(PathBuf);

impl TempFolder {
    /// Creates a temporary folder in `folder`, for the owner alone. `tag` becomes part of its name.
    pub(super) fn create(folder: &Path, tag: &str) -> Result<Self, OutputError> {
        first_free(folder, tag, make_folder).map(|(path, ())| Self(path))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Makes one folder, for the owner alone.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    owners_folder().create(path)
}

/// Makes a folder and those above it that are not there, for the owner alone.
pub(super) fn make_folders(path: &Path) -> io::Result<()> {
    owners_folder().recursive(true).create(path)
}

#[cfg(unix)]
fn owners_folder() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Windows gives a new folder the rights of the one above it, which in a person's own folders are the person's.
#[cfg(not(unix))]
fn owners_folder() -> fs::DirBuilder {
    fs::DirBuilder::new()
}

/// Tries temporary names in `folder` until one is free.
fn first_free<T>(
    folder: &Path,
    tag: &str,
    create: impl Fn(&Path) -> io::Result<T>,
) -> Result<(PathBuf, T), OutputError> {
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".corer-{tag}{:x}-{number:x}.part", std::process::id()));
        match create(&path) {
            Ok(made) => return Ok((path, made)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => last = Some(e),
            Err(e) => return Err(OutputError::from_io(&path, e)),
        }
    }
    let source = last.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into());
    Err(OutputError::from_io(folder, source))
}

/// The tag for what is written beside `target` in a folder that is the person's own: another run may be writing another
/// file there.
pub(super) fn tag_of(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let digest = hex(&Sha256::digest(name.as_bytes()));
    format!("{}-", digest.get(..8).unwrap_or_default())
}

/// Removes what a killed run left directly in `folder` under this tag; all that it left, if the tag is empty. Links are
/// not followed.
pub(super) fn sweep(folder: &Path, tag: &str) -> io::Result<()> {
    for item in fs::read_dir(folder)? {
        let item = item?;
        let name = item.file_name();
        let name = name.to_string_lossy();
        let is_left = is_temporary(&name) && !name.ends_with(LOCK_END);
        if is_left && name.strip_prefix(".corer-").is_some_and(|rest| rest.starts_with(tag)) {
            remove(&item.path(), item.file_type()?.is_dir())?;
        }
    }
    Ok(())
}

fn remove(path: &Path, is_folder: bool) -> io::Result<()> {
    if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// A moment in seconds since 1970, as the file system takes it.
pub(super) fn system_time(seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    moment.unwrap_or(SystemTime::UNIX_EPOCH)
}
