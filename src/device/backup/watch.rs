//! What the person who waits is told, and how they stop a backup.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::examine::Before;
use super::journal::Left;
use crate::device::link::Patience;

/// What happens during a backup, for the person who waits.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// An earlier run had left something.
    Left(Left),
    /// The old backup was looked at.
    Before(Before),
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
    /// The whole work is so far, in percent.
    Percent(f64),
    /// The device lacks so many bytes of room on this computer.
    NoRoom(u64),
    /// The device is done; the files are put into place.
    Committing,
}

/// How the caller watches.
pub trait Watch: Send + Sync {
    /// Something happened.
    fn news(&self, news: News);
    /// Whether somebody asked to stop.
    fn is_cancelled(&self) -> bool;
}

/// Waiting for the device.
pub(super) struct Waiting<'a> {
    pub(super) watch: &'a dyn Watch,
    pub(super) on_device: &'a AtomicBool,
}

impl Patience for Waiting<'_> {
    fn is_cancelled(&self) -> bool {
        self.watch.is_cancelled() || self.on_device.load(Ordering::Relaxed)
    }

    fn silent(&self, so_far: Duration) {
        self.watch.news(News::Silent(so_far));
    }
}
