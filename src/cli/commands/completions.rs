//! `corer completions`: what a shell needs to complete command lines.

use clap::Args;
use clap_complete::Shell;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::terminal::console::Console;

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer completions bash > ~/.local/share/bash-completion/completions/corer", "for bash"),
            ("corer completions zsh > ~/.zfunc/_corer", "for zsh"),
            ("corer completions fish > ~/.config/fish/completions/corer.fish", "for fish"),
        ],
        &[],
    )
}

/// Prints the script.
///
/// # Errors
/// Those of writing to stdout.
pub fn run(args: &CompletionsArgs, mut command: clap::Command, console: &Console) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "corer", &mut script);
    let mut answer = console.answer();
    answer.raw_bytes(&script)?;
    answer.finish()?;
    Ok(Exit::Done)
}
