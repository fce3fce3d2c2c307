//! What an opened backup stores: its catalog, and its files as plain bytes.

use std::io;
use std::sync::Arc;

use corer_schemas::Skipped;
use corer_schemas::source::{Absence, Database, SourceError};

use super::bytes::ReadAt;
use super::database::Image;
use super::keybag::ClassKeys;
use super::manifest::database::ManifestDatabase;
use super::manifest::facts::Facts;
use super::manifest::mbdb::Mbdb;
use super::manifest::{Catalog, Details, Record, WrappedFileKey};
use super::out_of_reach::is_out_of_reach;
use super::payload::{Decrypted, Ending};
use super::payloads::Payloads;
use super::secret::Key;

/// A manifest of either kind, for what the catalog does not keep.
pub enum Manifest {
    /// `Manifest.db`.
    Database(Box<ManifestDatabase>),
    /// `Manifest.mbdb`.
    Records(Mbdb),
}

/// What a backup that is open stores: not encrypted, or unlocked.
pub struct Stored {
    payloads: Payloads,
    keys: Option<ClassKeys>,
    manifest: Manifest,
    catalog: Catalog,
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

impl Stored {
    /// What a manifest of either kind lists, with the keys to it.
    pub fn new(payloads: Payloads, keys: Option<ClassKeys>, manifest: Manifest, catalog: Catalog) -> Self {
        Self { payloads, keys, manifest, catalog }
    }

    /// Every record of the manifest.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
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
    pub fn manifest_database(&self) -> Option<&dyn Database> {
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

    /// What of the manifest's own database could not be read: any file may be missing with it.
    pub fn unread(&self) -> &[Skipped] {
        match &self.manifest {
            Manifest::Database(database) => database.unread(),
            Manifest::Records(_) => &[],
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
    pub fn content_through(
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

    /// The database with what lies beside it. What is wrong with that is told of itself, but without a log that is there and
    /// nobody could look at, nothing can be said of the database either.
    pub fn database_image(&self, record: Record<'_>, bytes: &Arc<dyn ReadAt>) -> io::Result<Image> {
        let beside = |suffix: &str| {
            let number = self.catalog().find(record.domain(), &format!("{}{suffix}", record.path()));
            let Some(record) = number.and_then(|number| self.catalog().record(number)) else { return Ok(None) };
            match self.content_through(record, |stored| stored) {
                Ok(content) => Ok(Some(content.bytes)),
                Err(Unopened::System(error)) if is_out_of_reach(&error) => Err(error),
                Err(_) => Ok(None),
            }
        };
        Ok(Image { main: Arc::clone(bytes), wal: beside("-wal")?, journal: beside("-journal")? })
    }
}

/// Why a file whose payload is nowhere is not there.
pub fn absence_without_payload(facts: &Facts) -> Absence {
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
