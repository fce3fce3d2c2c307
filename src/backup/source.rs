//! An opened backup as the [`Source`] that everything else reads from.

use std::path::PathBuf;
use std::sync::Arc;

use corer_schemas::Skipped;
use corer_schemas::source::{Database, Entry, EntryKind, Opened, Presence, Source, SourceError};

use super::bytes::{Cursor, ReadAt};
use super::damaged::{DamageLedger, DamagedFile};
use super::database::{CompanionFile, OpenDatabases, StoredDatabase};
use super::keybag::ClassKeys;
use super::lengths;
use super::manifest::{Catalog, Details, Record, RecordKind};
use super::payloads::Payloads;
use super::stored::{Content, Stored, absence_without_payload};

/// A backup that is open: not encrypted, or unlocked.
pub struct Backup {
    stored: Stored,
    notes: Vec<Skipped>,
    databases: OpenDatabases,
    /// Files that were opened and are incomplete.
    damaged: DamageLedger,
}

impl Backup {
    pub(super) fn new(stored: Stored, notes: Vec<Skipped>) -> Self {
        Self { stored, notes, databases: OpenDatabases::default(), damaged: DamageLedger::default() }
    }

    /// What lies below the port.
    pub(super) fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Every record of the manifest.
    pub fn catalog(&self) -> &Catalog {
        self.stored.catalog()
    }

    /// What is seldom asked about a record.
    ///
    /// # Errors
    /// When the record cannot be read again.
    pub fn details(&self, record: Record<'_>) -> Result<Details, SourceError> {
        self.stored.details(record)
    }

    /// The plain content of a file.
    ///
    /// # Errors
    /// [`SourceError::Absent`] when there is no payload, [`SourceError::Unreadable`] when it cannot be opened or its
    /// key does not work.
    pub fn content(&self, record: Record<'_>) -> Result<Content, SourceError> {
        self.stored.content(record)
    }

    /// What is wrong with the length or the ending of a file that was opened, in words; `None` when nothing is.
    pub fn damage_of(&self, record: Record<'_>, content: &Content) -> Option<String> {
        lengths::damage_of(&self.stored, record, content)
    }

    /// The class keys; `None` for a backup that is not encrypted.
    pub fn class_keys(&self) -> Option<&ClassKeys> {
        self.stored.class_keys()
    }

    /// Where the payloads lie.
    pub fn payloads(&self) -> &Payloads {
        self.stored.payloads()
    }

    /// What a person should know about how this backup is read.
    pub fn notes(&self) -> &[Skipped] {
        &self.notes
    }

    /// What could not be read beside the databases that were asked for since the last call, and beside the manifest: rows
    /// that only a write-ahead log held.
    pub fn take_unreadable(&self) -> Vec<Skipped> {
        [self.unread().to_vec(), self.databases.take_unreadable()].concat()
    }

    /// Whether [`take_unreadable`](Self::take_unreadable) has something.
    pub fn has_unreadable(&self) -> bool {
        !self.unread().is_empty() || self.databases.has_unreadable()
    }

    /// Files that were opened through the port since the last call and are incomplete: all of their bytes were given.
    pub fn take_damaged(&self) -> Vec<DamagedFile> {
        self.damaged.take()
    }

    /// What could not be read beside the manifest.
    pub fn unread(&self) -> &[Skipped] {
        self.stored.unread()
    }

    fn entry_of(&self, number: usize, record: Record<'_>) -> Option<Entry> {
        let RecordKind::Entry(kind) = record.kind() else { return None };
        let facts = record.facts();
        let presence = match kind {
            // What may not be looked at is not missing: opening it says why.
            EntryKind::File
                if self.stored.payloads().size_of(facts.file_id).is_none()
                    && !self.stored.payloads().is_closed(facts.file_id) =>
            {
                Presence::Absent(absence_without_payload(&facts))
            }
            _ => Presence::Present,
        };
        Some(Entry {
            id: number as u64,
            domain: record.domain().to_owned(),
            path: record.path().to_owned(),
            kind,
            size_hint: facts.size,
            modified: facts.modified,
            created: facts.created,
            presence,
        })
    }

