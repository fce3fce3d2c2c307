//! Is this backup whole and readable? Told without restoring anything.
//!
//! Three levels: [`Level::Quick`] looks at what is there, [`Level::Full`] reads and decrypts every byte,
//! [`Level::Deep`] also looks into databases and pictures. Damage is what the person would miss after a restore or an
//! export; what is odd but legal is a note.

mod databases;
mod digests;
mod finding;
mod forms;
mod logs;
mod manifest;
mod media;
mod pictures;

use std::sync::atomic::{AtomicBool, Ordering};

use corer_schemas::Absence;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use sha2::{Digest as _, Sha256};

use super::bytes::ReadAt;
use super::facts::{Facts, SnapshotState};
use super::lengths;
use super::manifest::{FileId, Record};
use super::remarks::Remarks;
use super::source::Backup;
use super::stored::{Content, Stored, Unopened};
use digests::{Compared, Observed};
pub use finding::{BackupPart, Finding};

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
    /// What is damaged. Each thing stands in one of the three lists, and there once.
    pub damage: Vec<Finding>,
    /// What nobody could look at, so that nothing is known of it.
    pub unchecked: Vec<Finding>,
    /// What is odd but legal.
    pub notes: Vec<Finding>,
    /// With [`Level::Deep`]: `Domain/path` and SHA-256 of every file that could be read, in the order of the names.
    pub checksums: Vec<(String, [u8; 32])>,
    /// Whether the person stopped it before its end.
    pub is_interrupted: bool,
}

impl Verification {
    /// Whether everything was looked at and nothing is damaged.
    pub fn is_complete(&self) -> bool {
        self.damage.is_empty() && self.unchecked.is_empty()
    }

    /// Brings what was found about the same together.
    fn tidy(&mut self) {
        self.damage = finding::merged(std::mem::take(&mut self.damage));
        let unchecked = finding::merged(std::mem::take(&mut self.unchecked));
        self.unchecked = finding::fold(unchecked, &mut self.damage);
        let notes = finding::merged(std::mem::take(&mut self.notes));
        let notes = finding::fold(notes, &mut self.damage);
        self.notes = finding::fold(notes, &mut self.unchecked);
    }
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
    digest: Option<Compared>,
    remarks: Remarks,
    sha256: Option<[u8; 32]>,
}

/// Looks at a backup as closely as `level` says.
pub fn verify(backup: &Backup, facts: &Facts, level: Level, watch: &Watch<'_>) -> Verification {
    let mut result = Verification::default();
    property_lists(facts, &mut result);
    let backup = backup.stored();
    records(backup, &mut result);
    manifest::check(backup, level, &mut result);

    let files: Vec<Record<'_>> = backup.catalog().records().filter(Record::is_file).collect();
    let stopped = AtomicBool::new(false);
    let mut found: Vec<FileFindings> = files
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
    if !result.is_interrupted {
        digests::judge(backup, &files, &mut found, &mut result);
    }
    gather(&files, found, &mut result);
    result.tidy();
    result
}

/// Whether a picture or a movie is complete, told by its form alone; `None` where that says nothing.
pub fn is_complete(path: &str, bytes: &dyn ReadAt) -> Option<bool> {
    match media::form(path, bytes) {
        media::Form::Sound => Some(true),
        media::Form::Broken(_) => Some(false),
        media::Form::Unknown => None,
    }
}

fn property_lists(facts: &Facts, result: &mut Verification) {
    for problem in &facts.problems {
        let finding = Finding::of_property_list(&problem.item, &problem.why);
        // iTunes itself writes no Info.plist in some versions, and nothing in a backup depends on it.
        match problem.item.as_str() {
            item if facts.out_of_reach.contains(item) => result.unchecked.push(finding),
            "Info.plist" => result.notes.push(finding),
            _ => result.damage.push(finding),
        }
    }
    let Some(status) = &facts.status else { return };
    let is_silent = status.snapshot.is_none() && status.unknown_state.is_none();
    let silent = [
        (is_silent, "whether the backup was finished"),
        (status.is_full.is_none(), "whether the last backup took everything anew"),
    ];
    for (_, what) in silent.iter().filter(|(is_silent, _)| *is_silent) {
        result.notes.push(Finding::of_property_list("Status.plist", format!("it does not say {what}")));
    }
    if status.snapshot.is_some_and(|state| state != SnapshotState::Finished) {
        let why = "the last backup was interrupted, so that not everything is here: make a new one";
        result.damage.push(Finding::of_property_list("Status.plist", why));
    }
    if let Some(state) = &status.unknown_state {
        let why = format!("it does not say that the backup was finished, but {state:?}");
        result.damage.push(Finding::of_property_list("Status.plist", why));
    }
}

