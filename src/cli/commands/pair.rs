//! `corer pair`: makes a device trust this computer, and carries that trust to another computer.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueHint};
use corer::device::pairing::Pairing;
use corer::device::pairing_record::PairingRecord;
use corer::device::{DaemonAddress, DeviceError};
use corer_exporters::output::{IfExists, SingleFile};
use serde::Serialize;

use crate::cli::device::{ChosenDevice, DeviceArgs, failure};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::help;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::interrupt;

/// Between two questions whether somebody has tapped.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// How long somebody has to tap.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Make a device trust this computer
///
/// The device shows "Trust This Computer?"; somebody taps "Trust" and types the passcode. What both keep afterwards is
/// the pairing record. It can be taken to a server that nobody can tap for: --export writes it into a file, --import
/// stores it there. Whoever has that file can read the device and back it up: keep it like a password.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct PairArgs {
    #[command(flatten)]
    pub device: DeviceArgs,

    /// Write the pairing record of a paired device into this file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "import")]
    pub export: Option<PathBuf>,

    /// Store the pairing record from this file on this computer; the device need not be connected
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub import: Option<PathBuf>,

    /// With --import: the UDID of the device [default: the name of the file]
    #[arg(long, value_name = "UDID", requires = "import")]
    pub udid: Option<String>,
}

fn after_help() -> String {
    help::after_help(
        &[
            ("corer pair", "pair with the device on the cable"),
            ("corer pair --export mira.plist", "its pairing record, for a server"),
            ("corer pair --import mira.plist --udid UDID", "there"),
        ],
        &[Exit::NotFound, Exit::PersonNeeded],
    )
}

/// The answer for programs.
#[derive(Serialize)]
struct PairDocument<'a> {
    udid: &'a str,
    name: Option<&'a str>,
    paired: bool,
    new: bool,
}

/// Pairs, exports or imports.
///
/// # Errors
/// [`Exit::PersonNeeded`] when nobody taps "Trust".
pub fn run(args: &PairArgs, console: &Console) -> Result<Exit, Failure> {
    if let Some(file) = &args.import {
        return import(file, args.udid.as_deref(), console);
    }
    let chosen = args.device.choose()?;
    if let Some(file) = &args.export {
        return export(&chosen, file, console);
    }
    let is_new = match chosen.session() {
        Ok(_) => false,
        Err(_) => pair(&chosen, console).map(|()| true)?,
    };
    let mut answer = console.answer();
    if console.is_json() {
        let document = PairDocument {
            udid: &chosen.attached.udid,
            name: chosen.public.name.as_deref(),
            paired: true,
            new: is_new,
        };
        answer.json_document("pairing", &document)?;
    } else {
        let already = if is_new { "" } else { " already" };
        answer.line(format_args!(
            "{} trusts this computer{already}.",
            crate::cli::terminal::printable::Printable(chosen.name())
        ))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}

fn pair(chosen: &ChosenDevice, console: &Console) -> Result<(), Failure> {
    let because = |error: DeviceError| chosen.failure(error);
    let mut pairing = Pairing::prepare(&chosen.address, &chosen.attached).map_err(because)?;
    let until = Instant::now() + LONGEST;
    let mut said = None;
    let record = loop {
        let word = match pairing.ask() {
            Ok(record) => break record,
            Err(DeviceError::TrustPending) => "Tap \"Trust\" on the device, and type its passcode there.",
            Err(DeviceError::Locked) => {
                "Unlock the device. It then asks whether to trust this computer: tap \"Trust\"."
            }
            Err(error) => return Err(because(error)),
        };
        if said != Some(word) {
            console.note(word);
            said = Some(word);
        }
        interrupt::check()?;
        if Instant::now() > until {
            return Err(because(DeviceError::TrustPending));
        }
        std::thread::sleep(ASK_EVERY);
    };
    let udid = &chosen.attached.udid;
    let saved = chosen.address.connect().and_then(|mut mux| mux.save_record(udid, &record, Some(chosen.attached.id)));
    saved.map_err(because)?;
    chosen.session().map(drop)
}

fn export(chosen: &ChosenDevice, file: &Path, console: &Console) -> Result<Exit, Failure> {
    let record = chosen.address.connect().and_then(|mut mux| mux.record(&chosen.attached.udid));
    let record = record.map_err(|error| chosen.failure(error))?;
    let record = record.ok_or_else(|| chosen.failure(DeviceError::NotPaired))?;
    let mut out = SingleFile::create(file, IfExists::Refuse)?;
    out.write_all(&record).map_err(|error| Failure::io(format!("{} cannot be written.", file.display()), &error))?;
    out.finish()?;
    console.note(format_args!(
        "{} holds the pairing record of {}. Whoever has it can back up the device: keep it like a password.",
        file.display(),
        chosen.name()
    ));
    Ok(Exit::Done)
}

fn import(file: &Path, udid: Option<&str>, console: &Console) -> Result<Exit, Failure> {
    let record = fs::read(file).map_err(|error| Failure::io(format!("{} cannot be read.", file.display()), &error))?;
    PairingRecord::parse(&record).map_err(|error| {
        Failure::new(Exit::Unsupported, format!("{} is no pairing record.", file.display()))
            .because(format!("{error}."))
    })?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let udid = udid.unwrap_or(&stem);
    let is_udid = (24..=40).contains(&udid.len()) && udid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !is_udid {
        return Err(
            Failure::usage(format!("\"{udid}\" is no UDID.")).hint("Say it with --udid; corer devices shows it.")
        );
    }
    let address = DaemonAddress::of_environment();
    let saved = address.connect().and_then(|mut mux| mux.save_record(udid, &record, None));
    saved.map_err(|error| failure(udid, error))?;
    console.note(format_args!("This computer now has the pairing record of {udid}."));
    Ok(Exit::Done)
}
