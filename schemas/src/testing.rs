//! What the tests of this crate share: real data where it is at hand, and a [`Source`] over a plain folder.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder of the real data that lies outside of the repository: below `CORER_SHARED`, else beside the workspace.
/// `None`, with a word, when there is none; on CI that is a failure.
pub fn shared_data(folder: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("CORER_SHARED").map_or_else(beside, PathBuf::from);
    let path = shared.join("data").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "no test data in {}", path.display());
    #[allow(clippy::print_stderr)]
    {
        eprintln!("skipped: no test data in {}", path.display());
    }
    None
}

/// Copies a database with its write-ahead log to a folder of its own, because SQLite writes beside what it opens.
pub fn copy_database(path: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    for suffix in ["", "-wal"] {
        let from = path.with_file_name(format!("{name}{suffix}"));
        if from.exists() {
            let bytes = fs::read(from).unwrap();
            fs::write(folder.path().join(format!("{name}{suffix}")), bytes).unwrap();
        }
    }
    folder
}
