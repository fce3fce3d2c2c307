//! `corer info`: one backup: its device, what is in it, and what it does not hold.

use clap::Args;

use super::args::{BackupArgs, PasswordArgs, ZoneArgs};
use super::exit::Exit;
use super::help;

/// Show one backup: device, apps, and what it does not hold
///
/// Without the password of an encrypted backup, corer says what can be said without it.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct InfoArgs {
    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer info", "the newest backup on this computer"),
            ("corer info -b \"Anna's iPhone\"", "the backup of one device"),
            ("corer info -b backup.zip --json", "a backup in a zip, for programs"),
        ],
        &[Exit::Incomplete, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}
