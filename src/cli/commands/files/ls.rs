//! `corer files ls`: what is recorded, one line each.

use clap::Args;
use corer_schemas::EntryKind;
use jiff::Timestamp;
use serde::Serialize;

use super::selected;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{SourceArgs, ZoneArgs};
use crate::cli::input::items::Item;
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::human;
use crate::cli::terminal::printable::Printable;

/// List files
///
/// With --long: kind (- file, d directory, l link), recorded size, time of the last change, name, and whether the bytes
/// are missing. Sizes are those that the device recorded; a live database is often longer.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct LsArgs {
    /// Only these: `Domain/path` patterns
    #[arg(value_name = "PATTERN")]
    pub patterns: Vec<String>,

    /// With kind, size, time and whether the bytes are there
    #[arg(short, long)]
    pub long: bool,

    #[command(flatten)]
    pub zone: ZoneArgs,

    #[command(flatten)]
    pub source: SourceArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer files ls", "everything"),
            ("corer files ls -l HomeDomain/Library/SMS", "one directory, with sizes and times"),
            ("corer files ls '**/*.heic'", "every picture of one kind"),
        ],
        &[Exit::Incomplete, Exit::NothingMatched, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}

/// Lists the files.
///
/// # Errors
/// When the backup cannot be opened, and when nothing matched.
pub fn run(args: &LsArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let session = Session::open(&args.source, None, console)?;
    let mut lister = Lister { zone, long: args.long || console.is_json(), answer: console.answer() };
    let walk = selected::for_each(&session, &args.patterns, console, |name, item| match console.is_json() {
        true => lister.json(item),
        false => lister.line(name, item),
    })?;
    lister.answer.finish()?;
    console.note(walk.counts);
    Ok(walk.conclude(console))
}

struct Lister {
    zone: Zone,
    /// Whether everything about an entry is told.
    long: bool,
    answer: Answer,
}

/// One entry for programs.
#[derive(Serialize)]
struct EntryLine<'a> {
    domain: &'a str,
    path: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<String>,
}

impl Lister {
    fn line(&mut self, name: &str, item: &Item<'_>) -> Result<(), Failure> {
        if !self.long {
            return self.answer.line(Printable(name));
        }
        let letter = match item.kind {
            EntryKind::File => '-',
            EntryKind::Directory => 'd',
            EntryKind::Symlink => 'l',
        };
        let size = item.size().filter(|_| item.kind == EntryKind::File).map_or_else(|| "-".to_owned(), human::size);
        let time = item.modified().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let time = time.map_or_else(|| "-".to_owned(), |time| self.zone.minute(time));
        let target = target(item).map_or_else(String::new, |target| format!(" -> {target}"));
        let missing = self.missing(item).map_or_else(String::new, |why| format!("  ({why})"));
        self.answer.line(format_args!(
            "{letter} {size:>9}  {time:<16}  {}{}{missing}",
            Printable(name),
            Printable(target)
        ))
    }

    fn json(&mut self, item: &Item<'_>) -> Result<(), Failure> {
        let line = EntryLine {
            domain: item.domain(),
            path: item.path(),
            kind: match item.kind {
                EntryKind::File => "file",
                EntryKind::Directory => "directory",
                EntryKind::Symlink => "link",
            },
            file_id: item.file_id(),
            size: item.size(),
            mode: item.mode(),
            modified: self.moment(item.modified()),
            created: self.moment(item.created()),
            target: target(item),
            missing: self.missing(item),
        };
        self.answer.json_line("entry", &line)
    }

    fn moment(&self, seconds: Option<i64>) -> Option<String> {
        Timestamp::from_second(seconds?).ok().map(|time| self.zone.rfc3339(time))
    }

    /// Why the bytes of a file are not there. Only asked with --long, and for programs.
    fn missing(&self, item: &Item<'_>) -> Option<String> {
        let asked = self.long && item.kind == EntryKind::File;
        asked.then(|| item.absence())?.map(|why| why.to_string())
    }
}

/// Where a link points to. Asked for links alone.
fn target(item: &Item<'_>) -> Option<String> {
    (item.kind == EntryKind::Symlink).then(|| item.target())?
}