    fn record_of(&self, entry: &Entry) -> Result<Record<'_>, SourceError> {
        let number = usize::try_from(entry.id).ok();
        number
            .and_then(|number| self.stored.catalog().record(number))
            .ok_or_else(|| missing(&entry.domain, &entry.path))
    }

    /// Opens a database without keeping it for the next who asks.
    fn open_database(&self, domain: &str, path: &str) -> Result<StoredDatabase, SourceError> {
        let number = self.stored.catalog().find(domain, path);
        let record =
            number.and_then(|number| self.stored.catalog().record(number)).ok_or_else(|| missing(domain, path))?;
        let content = self.stored.content(record)?;
        let damage = lengths::damage_of(&self.stored, record, &content);
        let beside = |suffix: &str| {
            let number = self.stored.catalog().find(domain, &format!("{path}{suffix}"));
            number
                .and_then(|number| self.stored.catalog().record(number))
                .map(|record| self.beside(record))
                .unwrap_or_default()
        };
        let name = format!("{domain}/{path}");
        let database = StoredDatabase::with_companions(name, content.bytes, beside("-wal"), beside("-journal"));
        Ok(database.damaged_by(damage))
    }

    /// What the manifest lists beside a database.
    fn beside(&self, record: Record<'_>) -> CompanionFile {
        match record.kind() {
            RecordKind::Entry(EntryKind::File) => {}
            RecordKind::Entry(EntryKind::Symlink) => return CompanionFile::lost("it is a link, which is not followed"),
            RecordKind::Entry(EntryKind::Directory) => return CompanionFile::lost("it is a folder"),
            RecordKind::Placeholder => return CompanionFile::default(),
        }
        match self.stored.content(record) {
            // A journal is shorter than recorded once its change was finished.
            Ok(content) => {
                let is_log = record.path().ends_with("-wal");
                let fault = is_log.then(|| lengths::damage_of(&self.stored, record, &content)).flatten();
                CompanionFile { bytes: Some(content.bytes), fault }
            }
            Err(SourceError::Absent { why, .. }) => CompanionFile::lost(why.to_string()),
            Err(SourceError::Unreadable { why, .. }) => CompanionFile::lost(why),
            Err(error) => CompanionFile::lost(error.to_string()),
        }
    }
}

impl Source for Backup {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        let numbers = self.stored.catalog().below(domain, prefix).into_iter();
        Ok(numbers.filter_map(|number| self.entry_of(number, self.stored.catalog().record(number)?)).collect())
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        let number = self.stored.catalog().find(domain, path);
        let entry = number.and_then(|number| self.entry_of(number, self.stored.catalog().record(number)?));
        entry.ok_or_else(|| missing(domain, path))
    }

    fn attributes(&self, entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        Ok(self.stored.details(self.record_of(entry)?)?.attributes)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let record = self.record_of(entry)?;
        let content = self.stored.content(record)?;
        self.damaged.look(&self.stored, entry.id, record, &content);
        opened(content.bytes, &entry.path)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        let record = self.record_of(entry).ok().filter(|_| self.stored.class_keys().is_none())?;
        self.stored.payloads().place_of(record.file_id())
    }

    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        self.databases.get(&format!("{domain}/{path}"), || self.open_database(domain, path))
    }
}

/// Bytes as a source gives them out.
pub(super) fn opened(bytes: Arc<dyn ReadAt>, name: &str) -> Result<Opened, SourceError> {
    let plain = bytes.plain_file().map(std::fs::File::try_clone).transpose();
    Ok(Opened {
        plain: plain.map_err(|error| SourceError::unreadable(name, error))?,
        len: Some(bytes.size()),
        reader: Box::new(Cursor::new(bytes)),
    })
}

pub(super) fn missing(domain: &str, path: &str) -> SourceError {
    SourceError::Missing { domain: domain.to_owned(), path: path.to_owned() }
}
