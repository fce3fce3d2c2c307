//! Reading the command line, and what is said when it makes no sense.

use std::ffi::OsString;
use std::io;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, FromArgMatches, ValueEnum};
use corer_schemas::kinds::KINDS;

use super::Cli;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::color::ColorMode;
use crate::cli::terminal::failure::show;

/// Words of other tools for what corer does, and what to type instead.
const GUESSES: [(&[&str], &str); 10] = [
    (&["decrypt", "unback", "unpack", "dump", "copy", "pull"], "corer files get -o DIR    (every file, decrypted)"),
    (&["text", "texts", "imessages", "conversations", "chat", "threads"], "corer messages"),
    (&["phone", "phonecalls", "callhistory", "call_history", "history", "facetime"], "corer calls"),
    (&["phonebook", "address-book", "vcard", "vcf"], "corer contacts"),
    (&["cameraroll", "camera-roll", "camera", "media", "images"], "corer photos"),
    (&["check", "validate", "test"], "corer verify"),
    (&["backup2", "back-up", "save"], "corer backup"),
    (&["ls", "cat", "get", "tree"], "corer files ls, corer files cat, corer files get"),
    (&["restore"], "corer changes no device. Finder, iTunes or Apple Devices restore a backup."),
    (&["unlock"], "corer info                (asks for the password when it needs one)"),
];

/// Commands of the map that are still to come and are no kind of data.
const TO_COME: [&str; 3] = ["search", "view", "timeline"];

/// Reads the command line. What clap says by itself (help, version, errors) is printed here.
///
/// # Errors
/// The exit code, when everything there was to say has been said.
pub fn parse() -> Result<Cli, Exit> {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let mut command = Cli::command().color(color(&typed).into());
    let parsed = command.try_get_matches_from_mut(&typed).and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.map_err(|mut error| {
        drop_aliases(&mut error, &command, &typed);
        let as_json = typed.iter().take_while(|word| *word != "--").any(|word| word == "--json");
        say(&error, as_json, color(&typed))
    })
}

fn say(error: &clap::Error, as_json: bool, color: ColorMode) -> Exit {
    if !error.use_stderr() {
        return match error.print() {
            Ok(()) => Exit::Done,
            Err(error) => Failure::stdout(&error).exit(),
        };
    }
    let hint = guess(error);
    if !as_json && hint.is_none() {
        // Nothing is left to do when stderr is gone.
        let _ = error.print();
        return Exit::Usage;
    }
    let text = error.render().to_string();
    let first = text.trim_start_matches("error: ").split("\n\n").next().unwrap_or_default();
    let mut failure = Failure::usage(first.replace('\n', " "));
    if let Some(hint) = hint {
        failure = failure.hint(hint);
    }
    let _ = show(&failure, &mut io::stderr().lock(), as_json, color.paint(&io::stderr()));
    failure.exit()
}

/// Takes names that the help does not show out of what clap suggests instead of a command.
fn drop_aliases(error: &mut clap::Error, command: &Command, typed: &[OsString]) {
    let Some(ContextValue::Strings(mut names)) = error.remove(ContextKind::SuggestedSubcommand) else { return };
    let group = typed.iter().filter_map(|word| command.find_subcommand(word)).find(|group| group.has_subcommands());
    let commands = || group.unwrap_or(command).get_subcommands();
    names.retain(|name| commands().any(|command| command.get_name() == name));
    if !names.is_empty() {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(names));
    }
}

/// What to type instead of a command that corer does not have, where it is known.
fn guess(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let typed = typed.to_lowercase();
    let guess = GUESSES.iter().find(|(words, _)| words.contains(&typed.as_str()));
    guess.map(|(_, instead)| (*instead).to_owned()).or_else(|| to_come(&typed))
}

/// Says that a command is not built yet, and how the files come out meanwhile.
fn to_come(typed: &str) -> Option<String> {
    if TO_COME.contains(&typed) {
        return Some(format!("corer {typed} is still to come. What there is: corer --help"));
    }
    let kind = KINDS.iter().find(|kind| kind.name == typed)?;
    let area = kind.areas.first()?;
    // One that ends with a dash is the beginning of many.
    let every = if area.domain.ends_with('-') { "*" } else { "" };
    let pattern = match area.path {
        path if path.is_empty() || path.ends_with('/') => format!("{}{every}/{path}**", area.domain),
        path => format!("{}{every}/{path}*", area.domain),
    };
    Some(format!(
        "corer does not read {} yet. Their files come out with: corer files get '{pattern}' -o DIR",
        kind.plural
    ))
}

/// The `--color` that was typed, looked for before the command line is known to make sense.
fn color(typed: &[OsString]) -> ColorMode {
    let mut words = typed.iter().filter_map(|word| word.to_str()).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(when) = value.and_then(|value| ColorMode::from_str(value, false).ok()) {
            return when;
        }
    }
    ColorMode::Auto
}
