//! Ordinary, complete backups of seven generations, all of the same life; two of them hold its people and calls alone, one its messages too.

use std::path::Path;

use super::{FEW_ROUNDS, PASSWORD};
use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::life;

/// Rounds of the first derivation on current devices.
const REAL_ROUNDS: u32 = 10_000_000;

fn backup(era: Era, seed: &str, password: Option<(&str, Option<u32>)>) -> BackupBuilder {
    let mut backup = BackupBuilder::new(era, seed);
    if let Some((password, rounds)) = password {
        backup.encrypt(password, rounds);
    }
    backup
}

fn whole_life(era: Era, seed: &str, password: Option<(&str, Option<u32>)>) -> Result<BackupBuilder> {
    let mut backup = backup(era, seed, password);
    life::add(&mut backup)?;
    Ok(backup)
}

/// A backup of contacts, calls, voicemail and the accounts behind them.
fn people(era: Era, seed: &str, password: Option<(&str, Option<u32>)>) -> Result<BackupBuilder> {
    let mut backup = backup(era, seed, password);
    life::contacts::add(&mut backup)?;
    life::calls::add(&mut backup)?;
    life::voicemail::add(&mut backup)?;
    life::accounts::add(&mut backup)?;
    Ok(backup)
}

pub(super) fn ios18(root: &Path) -> Result<()> {
    whole_life(Era::Ios18, "ios18", None)?.write(root)
}

/// Photos alone, most of whose originals are in iCloud.
pub(super) fn ios18_cloud(root: &Path) -> Result<()> {
    let mut backup = backup(Era::Ios18, "ios18-cloud", None);
    life::photos::add_cloud(&mut backup)?;
    backup.write(root)
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

pub(super) fn ios7(root: &Path) -> Result<()> {
    people(Era::Ios7, "ios7", None)?.write(root)
}

pub(super) fn ios15_encrypted(root: &Path) -> Result<()> {
    people(Era::Ios15, "ios15", Some((PASSWORD, Some(FEW_ROUNDS))))?.write(root)
}

pub(super) fn ios26_encrypted(root: &Path) -> Result<()> {
    let mut backup = people(Era::Ios26, "ios26", Some((PASSWORD, Some(FEW_ROUNDS))))?;
    life::messages::add(&mut backup)?;
    backup.write(root)
}
