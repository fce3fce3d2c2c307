//! `corer verify`: is this backup whole and readable? Found out without restoring it.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::args::{BackupArgs, PasswordArgs, WorkArgs};
use super::exit::Exit;
use super::help;

/// Check that a backup is whole and readable
///
/// Nothing is restored and nothing is changed. By default every file is decrypted to nowhere and checked by the rules
/// that its record allows; --quick only looks whether everything is there; --deep also checks every database and the
/// beginning of every picture.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct VerifyArgs {
    /// Only check the plists, the manifest, and that every file is there and long enough
    #[arg(long, conflicts_with = "deep")]
    pub quick: bool,

    /// Also check databases and picture headers
    #[arg(long)]
    pub deep: bool,

    /// With --deep: write the SHA-256 of every file into this file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, requires = "deep")]
    pub output: Option<PathBuf>,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer verify", "the newest backup: decrypt and check every file"),
            ("corer verify --quick", "only whether everything is there"),
            ("corer verify --deep -o SHA256SUMS", "databases and pictures too, with a list of checksums"),
        ],
        &[Exit::Damaged, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}
