//! Is this backup whole and readable? Told without restoring anything.
//!
//! Three levels: [`Level::Quick`] looks at what is there, [`Level::Full`] reads and decrypts every byte,
//! [`Level::Deep`] also looks into databases and pictures. Damage is what the person would miss after a restore or an
//! export; what is odd but legal is a note.

mod databases;
mod digests;
mod lengths;
mod pictures;

use std::sync::atomic::{AtomicBool, Ordering};

use corer_schemas::source::SourceError;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest as _, Sha256};

use super::facts::{Facts, SnapshotState};
use super::manifest::{FileId, Record};
use super::stored::{Backup, Content};
use digests::{Observed, Outcome};

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Property lists, manifest, and for every file whether its payload is there and long enough.
    Quick,
    /// Also every byte of every file.
    Full,
    /// Also the structure of databases, the beginnings of pictures, and a SHA-256 of every file.
    Deep,
}

/// Something that was found, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub item: String,
    /// What is wrong, or odd.
    pub why: String,
}

impl Finding {
    fn new(item: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { item: item.into(), why: why.to_string() }
    }
}

/// What a verification found.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// How many files were looked at.
    pub files: u64,
    /// How many bytes of them were read, decrypted.
    pub bytes: u64,
    /// How many databases were checked.
    pub databases: u64,
    /// How many pictures were looked at.
    pub pictures: u64,
    /// How many digests were compared with what is stored.
    pub digests: u64,
    /// How many files the device held only as a name, their content being in iCloud.
    pub in_icloud: u64,
    /// What is damaged.
    pub damage: Vec<Finding>,
    /// What is odd but legal, or could not be checked.
    pub notes: Vec<Finding>,
    /// With [`Level::Deep`]: `Domain/path` and SHA-256 of every file that could be read, in the order of the names.
    pub checksums: Vec<(String, [u8; 32])>,
    /// Whether the person stopped it before its end.
    pub is_interrupted: bool,
}

/// How the caller watches a verification.
pub struct Watch<'a> {
    /// Called after each file with the number of bytes that were read of it.
    pub advance: &'a (dyn Fn(u64) + Sync),
    /// Asked before each file.
    pub is_interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// What was found about one file.
#[derive(Default)]
struct FileFindings {
    bytes: u64,
    in_icloud: bool,
    is_picture: bool,
    is_database: bool,
    digest: Option<Outcome>,
    damage: Vec<Finding>,
    notes: Vec<Finding>,
    sha256: Option<[u8; 32]>,
}

/// Looks at a backup as closely as `level` says.
pub fn verify(backup: &Backup, facts: &Facts, level: Level, watch: &Watch<'_>) -> Verification {
    let mut result = Verification::default();
    property_lists(facts, &mut result);
    manifest(backup, facts, &mut result);

    let files: Vec<Record<'_>> = backup.catalog().records().filter(Record::is_file).collect();
    let stopped = AtomicBool::new(false);
    let found: Vec<FileFindings> = files
        .par_iter()
        .with_max_len(16)
        .map(|record| {
            if (watch.is_interrupted)() {
                stopped.store(true, Ordering::Relaxed);
                return FileFindings::default();
            }
            let found = file(backup, *record, level);
            (watch.advance)(found.bytes);
            found
        })
        .collect();
    result.files = files.len() as u64;
    result.is_interrupted = stopped.into_inner();
    gather(&files, found, &mut result);
    result
}

/// What is wrong with the length or the ending of a file that was opened, in words; `None` when nothing is.
pub fn damage_of(record: Record<'_>, content: &Content) -> Option<String> {
    let mut found = FileFindings::default();
    lengths::judge(record, content, &mut found);
    found.damage.pop().map(|finding| finding.why)
}

fn property_lists(facts: &Facts, result: &mut Verification) {
    for problem in &facts.problems {
        let finding = Finding::new(&problem.item, &problem.why);
        // iTunes itself writes no Info.plist in some versions, and nothing in a backup depends on it.
        if problem.item == "Info.plist" { result.notes.push(finding) } else { result.damage.push(finding) }
    }
    if let Some(state) = facts.status.as_ref().map(|status| status.snapshot)
        && state != SnapshotState::Finished
    {
        let why = "the last backup was interrupted: make a new one with the device that wrote it";
        result.notes.push(Finding::new("Status.plist", why));
    }
}

