//! `corer ready`: what to look at before a backup, and how to mend it.

mod check;

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use corer::device::DeviceError;
use corer::device::afc::Afc;
use corer::device::backup::free_space;
use corer::device::device_info::PrivateInfo;
use corer::device::lockdown::Session;
use jiff::Timestamp;
use serde::Serialize;

use crate::cli::commands::backup;
use crate::cli::device::{ChosenDevice, DeviceArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::ZoneArgs;
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::printable::Printable;
use check::{Check, CheckVerdict, KnownFacts, checks};

/// Check that everything is ready for a backup
///
/// Whether the device is reachable, paired, unlocked and charged, whether there is room, whether its backups are
/// encrypted, whether another program is at it, how old the last backup is, and what it says of iCloud. Each line that is
/// not as it should be says what to do. Changes nothing.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct ReadyArgs {
    #[command(flatten)]
    pub device: DeviceArgs,

    /// Look at this folder for backups [default: where `corer backup` puts them]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub to: Option<PathBuf>,

    #[command(flatten)]
    pub zone: ZoneArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer ready", "before a backup"),
            ("corer ready --to /media/disk/Backups", "of another disk"),
            ("corer ready && corer backup", "only if all is well"),
        ],
        &[Exit::NotFound, Exit::Busy, Exit::PersonNeeded, Exit::NoSpace],
    )
}

/// The answer for programs.
#[derive(Serialize)]
struct ReadyDocument<'a> {
    ready: bool,
    udid: Option<&'a str>,
    name: Option<&'a str>,
    checks: Vec<CheckLine<'a>>,
}

/// One line for programs.
#[derive(Serialize)]
struct CheckLine<'a> {
    check: &'a str,
    verdict: CheckVerdict,
    says: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'a str>,
}

/// Checks, and ends with the code of the first thing that stands in the way.
///
/// # Errors
/// [`Exit::NotFound`] when there is no device.
pub fn run(args: &ReadyArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let root = backup::root(args.to.as_deref())?;
    backup::is_there(&root)?;
    let chosen = args.device.choose()?;
    let known = look(&chosen, &root)?;
    let list = checks(&known, &|moment| zone.minute(moment));
    let mut answer = console.answer();
    let exit = list.iter().find_map(Check::stands_in_the_way).unwrap_or(Exit::Done);
    if console.is_json() {
        let document = ReadyDocument {
            ready: exit == Exit::Done,
            udid: Some(&chosen.attached.udid),
            name: chosen.public.name.as_deref(),
            checks: list.iter().map(line).collect(),
        };
        answer.json_document("readiness", &document)?;
    } else {
        let paint = answer.paint();
        for check in &list {
            let sign = match check.verdict {
                CheckVerdict::Good => paint.good("ok  "),
                CheckVerdict::Advice => paint.warn("note"),
                CheckVerdict::Bad => paint.bad("no  "),
                CheckVerdict::Unknown => "?   ".to_owned(),
            };
            answer.line(format_args!("{sign}  {:<12}  {}", check.name, Printable(&check.says)))?;
            if let Some(fix) = check.fix {
                answer.line(format_args!("      {:<12}  {fix}", ""))?;
            }
        }
    }
    answer.finish()?;
    Ok(exit)
}

fn line(check: &Check) -> CheckLine<'_> {
    CheckLine { check: check.name, verdict: check.verdict, says: &check.says, fix: check.fix }
}

/// Asks the device and looks at the disk.
fn look(chosen: &ChosenDevice, root: &Path) -> Result<KnownFacts, Failure> {
    let now = Timestamp::now();
    let mut known = KnownFacts {
        name: chosen.name(),
        now,
        is_paired: true,
        about: None,
        is_busy: None,
        free: free_space(root).ok(),
        last_backup: backup::last_backup(root, &chosen.attached.udid),
    };
    match crate::cli::device::session(&chosen.address, &chosen.attached) {
        Ok(mut session) => {
            let about = PrivateInfo::read(&mut session).map_err(|error| chosen.failure(error))?;
            known.about = Some(about);
            known.is_busy = is_busy(&mut session).map_err(|error| chosen.failure(error))?;
        }
        Err(DeviceError::NotPaired | DeviceError::Record(_) | DeviceError::Tls(_)) => known.is_paired = false,
        Err(error) => return Err(chosen.failure(error)),
    }
    Ok(known)
}

/// Whether another program holds the lock; `None` where the device does not tell.
fn is_busy(session: &mut Session) -> Result<Option<bool>, DeviceError> {
    let stream = match session.service(corer::device::afc::SERVICE, false) {
        Ok(stream) => stream,
        Err(DeviceError::Refused { .. } | DeviceError::Locked) => return Ok(None),
        Err(error) => return Err(error),
    };
    Afc::new(stream).is_locked().map(Some)
}
