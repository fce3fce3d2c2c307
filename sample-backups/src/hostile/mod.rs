//! Backups that mean harm: each one small, each one thing.
//!
//! Every crafted backup says what it proves and with which exit codes each command may end. All of them hold one good
//! file, `HomeDomain/Documents/good.txt`, and where the damage is elsewhere it must still come out.

mod archives;
mod base;
pub mod bplist;
mod conversations;
mod databases;
mod flat;
mod keybags;
mod lists;
mod names;
mod payloads;
mod people;
mod records;
mod snapshots;
pub mod strangers;
mod table;
mod zipfile;

use std::path::Path;

use crate::error::Result;

pub use table::{expectations, readme};

/// The exit codes with which commands may end, alternatives separated by `|`.
#[derive(Debug, Clone, Copy)]
pub struct Codes {
    /// `corer info`
    pub info: &'static str,
    /// `corer files get`
    pub get: &'static str,
    /// `corer verify`
    pub verify: &'static str,
    /// `corer messages`
    pub messages: &'static str,
    /// Whether the good file must come out.
    pub keeps_good: bool,
}

/// Nothing is wrong with it, for a reader that takes care.
const WHOLE: Codes = Codes { info: "0", get: "0", verify: "0", messages: "0", keeps_good: true };
/// Single rows or payloads are bad; all the rest comes out.
const SOME_BAD: Codes = Codes { info: "0|3", get: "3", verify: "5", messages: "0", keeps_good: true };
/// Names that must be changed; a reader may leave the row out and say so.
const UNSAFE_NAMES: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };
/// The list of files itself cannot be read.
const NO_MANIFEST: Codes =
    Codes { info: "0|1|3|15", get: "1|3|15", verify: "1|5|15", messages: "1|3|15", keeps_good: false };
/// The list of files can be read in part or not at all.
const PART_OF_MANIFEST: Codes =
    Codes { info: "0|1|3|15", get: "0|1|3|15", verify: "0|1|5|15", messages: "0|1|3|15", keeps_good: false };
/// The keys cannot be had.
const NO_KEYS: Codes =
    Codes { info: "0|1|3|12|15", get: "1|12|15", verify: "1|5|12|15", messages: "1|12|15", keeps_good: false };
/// Only the messages are bad.
const BAD_MESSAGES: Codes = Codes { info: "0", get: "0", verify: "0|5", messages: "1|3|15", keeps_good: true };
/// Some messages are odd or bad.
const ODD_MESSAGES: Codes = Codes { info: "0", get: "0", verify: "0|5", messages: "0|3", keeps_good: true };
/// There is no backup to be found, or none in a format that can be read.
const NOTHING: Codes =
    Codes { info: "1|10|15", get: "1|10|15", verify: "1|5|10|15", messages: "1|10|15", keeps_good: false };

/// One crafted backup.
pub struct Crafted {
    /// The folder or file under `sample-backups/hostile/`; it is what a command is given.
    pub name: &'static str,
    /// What it proves.
    pub proves: &'static str,
    /// How commands may end.
    pub codes: Codes,
    write: fn(&Path) -> Result<()>,
}

impl Crafted {
    /// Writes it to `path`, which must not exist.
    ///
    /// # Errors
    /// Passes on errors of the file system and of the encoders.
    pub fn write(&self, path: &Path) -> Result<()> {
        (self.write)(path)
    }
}

/// Every crafted backup.
pub fn all() -> Vec<Crafted> {
    let tables = [
        names::CRAFTED,
        lists::CRAFTED,
        records::CRAFTED,
        keybags::CRAFTED,
        databases::CRAFTED,
        flat::CRAFTED,
        payloads::CRAFTED,
        snapshots::CRAFTED,
        conversations::CRAFTED,
        people::CRAFTED,
        strangers::CRAFTED,
        archives::CRAFTED,
    ];
    let crafted = |row: &Row| Crafted { name: row.0, proves: row.1, codes: row.2, write: row.3 };
    tables.into_iter().flatten().map(crafted).collect()
}

/// Name, what it proves, how commands may end, how it is written.
type Row = (&'static str, &'static str, Codes, fn(&Path) -> Result<()>);

/// Writes all of them, their README and the expectations into a folder.
///
/// # Errors
/// Passes on errors of the file system and of the encoders.
pub fn write_all(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for crafted in all() {
        crafted.write(&folder.join(crafted.name))?;
    }
    std::fs::write(folder.join("README.md"), readme())?;
    Ok(std::fs::write(folder.join("expectations.txt"), expectations())?)
}
