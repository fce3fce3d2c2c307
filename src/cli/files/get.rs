//! `corer files get`: files as they were on the device, in a folder or a zip.

use clap::Args;

use crate::cli::args::{BackupArgs, OutputArgs, PasswordArgs, WorkArgs};
use crate::cli::exit::Exit;
use crate::cli::help;

/// Take files out, decrypted, with their folders and times
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct GetArgs {
    /// Only these: `Domain/path` patterns
    #[arg(value_name = "PATTERN")]
    pub patterns: Vec<String>,

    #[command(flatten)]
    pub work: WorkArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer files get -o phone/", "everything"),
            ("corer files get 'CameraRollDomain/**' -o roll/", "photos and videos as they lie in the backup"),
            ("corer files get -o phone/ --update", "go on after an interruption, or take what is new"),
        ],
        &[
            Exit::Incomplete,
            Exit::NothingMatched,
            Exit::NotFound,
            Exit::Busy,
            Exit::Password,
            Exit::NoSpace,
            Exit::Unsupported,
        ],
    )
}
