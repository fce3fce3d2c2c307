//! `corer info`: one backup: its device, what is in it, and what it does not hold.

mod facts;
mod text;

use clap::Args;
use corer::backup::locate::Located;

use facts::BackupFacts;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::{SourceArgs, ZoneArgs};
use crate::cli::input::session::{self, Session};
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::Console;

/// Show one backup: device, apps, and what it does not hold
///
/// Without the password of an encrypted backup, corer says what can be said without it.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct InfoArgs {
    #[command(flatten)]
    pub source: SourceArgs,

    #[command(flatten)]
    pub zone: ZoneArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer info", "the newest backup on this computer"),
            ("corer info -b \"Anna's iPhone\"", "the backup of one device"),
            ("corer info -b backup.zip --json", "a backup in a zip, for programs"),
        ],
        &[Exit::Incomplete, Exit::NotFound, Exit::Password, Exit::Unsupported],
    )
}

/// Shows one backup.
///
/// # Errors
/// When it is not found, cannot be opened, or a password was given and is wrong.
pub fn run(args: &InfoArgs, console: &Console) -> Result<Exit, Failure> {
    let zone = Zone::resolve(args.zone.tz.as_deref(), console)?;
    let (place, located) = session::find(&args.source.backup, None, console)?;
    let (about, inside) = match located {
        Located::Backup(locked) => {
            let about = BackupFacts::of_backup(&place, &locked, &zone);
            (about, Session::unlock_if_possible(&locked, place, &args.source.password, console)?)
        }
        Located::Files(files) => (BackupFacts::of_files(&place, &files), Some(Session::of_files(files, place))),
    };
    let about = match &inside {
        Some(session) => about.with_inside(session),
        None => about,
    };
    let mut answer = console.answer();
    if console.is_json() {
        answer.json_document("info", &about)?;
    } else {
        text::tell(&about, &mut answer)?;
    }
    answer.finish()?;
    Ok(if about.is_incomplete { Exit::Incomplete } else { Exit::Done })
}
