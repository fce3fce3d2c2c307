//! `corer encryption`: whether a device encrypts its backups, and with which password.

use std::sync::Arc;

use clap::{Args, Subcommand};
use corer::device::DeviceError;
use corer::device::backup::{BackupEvent, BackupObserver, PasswordChange, change_password, will_encrypt};
use corer::device::lockdown::Session;
use serde::Serialize;

use crate::cli::device::{ChosenDevice, DeviceArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::input::args::PasswordArgs;
use crate::cli::input::password::{self, Attempt, NewPasswordArgs, Password};
use crate::cli::terminal::console::Console;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::printable::Printable;

/// Encrypt a device's backups, or see whether they are
///
/// Encrypted is the better choice: only an encrypted backup holds passwords, Health, calls and Safari history, and
/// nobody who finds the disk can read it. The device keeps the setting, for backups on every computer.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct EncryptionArgs {
    #[command(subcommand)]
    pub what: EncryptionAction,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum EncryptionAction {
    /// Say whether backups are encrypted
    #[command(after_long_help = after_help())]
    Status(StatusArgs),
    /// Encrypt backups from now on, with a new password
    #[command(after_long_help = after_help())]
    On(OnArgs),
    /// Encrypt backups no more; needs the password
    #[command(after_long_help = after_help())]
    Off(OffArgs),
    /// Change the password; needs the old one
    #[command(after_long_help = after_help())]
    Change(ChangeArgs),
}

/// Which device.
#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    pub device: DeviceArgs,
}

/// Which device, and the new password.
#[derive(Debug, Args)]
pub struct OnArgs {
    #[command(flatten)]
    pub device: DeviceArgs,

    #[command(flatten)]
    pub new: NewPasswordArgs,
}

/// Which device, and its password.
#[derive(Debug, Args)]
pub struct OffArgs {
    #[command(flatten)]
    pub device: DeviceArgs,

    #[command(flatten)]
    pub old: PasswordArgs,
}

/// Which device, the old password and the new one.
#[derive(Debug, Args)]
pub struct ChangeArgs {
    #[command(flatten)]
    pub device: DeviceArgs,

    #[command(flatten)]
    pub old: PasswordArgs,

    #[command(flatten)]
    pub new: NewPasswordArgs,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer encryption status", "whether backups of the connected device are encrypted"),
            ("corer encryption on", "asks twice for a new password"),
            ("corer encryption change", "asks for the old and the new one"),
        ],
        &[Exit::NotFound, Exit::Password, Exit::PersonNeeded],
    )
}

/// The answer for programs.
#[derive(Serialize)]
struct EncryptionDocument<'a> {
    udid: &'a str,
    name: Option<&'a str>,
    encrypted: bool,
}

/// Says or changes it.
///
/// # Errors
/// [`Exit::Password`] for a wrong password, [`Exit::PersonNeeded`] when nobody confirms on the device.
pub fn run(args: &EncryptionArgs, console: &Console) -> Result<Exit, Failure> {
    match &args.what {
        EncryptionAction::Status(args) => {
            let chosen = args.device.choose()?;
            let mut session = chosen.session()?;
            tell(&chosen, is_on(&chosen, &mut session)?, console)
        }
        EncryptionAction::On(args) => on(args, console),
        EncryptionAction::Off(args) => off(args, console),
        EncryptionAction::Change(args) => change(args, console),
    }
}

fn on(args: &OnArgs, console: &Console) -> Result<Exit, Failure> {
    let chosen = args.device.choose()?;
    let mut session = chosen.session()?;
    if is_on(&chosen, &mut session)? {
        return Err(Failure::failed(format!("{} encrypts its backups already.", chosen.name()))
            .hint("To set another password: corer encryption change"));
    }
    let new = password::new(&args.new, console, &chosen.name())?;
    make(&chosen, &mut session, &PasswordChange::On(new.as_text()?), console)?;
    confirm(&chosen, &mut session, true, console)
}

fn off(args: &OffArgs, console: &Console) -> Result<Exit, Failure> {
    let (chosen, mut session) = encrypting(&args.device)?;
    with_old(&args.old, &chosen, console, |old| attempt(&chosen, &mut session, &PasswordChange::Off(old), console))?;
    confirm(&chosen, &mut session, false, console)
}

