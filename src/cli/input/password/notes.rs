//! The passwords of locked notes, which are not that of the backup. There may be several: each note keeps the one that it was locked with.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use corer_schemas::notes::Notes;
use corer_schemas::notes::lock::NotePasswords;

use super::origin::{Origin, origin_of, read};
use super::prompt::{self, Reply};
use super::secret::Password;
use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::printable::Printable;

/// How often the prompt asks.
const TRIES: usize = 3;

/// Where the passwords of notes come from. There is no flag that takes a password itself.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Locked notes")]
pub struct NotePasswordArgs {
    /// Read a password of locked notes from this file; `-` is the standard input; may be repeated
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub note_password_file: Vec<PathBuf>,

    /// Run this command and take what it prints as a password of locked notes; may be repeated
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString)]
    pub note_password_command: Vec<String>,
}

/// The passwords that were given: by `--note-password-file` and `--note-password-command`, else by `CORER_NOTE_PASSWORD_FILE` or
/// `CORER_NOTE_PASSWORD`.
///
/// # Errors
/// When one cannot be read.
pub fn given(args: &NotePasswordArgs) -> Result<Vec<Password>, Failure> {
    let names = ["CORER_NOTE_PASSWORD_FILE", "CORER_NOTE_PASSWORD", "CORER_NOTE_PASSWORD"];
    let of = |file, command, variable: &dyn Fn(&str) -> Option<std::ffi::OsString>| {
        origin_of(file, command, names, variable)
    };
    let files = args.note_password_file.iter().map(|file| of(Some(file.as_path()), None, &|_| None));
    let commands = args.note_password_command.iter().map(|command| of(None, Some(command.as_str()), &|_| None));
    let mut origins: Vec<Origin> = files.chain(commands).collect();
    if origins.is_empty() {
        origins.push(of(None, None, &|name| std::env::var_os(name)));
    }
    let origins = origins.iter().filter(|origin| **origin != Origin::Prompt);
    origins.map(read).collect()
}

/// The passwords to try: these, and that of the backup, which people often take for their notes, too.
pub fn all(own: &[Password], of_backup: Option<&Password>) -> NotePasswords {
    NotePasswords::new(own.iter().chain(of_backup).map(Password::as_bytes))
}

/// Asks on the terminal for the password of locked notes, where there are any that neither a password nor that of the backup opens.
/// Who types nothing leaves them closed.
///
/// # Errors
/// When somebody asked to stop.
pub fn ask<'s>(mut notes: Notes<'s>, of_backup: Option<&Password>, console: &Console) -> Result<Notes<'s>, Failure> {
    if console.is_unattended() {
        return Ok(notes);
    }
    let mut typed: Vec<Password> = Vec::new();
    for _ in 0..TRIES {
        let Some(wanted) = notes.wants_password() else { break };
        let hint = wanted.hint.map(|hint| format!("hint: {}; ", Printable(hint))).unwrap_or_default();
        let question = format!("Password of locked notes ({hint}Enter alone leaves them closed): ");
        match prompt::ask(question) {
            Reply::Typed(words) if words.is_empty() => break,
            Reply::Typed(words) => typed.push(Password::of_prompt(words)),
            Reply::Interrupted => return Err(Failure::interrupted()),
            Reply::NoTerminal => break,
        }
        notes = notes.with_passwords(all(&typed, of_backup));
        if notes.wants_password().is_some_and(|still| still.note == wanted.note) {
            console.say("That does not open the note. Try again.");
        }
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_the_backup_is_tried_too() {
        let password = |text: &str| Password::of_prompt(text.to_owned());
        let count = |passwords: NotePasswords| format!("{passwords:?}");
        assert_eq!(count(all(&[], Some(&password("b")))), "NotePasswords { count: 1, .. }");
        assert_eq!(count(all(&[password("a")], Some(&password("b").copy()))), "NotePasswords { count: 2, .. }");
        assert!(all(&[], None).is_empty());
    }
}
