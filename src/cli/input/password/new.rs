//! A new backup password: asked twice, because nobody can recover it.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::origin::{Origin, origin_of, read};
use super::prompt::{self, Reply};
use super::secret::Password;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::printable::Printable;

/// How often the prompt asks.
const TRIES: usize = 3;

/// Where a new password comes from. There is no flag that takes the password itself.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "New password")]
pub struct NewPasswordArgs {
    /// Read the new backup password from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "new_password_command")]
    pub new_password_file: Option<PathBuf>,

    /// Run this command and take what it prints as the new backup password
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    pub new_password_command: Option<String>,
}

/// Finds the new password: `--new-password-file`, `--new-password-command`, `CORER_NEW_PASSWORD_FILE`,
/// `CORER_NEW_PASSWORD`, `BACKUP_PASSWORD_NEW` (the habit of another tool), else a prompt that asks twice.
///
/// # Errors
/// [`Exit::Password`] when there is none.
pub fn new(args: &NewPasswordArgs, console: &Console, device: &str) -> Result<Password, Failure> {
    let file = args.new_password_file.as_deref();
    let names = ["CORER_NEW_PASSWORD_FILE", "CORER_NEW_PASSWORD", "BACKUP_PASSWORD_NEW"];
    let origin = origin_of(file, args.new_password_command.as_deref(), names, |name| std::env::var_os(name));
    match origin {
        Origin::Prompt => ask_twice(console, device),
        other => read(&other),
    }
}

fn ask_twice(console: &Console, device: &str) -> Result<Password, Failure> {
    if console.is_unattended() {
        return Err(missing("--no-input forbids to ask for it."));
    }
    console.say("Keep this password well: nobody can recover it, and without it nobody can read the backups.");
    for _ in 0..TRIES {
        let first = ask(format!("New backup password of {}: ", Printable(device)))?;
        let second = ask("The same again: ".to_owned())?;
        if first.as_bytes() == second.as_bytes() {
            return Ok(first);
        }
        console.say("The two are not the same. Try again.");
    }
    Err(missing("The two were never the same."))
}

fn ask(question: String) -> Result<Password, Failure> {
    match prompt::ask(question) {
        Reply::Typed(typed) if typed.is_empty() => Err(missing("None was typed.")),
        Reply::Typed(typed) => Ok(Password::of_prompt(typed)),
        Reply::Interrupted => Err(Failure::interrupted()),
        Reply::NoTerminal => Err(missing("There is no terminal to ask for it on.")),
    }
}

fn missing(why: &str) -> Failure {
    Failure::new(Exit::Password, "A new password is needed.")
        .because(why)
        .hint(
            "Give it with --new-password-file FILE, --new-password-command COMMAND or the variable CORER_NEW_PASSWORD,",
        )
        .hint("or run corer on a terminal without --no-input to be asked.")
}
