//! What to say when a device does not do what was asked: what happened, why, and what to do at the device.

use std::io;

use corer::device::DeviceError;

use super::mberror;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::terminal::human;

/// The failure for an error of the device that people call `name`.
pub fn failure(name: &str, error: DeviceError) -> Failure {
    match error {
        DeviceError::NoDaemon { address, error } => no_daemon(&address, &error),
        DeviceError::NotFound(text) => Failure::new(Exit::NotFound, text),
        DeviceError::NotPaired => Failure::new(Exit::PersonNeeded, format!("{name} does not trust this computer."))
            .hint("Run corer pair, and tap \"Trust\" on the device."),
        DeviceError::TrustPending => Failure::new(Exit::PersonNeeded, format!("Nobody tapped \"Trust\" on {name}."))
            .hint("Unlock the device and run corer pair."),
        DeviceError::TrustDenied => {
            Failure::new(Exit::PersonNeeded, format!("Somebody tapped \"Don't Trust\" on {name}."))
                .hint("Unplug the device, connect it again, and run corer pair.")
        }
        DeviceError::Locked => Failure::new(Exit::PersonNeeded, format!("{name} is locked."))
            .hint("Unlock it, keep its screen on, and run this again."),
        DeviceError::Disconnected => Failure::failed(format!("The connection to {name} broke off."))
            .because("The cable was pulled, the device restarted, or it left the network.")
            .hint("Connect it again and run this again. The earlier backup is as it was."),
        DeviceError::Silent(seconds) => {
            Failure::new(Exit::PersonNeeded, format!("{name} has said nothing for {}.", minutes(seconds)))
                .because("It may be waiting for its passcode, or for somebody to unlock it.")
                .hint("Look at its screen, unlock it, and run this again.")
        }
        DeviceError::Cancelled => {
            Failure::new(Exit::Interrupted, "Stopped before the end. The earlier backup is as it was.")
        }
        DeviceError::CancelledOnDevice => {
            Failure::new(Exit::Interrupted, format!("Somebody stopped it on {name}. The earlier backup is as it was."))
        }
        DeviceError::Busy(text) => Failure::new(Exit::Busy, text).hint("Wait until that is over, and run this again."),
        DeviceError::Backup { code, text } => mberror::failure(name, code, &text),
        DeviceError::NoSpace { needed, free } => no_room(needed, free),
        DeviceError::Io { what, error } => io_failure(&what, &error),
        other => strange(name, &other),
    }
}

/// Errors that no person can do much about.
fn strange(name: &str, error: &DeviceError) -> Failure {
    let failure = Failure::failed(format!("{name}: {error}."));
    match error {
        DeviceError::Tls(_) => failure
            .because("The device is another one than the one that was paired, or was reset since.")
            .hint("Pair anew: corer pair"),
        DeviceError::Record(_) => failure.hint("Pair anew: corer pair"),
        DeviceError::Incomplete(_) => failure.hint("The earlier backup is as it was. Run this again."),
        DeviceError::Refused { .. } => failure.hint("Unlock the device and run this again."),
        _ => failure.hint("Restart the device and run this again. The earlier backup is as it was."),
    }
}

fn no_daemon(address: &str, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Failure::failed(format!(
            "The program that talks to devices may not be used: {address} is closed to you."
        ))
        .because(format!("The system says: {error}."))
        .hint("Ask whoever looks after this computer for the right to it.");
    }
    let failure = Failure::new(Exit::NotFound, "The program that talks to devices does not answer.")
        .because(format!("corer asked for it at {address}; the system says: {error}."));
    if cfg!(windows) {
        failure.hint("Install \"Apple Devices\" from the Microsoft Store, or iTunes; then connect the device again.")
    } else if cfg!(target_os = "macos") {
        failure.hint("It is part of macOS. Connect the device again, or restart the Mac.")
    } else {
        failure
            .hint("Install usbmuxd (Debian, Ubuntu: apt install usbmuxd), then connect the device again.")
            .hint("It listens somewhere else? USBMUXD_SOCKET_ADDRESS names the place: /path or host:port.")
    }
}

fn no_room(needed: u64, free: u64) -> Failure {
    let sizes = format!("{} are needed, {} are free.", human::size(needed), human::size(free));
    Failure::new(Exit::NoSpace, "There is not enough room for the backup.")
        .because(sizes)
        .hint("Make room, or choose another disk: corer backup --to FOLDER")
}

fn io_failure(what: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Failure::new(Exit::NoSpace, format!("{what}: a file may not become that large here."))
            .because("The limit is that of this session (ulimit -f) or of the disk: FAT takes 4 GB in a file. The earlier backup is as it was.")
            .hint("Raise the limit, or choose another disk: corer backup --to FOLDER"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Failure::new(Exit::NoSpace, format!("{what}: the disk is full."))
                .because("The earlier backup is as it was.")
                .hint("Make room, or choose another disk: corer backup --to FOLDER")
        }
        io::ErrorKind::InvalidInput => {
            Failure::failed(format!("{what}: the device named a place outside of its backup."))
                .because("No device does that by itself. Nothing was written there; the earlier backup is as it was.")
        }
        _ => Failure::failed(format!("{what}.")).because(format!("The system says: {error}.")),
    }
}

fn minutes(seconds: u64) -> String {
    match seconds {
        0..=119 => human::count(seconds, "second", "seconds"),
        _ => human::count(seconds / 60, "minute", "minutes"),
    }
}
