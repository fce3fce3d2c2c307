//! The backup password: where it comes from, and asking again when it was wrong.
//!
//! The order: `--password-file`, `--password-command`, `CORER_PASSWORD_FILE`, `CORER_PASSWORD`, `BACKUP_PASSWORD`
//! (the habit of other tools), then a prompt. A keychain of the operating system would stand before the prompt, as
//! one more [`Origin`]. The password is never logged, has no debug print, and is wiped when it is no longer needed.

mod new;
pub mod notes;
mod origin;
mod prompt;
mod secret;

pub use new::{NewPasswordArgs, new};
use origin::{Origin, origin, place, read};
use prompt::Reply;
pub use secret::Password;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::PasswordArgs;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::printable::Printable;

/// How often the prompt asks.
const TRIES: usize = 3;

/// Why an attempt to unlock failed.
#[derive(Debug)]
pub enum Attempt {
    /// The password is not the one of this backup: another one may be.
    Wrong,
    /// No password would help.
    Failed(Failure),
}

/// Finds the password and calls `attempt` with it: once, or again after a new prompt while it is wrong.
/// `device` names the backup in the prompt.
///
/// # Errors
/// [`Exit::Password`] when there is no password or none that opens the backup; else what `attempt` failed with.
pub fn unlock_with<T>(
    args: &PasswordArgs,
    console: &Console,
    device: &str,
    attempt: impl FnMut(&Password) -> Result<T, Attempt>,
) -> Result<T, Failure> {
    unlock(args, console, device, attempt)?.map_err(missing)
}

/// The same where the password is not indispensable: `None` when there is none.
///
/// # Errors
/// [`Exit::Password`] when no password opens the backup; else what `attempt` failed with.
pub fn unlock_if_given<T>(
    args: &PasswordArgs,
    console: &Console,
    device: &str,
    attempt: impl FnMut(&Password) -> Result<T, Attempt>,
) -> Result<Option<T>, Failure> {
    Ok(unlock(args, console, device, attempt)?.ok())
}

/// Why there is no password.
type Missing = &'static str;

fn unlock<T>(
    args: &PasswordArgs,
    console: &Console,
    device: &str,
    mut attempt: impl FnMut(&Password) -> Result<T, Attempt>,
) -> Result<Result<T, Missing>, Failure> {
    let origin = origin(args, |name| std::env::var_os(name));
    let tries = if origin == Origin::Prompt { TRIES } else { 1 };
    for left in (0..tries).rev() {
        let password = match &origin {
            Origin::Prompt => ask(console, device)?,
            other => Ok(read(other)?),
        };
        let password = match password {
            Ok(password) => password,
            Err(why) => return Ok(Err(why)),
        };
        match attempt(&password) {
            Ok(unlocked) => return Ok(Ok(unlocked)),
            Err(Attempt::Failed(failure)) => return Err(failure),
            Err(Attempt::Wrong) if left > 0 => console.say("That is not the password of this backup. Try again."),
            Err(Attempt::Wrong) => {}
        }
    }
    Err(wrong(&origin))
}

/// Asks on the terminal, without echo.
fn ask(console: &Console, device: &str) -> Result<Result<Password, Missing>, Failure> {
    if console.is_unattended() {
        return Ok(Err("--no-input forbids to ask for it."));
    }
    let question =
        format!("Backup password of {} (not the Apple account's, not the device's passcode): ", Printable(device));
    match prompt::ask(question) {
        Reply::Typed(typed) if typed.is_empty() => Ok(Err("None was typed.")),
        Reply::Typed(typed) => Ok(Ok(Password::of_prompt(typed))),
        Reply::Interrupted => Err(Failure::interrupted()),
        Reply::NoTerminal => Ok(Err("There is no terminal to ask for it on.")),
    }
}

fn missing(why: Missing) -> Failure {
    Failure::new(Exit::Password, "This backup is encrypted and its password is needed.")
        .because(why)
        .hint("Give it with --password-file FILE, --password-command COMMAND or the variable CORER_PASSWORD,")
        .hint("or run corer on a terminal without --no-input to be asked.")
}

fn wrong(origin: &Origin) -> Failure {
    let what = match origin {
        Origin::Prompt => format!("None of the {TRIES} passwords opens this backup."),
        other => format!("The password from {} does not open this backup.", place(other)),
    };
    Failure::new(Exit::Password, what)
        .because("It is the one that was set when \"Encrypt local backup\" was first ticked in Finder, iTunes or another program.")
        .hint("It is neither the password of the Apple account nor the passcode of the device, though some people chose the same.")
        .hint("Nobody can recover it. A new one can be set on the device, for backups made from then on.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::terminal::global_args::GlobalArgs;

    fn console() -> Console {
        Console::new(GlobalArgs::silent())
    }

    fn args(file: Option<&str>, command: Option<&str>) -> PasswordArgs {
        PasswordArgs { password_file: file.map(Into::into), password_command: command.map(Into::into) }
    }

    #[test]
    fn a_wrong_password_from_a_file_is_not_asked_for_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "test123\n").unwrap();
        let mut calls = 0;
        let result = unlock_with(&args(file.to_str(), None), &console(), "x", |password| {
            calls += 1;
            assert_eq!(password.as_bytes(), b"test123");
            Err::<(), _>(Attempt::Wrong)
        });
        assert_eq!((calls, result.unwrap_err().exit()), (1, Exit::Password));
    }

    #[test]
    #[cfg(unix)]
    fn a_command_gives_its_output_or_a_failure() {
        let take = |command| unlock_with(&args(None, Some(command)), &console(), "x", |p| Ok(p.as_bytes().to_vec()));
        assert_eq!(take("echo geheim").unwrap(), b"geheim");
        assert_eq!(take("echo geheim; exit 3").unwrap_err().exit(), Exit::Password);
        assert_eq!(take("true").unwrap_err().exit(), Exit::Password);
    }

    #[test]
    fn no_password_and_nobody_to_ask() {
        assert!(matches!(ask(&console(), "x"), Ok(Err(_))));
        assert_eq!(missing("x").exit(), Exit::Password);
    }
}
