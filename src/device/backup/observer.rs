//! What the person who waits is told, and how they stop a backup.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::inspection::EarlierBackup;
use super::journal::Leftover;
use crate::device::link::Watchdog;

/// What happens during a backup, for the person who waits.
#[derive(Debug, Clone, PartialEq)]
pub enum BackupEvent {
    /// An earlier run had left something.
    Leftover(Leftover),
    /// The old backup was looked at.
    EarlierBackup(EarlierBackup),
    /// Another program is working with the device; corer waits for it.
    WaitingForLock,
    /// The device has been asked for a backup.
    Asked,
    /// The device asks for its passcode.
    PasscodeAsked,
    /// The question for the passcode is gone.
    PasscodeDone,
    /// The device has said nothing for so long.
    Silent(Duration),
    /// So many bytes came.
    Bytes(u64),
    /// A file came.
    File,
    /// All of the work is so far, in percent.
    Percent(f64),
    /// The device lacks so many bytes of room on this computer.
    NoSpace(u64),
    /// The device is done; the files are put into place.
    Committing,
}

/// How the caller watches.
pub trait BackupObserver: Send + Sync {
    /// Something happened.
    fn event(&self, event: BackupEvent);
    /// Whether somebody asked to stop.
    fn is_cancelled(&self) -> bool;
}

/// Waiting for the device.
pub(super) struct ObserverWatchdog<'a> {
    pub(super) observer: &'a dyn BackupObserver,
    pub(super) on_device: &'a AtomicBool,
}

impl Watchdog for ObserverWatchdog<'_> {
    fn is_cancelled(&self) -> bool {
        self.observer.is_cancelled() || self.on_device.load(Ordering::Relaxed)
    }

    fn silent(&self, so_far: Duration) {
        self.observer.event(BackupEvent::Silent(so_far));
    }
}
