//! Whether an update would find nothing new: the same backup, asked for the same, into the folder as the last run left it.
//!
//! That is known without opening the backup. Two digests are remembered for each folder, in the user's own state folder:
//!
//! - of the question: this build of corer, what was asked for, and what lies directly in the folder of the backup, with
//!   lengths and times. The folders of payloads are among it: a payload that comes or goes changes the time of its
//!   folder, and every backup that a device makes writes its manifest anew;
//! - of the answer: every file of the export, with its length and time.
//!
//! Where either differs, or the last run left gaps, the update looks at everything.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use corer_exporters::output::Report;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cli::state;

/// The file of remembered exports.
const FILE: &str = "exports.jsonl";

/// One export that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    /// The folder of the export.
    folder: PathBuf,
    /// The digest of the question.
    question: String,
    /// The digest of the answer.
    answer: String,
}

/// A question that may have been answered before.
pub struct Fingerprint {
    folder: PathBuf,
    digest: String,
}

impl Fingerprint {
    /// What is asked of the backup in `backup` for `folder`: `words` say all that has a bearing on what is written. `None`
    /// for what is no folder with a manifest.
    pub fn new(words: &str, backup: &Path, folder: &Path) -> Option<Self> {
        if !["Manifest.db", "Manifest.mbdb"].iter().any(|name| backup.join(name).is_file()) {
            return None;
        }
        let build = std::env::current_exe().and_then(fs::metadata).ok()?;
        let mut hash = Sha256::new();
        hash.update(words);
        add(&mut hash, "", &build);
        hash.update(digest_of(backup, &mut Vec::new()).ok()?);
        Some(Self { folder: folder.to_owned(), digest: hex(&hash.finalize()) })
    }

    /// The report of the last run, where it answered the same question and all that it wrote is there.
    pub fn last_report(&self) -> Option<Report> {
        let folder = state::plain(&self.folder);
        let remembered: Vec<Remembered> = state::read(&state::file(FILE)?);
        let last = remembered.into_iter().rev().find(|export| export.folder == folder)?;
        if last.question != self.digest || last.answer != digest_below(&folder).ok()? {
            return None;
        }
        let report = folder.join("report.json");
        let is_plain = fs::symlink_metadata(&report).is_ok_and(|found| found.is_file());
        serde_json::from_slice(&fs::read(is_plain.then_some(report)?).ok()?).ok()
    }

    /// Remembers that the folder holds the answer.
    ///
    /// # Errors
    /// When the folder cannot be read, or the user's state not be written.
    pub fn remember(&self) -> io::Result<()> {
        let file = state::file(FILE).ok_or(io::ErrorKind::NotFound)?;
        let folder = state::plain(&self.folder);
        let mut remembered: Vec<Remembered> = state::read(&file);
        remembered.retain(|export| export.folder != folder);
        let answer = digest_below(&folder)?;
        remembered.push(Remembered { folder, question: self.digest.clone(), answer });
        state::write(&file, &remembered)
    }
}

/// The digest of all files at and below a folder, one level after the other, several folders at a time.
fn digest_below(folder: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut level = vec![folder.to_owned()];
    while !level.is_empty() {
        let read: Vec<_> = level
            .par_iter()
            .map(|folder| {
                let mut below = Vec::new();
                digest_of(folder, &mut below).map(|digest| (digest, below))
            })
            .collect::<io::Result<_>>()?;
        level.clear();
        for (digest, mut below) in read {
            hash.update(digest);
            level.append(&mut below);
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The digest of what lies directly in a folder. The folders among it are added to `below`.
fn digest_of(folder: &Path, below: &mut Vec<PathBuf>) -> io::Result<[u8; 32]> {
    let mut items = Vec::new();
    for item in fs::read_dir(folder)? {
        let item = item?;
        items.push((item.file_name(), item.metadata()?));
    }
    items.sort_by(|one, other| one.0.cmp(&other.0));
    let mut hash = Sha256::new();
    for (name, metadata) in items {
        add(&mut hash, &name.to_string_lossy(), &metadata);
        if metadata.is_dir() {
            below.push(folder.join(name));
        }
    }
    Ok(hash.finalize().into())
}

fn add(hash: &mut Sha256, name: &str, metadata: &Metadata) {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let (seconds, nanoseconds) = since.map_or((0, 0), |since| (since.as_secs(), since.subsec_nanos()));
    // How long a folder is says nothing.
    let length = if metadata.is_file() { metadata.len() } else { u64::MAX };
    hash.update((name.len() as u64).to_le_bytes());
    hash.update(name);
    hash.update(length.to_le_bytes());
    hash.update(seconds.to_le_bytes());
    hash.update(nanoseconds.to_le_bytes());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn any_file_that_changes_makes_another_answer() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::File::open(path).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(1_500_000_000)).unwrap();
        };
        let settle = || {
            for folder in [folder.path().join("a"), folder.path().join("a/b")] {
                fs::File::open(folder).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(1_600_000_000)).unwrap();
            }
            digest_below(folder.path()).unwrap()
        };
        put("a/one", "1");
        put("a/b/two", "22");
        let first = settle();
        assert_eq!(settle(), first);
        put("a/b/two", "222");
        let longer = settle();
        assert_ne!(longer, first);
        put("a/b/two", "22");
        assert_eq!(settle(), first);
        fs::remove_file(folder.path().join("a/one")).unwrap();
        assert_ne!(settle(), first);
    }
}
