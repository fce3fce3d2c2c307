//! The backup password: where it comes from, and asking again when it was wrong.
//!
//! The order: `--password-file`, `--password-command`, `CORER_PASSWORD_FILE`, `CORER_PASSWORD`, `BACKUP_PASSWORD`
//! (the habit of other tools), then a prompt. A keychain of the operating system would stand before the prompt, as
//! one more [`Origin`]. The password is never logged, has no debug print, and is wiped when it is no longer needed.

mod new;
mod prompt;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use zeroize::Zeroize;

pub use new::{NewPasswordArgs, new};
use prompt::Reply;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::PasswordArgs;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::printable::Printable;

/// More bytes than this are no password but a mistaken file.
const LONGEST: usize = 64 * 1024;
/// How often the prompt asks.
const TRIES: usize = 3;

/// A password as typed, wiped when dropped.
pub struct Password(Vec<u8>);

impl Password {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The password as text, as devices take it.
    ///
    /// # Errors
    /// [`Exit::Password`] when it is no text.
    pub fn as_text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.0)
            .map_err(|_| Failure::new(Exit::Password, "The password is no text (UTF-8), and devices take no other."))
    }

    /// Reads to the end, without ever leaving a copy behind in memory that was given back.
    fn read(from: impl Read) -> io::Result<Self> {
        let mut password = Self(Vec::with_capacity(LONGEST + 1));
        from.take(LONGEST as u64 + 1).read_to_end(&mut password.0)?;
        if password.0.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "that is too long for a password"));
        }
        password.decode()?;
        password.strip_line_end();
        Ok(password)
    }

    /// Takes off the mark that editors of Windows put before a text, and turns UTF-16 that begins with one into UTF-8.
    fn decode(&mut self) -> io::Result<()> {
        let refused = |why| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        let unit: fn([u8; 2]) -> u16 = match self.0.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => {
                self.0.drain(..3);
                return self.refuse_zeros();
            }
            [0xff, 0xfe, ..] => u16::from_le_bytes,
            [0xfe, 0xff, ..] => u16::from_be_bytes,
            _ => return self.refuse_zeros(),
        };
        let (pairs, []) = self.0.as_chunks::<2>() else { return refused("it is UTF-16 that is cut off") };
        let mut plain = Self(Vec::with_capacity(LONGEST * 2));
        for letter in char::decode_utf16(pairs.iter().skip(1).map(|pair| unit(*pair))) {
            let Ok(letter) = letter else { return refused("it is UTF-16 that makes no sense") };
            let mut bytes = [0; 4];
            plain.0.extend_from_slice(letter.encode_utf8(&mut bytes).as_bytes());
            bytes.zeroize();
        }
        *self = plain;
        self.refuse_zeros()
    }

    /// A password has no zeros: they stand in UTF-16 without a mark, in UTF-32, and in what is no text.
    fn refuse_zeros(&self) -> io::Result<()> {
        if self.0.contains(&0) {
            let why = "it holds zero bytes, as UTF-16 without a mark does; save it as UTF-8";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(())
    }

    /// Takes over the value of a variable, so that nothing but the environment itself keeps it.
    fn of_variable(value: OsString) -> Self {
        Self(value.into_encoded_bytes())
    }

    /// Takes off the one line end that editors and `echo` put behind a password.
    fn strip_line_end(&mut self) {
        if self.0.last() == Some(&b'\n') {
            self.0.pop();
            if self.0.last() == Some(&b'\r') {
                self.0.pop();
            }
        }
    }
}

