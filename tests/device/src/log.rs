//! What the host did, so that tests can grade it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What kind of line of the log this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The host asked for something.
    Asked,
    /// The device did something of its own.
    Device,
    /// The host broke the protocol.
    Violation,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which service.
    pub service: &'static str,
    /// What kind of line.
    pub kind: Kind,
    /// What happened.
    pub words: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Asked => "",
            Kind::Device => " (device)",
            Kind::Violation => " VIOLATION",
        };
        write!(f, "{}{kind}: {}", self.service, self.words)
    }
}

/// An answer of the host to a message that tells it to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The message, like `DLMessageMoveItems`.
    pub message: String,
    /// The status code: 0, or a negative error.
    pub code: i64,
    /// The host's words.
    pub words: String,
}

/// One backup, as the device saw it.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// Whether the request forced a full backup.
    pub forced_full: bool,
    /// Whether the device made a full backup.
    pub is_full: bool,
    /// Whether the sync lock was held when the backup was asked for.
    pub had_sync_lock: bool,
    /// Whether the service was started with the escrow bag.
    pub had_escrow_bag: bool,
    /// Whether Info.plist lay in the folder when the backup was asked for.
    pub had_info_plist: bool,
    /// The notifications that the host observed by then.
    pub observed: BTreeSet<String>,
    /// Payloads that were sent.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The largest block that the host sent for a file, in bytes with its code.
    pub largest_block: usize,
    /// Every answer that was not 0, and those to hostile messages.
    pub answers: Vec<Answered>,
    /// How it ended: the device's error code, 0 for success; `None` if it was cut off.
    pub ended: Option<i64>,
    /// Whether the host said goodbye with `DLMessageDisconnect`.
    pub said_goodbye: bool,
}

#[derive(Debug, Default)]
struct Inside {
    entries: Vec<Entry>,
    courses: Vec<Course>,
    posted: Vec<String>,
}

/// The log of one simulator.
#[derive(Debug, Default)]
pub struct Log(Mutex<Inside>);

impl Log {
    /// The host asked for something.
    pub fn asked(&self, service: &'static str, words: impl Into<String>) {
        let words = words.into();
        self.add(service, Kind::Asked, words);
    }

    /// The device did something.
    pub fn device(&self, service: &'static str, words: impl Into<String>) {
        self.add(service, Kind::Device, words.into());
    }

    /// The host broke the protocol.
    pub fn violation(&self, service: &'static str, words: impl Into<String>) {
        self.add(service, Kind::Violation, words.into());
    }

    /// The host posted a notification.
    pub fn posted(&self, name: &str) {
        self.inside().posted.push(name.to_owned());
    }

    /// Everything so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.inside().entries.clone()
    }

    /// Where the host broke the protocol.
    pub fn violations(&self) -> Vec<Entry> {
        self.entries().into_iter().filter(|entry| entry.kind == Kind::Violation).collect()
    }

    /// The backups that were asked for, the latest last.
    pub fn courses(&self) -> Vec<Course> {
        self.inside().courses.clone()
    }

    /// The notifications that the host posted, in order.
    pub fn notifications(&self) -> Vec<String> {
        self.inside().posted.clone()
    }

    /// A backup begins.
    pub(crate) fn begin(&self, course: Course) {
        self.inside().courses.push(course);
    }

    /// Changes the backup that is being made.
    pub(crate) fn course(&self, change: impl FnOnce(&mut Course)) {
        if let Some(course) = self.inside().courses.last_mut() {
            change(course);
        }
    }

    fn add(&self, service: &'static str, kind: Kind, words: String) {
        self.inside().entries.push(Entry { service, kind, words });
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
