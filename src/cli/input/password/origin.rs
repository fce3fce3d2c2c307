//! Where a password comes from, other than the prompt.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::secret::Password;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::PasswordArgs;

/// Where a password comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    File(PathBuf),
    Stdin,
    Command(String),
    Variable(&'static str),
    Prompt,
}

/// The first place that has the password.
pub(super) fn origin(args: &PasswordArgs, variable: impl Fn(&str) -> Option<OsString>) -> Origin {
    let names = ["CORER_PASSWORD_FILE", "CORER_PASSWORD", "BACKUP_PASSWORD"];
    origin_of(args.password_file.as_deref(), args.password_command.as_deref(), names, variable)
}

/// The first place that has a password: a file, a command, a variable that names a file, two that hold the password. A
/// variable that is set to nothing counts as not set.
pub(super) fn origin_of(
    password_file: Option<&Path>,
    password_command: Option<&str>,
    [names_file, ours, habit]: [&'static str; 3],
    variable: impl Fn(&str) -> Option<OsString>,
) -> Origin {
    let file = |path: &Path| if path == Path::new("-") { Origin::Stdin } else { Origin::File(path.to_owned()) };
    let named = |name| {
        let password = variable(name).map(Password::of_variable)?;
        (!password.as_bytes().is_empty()).then_some(Origin::Variable(name))
    };
    password_file
        .map(file)
        .or_else(|| password_command.map(|command| Origin::Command(command.to_owned())))
        .or_else(|| {
            let path = variable(names_file).filter(|path| !path.is_empty())?;
            Some(file(Path::new(&path)))
        })
        .or_else(|| named(ours))
        .or_else(|| named(habit))
        .unwrap_or(Origin::Prompt)
}

/// Reads the password from anywhere but the prompt.
pub(super) fn read(origin: &Origin) -> Result<Password, Failure> {
    let password = match origin {
        Origin::File(path) => File::open(path).and_then(Password::read),
        Origin::Stdin => read_stdin(),
        Origin::Command(command) => run(command),
        Origin::Variable(name) => Ok(Password::of_variable(std::env::var_os(name).unwrap_or_default())),
        Origin::Prompt => Ok(Password::of_prompt(String::new())),
    }
    .map_err(|error| {
        Failure::new(Exit::Password, format!("The backup password could not be read from {}.", place(origin)))
            .because(format!("The reason: {error}."))
    })?;
    if password.as_bytes().is_empty() {
        return Err(Failure::new(Exit::Password, format!("There is no password in {}.", place(origin))));
    }
    Ok(password)
}

/// Reads past the buffer of the standard input, which is never wiped.
#[cfg(unix)]
fn read_stdin() -> io::Result<Password> {
    use std::os::fd::AsFd;
    Password::read(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn read_stdin() -> io::Result<Password> {
    Password::read(io::stdin().lock())
}

/// Runs a command in the shell of the system and takes what it prints.
fn run(command: &str) -> io::Result<Password> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell).arg(flag).arg(command).stdout(Stdio::piped()).spawn()?;
    let password = child.stdout.take().map(Password::read).transpose();
    let status = child.wait()?;
    if !status.success() {
        return Err(io::Error::other(format!("the command ended with {status}")));
    }
    password?.ok_or_else(|| io::Error::other("the command printed nothing"))
}

/// The place in words.
pub(super) fn place(origin: &Origin) -> String {
    match origin {
        Origin::File(path) => format!("the file {}", path.display()),
        Origin::Stdin => "the standard input".to_owned(),
        Origin::Command(_) => "what the password command prints".to_owned(),
        Origin::Variable(name) => format!("the variable {name}"),
        Origin::Prompt => "what was typed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(file: Option<&str>, command: Option<&str>) -> PasswordArgs {
        PasswordArgs { password_file: file.map(Into::into), password_command: command.map(Into::into) }
    }

    /// An environment in which the variables `set` have their own names as values.
    fn only(set: &'static [&'static str]) -> impl Fn(&str) -> Option<OsString> {
        |name| set.contains(&name).then(|| name.into())
    }

    #[test]
    fn the_order_is_the_promised_one() {
        let all = &["CORER_PASSWORD_FILE", "CORER_PASSWORD", "BACKUP_PASSWORD"];
        assert_eq!(origin(&args(Some("f"), None), only(all)), Origin::File("f".into()));
        assert_eq!(origin(&args(Some("-"), None), only(all)), Origin::Stdin);
        assert_eq!(origin(&args(None, Some("c")), only(all)), Origin::Command("c".into()));
        assert_eq!(origin(&args(None, None), only(all)), Origin::File("CORER_PASSWORD_FILE".into()));
        assert_eq!(
            origin(&args(None, None), only(&["CORER_PASSWORD", "BACKUP_PASSWORD"])),
            Origin::Variable("CORER_PASSWORD")
        );
        assert_eq!(origin(&args(None, None), only(&["BACKUP_PASSWORD"])), Origin::Variable("BACKUP_PASSWORD"));
        assert_eq!(origin(&args(None, None), |_| Some(OsString::new())), Origin::Prompt);
    }
}