impl Drop for Password {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Why an attempt to unlock failed.
#[derive(Debug)]
pub enum Attempt {
    /// The password is not the one of this backup: another one may be.
    Wrong,
    /// No password would help.
    Failed(Failure),
}

/// Where a password comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    Stdin,
    Command(String),
    Variable(&'static str),
    Prompt,
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

/// The first place that has the password.
fn origin(args: &PasswordArgs, variable: impl Fn(&str) -> Option<OsString>) -> Origin {
    let names = ["CORER_PASSWORD_FILE", "CORER_PASSWORD", "BACKUP_PASSWORD"];
    origin_of(args.password_file.as_deref(), args.password_command.as_deref(), names, variable)
}

/// The first place that has a password: a file, a command, a variable that names a file, two that hold the password. A
/// variable that is set to nothing counts as not set.
fn origin_of(
    password_file: Option<&Path>,
    password_command: Option<&str>,
    [names_file, ours, habit]: [&'static str; 3],
    variable: impl Fn(&str) -> Option<OsString>,
) -> Origin {
    let file = |path: &Path| if path == Path::new("-") { Origin::Stdin } else { Origin::File(path.to_owned()) };
    let named = |name| {
        let password = variable(name).map(Password::of_variable)?;
        (!password.0.is_empty()).then_some(Origin::Variable(name))
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
fn read(origin: &Origin) -> Result<Password, Failure> {
    let password = match origin {
        Origin::File(path) => File::open(path).and_then(Password::read),
        Origin::Stdin => read_stdin(),
        Origin::Command(command) => run(command),
        Origin::Variable(name) => Ok(Password::of_variable(std::env::var_os(name).unwrap_or_default())),
        Origin::Prompt => Ok(Password(Vec::new())),
    }
    .map_err(|error| {
        Failure::new(Exit::Password, format!("The backup password could not be read from {}.", place(origin)))
            .because(format!("The reason: {error}."))
    })?;
    if password.0.is_empty() {
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

/// Asks on the terminal, without echo.
fn ask(console: &Console, device: &str) -> Result<Result<Password, Missing>, Failure> {
    if console.is_unattended() {
        return Ok(Err("--no-input forbids to ask for it."));
    }
    let question =
        format!("Backup password of {} (not the Apple account's, not the device's passcode): ", Printable(device));
    match prompt::ask(question) {
        Reply::Typed(typed) if typed.is_empty() => Ok(Err("None was typed.")),
        Reply::Typed(typed) => Ok(Ok(Password(typed.into_bytes()))),
        Reply::Interrupted => Err(Failure::interrupted()),
        Reply::NoTerminal => Ok(Err("There is no terminal to ask for it on.")),
    }
}

fn place(origin: &Origin) -> String {
    match origin {
        Origin::File(path) => format!("the file {}", path.display()),
        Origin::Stdin => "the standard input".to_owned(),
        Origin::Command(_) => "what the password command prints".to_owned(),
        Origin::Variable(name) => format!("the variable {name}"),
        Origin::Prompt => "what was typed".to_owned(),
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
    use crate::cli::terminal::manner::Manner;

    fn console() -> Console {
        Console::new(Manner::silent())
    }

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

    #[test]
    fn one_line_end_is_taken_off() {
        let read = |text: &str| Password::read(text.as_bytes()).map(|p| p.as_bytes().to_vec()).unwrap();
        assert_eq!(read("secret\n"), b"secret");
        assert_eq!(read("secret\r\n"), b"secret");
        assert_eq!(read("secret \n\n"), b"secret \n");
        assert_eq!(read("\r"), b"\r");
        assert!(Password::read(io::repeat(b'x')).is_err());
    }

    #[test]
    fn files_of_windows_are_read_or_refused_in_words() {
        let read =
            |bytes: &[u8]| Password::read(bytes).map(|p| p.as_bytes().to_vec()).map_err(|error| error.to_string());
        let utf16 =
            |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(bytes).collect() };
        for text in ["geheim", "pâss wörd 花🔑"] {
            let line = format!("\u{feff}{text}\r\n");
            assert_eq!(read(line.as_bytes()).unwrap(), text.as_bytes());
            assert_eq!(read(&utf16(&line, u16::to_le_bytes)).unwrap(), text.as_bytes());
            assert_eq!(read(&utf16(&line, u16::to_be_bytes)).unwrap(), text.as_bytes());
        }
        assert!(read(&utf16("geheim", u16::to_le_bytes)).unwrap_err().contains("UTF-8"));
        assert!(read(b"a\0b").unwrap_err().contains("zero"));
        assert!(read(&[0xff, 0xfe, 0x61]).unwrap_err().contains("cut off"));
        assert!(read(&[0xff, 0xfe, 0x00, 0xd8]).unwrap_err().contains("no sense"));
        // More than one line belongs to the password: only the last line end is taken off.
        assert_eq!(read(b"one\r\ntwo\r\n").unwrap(), b"one\r\ntwo");
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
