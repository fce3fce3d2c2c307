//! One run at a time for each output. A folder is locked itself, where the system can; a single file by an empty file
//! beside it, which is removed when the run ends. The system lets go of both with the process, however it ends: what a
//! killed run leaves holds nobody up.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::error::OutputError;
use super::special_files::refuse_special;
use super::temporary::{LOCK_END, tag_of};

/// How often a lock is tried for: another run that only looks whether it is held, holds it for that moment.
const ATTEMPTS: u32 = 5;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(20);

/// The lock of an output, held while it lives.
#[derive(Debug)]
pub(super) struct Lock {
    /// The file beside the output; `None` where the output itself is locked.
    beside: Option<PathBuf>,
    /// Holds the lock until it is closed.
    _held: Option<File>,
}

impl Lock {
    /// Takes the lock of a folder that is there. While another run writes into a folder above, that one has it.
    pub(super) fn of_folder(root: &Path) -> Result<Self, OutputError> {
        let lock = Self::take_folder(root)?;
        let whole = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        match whole.ancestors().skip(1).find(|above| is_held(above)) {
            Some(above) => Err(OutputError::Busy { path: above.to_path_buf() }),
            None => Ok(lock),
        }
    }

    /// Takes the lock of a file, which need not be there.
    pub(super) fn of_file(path: &Path, folder: &Path) -> Result<Self, OutputError> {
        Self::take(folder.join(format!(".corer-{}{LOCK_END}", tag_of(path))), path)
    }

    #[cfg(unix)]
    fn take_folder(root: &Path) -> Result<Self, OutputError> {
        let handle = File::open(root).map_err(|e| OutputError::from_io(root, e))?;
        if is_locked_by_another(&handle) {
            return Err(OutputError::Busy { path: root.to_path_buf() });
        }
        Ok(Self { beside: None, _held: Some(handle) })
    }

    /// Windows has no locks on folders.
    #[cfg(not(unix))]
    fn take_folder(root: &Path) -> Result<Self, OutputError> {
        Self::take(root.join(FOLDER_LOCK), root)
    }

    fn take(place: PathBuf, output: &Path) -> Result<Self, OutputError> {
        refuse_special(&place)?;
        for _ in 0..ATTEMPTS {
            let file = lock_file().create(true).open(&place).map_err(|e| OutputError::from_io(output, e))?;
            if is_locked_by_another(&file) {
                break;
            }
            // The run that had it may have removed it in between: then this one holds what nobody else looks at.
            if is_at(&file, &place) {
                return Ok(Self { beside: Some(place), _held: Some(file) });
            }
        }
        Err(OutputError::Busy { path: output.to_path_buf() })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Before it is let go: nobody else has it yet.
        if let Some(beside) = &self.beside {
            let _ = fs::remove_file(beside);
        }
    }
}

/// The file that stands for a folder where folders cannot be locked.
#[cfg(not(unix))]
const FOLDER_LOCK: &str = ".corer-lock.part";

/// Whether another run writes into this folder.
#[cfg(unix)]
pub(super) fn is_held(folder: &Path) -> bool {
    File::open(folder).is_ok_and(|handle| matches!(handle.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Whether another run writes into this folder.
#[cfg(not(unix))]
pub(super) fn is_held(folder: &Path) -> bool {
    let handle = lock_file().open(folder.join(FOLDER_LOCK));
    handle.is_ok_and(|handle| matches!(handle.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Takes the lock of an open file or folder. Disks that know no locks are used without.
fn is_locked_by_another(file: &File) -> bool {
    for attempt in 0..ATTEMPTS {
        match file.try_lock() {
            Ok(()) | Err(TryLockError::Error(_)) => return false,
            Err(TryLockError::WouldBlock) if attempt + 1 < ATTEMPTS => sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {}
        }
    }
    true
}

fn lock_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options
}

/// Whether the open file is the one that has this name.
#[cfg(unix)]
fn is_at(file: &File, place: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |found: io::Result<fs::Metadata>| found.ok().map(|found| (found.dev(), found.ino()));
    of(file.metadata()).is_some_and(|own| of(fs::symlink_metadata(place)) == Some(own))
}

/// Windows gives no file the name of one that is still open.
#[cfg(not(unix))]
fn is_at(_file: &File, place: &Path) -> bool {
    let there: io::Result<fs::Metadata> = fs::symlink_metadata(place);
    there.is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::{IfExists, OutputError, SingleFile, Tree, TreeOptions};
    use super::*;

    fn is_busy<T>(result: &Result<T, OutputError>) -> bool {
        matches!(result, Err(OutputError::Busy { .. }))
    }

    #[test]
    fn one_run_at_a_time_whatever_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, archive, tree) =
            (folder.path().join("x.vcf"), folder.path().join("x.zip"), folder.path().join("tree"));
        let options = TreeOptions { existing: IfExists::Overwrite, ..TreeOptions::default() };
        let single = || SingleFile::create(&file, IfExists::Overwrite);
        let (first, second, third) =
            (single().unwrap(), Tree::in_archive(&archive, options).unwrap(), Tree::in_folder(&tree, options).unwrap());
        assert!(is_busy(&single()) && is_busy(&Tree::in_archive(&archive, options)));
        assert!(is_busy(&Tree::in_folder(&tree, options)));
        // What the first runs have begun is still there.
        first.finish().unwrap();
        second.finish().unwrap();
        third.finish().unwrap();
        assert!(
            single().is_ok() && Tree::in_archive(&archive, options).is_ok() && Tree::in_folder(&tree, options).is_ok()
        );
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 3, "{left:?}");
    }

    #[test]
    fn what_another_run_wrote_in_the_meantime_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (file, archive) = (folder.path().join("x.vcf"), folder.path().join("x.zip"));
        let single = || SingleFile::create(&file, IfExists::Refuse);
        let zip = || Tree::in_archive(&archive, TreeOptions::default());
        let is_refused = |result: Result<(), OutputError>| {
            matches!(result, Err(OutputError::Exists { .. } | OutputError::Busy { .. }))
        };
        let (first, second) = (single().unwrap(), zip().unwrap());
        std::thread::scope(|scope| {
            // Each asks while the file is not there yet, and gets the lock once it is.
            let waiting = [scope.spawn(|| single().map(drop)), scope.spawn(|| zip().map(drop))];
            sleep(PAUSE / 2);
            first.finish().unwrap();
            second.finish().unwrap();
            assert!(waiting.into_iter().all(|run| is_refused(run.join().unwrap())));
        });
    }

    #[test]
    fn a_folder_in_one_that_is_being_written_is_busy_too() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("messages");
        let options = TreeOptions { existing: IfExists::Update, ..TreeOptions::default() };
        let outer = Tree::in_folder(folder.path(), options).unwrap();
        assert!(is_busy(&Tree::in_folder(&inner, options)));
        drop(outer);
        let below = Tree::in_folder(&inner, options).unwrap();
        let outer = Tree::in_folder(folder.path(), options).unwrap();
        assert!(is_busy(&outer.write(&super::super::SafePath::new("messages/x"), b"x")));
        drop(below);
        outer.write(&super::super::SafePath::new("messages/x"), b"x").unwrap();
    }

    #[test]
    fn what_a_killed_run_left_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.csv");
        let left = folder.path().join(format!(".corer-{}{LOCK_END}", tag_of(&file)));
        fs::write(&left, "").unwrap();
        SingleFile::create(&file, IfExists::Refuse).unwrap().finish().unwrap();
        assert!(file.is_file() && !left.exists());
    }
}