fn manifest(backup: &Backup, facts: &Facts, result: &mut Verification) {
    let catalog = backup.catalog();
    result.damage.extend(catalog.problems().iter().map(|problem| Finding::new(&problem.item, &problem.why)));
    if catalog.more_problems() > 0 {
        result.damage.push(Finding::new("the manifest", format!("{} more bad records", catalog.more_problems())));
    }
    let placeholders = catalog.placeholders().len();
    if placeholders > 0 {
        let finding = Finding::new("the manifest", format!("{placeholders} files were not uploaded before it stopped"));
        let was_interrupted = facts.status.as_ref().is_some_and(|status| status.snapshot != SnapshotState::Finished);
        if was_interrupted { result.notes.push(finding) } else { result.damage.push(finding) }
    }
    let misnamed = catalog.records().filter(|record| FileId::of(record.domain(), record.path()) != record.file_id());
    result.notes.extend(misnamed.map(|record| {
        Finding::new(record.name(), format!("its payload is named {} instead of by its path", record.file_id()))
    }));
    if let Some(keys) = backup.class_keys().filter(|keys| !keys.damaged().is_empty()) {
        let why = format!("the keys of protection classes {:?} are damaged", keys.damaged());
        result.damage.push(Finding::new("Manifest.plist", why));
    }
}

fn file(backup: &Backup, record: Record<'_>, level: Level) -> FileFindings {
    let mut found = FileFindings::default();
    if let Err(error) = look_at(backup, record, level, &mut found) {
        match error {
            SourceError::Absent { why: corer_schemas::Absence::InCloud, .. } => found.in_icloud = true,
            SourceError::Absent { .. } => found.damage.push(Finding::new(record.name(), "its content is missing")),
            SourceError::Unreadable { what, why } => found.damage.push(Finding::new(what, why)),
            other => found.damage.push(Finding::new(record.name(), other)),
        }
    }
    found
}

fn look_at(backup: &Backup, record: Record<'_>, level: Level, found: &mut FileFindings) -> Result<(), SourceError> {
    if level == Level::Quick {
        return lengths::quick(backup, record, found);
    }
    let digest = record.facts().digest;
    let observed = digest.map(Observed::new);
    let content = backup.content_through(record, |stored| match &observed {
        Some(observed) => observed.watch(stored),
        None => stored,
    })?;
    read_all(record, &content, level, found)?;
    lengths::judge(record, &content, found);
    found.digest = observed.map(|observed| observed.outcome());
    if level == Level::Deep {
        pictures::check(record, content.bytes.as_ref(), found);
        databases::check(backup, record, content.bytes.as_ref(), found);
    }
    Ok(())
}

fn read_all(record: Record<'_>, content: &Content, level: Level, found: &mut FileFindings) -> Result<(), SourceError> {
    const CHUNK: usize = 1 << 20;
    let size = content.bytes.size();
    let mut buffer = vec![0; CHUNK.min(usize::try_from(size).unwrap_or(CHUNK).next_multiple_of(16).max(16))];
    let mut hash = (level == Level::Deep).then(Sha256::new);
    while found.bytes < size {
        let read = content.bytes.read_at(found.bytes, &mut buffer);
        let read = read.map_err(|error| SourceError::unreadable(record.name(), error))?;
        if read == 0 {
            return Err(SourceError::unreadable(record.name(), "it ends before its end"));
        }
        if let Some(hash) = &mut hash {
            hash.update(buffer.get(..read).unwrap_or_default());
        }
        found.bytes += read as u64;
    }
    found.sha256 = hash.map(|hash| hash.finalize().into());
    Ok(())
}

fn gather(files: &[Record<'_>], found: Vec<FileFindings>, result: &mut Verification) {
    let (mut agreeing, mut disagreeing) = (0, Vec::new());
    for (record, found) in files.iter().zip(found) {
        result.bytes += found.bytes;
        result.in_icloud += u64::from(found.in_icloud);
        result.pictures += u64::from(found.is_picture);
        result.databases += u64::from(found.is_database);
        result.damage.extend(found.damage);
        result.notes.extend(found.notes);
        result.checksums.extend(found.sha256.map(|hash| (record.name(), hash)));
        match found.digest {
            Some(Outcome::Agrees) => agreeing += 1,
            Some(Outcome::Disagrees) => disagreeing.push(record.name()),
            None => {}
        }
    }
    digests::judge(agreeing, disagreeing, result);
}
