//! What a person sees while a backup runs: what the device waits for, how far it is, how long it will take.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use corer::device::backup::{BackupEvent, BackupObserver, EarlierBackup, Leftover};

use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt;
use crate::cli::terminal::progress::{Progress, Unit};

/// After so long without a word the person is told what devices do in such times.
const SCANNING_AFTER: Duration = Duration::from_secs(4);
/// In the middle of the work silence means more.
const STUCK_AFTER: Duration = Duration::from_secs(30);
/// Below this share of the whole, in percent, a total would be a guess.
const LEAST_PERCENT: f64 = 1.0;

/// The screen of one backup.
pub struct Screen {
    console: Console,
    device: String,
    progress: Mutex<Option<Arc<Progress>>>,
    bytes: AtomicU64,
    said_scanning: AtomicBool,
    said_stuck: AtomicBool,
}

impl Screen {
    /// A screen on which nothing has happened yet.
    pub fn new(console: Console, device: String) -> Self {
        let said = AtomicBool::default;
        Self {
            console,
            device,
            progress: Mutex::default(),
            bytes: AtomicU64::new(0),
            said_scanning: said(),
            said_stuck: said(),
        }
    }

    /// Takes the bar away.
    pub fn close(&self) {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn progress(&self) -> Arc<Progress> {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = || Arc::new(self.console.progress("Backing up", Unit::Bytes, None));
        Arc::clone(progress.get_or_insert_with(begin))
    }

    fn received(&self, more: u64) {
        let bytes = self.bytes.fetch_add(more, Ordering::Relaxed).saturating_add(more);
        self.progress().reach(bytes);
    }

    /// A device says how far it is in percent and never how much there is: the total is what follows from both.
    fn reached(&self, percent: f64) {
        let bytes = self.bytes.load(Ordering::Relaxed);
        if percent >= LEAST_PERCENT && bytes > 0 {
            self.progress().expect((bytes as f64 * 100.0 / percent) as u64);
        }
    }

    fn left(&self, left: Leftover) {
        match left {
            Leftover::Nothing => {}
            Leftover::Unfinished => {
                self.console.note("What an interrupted run had left was thrown away; the backup was not touched.")
            }
            Leftover::Finished => self.console.note("An interrupted run had left a whole backup; it is in place now."),
        }
    }

    fn before(&self, before: &EarlierBackup) {
        match before {
            EarlierBackup::Absent => self.console.note(format_args!("The first backup of {} takes everything.", self.device)),
            EarlierBackup::Complete => {}
            EarlierBackup::Unusable(why) => self.console.warn(format_args!(
                "The earlier backup is not whole ({why}). A later one would not mend that, so this one takes everything."
            )),
        }
    }

    fn silent(&self, so_far: Duration) {
        let has_begun = self.bytes.load(Ordering::Relaxed) > 0;
        let (said, after) = match has_begun {
            true => (&self.said_stuck, STUCK_AFTER),
            false => (&self.said_scanning, SCANNING_AFTER),
        };
        if so_far < after || said.swap(true, Ordering::Relaxed) {
            return;
        }
        match has_begun {
            true => self.console.note(format_args!("{} is silent. Unlock it and keep its screen on.", self.device)),
            false => self.console.note(format_args!(
                "{} is looking through its files, which can take minutes. If it asks for its passcode, type it there.",
                self.device
            )),
        }
    }
}

impl BackupObserver for Screen {
    fn event(&self, event: BackupEvent) {
        match event {
            BackupEvent::Leftover(left) => self.left(left),
            BackupEvent::EarlierBackup(before) => self.before(&before),
            BackupEvent::WaitingForLock => self.console.detail("Waiting until no other program works with the device."),
            BackupEvent::Asked => self.console.detail("The device has been asked for a backup."),
            BackupEvent::PasscodeAsked => self.console.say(&format!(
                "Type the passcode on {} now: it asks before each backup.",
                super::Printable(&self.device)
            )),
            BackupEvent::PasscodeDone => self.console.detail("The device has its passcode."),
            BackupEvent::Silent(so_far) => self.silent(so_far),
            BackupEvent::Bytes(more) => self.received(more),
            BackupEvent::File => {}
            BackupEvent::Percent(percent) => self.reached(percent),
            BackupEvent::NoSpace(more) => {
                self.console
                    .warn(format_args!("The device asks for {} more room on this computer.", human::size(more)));
            }
            BackupEvent::Committing => {
                self.close();
                self.console.detail("The device is done; the files are put into place.");
            }
        }
    }

    fn is_cancelled(&self) -> bool {
        interrupt::requested()
    }
}
