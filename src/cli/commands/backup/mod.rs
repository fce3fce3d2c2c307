//! `corer backup`: a full or incremental backup of a connected device.

mod age;
pub mod runs;
mod screen;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueHint};
use corer::backup::LockedBackup;
use corer::backup::committed;
use corer::backup::discover::standard_places;
use corer::device::backup::{BackupJob, BackupObserver, BackupResult, back_up, folder_of, free_space};
use corer::device::device_info::PrivateInfo;
use corer::device::link::host::UnreadableFile;
use corer::device::lockdown::Session;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::device::{ChosenDevice, DeviceArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::printable::Printable;
use age::Age;
use runs::{BackupRun, RunOutcome};
use screen::Screen;

/// This many files that the device could not read are named; JSON has more of them.
const MOST_PRINTED: usize = 20;

/// Back up a connected device
///
/// The first backup takes everything; later ones take what changed. The earlier backup stays as it is until the new one
/// is whole: pull the cable, fill the disk, kill corer at any moment, and one of the two is there. Since iOS 16.1 the
/// device asks for its passcode each time.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct BackupArgs {
    #[command(flatten)]
    pub device: DeviceArgs,

    /// Keep backups in this folder, one folder a device [default: where `corer list` looks]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub to: Option<PathBuf>,

    /// Take everything anew, whatever the earlier backup holds
    #[arg(long)]
    pub full: bool,

    /// Do nothing if the last backup is younger than this: 12h, 7d, 4w
    #[arg(long, value_name = "AGE")]
    pub if_older_than: Option<Age>,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer backup", "back up the device on the cable"),
            ("corer backup --to /media/disk/Backups", "to another disk"),
            ("corer backup --if-older-than 7d", "once a week is enough: for schedules"),
        ],
        &[Exit::Incomplete, Exit::NotFound, Exit::Busy, Exit::PersonNeeded, Exit::NoSpace],
    )
}

/// The answer for programs.
#[derive(Serialize)]
struct BackupDocument<'a> {
    path: String,
    udid: &'a str,
    name: Option<&'a str>,
    made: bool,
    full: bool,
    encrypted: Option<bool>,
    files: u64,
    bytes: u64,
    seconds: u64,
    refused: Vec<UnreadableFileLine<'a>>,
}

/// A file that the device could not read.
#[derive(Serialize)]
struct UnreadableFileLine<'a> {
    path: &'a str,
    why: &'a str,
    usual: bool,
}

/// Where backups are kept when nothing else is said.
///
/// # Errors
/// When this computer has no such place.
pub fn root(to: Option<&Path>) -> Result<PathBuf, Failure> {
    let standard = || standard_places().into_iter().next();
    let root = to.map(Path::to_owned).or_else(standard).ok_or_else(|| {
        Failure::usage("This computer has no usual place for backups.").hint("Say where: corer backup --to FOLDER")
    })?;
    std::path::absolute(&root).map_err(|error| Failure::io(format!("{} makes no sense.", root.display()), &error))
}

/// When the last backup of a device in a folder was made; `None` when there is none that is complete.
pub fn last_backup(root: &Path, udid: &str) -> Option<Timestamp> {
    let backup = LockedBackup::open(committed::folder(folder_of(root, udid))).ok()?;
    backup.facts().last_backup.filter(|_| backup.interrupted().is_none())?.timestamp()
}

/// Makes the backup and remembers how it went.
///
/// # Errors
/// What kept it from being made. The earlier backup is as it was.
pub fn run(args: &BackupArgs, console: &Console) -> Result<Exit, Failure> {
    let root = root(args.to.as_deref())?;
    let mut run = BackupRun::begin(&root);
    let result = make(args, &root, &mut run, console);
    run.end(&result, console);
    result
}

fn make(args: &BackupArgs, root: &Path, run: &mut BackupRun, console: &Console) -> Result<Exit, Failure> {
    is_there(root)?;
    let chosen = args.device.choose()?;
    run.is_of(&chosen.attached.udid, &chosen.name());
    let last = last_backup(root, &chosen.attached.udid);
    if let Some((last, age)) = last.zip(args.if_older_than.as_ref())
        && age.is_younger(last, Timestamp::now())
    {
        run.outcome = RunOutcome::NotDue;
        return not_due(&chosen, root, console);
    }
    let mut session = chosen.session()?;
    let about = PrivateInfo::read(&mut session).map_err(|error| chosen.failure(error))?;
    advise(&chosen, &about, root, last.is_none() || args.full, console);
    let began = Instant::now();
    let done = back_up_with_progress(&chosen, &mut session, root, args.full, console)?;
    (run.files, run.bytes) = (done.files, done.bytes);
    tell(&chosen, &about, &done, began.elapsed().as_secs(), console)
}

/// A disk that is not connected is not replaced by an empty folder on another one.
///
/// # Errors
/// [`Exit::NotFound`] when there is no such folder and none that it could be made in.
pub fn is_there(root: &Path) -> Result<(), Failure> {
    let denied =
        |folder: &Path| folder.metadata().err().filter(|error| error.kind() == io::ErrorKind::PermissionDenied);
    if let Some(error) = denied(root) {
        return Err(Failure::io(format!("{} cannot be read.", root.display()), &error));
    }
    let is_standard = standard_places().iter().any(|place| place == root);
    let above = root.parent().unwrap_or(root);
    match is_standard || root.is_dir() || above.is_dir() {
        true => may_write(root).map_err(|error| Failure::io(format!("{} cannot be written.", root.display()), &error)),
        false => Err(Failure::new(Exit::NotFound, format!("There is no folder {}.", above.display()))
            .because("A disk or share that is not connected looks like this.")
            .hint("Connect it, or make the folder, and run this again.")),
    }
}

