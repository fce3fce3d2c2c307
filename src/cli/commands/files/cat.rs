//! `corer files cat`: the content of files on stdout.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};

use clap::Args;
use corer_schemas::{Absence, EntryKind, Opened, SourceError};

use super::selected;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::SourceArgs;
use crate::cli::input::items::{Item, OpenedFile};
use crate::cli::input::session::Session;
use crate::cli::sentence::sentence;
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::printable::Printable;

/// How much is read at a time, in bytes.
const CHUNK: usize = 256 * 1024;
/// The longest piece of a line that a terminal gets at once, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// Print the content of files
///
/// Bytes come out as they are, one file after the other. A terminal gets text only, with control characters made
/// visible.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct CatArgs {
    /// Which: `Domain/path` patterns
    #[arg(value_name = "PATTERN", required = true)]
    pub patterns: Vec<String>,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer files cat HomeDomain/Library/SMS/sms.db > sms.db", "one file, decrypted"),
            ("corer files cat '**/Bookmarks.plist' | plutil -p -", "into another program"),
            ("corer files cat -b backup.zip '**/*.txt'", "several, one after the other"),
        ],
        &[Exit::Incomplete, Exit::NothingMatched, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}

/// Prints the files.
///
/// # Errors
/// When the backup cannot be opened, when no file matched, and when a terminal would get something that is no text.
pub fn run(args: &CatArgs, console: &Console) -> Result<Exit, Failure> {
    let session = Session::open(&args.source, None, console)?;
    let mut answer = console.answer();
    let mut whole = true;
    let walk = selected::for_each(&session, &args.patterns, console, |name, item| {
        if item.kind == EntryKind::File {
            whole &= print(name, item, &mut answer, console)?;
        }
        Ok(())
    })?;
    answer.finish()?;
    if walk.counts.files == 0 {
        return Err(Failure::new(Exit::NothingMatched, "What matches are directories and links, no files."));
    }
    let listed = walk.conclude(console);
    Ok(if whole { listed } else { Exit::Incomplete })
}

/// Prints one file. Says whether it was complete; what is missing was told.
fn print(name: &str, item: &Item<'_>, answer: &mut Answer, console: &Console) -> Result<bool, Failure> {
    let OpenedFile { opened, damage } = match item.open() {
        Ok(taken) => taken,
        Err(error) => {
            console.warn(sentence(&error.to_string()));
            // What the device itself held only in iCloud is no gap of the backup.
            return Ok(matches!(error, SourceError::Absent { why: Absence::InCloud, .. }));
        }
    };
    let copied = if io::stdout().is_terminal() { show(opened, name, answer)? } else { copy(opened, answer)? };
    let damage = copied.err().map(|error| error.to_string()).or(damage);
    if let Some(damage) = &damage {
        console.warn(format_args!("{name}: {damage}."));
    }
    Ok(damage.is_none())
}

/// Copies bytes as they are. The inner error is that of reading.
fn copy(mut opened: Opened, answer: &mut Answer) -> Result<io::Result<()>, Failure> {
    let mut buffer = vec![0; CHUNK];
    loop {
        match opened.reader.read(&mut buffer) {
            Ok(0) => return Ok(Ok(())),
            Ok(read) => answer.raw_bytes(buffer.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Err(error)),
        }
    }
}

/// Shows text on a terminal, line by line.
fn show(opened: Opened, name: &str, answer: &mut Answer) -> Result<io::Result<()>, Failure> {
    let mut reader = BufReader::with_capacity(CHUNK, opened.reader);
    match reader.fill_buf() {
        Ok(start) if start.contains(&0) => return Err(not_text(name)),
        Ok(_) => {}
        Err(error) => return Ok(Err(error)),
    }
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return Ok(Ok(())),
            Ok(_) => {
                let text = String::from_utf8_lossy(&line);
                answer.line(Printable(text.strip_suffix('\n').unwrap_or(&text)))?;
            }
            Err(error) => return Ok(Err(error)),
        }
    }
}

fn not_text(name: &str) -> Failure {
    Failure::usage(format!("{name} is no text, and a terminal can show nothing else."))
        .hint(format!("Write it into a file: corer files cat '{name}' > FILE"))
}
