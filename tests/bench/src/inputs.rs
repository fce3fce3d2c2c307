//! Inputs, made by `sample-backups` with sizes as arguments: the same bytes every time, so a kept one can be used again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{At, Failure, Result};
use crate::settings::Settings;
use crate::tree;

/// The password of every sample and input.
pub const PASSWORD: &str = "mira-1961";

/// Rounds of the key derivation where unlocking is not what is measured.
pub const FEW_ROUNDS: u32 = 1_000;

/// What an input is besides its sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An encrypted backup.
    Encrypted,
    /// An encrypted backup, and its decrypted files.
    EncryptedAndTree,
    /// A backup that is not encrypted.
    Plain,
}

/// A backup and, where asked for, the tree that its decryption must give.
#[derive(Debug)]
pub struct Input {
    /// The backup's folder, named like a device's.
    pub backup: PathBuf,
    /// The decrypted files by domain and path.
    pub plain: PathBuf,
}

/// Makes the input `name` with the arguments `big`, or takes the one an earlier run kept.
///
/// # Errors
/// When it cannot be made.
pub fn make(settings: &Settings, name: &str, big: &[(&str, u64)], form: Form) -> Result<Input> {
    let folder = settings.work().join(name);
    let input = Input { backup: folder.join("backup"), plain: folder.join("plain") };
    let wanted = format!("{big:?} {form:?}");
    let done = folder.join("made-with");
    if std::fs::read_to_string(&done).is_ok_and(|made_with| made_with == wanted) {
        return Ok(input);
    }
    tree::remove(&folder)?;
    std::fs::create_dir_all(&folder).at(&folder)?;
    let mut command = Command::new(&settings.sample_backups);
    command.arg("big").arg(&input.backup);
    if form != Form::Plain {
        command.arg("--encrypted");
    }
    for (flag, value) in big {
        command.arg(format!("--{flag}")).arg(value.to_string());
    }
    if form == Form::EncryptedAndTree {
        command.arg("--plain-tree").arg(&input.plain);
    }
    run(&mut command)?;
    std::fs::write(&done, wanted).at(&done)?;
    tree::warm(&folder)?;
    Ok(input)
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().at(Path::new(command.get_program()))?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new(format!("{command:?} failed: {words}")))
}
