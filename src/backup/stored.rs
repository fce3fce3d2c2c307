//! An opened backup: its catalog, and its files as plain bytes. This is the [`Source`] that everything else reads from.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use corer_schemas::Skipped;
use corer_schemas::source::{Absence, Database, Entry, EntryKind, Opened, Presence, Source, SourceError};

use super::bytes::{Cursor, ReadAt};
use super::database::{Beside, Shelf, StoredDatabase};
use super::hurt::{Hurt, Ledger};
use super::keybag::ClassKeys;
use super::manifest::catalog::Facts;
use super::manifest::database::ManifestDatabase;
use super::manifest::mbdb::Mbdb;
use super::manifest::{Catalog, Details, Record, RecordKind, WrappedFileKey};
use super::payload::{Decrypted, Ending};
use super::payloads::Payloads;
use super::secret::Key;
use super::verify;

/// A manifest of either kind, for what the catalog does not keep.
pub enum Manifest {
    /// `Manifest.db`.
    Database(Box<ManifestDatabase>),
    /// `Manifest.mbdb`.
    Records(Mbdb),
}

/// A backup that is open: not encrypted, or unlocked.
pub struct Backup {
    payloads: Payloads,
    keys: Option<ClassKeys>,
    manifest: Manifest,
    catalog: Catalog,
    notes: Vec<Skipped>,
    databases: Shelf,
    /// What of the manifest's own database could not be read: any file may be missing with it.
    unread: Vec<Skipped>,
    /// Files that were opened and are not whole.
    hurt: Ledger,
}

/// Why the content of a file cannot be given.
#[derive(Debug)]
pub enum Unopened {
    /// There is no payload.
    Absent(Absence),
    /// The system says so, of its bytes.
    System(io::Error),
    /// Its key is missing, or of no use.
    Key(String),
}

/// The plain content of a file.
pub struct Content {
    /// The bytes.
    pub bytes: Arc<dyn ReadAt>,
    /// What their end says about them.
    pub ending: Ending,
}

impl Backup {
    pub(super) fn new(
        payloads: Payloads,
        keys: Option<ClassKeys>,
        manifest: Manifest,
        catalog: Catalog,
        notes: Vec<Skipped>,
    ) -> Self {
        let unread = match &manifest {
            Manifest::Database(database) => database.unread().to_vec(),
            Manifest::Records(_) => Vec::new(),
        };
        Self { payloads, keys, manifest, catalog, notes, databases: Shelf::default(), unread, hurt: Ledger::default() }
    }

    /// Every record of the manifest.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// What a person should know about how this backup is read.
    pub fn notes(&self) -> &[Skipped] {
        &self.notes
    }

    /// What could not be read beside the databases that were asked for since the last call, and beside the manifest: rows
    /// that only a write-ahead log held.
    pub fn take_unread(&self) -> Vec<Skipped> {
        [self.unread.clone(), self.databases.take_unread()].concat()
    }

    /// Files that were opened through the port since the last call and are not whole: all of their bytes were given.
    pub fn take_hurt(&self) -> Vec<Hurt> {
        self.hurt.take()
    }

    /// What could not be read beside the manifest.
    pub fn unread(&self) -> &[Skipped] {
        &self.unread
    }

    /// The class keys; `None` for a backup that is not encrypted.
    pub fn class_keys(&self) -> Option<&ClassKeys> {
        self.keys.as_ref()
    }

    /// Where the payloads lie.
    pub fn payloads(&self) -> &Payloads {
        &self.payloads
    }

    /// The manifest, where it is a database.
    pub(super) fn manifest_database(&self) -> Option<&dyn Database> {
        match &self.manifest {
            Manifest::Database(database) => Some(database.database()),
            Manifest::Records(_) => None,
        }
    }

    /// What is seldom asked about a record.
    ///
    /// # Errors
    /// When the record cannot be read again.
    pub fn details(&self, record: Record<'_>) -> Result<Details, SourceError> {
        match &self.manifest {
            Manifest::Database(database) => database.details(record.file_id()),
            Manifest::Records(list) => list.details(record.file_id()),
        }
    }

    /// The plain content of a file.
    ///
    /// # Errors
    /// [`SourceError::Absent`] when there is no payload, [`SourceError::Unreadable`] when it cannot be opened or its
    /// key does not work.
    pub fn content(&self, record: Record<'_>) -> Result<Content, SourceError> {
        self.content_through(record, |stored| stored).map_err(|why| match why {
            Unopened::Absent(why) => {
                SourceError::Absent { domain: record.domain().to_owned(), path: record.path().to_owned(), why }
            }
            Unopened::System(error) => SourceError::unreadable(record.name(), error),
            Unopened::Key(why) => SourceError::unreadable(record.name(), why),
        })
    }

