//! What corer remembers between runs, in the user's own state folder: files of JSON Lines. One that cannot be read counts
//! as empty.

pub mod fingerprint;
pub mod verify_history;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// More lines than anybody has use for; the oldest are forgotten.
pub const MOST: usize = 1000;
/// More bytes than that many lines take.
const LARGEST: u64 = 4 << 20;

/// Where the file of this name is; `None` where the system names no such folder.
pub fn file(name: &str) -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    let folder = places.state_dir().unwrap_or_else(|| places.data_dir());
    Some(folder.join("corer").join(name))
}

/// The lines of a file that make sense: half a file is as good as none.
pub fn read<T: DeserializeOwned>(file: &Path) -> Vec<T> {
    let mut text = String::new();
    // Nothing but a plain file is opened: a pipe would wait for a writer.
    let plain = fs::metadata(file).is_ok_and(|found| found.is_file()).then_some(file);
    let _ = plain
        .ok_or(io::ErrorKind::NotFound.into())
        .and_then(File::open)
        .and_then(|file| file.take(LARGEST).read_to_string(&mut text));
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Writes a file anew, with the last [`MOST`] lines.
///
/// # Errors
/// When it cannot be written.
pub fn write<T: Serialize>(file: &Path, lines: &[T]) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    for line in lines.get(lines.len().saturating_sub(MOST)..).unwrap_or_default() {
        serde_json::to_writer(&mut new, line)?;
        new.write_all(b"\n")?;
    }
    new.persist(file)?;
    Ok(())
}

/// The one spelling of a path that every command finds.
pub fn plain(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
