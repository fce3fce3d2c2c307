//! What `corer info` knows: collected once, told in words or as JSON.

use std::path::Path;

use corer::backup::availability::{Availability, AvailabilityState, NEVER_HELD, availability, only_in_encrypted};
use corer::backup::discover::stored_size;
use corer::backup::facts::SnapshotState;
use corer::backup::files::Files;
use corer::backup::{Facts, LockedBackup};
use corer_schemas::people::Directory;
use corer_schemas::{AppleTime, EntryKind};
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::cli::commands::kinds::{self, KindCommand};
use crate::cli::input::items;
use crate::cli::input::session::Session;
use crate::cli::input::zone::Zone;
use crate::cli::run::absent::why_left_out;
use crate::cli::run::command::OpenContext;

/// Everything that is told.
#[derive(Serialize)]
pub struct BackupFacts {
    pub path: String,
    pub what: &'static str,
    pub device: Option<String>,
    pub model: Option<String>,
    pub product_type: Option<String>,
    pub ios: Option<String>,
    pub build: Option<String>,
    pub udid: Option<String>,
    pub serial: Option<String>,
    pub phone_number: Option<String>,
    pub imei: Vec<String>,
    pub iccid: Option<String>,
    pub date: Option<String>,
    pub made_by: Option<String>,
    pub encrypted: Option<bool>,
    pub passcode_set: Option<bool>,
    pub state: Option<&'static str>,
    pub stored_bytes: Option<u64>,
    pub apps: Vec<AppFacts>,
    /// What needs the password of an encrypted backup; nothing where it was not given.
    pub inside: Option<Contents>,
    pub not_held: Vec<MissingKind>,
    pub never_held: &'static [&'static str],
    pub notes: Vec<String>,
    pub unreadable_records: usize,
    /// Whether something that the backup should hold cannot be read.
    #[serde(skip)]
    pub is_incomplete: bool,
}

/// An app of the device.
#[derive(Serialize)]
pub struct AppFacts {
    pub id: String,
    pub name: Option<String>,
    pub version: Option<String>,
}

/// What is inside.
#[derive(Default, Serialize)]
pub struct Contents {
    pub files: u64,
    pub directories: u64,
    pub links: u64,
    /// As recorded.
    pub bytes: u64,
    pub held: Vec<HeldKind>,
}

/// A kind of data that is there, and the file that holds it.
#[derive(Serialize)]
pub struct HeldKind {
    pub kind: &'static str,
    /// How many records there are, of kinds that corer can take out.
    pub count: Option<u64>,
    pub domain: String,
    pub path: String,
}

/// A kind of data that is not there.
#[derive(Serialize)]
pub struct MissingKind {
    pub kind: &'static str,
    pub why: String,
}

impl BackupFacts {
    /// What can be said of a backup without its password.
    pub fn of_backup(place: &Path, locked: &LockedBackup, zone: &Zone) -> Self {
        let facts = locked.facts().clone();
        let date = facts.last_backup.and_then(AppleTime::timestamp).map(|date| zone.rfc3339(date));
        let not_held = if locked.is_encrypted() { Vec::new() } else { not_held_unencrypted(&facts) };
        Self {
            path: place.display().to_string(),
            what: "a backup",
            device: facts.device_name,
            model: facts.product_name,
            product_type: facts.product_type,
            ios: facts.ios_version,
            build: facts.build,
            udid: facts.udid,
            serial: facts.serial,
            phone_number: facts.phone_number,
            imei: facts.imei,
            iccid: facts.iccid,
            date,
            made_by: facts.made_by,
            encrypted: Some(locked.is_encrypted()),
            passcode_set: facts.passcode_set,
            state: Some(state(locked)),
            stored_bytes: Some(stored_size(locked.tree().as_ref())),
            apps: facts
                .apps
                .into_iter()
                .map(|(id, app)| AppFacts { id, name: app.name, version: app.version })
                .collect(),
            inside: None,
            not_held,
            never_held: NEVER_HELD,
            notes: facts.problems.into_iter().map(|problem| format!("{}: {}", problem.item, problem.why)).collect(),
            unreadable_records: 0,
            is_incomplete: false,
        }
    }

