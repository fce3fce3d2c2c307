//! The first line of a memory: whose it is, what was chosen, and which backups were taken in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::record::{Lacking, Standing};
use crate::output::AppliedFilter;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
pub(super) const SCHEMA: &str = "corer/saved/1";

/// What an export is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The layout.
    pub(super) schema: String,
    /// The version of corer that wrote it.
    pub corer_version: String,
    /// The kind: `calls`.
    pub kind: String,
    /// Whether the run that wrote it came to its end.
    pub finished: bool,
    /// Whether it was made of the files of an older corer, so that all files of the folder are its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) adopts: bool,
    /// What narrows the choice and how it is written: the arguments, as typed, in the order of their names.
    pub choice: Vec<AppliedFilter>,
    /// The backups that were taken in, in the order in which that was. Records name them by their place here.
    pub backups: Vec<Taken>,
}

/// A backup that was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The UDID of its device; `None` for a source that names none.
    pub device: Option<String>,
    /// What the device is called.
    pub name: Option<String>,
    /// When it was made, in seconds since 1970.
    pub made: Option<i64>,
    /// Whether all of the kind in it could be read. Nothing is said to be missing from one of which that is not so.
    pub complete: bool,
}

impl Taken {
    /// Whether both are the same backup.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.device, self.made) == (&other.device, other.made)
    }
}

/// `Anna's iPhone (00008030-…)`.
impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.device) {
            (Some(name), Some(device)) => write!(f, "{name} ({device})"),
            (Some(known), None) | (None, Some(known)) => f.write_str(known),
            (None, None) => f.write_str("a device that nothing names"),
        }
    }
}

impl Head {
    /// The head of a memory in which nothing is yet.
    pub fn new(corer_version: &str, kind: &str, choice: Vec<AppliedFilter>) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            corer_version: corer_version.to_owned(),
            kind: kind.to_owned(),
            finished: false,
            adopts: false,
            choice,
            backups: Vec::new(),
        }
    }

    /// The newest of the backups, by when they were made; of two that do not say, the one taken in later.
    pub fn newest(&self) -> Option<usize> {
        (0..self.backups.len()).max_by_key(|number| (self.backups.get(*number).and_then(|taken| taken.made), *number))
    }

    /// When a backup was made, in seconds since 1970.
    pub(super) fn made(&self, backup: usize) -> Option<i64> {
        self.backups.get(backup).and_then(|taken| taken.made)
    }

    /// Where a record stands that a backup lacks, or has outside of the choice.
    pub(super) fn standing(&self, missing: Option<usize>, outside: Option<usize>) -> Standing {
        let lacking = |backup| Lacking { made: self.made(backup) };
        match (missing, outside) {
            (Some(backup), _) => Standing::Missing(lacking(backup)),
            (None, Some(backup)) => Standing::Outside(lacking(backup)),
            (None, None) => Standing::Present,
        }
    }

    /// The devices of all backups that name one, each once.
    pub fn devices(&self) -> Vec<&Taken> {
        let mut devices: Vec<&Taken> = Vec::new();
        for taken in self.backups.iter().filter(|taken| taken.device.is_some()) {
            if !devices.iter().any(|known| known.device == taken.device) {
                devices.push(taken);
            }
        }
        devices
    }

    /// Takes a backup in, and gives its number. One that was taken in before keeps its number.
    pub(super) fn take_in(&mut self, backup: Taken) -> usize {
        if let Some(known) = self.backups.iter().position(|taken| taken.is_same(&backup)) {
            if let Some(taken) = self.backups.get_mut(known) {
                *taken = backup;
            }
            return known;
        }
        self.backups.push(backup);
        self.backups.len() - 1
    }
}
