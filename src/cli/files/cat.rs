//! `corer files cat`: the content of files on stdout.

use clap::Args;

use crate::cli::args::{BackupArgs, PasswordArgs};
use crate::cli::exit::Exit;
use crate::cli::help;

/// Print the content of files
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct CatArgs {
    /// Which: `Domain/path` patterns
    #[arg(value_name = "PATTERN", required = true)]
    pub patterns: Vec<String>,

    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer files cat HomeDomain/Library/SMS/sms.db > sms.db", "one file, decrypted"),
            ("corer files cat '**/Bookmarks.plist' | plutil -p -", "into another program"),
            ("corer files cat -b backup.zip '**/*.txt'", "several, one after the other"),
        ],
        &[Exit::Incomplete, Exit::NothingMatched, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}