    /// What can be said of files without a manifest.
    pub fn of_files(place: &Path, files: &Files) -> Self {
        Self {
            path: place.display().to_string(),
            what: files.description(),
            device: None,
            model: None,
            product_type: None,
            ios: None,
            build: None,
            udid: None,
            serial: None,
            phone_number: None,
            imei: Vec::new(),
            iccid: None,
            date: None,
            made_by: None,
            encrypted: None,
            passcode_set: None,
            state: None,
            stored_bytes: None,
            apps: Vec::new(),
            inside: None,
            not_held: Vec::new(),
            never_held: &[],
            notes: Vec::new(),
            unreadable_records: 0,
            is_incomplete: false,
        }
    }

    /// Adds what is inside.
    #[must_use]
    pub fn with_inside(mut self, session: &Session) -> Self {
        let (items, problems) = items::all(session);
        let mut inside = Contents::default();
        for item in items {
            match item.kind {
                EntryKind::File => inside.files += 1,
                EntryKind::Directory => inside.directories += 1,
                EntryKind::Symlink => inside.links += 1,
            }
            inside.bytes =
                inside.bytes.saturating_add(item.size().filter(|_| item.kind == EntryKind::File).unwrap_or(0));
        }
        self.not_held.clear();
        // Whether encryption would have kept more is known of backups alone.
        let protected = session.is_encrypted || self.encrypted.is_none();
        let available = availability(session.source(), &session.facts, protected);
        let is_held = |it: &&Availability| matches!(it.state, AvailabilityState::Held(..));
        let held: Vec<&str> = available.iter().filter(is_held).map(|it| it.command).collect();
        for Availability { name, command, state } in available {
            match state {
                AvailabilityState::Held(domain, path) => {
                    // Also one that nobody can count yet tells what is wrong with its log.
                    let _ = session.source().database(&domain, &path);
                    // A number of all is that of none of several.
                    let count =
                        kinds::of(command).filter(|_| held.iter().filter(|held| **held == command).count() == 1);
                    let count = count.and_then(|command| self::count(command, session));
                    inside.held.push(HeldKind { kind: name, count, domain, path });
                }
                AvailabilityState::Lost(why) => self.not_held.push(MissingKind { kind: name, why: why.to_string() }),
                AvailabilityState::OnlyInEncrypted => self.not_held.push(only_encrypted(name)),
                AvailabilityState::NotThere => {
                    self.not_held.push(MissingKind { kind: name, why: "there is none here".to_owned() })
                }
            }
        }
        self.inside = Some(inside);
        let unread = session.take_unreadable();
        self.is_incomplete = !problems.is_empty() || !unread.is_empty();
        for note in session.notes().iter().chain(&unread) {
            // What is wrong with a list is told once.
            let beginning = format!("{}: ", note.item);
            if !self.notes.iter().any(|told| told.starts_with(&beginning)) {
                self.notes.push(format!("{beginning}{}", note.why));
            }
        }
        self.unreadable_records = problems.len();
        self
    }
}

/// How many records of a kind there are; `None` where they cannot be counted.
fn count(command: &KindCommand, session: &Session) -> Option<u64> {
    // Names are not needed to count.
    let directory = Directory::default();
    let about = session.about("UTC");
    (command.count)(OpenContext {
        session,
        directory: &directory,
        about,
        zone: TimeZone::UTC,
        threads: 1,
        names_unread: &[],
        asks: None,
    })
}

fn not_held_unencrypted(facts: &Facts) -> Vec<MissingKind> {
    only_in_encrypted(facts).into_iter().map(only_encrypted).collect()
}

fn only_encrypted(kind: &'static str) -> MissingKind {
    MissingKind { kind, why: why_left_out() }
}

fn state(locked: &LockedBackup) -> &'static str {
    match locked.snapshot() {
        None => "unknown",
        Some(SnapshotState::Finished) => "finished",
        Some(SnapshotState::Uploading) => "interrupted while uploading",
        Some(SnapshotState::Moving) => "interrupted while files were put in place",
        Some(SnapshotState::Removing) => "interrupted while old files were removed",
    }
}
