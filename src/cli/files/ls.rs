//! `corer files ls`: what is recorded, one line each.

use clap::Args;

use crate::cli::args::{BackupArgs, PasswordArgs, ZoneArgs};
use crate::cli::exit::Exit;
use crate::cli::help;

/// List files
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct LsArgs {
    /// Only these: `Domain/path` patterns
    #[arg(value_name = "PATTERN")]
    pub patterns: Vec<String>,

    /// With kind, size, time and whether the bytes are there
    #[arg(short, long)]
    pub long: bool,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer files ls", "everything"),
            ("corer files ls -l HomeDomain/Library/SMS", "one directory, with sizes and times"),
            ("corer files ls '**/*.heic'", "every picture of one kind"),
        ],
        &[Exit::Incomplete, Exit::NothingMatched, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}
