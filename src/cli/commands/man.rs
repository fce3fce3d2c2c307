//! `corer man`: manual pages, made from the same definitions as the help.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, ValueHint};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::terminal::console::Console;

/// Print the manual page
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct ManArgs {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub dir: Option<PathBuf>,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer man | man -l -", "read the main page"),
            ("corer man --dir man1", "write all pages into man1/"),
            ("man ./man1/corer-files-get.1", "read one of them"),
        ],
        &[],
    )
}

/// Prints the main page, or writes all of them.
///
/// # Errors
/// Those of writing.
pub fn run(args: &ManArgs, command: Command, console: &Console) -> Result<Exit, Failure> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    match &args.dir {
        Some(dir) => write_all(&command, dir)?,
        None => {
            let mut answer = console.answer();
            answer.raw_bytes(&main_page(&command).map_err(|error| Failure::stdout(&error))?)?;
            answer.finish()?;
        }
    }
    Ok(Exit::Done)
}

fn write_all(command: &Command, dir: &Path) -> Result<(), Failure> {
    let fail = |error: io::Error| {
        Failure::io(format!("The manual pages could not be written into {}.", dir.display()), &error)
    };
    std::fs::create_dir_all(dir).map_err(fail)?;
    std::fs::write(dir.join("corer.1"), main_page(command).map_err(fail)?).map_err(fail)?;
    command.get_subcommands().try_for_each(|sub| write_below(sub, dir)).map_err(fail)
}

/// Writes the page of `command` and of all below it. Depth is that of the definitions: two.
fn write_below(command: &Command, dir: &Path) -> io::Result<()> {
    if command.is_hide_set() {
        return Ok(());
    }
    let man = Man::new(command.clone());
    std::fs::write(dir.join(man.get_filename()), page(&man, command, &Roff::default())?)?;
    command.get_subcommands().try_for_each(|sub| write_below(sub, dir))
}

/// The main page also has what holds for every command.
fn main_page(command: &Command) -> io::Result<Vec<u8>> {
    let mut roff = Roff::default();
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in ENVIRONMENT {
        roff.control("TP", []).text([bold(name)]).text([roman(meaning)]);
    }
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        roff.control("TP", []).text([bold(exit.code().to_string())]).text([roman(exit.meaning())]);
    }
    page(&Man::new(command.clone()), command, &roff)
}

/// The variables that corer reads.
const ENVIRONMENT: [(&str, &str); 6] = [
    ("CORER_BACKUP", "The backup, as with --backup."),
    ("CORER_PASSWORD_FILE", "A file with the backup password, as with --password-file."),
    ("CORER_PASSWORD", "The backup password itself. Other programs of the same user can see it; a file is better."),
    ("BACKUP_PASSWORD", "The same, under the name that other tools use."),
    ("NO_COLOR, CLICOLOR_FORCE, TERM", "Whether to colour, as everywhere."),
    ("TZ", "The time zone of this computer, where it is set."),
];

/// What [`roff`](clap_mangen::roff) puts before each piece; once is enough.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// One page. The examples and exit codes are laid out as they stand; the generator would run their lines together.
/// `last` stands at the end.
fn page(man: &Man, command: &Command, last: &Roff) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.get_subcommands().any(|sub| !sub.is_hide_set()) {
        man.render_subcommands_section(&mut out)?;
    }
    if let Some(ending) = command.get_after_long_help() {
        let mut roff = Roff::default();
        roff.control("SH", ["EXAMPLES AND EXIT STATUS"]).control("nf", []);
        for line in ending.to_string().lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
        roff.to_writer(&mut out)?;
    }
    last.to_writer(&mut out)?;
    let text = String::from_utf8_lossy(&out).replace(PREAMBLE, "");
    Ok(format!("{PREAMBLE}{text}").into_bytes())
}
