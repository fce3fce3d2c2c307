//! `corer list`: the backups on this computer, or in a folder. Never asks for a password.

use std::io;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use corer::backup::discover::{
    Bound, DEEPEST, FoundBackup, MOST_ENTRIES, Problem, Search, Stop, find, standard_places, stored_size,
};
use corer::backup::facts::SnapshotState;
use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::ZoneArgs;
use crate::cli::input::find_backup::closed;
use crate::cli::input::zone::Zone;
use crate::cli::sentence::with_full_stop;
use crate::cli::state::verify_history::{LastCheck, VerifyHistory};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::table::{Column, Table};

/// List the backups on this computer
///
/// Looks in the places where Finder, iTunes, Apple Devices and corer keep backups, and up to four folders deep below them,
/// as iMazing keeps its snapshots; newest first. Never asks for a password: what is shown is not encrypted in any backup.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct ListArgs {
    /// Look in these folders instead of the standard places
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub folders: Vec<PathBuf>,

    #[command(flatten)]
    pub zone: ZoneArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer list", "every backup in the standard places"),
            ("corer list /media/disk/Backups", "every backup in a folder"),
            ("corer list --json", "the same for programs"),
        ],
        &[Exit::Incomplete, Exit::NotFound],
    )
}

/// Lists the backups.
///
/// # Errors
/// [`Exit::NotFound`] when there is none.
pub fn run(args: &ListArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    for folder in &args.folders {
        let found = folder.metadata();
        match found.map_err(|error| (error.kind(), error)) {
            Ok(_) => {}
            Err((io::ErrorKind::PermissionDenied, error)) => {
                return Err(Failure::io(format!("{} cannot be read.", folder.display()), &error));
            }
            Err(_) => return Err(Failure::new(Exit::NotFound, format!("There is no folder {}.", folder.display()))),
        }
    }
    let places = if args.folders.is_empty() { standard_places() } else { args.folders.clone() };
    let Search { found, problems, stops, packed, .. } = find(&places);
    let history = VerifyHistory::read();
    let rows: Vec<BackupRow> = found.par_iter().map(|found| BackupRow::new(found, &history)).collect();
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document(
            "backups",
            &ListDocument {
                places: &places,
                backups: rows.iter().map(|row| row.line(&zone)).collect(),
                stopped: stops.iter().map(StopLine::new).collect(),
            },
        )?;
    } else if !rows.is_empty() {
        answer.table(&table(&rows, &zone))?;
    }
    answer.finish()?;
    // What ends the run is told once, by its end.
    let denied = problems.iter().find(|problem| rows.is_empty() && problem.is_denied);
    let is_end = |problem: &&Problem| denied.is_none_or(|denied| denied.path != problem.path);
    for Problem { path, why, .. } in problems.iter().filter(is_end) {
        console.warn(with_full_stop(&format!("{}: {why}", path.display())));
    }
    for (path, kind) in &packed {
        let path = path.display();
        console.note(format_args!(
            "{path}: it is an archive ({kind}), which is not looked into. Is a backup in it? Unpack it first."
        ));
    }
    stops.iter().for_each(|stop| tell(stop, console));
    match (rows.is_empty(), problems.is_empty()) {
        (true, _) => Err(denied.map_or_else(|| none(&places), closed)),
        (false, true) => Ok(Exit::Done),
        (false, false) => Ok(Exit::Incomplete),
    }
}

/// One backup.
struct BackupRow<'f> {
    found: &'f FoundBackup,
    size: u64,
    verified: Option<LastCheck>,
}

/// The answer for programs.
#[derive(Serialize)]
struct ListDocument<'a> {
    places: &'a [PathBuf],
    backups: Vec<BackupLine<'a>>,
    /// Where it stopped looking.
    stopped: Vec<StopLine<'a>>,
}

/// Where it stopped looking, for programs.
#[derive(Serialize)]
struct StopLine<'a> {
    path: &'a std::path::Path,
    bound: &'static str,
}

impl<'a> StopLine<'a> {
    fn new(stop: &'a Stop) -> Self {
        let bound = match stop.bound {
            Bound::Levels => "levels",
            Bound::Entries => "entries",
        };
        Self { path: &stop.path, bound }
    }
}

