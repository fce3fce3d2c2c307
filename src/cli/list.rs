//! `corer list`: the backups on this computer, or in a folder. Never asks for a password.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::args::ZoneArgs;
use super::exit::Exit;
use super::help;

/// List the backups on this computer
///
/// Looks in the places where Finder, iTunes, Apple Devices and corer keep backups, and in iMazing's snapshots beside
/// them. Never asks for a password: what is shown is not encrypted in any backup.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct ListArgs {
    /// Look in these folders instead of the standard places
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,

    #[command(flatten)]
    pub zone: ZoneArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer list", "every backup in the standard places"),
            ("corer list /media/disk/Backups", "every backup in a folder"),
            ("corer list --json", "the same for programs"),
        ],
        &[Exit::NotFound],
    )
}
