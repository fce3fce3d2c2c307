//! Why files could not be written.

use std::io;
use std::path::{Path, PathBuf};

use super::OWN_FOLDER;
use super::safe_name::is_temporary;
use crate::saved::SavedError;

/// Why an export could not be written. The command line maps each kind to its own exit code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// The folder holds something already.
    #[error(
        "the folder {} is not empty. Choose a new folder, or add --update to write only what is new, or --overwrite to \
         replace what is there",
        path.display()
    )]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The file exists already.
    #[error("the file {} exists already. Choose another name, or add --overwrite to replace it", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Only a folder can be brought up to date.
    #[error(
        "{} cannot be updated, only written anew. Choose a folder to use --update, or --overwrite to replace the file",
        path.display()
    )]
    NoUpdate {
        /// The archive or file.
        path: PathBuf,
    },
    /// Something that is not a plain folder or file stands where one must be: a link is never followed.
    #[error("{} is in the way: {what}. Move it away and run this again", path.display())]
    InTheWay {
        /// What stands there.
        path: PathBuf,
        /// What it is, in words.
        what: &'static str,
    },
    /// Another run writes the same folder or file.
    #[error("another run is writing {}. Wait until it has ended", path.display())]
    Busy {
        /// The folder or file.
        path: PathBuf,
    },
    /// The disk is full.
    #[error(
        "there is no space left for {}. Free some space and run this again{}",
        path.display(),
        if *goes_on { " with --update" } else { "" }
    )]
    Full {
        /// What was being written.
        path: PathBuf,
        /// Whether it is part of a folder, in which what is complete stays.
        goes_on: bool,
    },
    /// A file may not become as large as this one has to be.
    #[error(
        "{} would become larger than a file may be here. The limit is that of this session (ulimit -f) or of the disk \
         (FAT takes 4 GB in a file): raise it, or choose another disk",
        path.display()
    )]
    TooLarge {
        /// What was being written.
        path: PathBuf,
    },
    /// The system refused.
    #[error("{} cannot be written: {source}", path.display())]
    Io {
        /// What was being written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl OutputError {
    /// Tells a full disk, and a limit of sizes, apart from everything else that the system says.
    pub fn from_io(path: &Path, source: io::Error) -> Self {
        let path = given(path);
        match source.kind() {
            io::ErrorKind::FileTooLarge => Self::TooLarge { path },
            _ if is_no_space(&source) => Self::Full { path, goes_on: false },
            _ => Self::Io { path, source },
        }
    }

    /// The same inside of a folder: what is complete stays there, and an update goes on from it. An archive or a single file
    /// is written anew.
    pub(super) fn in_folder(self) -> Self {
        match self {
            Self::Full { path, .. } => Self::Full { path, goes_on: true },
            other => other,
        }
    }
}

/// The place that somebody knows, and no name of our own: a temporary one, or the folder of what an export remembers.
fn given(path: &Path) -> PathBuf {
    let is_own = |part: &&Path| {
        part.file_name().and_then(|name| name.to_str()).is_some_and(|name| is_temporary(name) || name == OWN_FOLDER)
    };
    let outside = path.ancestors().skip_while(|part| part.ancestors().any(|above| is_own(&above)));
    let place = outside.into_iter().next().unwrap_or(path);
    if place.as_os_str().is_empty() { PathBuf::from(".") } else { place.to_path_buf() }
}

/// Whether the error means that there is no room: on the disk, or for a file of that size.
pub fn is_no_space(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Why one file could not be copied: the two sides need different treatment, as an unreadable item is reported and
/// passed over while a target that cannot be written ends the run.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The content could not be read to its end.
    #[error("{0}")]
    Source(#[source] io::Error),
    /// The copy could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Why an export ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The folder remembers something that keeps it from being written.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// The caller asked to stop. What is complete stays, and an update goes on from there.
    #[error("interrupted")]
    Interrupted,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::{SafePath, Tree, TreeOptions};

    #[test]
    fn no_error_shows_a_name_of_our_own() {
        for (path, shown) in [
            ("out/.corer-tree-20c9-0.part", "out"),
            ("out/.corer-x.part/a/b", "out"),
            ("home/.corer-exports/anna", "home/.corer-exports/anna"),
            (".corer-1.part", "."),
            ("out/a.vcf", "out/a.vcf"),
            ("/", "/"),
        ] {
            let error = OutputError::from_io(Path::new(path), io::ErrorKind::PermissionDenied.into());
            assert!(error.to_string().starts_with(&format!("{shown} cannot be written:")), "{path}: {error}");
        }
    }

    #[test]
    fn a_full_disk_speaks_of_an_update_only_where_there_can_be_one() {
        let home = tempfile::tempdir().unwrap();
        let full = |tree: &Tree| tree.failed(&SafePath::new("a"), io::ErrorKind::StorageFull.into()).to_string();
        let folder = Tree::in_folder(&home.path().join("out"), TreeOptions::default()).unwrap();
        assert!(full(&folder).ends_with("run this again with --update"), "{}", full(&folder));
        let archive = Tree::in_archive(&home.path().join("X.zip"), TreeOptions::default()).unwrap();
        assert!(full(&archive).ends_with("run this again"), "{}", full(&archive));
    }
}
