//! What the tests of this folder share.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

/// Data that nobody on this project wrote: in the folder that `CORER_SHARED` names, else in `../shared`. `None`, with a
/// message, where it is absent; in CI that is a failure.
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CORER_SHARED").map_or_else(|| workspace().join("../shared"), PathBuf::from);
    let path = root.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    eprintln!("skipped: {} is missing", path.display());
    None
}

/// A checked-in sample backup.
pub fn sample(name: &str) -> PathBuf {
    workspace().join("sample-backups").join(name)
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
