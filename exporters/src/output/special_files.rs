//! What stands where an output's own file goes.

use std::fs;
use std::path::Path;

use super::error::OutputError;

/// Refuses to put a file where something stands that is none: a pipe, a socket, a device, a folder, or a link to such.
/// Nothing is opened to find out. A link to a file is replaced by its name, and what it leads to stays as it is.
///
/// # Errors
/// [`OutputError::InTheWay`].
pub fn refuse_special(path: &Path) -> Result<(), OutputError> {
    // What cannot be asked for is told by the writing.
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    let what = if found.is_file() {
        return Ok(());
    } else if found.is_dir() {
        "a folder where a file must be"
    } else if !found.is_symlink() {
        "a pipe, a socket or a device where a file must be"
    } else if fs::metadata(path).is_ok_and(|target| !target.is_file()) {
        "a link to what is no file"
    } else {
        return Ok(());
    };
    Err(OutputError::InTheWay { path: path.to_path_buf(), what })
}
