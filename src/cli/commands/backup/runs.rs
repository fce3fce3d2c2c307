//! How each run of `corer backup` went: remembered on this computer, so that `corer schedule status` can say why a
//! backup is missing. One JSON line a run in the user's own state folder.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;

/// The oldest runs are forgotten.
const MOST: usize = 500;
/// More bytes than that many lines take.
const LARGEST: u64 = 4 << 20;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// A backup was made.
    Made,
    /// The last one was recent enough.
    NotDue,
    /// No backup was made.
    Missed,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupRun {
    /// When it began, in seconds since 1970.
    pub began: i64,
    /// When it ended.
    pub ended: i64,
    /// Where backups go.
    pub to: PathBuf,
    /// The device, once it was found.
    pub udid: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// How it ended.
    pub outcome: RunOutcome,
    /// The exit code.
    pub code: u8,
    /// Why no backup was made.
    pub why: Option<String>,
    /// How many files came.
    pub files: u64,
    /// How many bytes came.
    pub bytes: u64,
}

impl BackupRun {
    /// A run that begins now.
    pub fn begin(to: &Path) -> Self {
        let now = Timestamp::now().as_second();
        Self {
            began: now,
            ended: now,
            to: to.to_owned(),
            udid: None,
            name: None,
            outcome: RunOutcome::Made,
            code: 0,
            why: None,
            files: 0,
            bytes: 0,
        }
    }

    /// Notes the device.
    pub fn is_of(&mut self, udid: &str, name: &str) {
        self.udid = Some(udid.to_owned());
        self.name = Some(name.to_owned());
    }

    /// Notes how it ended and remembers it. That this failed stops nothing.
    pub fn end(mut self, result: &Result<Exit, Failure>, console: &Console) {
        self.ended = Timestamp::now().as_second();
        match result {
            Ok(exit) => self.code = exit.code(),
            Err(failure) => {
                self.outcome = RunOutcome::Missed;
                self.code = failure.exit().code();
                self.why = Some(failure.sentence());
            }
        }
        let remembered = file().ok_or(io::ErrorKind::NotFound.into()).and_then(|file| remember(&file, self));
        if let Err(error) = remembered {
            console.detail(format_args!("This run could not be remembered for corer schedule status: {error}."));
        }
    }
}

/// Every remembered run, the last one last.
pub fn read() -> Vec<BackupRun> {
    file().map(|file| read_from(&file)).unwrap_or_default()
}

fn read_from(file: &Path) -> Vec<BackupRun> {
    let mut text = String::new();
    // Half a file is as good as none: the lines that make sense count.
    let plain = fs::metadata(file).is_ok_and(|found| found.is_file()).then_some(file);
    let _ = plain
        .ok_or(io::ErrorKind::NotFound.into())
        .and_then(File::open)
        .and_then(|file| file.take(LARGEST).read_to_string(&mut text));
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn remember(file: &Path, run: BackupRun) -> io::Result<()> {
    let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
    fs::create_dir_all(folder)?;
    let mut runs = read_from(file);
    runs.push(run);
    runs.drain(..runs.len().saturating_sub(MOST));
    let mut text = Vec::new();
    for run in &runs {
        serde_json::to_writer(&mut text, run)?;
        text.push(b'\n');
    }
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(&text)?;
    new.persist(file)?;
    Ok(())
}

fn file() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    let folder = places.state_dir().unwrap_or_else(|| places.data_dir());
    Some(folder.join("corer").join("backups.jsonl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_remembered_in_order_and_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/backups.jsonl");
        for began in 0..(MOST as i64 + 3) {
            remember(&file, BackupRun { began, ..BackupRun::begin(Path::new("/x")) }).unwrap();
        }
        let runs = read_from(&file);
        assert_eq!((runs.len(), runs[0].began, runs[MOST - 1].began), (MOST, 3, MOST as i64 + 2));
        assert!(read_from(&folder.path().join("none")).is_empty());
    }
}