    /// The same, with something put between the stored bytes and what decrypts them, and with the reason as it is.
    ///
    /// # Errors
    /// See [`Unopened`].
    pub(super) fn content_through(
        &self,
        record: Record<'_>,
        wrap: impl FnOnce(Arc<dyn ReadAt>) -> Arc<dyn ReadAt>,
    ) -> Result<Content, Unopened> {
        let facts = record.facts();
        let stored = match self.payloads.open(facts.file_id) {
            Ok(stored) => wrap(stored),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Unopened::Absent(absence_without_payload(&facts)));
            }
            Err(error) => return Err(Unopened::System(error)),
        };
        match (&self.keys, facts.key) {
            // An empty file of an encrypted backup may have no key, and nothing that would need one.
            (None, _) => Ok(Content { bytes: stored, ending: Ending::Plain }),
            (Some(_), None) if stored.size() == 0 => Ok(Content { bytes: stored, ending: Ending::Plain }),
            (Some(keys), Some(wrapped)) => {
                let key = file_key(keys, facts.class, &wrapped).map_err(Unopened::Key)?;
                let decrypted = Decrypted::new(stored, &key).map_err(Unopened::System)?;
                Ok(Content { ending: decrypted.ending(), bytes: Arc::new(decrypted) })
            }
            (Some(_), None) if facts.key_is_damaged => {
                Err(Unopened::Key("the key in its record is damaged".to_owned()))
            }
            (Some(_), None) => Err(Unopened::Key("its record has no key".to_owned())),
        }
    }

    fn entry_of(&self, number: usize, record: Record<'_>) -> Option<Entry> {
        let RecordKind::Entry(kind) = record.kind() else { return None };
        let facts = record.facts();
        let presence = match kind {
            // What may not be looked at is not missing: opening it says why.
            EntryKind::File
                if self.payloads.size_of(facts.file_id).is_none() && !self.payloads.is_closed(facts.file_id) =>
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
        number.and_then(|number| self.catalog.record(number)).ok_or_else(|| missing(&entry.domain, &entry.path))
    }

    /// Opens a database without keeping it for the next who asks.
    fn open_database(&self, domain: &str, path: &str) -> Result<StoredDatabase, SourceError> {
        let number = self.catalog.find(domain, path);
        let record = number.and_then(|number| self.catalog.record(number)).ok_or_else(|| missing(domain, path))?;
        let content = self.content(record)?;
        let damage = verify::damage_of(self, record, &content);
        let beside = |suffix: &str| {
            let number = self.catalog.find(domain, &format!("{path}{suffix}"));
            number.and_then(|number| self.catalog.record(number)).map(|record| self.beside(record)).unwrap_or_default()
        };
        let name = format!("{domain}/{path}");
        let database = StoredDatabase::with_beside(name, content.bytes, beside("-wal"), beside("-journal"));
        Ok(database.hurt_by(damage))
    }

    /// What the manifest lists beside a database.
    fn beside(&self, record: Record<'_>) -> Beside {
        match record.kind() {
            RecordKind::Entry(EntryKind::File) => {}
            RecordKind::Entry(EntryKind::Symlink) => return Beside::lost("it is a link, which is not followed"),
            RecordKind::Entry(EntryKind::Directory) => return Beside::lost("it is a folder"),
            RecordKind::Placeholder => return Beside::default(),
        }
        match self.content(record) {
            // A journal is shorter than recorded once its change was finished.
            Ok(content) => {
                let is_log = record.path().ends_with("-wal");
                let fault = is_log.then(|| verify::damage_of(self, record, &content)).flatten();
                Beside { bytes: Some(content.bytes), fault }
            }
            Err(SourceError::Absent { why, .. }) => Beside::lost(why.to_string()),
            Err(SourceError::Unreadable { why, .. }) => Beside::lost(why),
            Err(error) => Beside::lost(error.to_string()),
        }
    }
}

impl Source for Backup {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        let numbers = self.catalog.below(domain, prefix).into_iter();
        Ok(numbers.filter_map(|number| self.entry_of(number, self.catalog.record(number)?)).collect())
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        let number = self.catalog.find(domain, path);
        let entry = number.and_then(|number| self.entry_of(number, self.catalog.record(number)?));
        entry.ok_or_else(|| missing(domain, path))
    }

    fn attributes(&self, entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        Ok(self.details(self.record_of(entry)?)?.attributes)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let record = self.record_of(entry)?;
        let content = self.content(record)?;
        self.hurt.look(self, entry.id, record, &content);
        opened(content.bytes, &entry.path)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        let record = self.record_of(entry).ok().filter(|_| self.keys.is_none())?;
        self.payloads.place_of(record.file_id())
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

/// Why a file whose payload is nowhere is not there.
pub(super) fn absence_without_payload(facts: &Facts) -> Absence {
    if facts.is_dataless() { Absence::InCloud } else { Absence::Lost }
}

/// Unwraps the key of a file. The protection class of the record names the class key; the class that stands before the
/// wrapped key should be the same, and is tried where it is not.
fn file_key(keys: &ClassKeys, class: u32, wrapped: &WrappedFileKey) -> Result<Key, String> {
    let broken = || "the key in its record is damaged".to_owned();
    let (prefix, wrapped) = wrapped.split_first_chunk::<4>().ok_or_else(broken)?;
    let prefix = u32::from_le_bytes(*prefix);
    let wrapped: &[u8; 40] = wrapped.try_into().map_err(|_| broken())?;
    let classes = if class == prefix { vec![class] } else { vec![class, prefix] };
    let mut known = classes.iter().filter_map(|class| keys.get(*class)).peekable();
    if known.peek().is_none() {
        let device_only = classes.iter().any(|class| keys.device_only().contains(class));
        return Err(match device_only {
            true => format!("protection class {class} can only be read on the device itself"),
            false => format!("the backup has no key for protection class {class}"),
        });
    }
    known.find_map(|key| key.unwrap(wrapped)).ok_or_else(|| "its key does not fit the keys of this backup".to_owned())
}
