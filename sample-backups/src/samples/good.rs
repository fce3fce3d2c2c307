//! Ordinary, whole backups of four generations, all of the same life.

use std::path::Path;

use super::PASSWORD;
use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::life;

/// Rounds of the first derivation on current devices.
const REAL_ROUNDS: u32 = 10_000_000;

fn whole_life(era: Era, seed: &str, password: Option<(&str, Option<u32>)>) -> Result<BackupBuilder> {
    let mut backup = BackupBuilder::new(era, seed);
    if let Some((password, rounds)) = password {
        backup.encrypt(password, rounds);
    }
    life::add(&mut backup)?;
    Ok(backup)
}

pub(super) fn ios18(root: &Path) -> Result<()> {
    whole_life(Era::Ios18, "ios18", None)?.write(root)
}

pub(super) fn ios18_encrypted(root: &Path) -> Result<()> {
    whole_life(Era::Ios18, "ios18", Some((PASSWORD, Some(REAL_ROUNDS))))?.write(root)
}

pub(super) fn ios10_1_encrypted(root: &Path) -> Result<()> {
    whole_life(Era::Ios10_1, "ios10.1", Some((PASSWORD, None)))?.write(root)
}

pub(super) fn ios9(root: &Path) -> Result<()> {
    whole_life(Era::Ios9, "ios9", None)?.write(root)
}

pub(super) fn ios9_encrypted(root: &Path) -> Result<()> {
    whole_life(Era::Ios9, "ios9", Some((PASSWORD, None)))?.write(root)
}

pub(super) fn ios5(root: &Path) -> Result<()> {
    whole_life(Era::Ios5, "ios5", None)?.write(root)
}