fn records(backup: &Stored, result: &mut Verification) {
    let catalog = backup.catalog();
    let problems = catalog.problems().iter();
    result.damage.extend(problems.map(|problem| Finding::of_manifest(&problem.item, &problem.why)));
    if catalog.more_problems() > 0 {
        let why = format!("{} more bad records", catalog.more_problems());
        result.damage.push(Finding::of_manifest("the manifest", why));
    }
    let placeholders = catalog.placeholders().len();
    if placeholders > 0 {
        let why = format!("{placeholders} files were not uploaded before it stopped");
        result.damage.push(Finding::of_manifest("the manifest", why));
    }
    if let Some(keys) = backup.class_keys().filter(|keys| !keys.damaged().is_empty()) {
        let why = format!("the keys of protection classes {:?} are damaged", keys.damaged());
        result.damage.push(Finding::of_manifest("the keys in Manifest.plist", why));
    }
}

fn file(backup: &Stored, record: Record<'_>, level: Level) -> FileFindings {
    let mut found = FileFindings::default();
    if FileId::of(record.domain(), record.path()) != record.file_id() {
        found.remarks.note(format!("its payload is named {} instead of by its path", record.file_id()));
    }
    match look_at(backup, record, level, &mut found) {
        Ok(()) => {}
        Err(Unopened::Absent(Absence::InCloud)) => found.in_icloud = true,
        Err(Unopened::Absent(_)) => found.remarks.damage("its content is missing"),
        Err(Unopened::System(error)) => found.remarks.system(&error),
        Err(Unopened::Key(why)) => found.remarks.damage(why),
    }
    found
}

fn look_at(backup: &Stored, record: Record<'_>, level: Level, found: &mut FileFindings) -> Result<(), Unopened> {
    if level == Level::Quick {
        return lengths::quick(backup, record, &mut found.remarks);
    }
    let digest = record.facts().digest;
    let observed = digest.map(Observed::new);
    let content = backup.content_through(record, |stored| match &observed {
        Some(observed) => observed.watch(stored),
        None => stored,
    })?;
    read_all(&content, level, found).map_err(Unopened::System)?;
    lengths::judge(backup, record, &content, &mut found.remarks);
    found.digest = observed.map(|observed| observed.compare(&content));
    databases::check_name(backup, record, &content.bytes, found);
    if level == Level::Deep {
        pictures::check(record, content.bytes.as_ref(), found);
        databases::check(backup, record, &content.bytes, found);
        logs::check(backup, record, content.bytes.as_ref(), found);
    }
    Ok(())
}

fn read_all(content: &Content, level: Level, found: &mut FileFindings) -> std::io::Result<()> {
    const CHUNK: usize = 1 << 20;
    let size = content.bytes.size();
    let mut buffer = vec![0; CHUNK.min(usize::try_from(size).unwrap_or(CHUNK).next_multiple_of(16).max(16))];
    let mut hash = (level == Level::Deep).then(Sha256::new);
    while found.bytes < size {
        let read = content.bytes.read_at(found.bytes, &mut buffer)?;
        if read == 0 {
            return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it ends before its end"));
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
    for (record, found) in files.iter().zip(found) {
        result.bytes += found.bytes;
        result.in_icloud += u64::from(found.in_icloud);
        result.pictures += u64::from(found.is_picture);
        result.databases += u64::from(found.is_database);
        result.checksums.extend(found.sha256.map(|hash| (record.name(), hash)));
        for (reasons, list) in [
            (found.remarks.damage, &mut result.damage),
            (found.remarks.unchecked, &mut result.unchecked),
            (found.remarks.notes, &mut result.notes),
        ] {
            if !reasons.is_empty() {
                list.push(Finding::of_file(*record, reasons));
            }
        }
    }
}