fn change(args: &ChangeArgs, console: &Console) -> Result<Exit, Failure> {
    let (chosen, mut session) = encrypting(&args.device)?;
    let new = password::new(&args.new, console, &chosen.name())?;
    let new = new.as_text()?;
    with_old(&args.old, &chosen, console, |old| {
        attempt(&chosen, &mut session, &PasswordChange::Other(old, new), console)
    })?;
    confirm(&chosen, &mut session, true, console)
}

fn with_old(
    args: &PasswordArgs,
    chosen: &ChosenDevice,
    console: &Console,
    mut attempt: impl FnMut(&str) -> Result<(), Attempt>,
) -> Result<(), Failure> {
    password::unlock_with(args, console, &format!("\"{}\"", chosen.name()), |old: &Password| {
        attempt(old.as_text().map_err(Attempt::Failed)?)
    })
}

/// A device whose backups are encrypted.
fn encrypting(args: &DeviceArgs) -> Result<(ChosenDevice, Session), Failure> {
    let chosen = args.choose()?;
    let mut session = chosen.session()?;
    if !is_on(&chosen, &mut session)? {
        return Err(Failure::failed(format!("{} does not encrypt its backups.", chosen.name()))
            .hint("To encrypt them from now on: corer encryption on"));
    }
    Ok((chosen, session))
}

fn is_on(chosen: &ChosenDevice, session: &mut Session) -> Result<bool, Failure> {
    will_encrypt(session).map_err(|error| chosen.failure(error))
}

fn attempt(
    chosen: &ChosenDevice,
    session: &mut Session,
    change: &PasswordChange<'_>,
    console: &Console,
) -> Result<(), Attempt> {
    match request(chosen, session, change, console) {
        Ok(()) => Ok(()),
        Err(DeviceError::Backup { code: 207, .. }) => Err(Attempt::Wrong),
        Err(error) => Err(Attempt::Failed(chosen.failure(error))),
    }
}

fn make(
    chosen: &ChosenDevice,
    session: &mut Session,
    change: &PasswordChange<'_>,
    console: &Console,
) -> Result<(), Failure> {
    request(chosen, session, change, console).map_err(|error| chosen.failure(error))
}

fn request(
    chosen: &ChosenDevice,
    session: &mut Session,
    change: &PasswordChange<'_>,
    console: &Console,
) -> Result<(), DeviceError> {
    let _hold = interrupt::hold();
    let observer: Arc<dyn BackupObserver> = Arc::new(Confirming(console.clone()));
    change_password(session, &chosen.attached.udid, change, &observer)
}

/// Waits for somebody to confirm on the device.
struct Confirming(Console);

impl BackupObserver for Confirming {
    fn event(&self, event: BackupEvent) {
        match event {
            BackupEvent::PasscodeAsked => self.0.note("Type the device's passcode on the device, to confirm."),
            BackupEvent::Silent(so_far) if (3..4).contains(&so_far.as_secs()) => {
                self.0.detail("Waiting for the device.");
            }
            _ => {}
        }
    }

    fn is_cancelled(&self) -> bool {
        interrupt::requested()
    }
}

/// The device said yes; whether it did is asked again.
fn confirm(chosen: &ChosenDevice, session: &mut Session, wanted: bool, console: &Console) -> Result<Exit, Failure> {
    let is_on = is_on(chosen, session)?;
    if is_on != wanted {
        return Err(Failure::failed(format!("{} said that it was done, and nothing changed.", chosen.name()))
            .hint("Restart the device and run this again."));
    }
    tell(chosen, is_on, console)
}

fn tell(chosen: &ChosenDevice, is_on: bool, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    if console.is_json() {
        let document =
            EncryptionDocument { udid: &chosen.attached.udid, name: chosen.public.name.as_deref(), encrypted: is_on };
        answer.json_document("encryption", &document)?;
    } else {
        let word = if is_on { "encrypts its backups" } else { "does not encrypt its backups" };
        answer.line(format_args!("{} {word}.", Printable(chosen.name())))?;
    }
    answer.finish()?;
    if !is_on {
        console.note("An encrypted backup holds more, and nobody else can read it: corer encryption on");
    }
    Ok(Exit::Done)
}