/// Says where it stopped looking.
fn tell(stop: &Stop, console: &Console) {
    let path = stop.path.display();
    match stop.bound {
        Bound::Levels => console.note(format_args!(
            "corer looks {DEEPEST} folders deep; {path} is one of those below which it did not look. To look there: corer list {path}"
        )),
        Bound::Entries => console.warn(format_args!(
            "corer stopped in {path}, after {MOST_ENTRIES} files and folders. Name a folder that holds fewer."
        )),
    }
}

/// One backup for programs.
#[derive(Serialize)]
struct BackupLine<'a> {
    path: String,
    device: Option<&'a str>,
    model: Option<&'a str>,
    product_type: Option<&'a str>,
    udid: Option<&'a str>,
    ios: Option<&'a str>,
    date: Option<String>,
    size: u64,
    encrypted: bool,
    /// Whether it is a snapshot or was set aside.
    older: bool,
    state: &'static str,
    verified: Option<String>,
    verified_whole: Option<bool>,
}

impl<'f> BackupRow<'f> {
    fn new(found: &'f FoundBackup, history: &VerifyHistory) -> Self {
        let size = match found.path.is_dir() {
            true => stored_size(found.backup.tree().as_ref()),
            false => found.path.metadata().map(|metadata| metadata.len()).unwrap_or_default(),
        };
        let made = made(found).map(Timestamp::as_second);
        Self { found, size, verified: history.last(&found.path, made).cloned() }
    }

    fn line(&self, zone: &Zone) -> BackupLine<'f> {
        let facts = self.found.backup.facts();
        BackupLine {
            path: self.found.path.display().to_string(),
            device: facts.device_name.as_deref(),
            model: facts.product_name.as_deref(),
            product_type: facts.product_type.as_deref(),
            udid: facts.udid.as_deref(),
            ios: facts.ios_version.as_deref(),
            date: made(self.found).map(|date| zone.rfc3339(date)),
            size: self.size,
            encrypted: self.found.backup.is_encrypted(),
            older: self.found.is_older,
            state: state(self.found),
            verified: self.verified_at().map(|date| zone.rfc3339(date)),
            verified_whole: self.verified.as_ref().map(|check| check.whole),
        }
    }

    fn cells(&self, zone: &Zone) -> [String; 8] {
        let facts = self.found.backup.facts();
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let device = facts.device_name.clone().or_else(|| facts.product_type.clone());
        let ios = facts.ios_version.clone();
        let date = made(self.found).map(|date| zone.minute(date));
        let encrypted = if self.found.backup.is_encrypted() { "yes" } else { "no" };
        let path = self.found.path.display().to_string();
        [
            or_dash(device),
            or_dash(facts.product_name.clone().or_else(|| facts.product_type.clone())),
            or_dash(ios),
            or_dash(date),
            human::size(self.size),
            encrypted.to_owned(),
            self.verified_cell(zone),
            path,
        ]
    }

    fn verified_cell(&self, zone: &Zone) -> String {
        let whole = self.verified.as_ref().is_some_and(|check| check.whole);
        match (state(self.found), self.verified_at()) {
            ("interrupted", _) => "interrupted".to_owned(),
            (_, None) => "never".to_owned(),
            (_, Some(date)) if whole => zone.day(date),
            (_, Some(date)) => format!("{}: damaged", zone.day(date)),
        }
    }

    fn verified_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.verified.as_ref()?.verified).ok()
    }
}

fn table(rows: &[BackupRow<'_>], zone: &Zone) -> Table<8> {
    let mut table = Table::new([
        Column::left("Device"),
        Column::left("Model"),
        Column::left("iOS"),
        Column::left("Date"),
        Column::right("Size"),
        Column::left("Encrypted"),
        Column::left("Verified"),
        Column::left("Where"),
    ]);
    for row in rows {
        table.push(row.cells(zone));
    }
    table
}

/// When a backup was made.
fn made(found: &FoundBackup) -> Option<Timestamp> {
    found.backup.facts().last_backup?.timestamp()
}

/// Whether the last backup run came to its end.
fn state(found: &FoundBackup) -> &'static str {
    match found.backup.snapshot() {
        None => "unknown",
        Some(SnapshotState::Finished) => "finished",
        Some(_) => "interrupted",
    }
}

fn none(places: &[PathBuf]) -> Failure {
    let failure = Failure::new(Exit::NotFound, "There is no backup here.").because("corer looked in:");
    let failure = places.iter().fold(failure, |failure, place| failure.hint(place.display().to_string()));
    failure.hint("Somewhere else? corer list FOLDER")
}
