//! `corer files`: the raw files of a backup, by domain and path.

pub mod cat;
pub mod get;
pub mod ls;
mod selected;

use clap::{Args, Subcommand};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;

/// List, print or take out raw files, decrypted
///
/// Files are named as backups name them: a domain, a slash, and a path below it, such as
/// HomeDomain/Library/SMS/sms.db. A pattern may hold `*` (anything but a slash), `**` (anything), `?`, `[abc]` and
/// `{a,b}`; a pattern that names a directory means everything below it.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct FilesArgs {
    #[command(subcommand)]
    pub command: FilesCommand,
}

/// What to do with the files.
#[derive(Debug, Subcommand)]
pub enum FilesCommand {
    #[command(alias = "list")]
    Ls(ls::LsArgs),
    #[command(alias = "show", alias = "print")]
    Cat(cat::CatArgs),
    #[command(alias = "extract", alias = "export", alias = "cp")]
    Get(get::GetArgs),
}

/// Does what was asked with the files.
///
/// # Errors
/// Those of the command.
pub fn run(args: &FilesArgs, console: &Console) -> Result<Exit, Failure> {
    match &args.command {
        FilesCommand::Ls(args) => ls::run(args, console),
        FilesCommand::Cat(args) => cat::run(args, console),
        FilesCommand::Get(args) => get::run(args, console),
    }
}
