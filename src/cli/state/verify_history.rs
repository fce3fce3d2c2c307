//! When each backup was last verified: remembered on this computer, beside no backup, so that `list` can say it.
//!
//! It holds where a backup lies, when it was made and how the check ended; nothing from inside.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::state;

/// The file of remembered checks.
const FILE: &str = "verified.jsonl";

/// How one check of one backup ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCheck {
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
pub struct VerifyHistory {
    checks: Vec<LastCheck>,
}

impl VerifyHistory {
    /// Reads what is remembered.
    pub fn read() -> Self {
        state::file(FILE).map(|file| Self::read_from(&file)).unwrap_or_default()
    }

    /// The last check of the backup at `backup` that was made at `made`.
    pub fn last(&self, backup: &Path, made: Option<i64>) -> Option<&LastCheck> {
        let backup = state::plain(backup);
        self.checks
            .iter()
            .filter(|check| check.backup == backup && check.made == made)
            .max_by_key(|check| check.verified)
    }

    /// Remembers a check in place of earlier ones of the same backup.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remember(check: LastCheck) -> io::Result<()> {
        let file = state::file(FILE).ok_or(io::ErrorKind::NotFound)?;
        state::write(&file, &Self::read_from(&file).with(check).checks)
    }

    fn read_from(file: &Path) -> Self {
        Self { checks: state::read(file) }
    }

    fn with(mut self, mut check: LastCheck) -> Self {
        check.backup = state::plain(&check.backup);
        self.checks.retain(|other| other.backup != check.backup);
        self.checks.push(check);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(backup: &str, made: i64, verified: i64) -> LastCheck {
        LastCheck { backup: backup.into(), made: Some(made), verified, level: "full".into(), whole: true }
    }

    #[test]
    fn the_last_check_of_the_same_backup_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/verified.jsonl");
        for check in [check("/a", 1, 10), check("/b", 1, 11), check("/a", 1, 12)] {
            state::write(&file, &VerifyHistory::read_from(&file).with(check).checks).unwrap();
        }
        let history = VerifyHistory::read_from(&file);
        assert_eq!(history.checks.len(), 2);
        assert_eq!(history.last(Path::new("/a"), Some(1)), Some(&check("/a", 1, 12)));
        assert_eq!(history.last(Path::new("/a"), Some(2)), None, "a newer backup, never checked");
    }

    #[test]
    fn a_damaged_file_loses_only_its_bad_lines() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("verified.jsonl");
        let line = serde_json::to_string(&check("/a", 1, 2)).unwrap();
        std::fs::write(&file, format!("{{\n{line}\nnull\n")).unwrap();
        assert_eq!(VerifyHistory::read_from(&file).checks, [check("/a", 1, 2)]);
        assert!(VerifyHistory::read_from(&folder.path().join("none")).checks.is_empty());
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("verified.jsonl");
        let history =
            (0..1100).fold(VerifyHistory::default(), |history, n| history.with(check(&format!("/{n}"), 1, n)));
        state::write(&file, &history.checks).unwrap();
        let checks = VerifyHistory::read_from(&file).checks;
        assert_eq!(checks.len(), state::MOST);
        assert_eq!(checks.first().map(|check| check.verified), Some(100));
    }
}
