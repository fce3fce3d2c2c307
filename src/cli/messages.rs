//! `corer messages`: conversations, printed or written as pages and data.

use clap::{Args, ValueEnum};

use super::args::{BackupArgs, OutputArgs, PasswordArgs, SelectArgs, ZoneArgs};
use super::exit::Exit;
use super::help;

/// Show or export messages
///
/// Prints to the terminal; with -o writes files: pages to read in a browser (html) and JSON Lines for programs
/// (jsonl), with the attachments beside them. The selection means the same in both.
#[derive(Debug, Args)]
#[command(after_long_help = ending())]
pub struct MessagesArgs {
    /// Formats to write, with commas between them: html, jsonl [default: both]
    #[arg(short, long, value_name = "LIST", value_enum, value_delimiter = ',', hide_possible_values = true)]
    pub format: Vec<Format>,

    #[command(flatten)]
    pub select: SelectArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub backup: BackupArgs,

    #[command(flatten)]
    pub password: PasswordArgs,
}

/// A format of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Web pages
    Html,
    /// JSON Lines
    Jsonl,
}

fn ending() -> String {
    help::ending(
        &[
            ("corer messages --with Anna", "read them here"),
            ("corer messages --with Anna -o anna/", "pages, data and attachments"),
            ("corer messages --since 2024-01-01 -f html -o 2024.zip", "one year, one file"),
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
