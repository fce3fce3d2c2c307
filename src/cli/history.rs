//! When each backup was last verified: remembered on this computer, beside no backup, so that `list` can say it.
//!
//! One JSON line for each backup in the user's own state folder. It holds where a backup lies, when it was made and
//! how the check ended; nothing from inside. A file that cannot be read counts as empty.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

/// More backups than anybody has; the oldest checks are forgotten.
const MOST: usize = 1000;
/// More bytes than that many lines take.
const LARGEST: u64 = 4 << 20;

/// How one check of one backup ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Where the backup lies.
    pub backup: PathBuf,
    /// When the backup was made, in seconds since 1970: a newer one in the same place has not been verified.
    pub made: Option<i64>,
    /// When it was checked, in seconds since 1970.
    pub verified: i64,
    /// How thoroughly: `quick`, `full` or `deep`.
    pub level: String,
    /// Whether nothing was wrong.
    pub whole: bool,
}

/// Every remembered check.
#[derive(Debug, Default)]
pub struct History {
    checks: Vec<Verified>,
}

impl History {
    /// Reads what is remembered.
    pub fn read() -> Self {
        file().map(|file| Self::read_from(&file)).unwrap_or_default()
    }

    /// The last check of the backup at `backup` that was made at `made`.
    pub fn last(&self, backup: &Path, made: Option<i64>) -> Option<&Verified> {
        let backup = plain(backup);
        self.checks
            .iter()
            .filter(|check| check.backup == backup && check.made == made)
            .max_by_key(|check| check.verified)
    }

    /// Remembers a check in place of earlier ones of the same backup.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remember(check: Verified) -> io::Result<()> {
        let file = file().ok_or(io::ErrorKind::NotFound)?;
        Self::read_from(&file).with(check).write_to(&file)
    }

    fn read_from(file: &Path) -> Self {
        let mut text = String::new();
        // Half a file is as good as none: the lines that make sense count.
        let _ = File::open(file).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        Self { checks: text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect() }
    }

    fn with(mut self, mut check: Verified) -> Self {
        check.backup = plain(&check.backup);
        self.checks.retain(|other| other.backup != check.backup);
        self.checks.push(check);
        let surplus = self.checks.len().saturating_sub(MOST);
        self.checks.drain(..surplus);
        self
    }

    fn write_to(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
        fs::create_dir_all(folder)?;
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        for check in &self.checks {
            serde_json::to_writer(&mut new, check)?;
            new.write_all(b"\n")?;
        }
        new.persist(file)?;
        Ok(())
    }
}

/// The one spelling of a path that every command finds.
fn plain(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn file() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    let folder = places.state_dir().unwrap_or_else(|| places.data_dir());
    Some(folder.join("corer").join("verified.jsonl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(backup: &str, made: i64, verified: i64) -> Verified {
        Verified { backup: backup.into(), made: Some(made), verified, level: "full".into(), whole: true }
    }

    #[test]
    fn the_last_check_of_the_same_backup_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/verified.jsonl");
        for check in [check("/a", 1, 10), check("/b", 1, 11), check("/a", 1, 12)] {
            History::read_from(&file).with(check).write_to(&file).unwrap();
        }
        let history = History::read_from(&file);
        assert_eq!(history.checks.len(), 2);
        assert_eq!(history.last(Path::new("/a"), Some(1)), Some(&check("/a", 1, 12)));
        assert_eq!(history.last(Path::new("/a"), Some(2)), None, "a newer backup, never checked");
    }

    #[test]
    fn a_damaged_file_loses_only_its_bad_lines() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("verified.jsonl");
        let line = serde_json::to_string(&check("/a", 1, 2)).unwrap();
        fs::write(&file, format!("{{\n{line}\nnull\n")).unwrap();
        assert_eq!(History::read_from(&file).checks, [check("/a", 1, 2)]);
        assert!(History::read_from(&folder.path().join("none")).checks.is_empty());
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let history = (0..1100).fold(History::default(), |history, n| history.with(check(&format!("/{n}"), 1, n)));
        assert_eq!(history.checks.len(), MOST);
        assert_eq!(history.checks.first().map(|check| check.verified), Some(100));
    }
}