/// Whether the folder, or the one in which it would be made, takes anything of this person's.
#[cfg(unix)]
fn may_write(root: &Path) -> io::Result<()> {
    use rustix::fs::{Access, access};
    let there = root.ancestors().find(|folder| folder.is_dir()).unwrap_or(root);
    Ok(access(there, Access::WRITE_OK | Access::EXEC_OK)?)
}

/// Elsewhere the writing tells.
#[cfg(not(unix))]
fn may_write(_root: &Path) -> io::Result<()> {
    Ok(())
}

fn not_due(chosen: &ChosenDevice, root: &Path, console: &Console) -> Result<Exit, Failure> {
    console.note(format_args!("The last backup of {} is recent enough; nothing to do.", chosen.name()));
    if console.is_json() {
        let mut answer = console.answer();
        let document = BackupDocument {
            path: folder_of(root, &chosen.attached.udid).display().to_string(),
            udid: &chosen.attached.udid,
            name: chosen.public.name.as_deref(),
            made: false,
            full: false,
            encrypted: None,
            files: 0,
            bytes: 0,
            seconds: 0,
            refused: Vec::new(),
        };
        answer.json_document("backup", &document)?;
        answer.finish()?;
    }
    Ok(Exit::Done)
}

/// What a person should know before the long wait.
fn advise(chosen: &ChosenDevice, about: &PrivateInfo, root: &Path, takes_everything: bool, console: &Console) {
    if about.encrypts == Some(false) {
        console.warn(format_args!(
            "{} does not encrypt its backups: this one will lack passwords, Health, calls and Safari history, and anybody \
             can read it. To encrypt the next one: corer encryption on",
            chosen.name()
        ));
    }
    let room = free_space(root).ok();
    if let Some((used, free)) = about.used().zip(room).filter(|(used, free)| takes_everything && free < used) {
        console.warn(format_args!(
            "The device holds {}, and {} are free in {}. The device will say whether that is enough.",
            human::size(used),
            human::size(free),
            root.display()
        ));
    }
}

fn back_up_with_progress(
    chosen: &ChosenDevice,
    session: &mut Session,
    root: &Path,
    full: bool,
    console: &Console,
) -> Result<BackupResult, Failure> {
    let _hold = interrupt::hold();
    let screen = Arc::new(Screen::new(console.clone(), chosen.name()));
    let observer: Arc<dyn BackupObserver> = Arc::clone(&screen) as Arc<dyn BackupObserver>;
    let job = BackupJob { udid: &chosen.attached.udid, connection: chosen.attached.connection, root, full };
    let done = back_up(session, &job, &observer);
    screen.close();
    done.map_err(|error| chosen.failure(error))
}

fn tell(
    chosen: &ChosenDevice,
    about: &PrivateInfo,
    done: &BackupResult,
    seconds: u64,
    console: &Console,
) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    if console.is_json() {
        let refused = done.refused.iter().map(line).collect();
        let document = BackupDocument {
            path: done.backup.display().to_string(),
            udid: &chosen.attached.udid,
            name: chosen.public.name.as_deref(),
            made: true,
            full: done.is_full,
            encrypted: about.encrypts,
            files: done.files,
            bytes: done.bytes,
            seconds,
            refused,
        };
        answer.json_document("backup", &document)?;
    } else {
        let kind = if done.is_full { "everything" } else { "what changed" };
        answer.line(format_args!(
            "{} is backed up ({kind}): {}, {}.\n{}",
            Printable(chosen.name()),
            human::count(done.files, "file", "files"),
            human::size(done.bytes),
            Printable(done.backup.display())
        ))?;
    }
    answer.finish()?;
    let (usual, lost): (Vec<&UnreadableFile>, Vec<&UnreadableFile>) =
        done.refused.iter().partition(|refused| refused.is_usual());
    for UnreadableFile { path, .. } in usual {
        console
            .detail(format_args!("The device keeps {path} to itself, as it always does; nothing of yours is in it."));
    }
    print_unreadable(&lost, console);
    Ok(if lost.is_empty() { Exit::Done } else { Exit::Incomplete })
}

fn line(refused: &UnreadableFile) -> UnreadableFileLine<'_> {
    UnreadableFileLine { path: &refused.path, why: &refused.why, usual: refused.is_usual() }
}

fn print_unreadable(lost: &[&UnreadableFile], console: &Console) {
    if lost.is_empty() {
        return;
    }
    let count = human::count(lost.len() as u64, "file", "files");
    console.warn(format_args!("The device could not read {count} of its own; the backup is good without them:"));
    for UnreadableFile { path, why } in lost.iter().take(MOST_PRINTED) {
        console.warn(format_args!("  {path}: {why}"));
    }
    let more = lost.len().saturating_sub(MOST_PRINTED);
    if more > 0 {
        console.warn(format_args!("  and {more} more; --json has them"));
    }
}
