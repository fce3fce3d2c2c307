//! Opening a backup: locked first, then unlocked. The two are two types, and only the second one gives files.

use std::sync::Arc;

use corer_schemas::Skipped;

use super::bytes::{ReadAt, read_all};
use super::database::integrity::is_database;
use super::database::{CompanionFile, StoredDatabase};
use super::facts::{Facts, ManifestSecrets, SnapshotState};
use super::keybag::{ClassKeys, Keybag, KeybagError, UnlockError};
use super::manifest::database::{ManifestDatabase, ManifestError};
use super::manifest::mbdb::Mbdb;
use super::manifest::{Catalog, WrappedFileKey};
use super::payload::Decrypted;
use super::payloads::Payloads;
use super::secret::Key;
use super::source::Backup;
use super::stored::{Manifest, Stored};
use super::tree::FileTree;

/// The largest `Manifest.mbdb` that is read, in bytes: about a million records.
const LARGEST_MBDB: u64 = 512 << 20;

/// What is encrypted comes in blocks of so many bytes.
const BLOCK: u64 = 16;

/// Why a folder or archive cannot be opened as a backup.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// There is no manifest of either kind.
    #[error("there is no Manifest.db or Manifest.mbdb in {0}")]
    NoManifest(String),
    /// The manifest is encrypted, and what holds its key is missing or of no use.
    #[error("the backup is encrypted, but {0}: without it nothing in the backup can be decrypted, by anyone")]
    NoKeys(String),
    /// The keybag is damaged.
    #[error("the keys in Manifest.plist are damaged: {0}")]
    Keybag(#[from] KeybagError),
    /// The password is wrong, or the keybag is not of a kind that a password opens.
    #[error(transparent)]
    Unlock(#[from] UnlockError),
    /// The password is right, and still the manifest does not open.
    #[error("the password is right, but {0}")]
    Damaged(String),
    /// The manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The backup is encrypted and no password was given.
    #[error("the backup is encrypted and needs its password")]
    Locked,
    /// The files cannot be read.
    #[error("{what} cannot be read: {error}")]
    Io {
        /// What was read.
        what: String,
        /// What the operating system says.
        error: std::io::Error,
    },
}

/// A backup whose property lists were read. Nothing else of it is known yet.
pub struct LockedBackup {
    tree: Arc<dyn FileTree>,
    facts: Facts,
    keybag: Option<Result<Keybag, KeybagError>>,
    manifest_key: Option<Vec<u8>>,
    manifest: ManifestFile,
    /// The folder of the manifest: `""`, or `Snapshot/`.
    manifest_folder: &'static str,
}

/// Which kind of manifest there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ManifestFile {
    /// `Manifest.db`, unencrypted.
    Database,
    /// `Manifest.db`, encrypted.
    EncryptedDatabase,
    /// `Manifest.mbdb`.
    Records,
}

impl ManifestFile {
    fn name(self) -> &'static str {
        match self {
            Self::Database | Self::EncryptedDatabase => "Manifest.db",
            Self::Records => "Manifest.mbdb",
        }
    }
}

impl LockedBackup {
    /// Reads the property lists of a backup and looks at the kind of its manifest.
    ///
    /// # Errors
    /// [`BackupError::NoManifest`] when this is no backup.
    pub fn open(tree: Arc<dyn FileTree>) -> Result<Self, BackupError> {
        let manifest_folder = manifest_folder(tree.as_ref());
        let (facts, ManifestSecrets { keybag, manifest_key }) = Facts::read(tree.as_ref(), manifest_folder);
        // The device encrypts the manifest exactly where it says so and gives the key for it.
        let says_plain = facts.encrypted == Some(false) && manifest_key.is_none();
        let manifest = match find_manifest(tree.as_ref(), manifest_folder)? {
            ManifestFile::EncryptedDatabase if says_plain => ManifestFile::Database,
            other => other,
        };
        let keybag = keybag.map(|bytes| Keybag::parse(&bytes));
        Ok(Self { tree, facts, keybag, manifest_key, manifest, manifest_folder })
    }

    /// What the property lists say.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The files as they lie on this computer.
    pub fn tree(&self) -> &Arc<dyn FileTree> {
        &self.tree
    }

    /// Whether a password is needed. Decided by content: what is said, and whether the manifest is unencrypted.
    pub fn is_encrypted(&self) -> bool {
        self.manifest == ManifestFile::EncryptedDatabase || self.facts.encrypted == Some(true)
    }

    /// How far the last backup came, where it says so.
    pub fn snapshot(&self) -> Option<SnapshotState> {
        self.facts.status.as_ref().and_then(|status| status.snapshot)
    }

    /// Where an interrupted backup stopped, if it did.
    pub fn interrupted(&self) -> Option<SnapshotState> {
        self.snapshot().filter(|state| *state != SnapshotState::Finished)
    }

    /// What is wrong with the manifest, as far as that shows without a password; `None` for nothing.
    pub fn manifest_damage(&self) -> Option<String> {
        if self.manifest == ManifestFile::EncryptedDatabase {
            return self.locked_manifest_damage();
        }
        match self.stored_manifest().and_then(|stored| self.read_manifest(stored, None)) {
            Ok((Manifest::Database(database), _)) => database.damage(),
            Ok((Manifest::Records(_), catalog)) => {
                catalog.problems().first().map(|lost| format!("{}: {}", lost.item, lost.why))
            }
            Err(error) => Some(error.to_string()),
        }
    }

    /// Of an encrypted manifest its length and what opens it can be judged.
    fn locked_manifest_damage(&self) -> Option<String> {
        let size = match self.stored_manifest() {
            Ok(stored) => stored.size(),
            Err(error) => return Some(error.to_string()),
        };
        let has_key = self.manifest_key.as_deref().is_some_and(|key| WrappedFileKey::try_from(key).is_ok());
        match &self.keybag {
            _ if size == 0 => Some("Manifest.db is empty".to_owned()),
            _ if !size.is_multiple_of(BLOCK) => Some("Manifest.db is cut off or damaged".to_owned()),
            Some(Ok(_)) if has_key => None,
            Some(Err(error)) => Some(format!("the keys in Manifest.plist are damaged: {error}")),
            Some(Ok(_)) | None => Some("Manifest.db is no database, and no key would open it".to_owned()),
        }
    }

    /// What keeps every password from opening it, so that nobody need be asked for one.
    pub fn locked_for_good(&self) -> Option<BackupError> {
        match &self.keybag {
            _ if !self.is_encrypted() => None,
            Some(Ok(_)) => None,
            Some(Err(error)) => Some(BackupError::NoKeys(format!("its keys are damaged ({error})"))),
            None => Some(self.no_keybag()),
        }
    }

    /// Opens a backup that is not encrypted.
    ///
    /// # Errors
    /// [`BackupError::Locked`] when it is encrypted, and what reading the manifest says.
    pub fn open_plain(&self) -> Result<Backup, BackupError> {
        if self.is_encrypted() {
            return Err(BackupError::Locked);
        }
        self.opened(None, self.stored_manifest()?, None)
    }

    /// Opens an encrypted backup with its password; with 10 million rounds of key derivation that is about a second of
    /// work. A backup that is not encrypted opens with any password.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassword`] inside [`BackupError::Unlock`], and whatever is missing or damaged.
    pub fn unlock(&self, password: &[u8]) -> Result<Backup, BackupError> {
        if !self.is_encrypted() {
            return self.open_plain();
        }
        let Some(Ok(keybag)) = &self.keybag else {
            return Err(self.locked_for_good().unwrap_or(BackupError::Locked));
        };
        let keys = keybag.unlock(password)?;
        let stored = self.stored_manifest()?;
        let manifest = match self.manifest {
            ManifestFile::EncryptedDatabase => self.decrypt_manifest(stored, &keys)?,
            ManifestFile::Database | ManifestFile::Records => stored,
        };
        self.opened(Some(keys), manifest, Some(password))
    }

    /// Why there is no keybag: what may not be read is not missing.
    fn no_keybag(&self) -> BackupError {
        let name = format!("{}Manifest.plist", self.manifest_folder);
        match self.tree.open(&name) {
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => BackupError::Io { what: name, error },
            _ => BackupError::NoKeys("Manifest.plist or the keys in it are missing".to_owned()),
        }
    }

    fn stored_manifest(&self) -> Result<Arc<dyn ReadAt>, BackupError> {
        let name = format!("{}{}", self.manifest_folder, self.manifest.name());
        self.tree.open(&name).map_err(|error| BackupError::Io { what: name, error })
    }

    fn decrypt_manifest(&self, stored: Arc<dyn ReadAt>, keys: &ClassKeys) -> Result<Arc<dyn ReadAt>, BackupError> {
        let wrapped = self.manifest_key.as_deref().and_then(|key| WrappedFileKey::try_from(key).ok());
        let wrapped = wrapped.ok_or_else(|| BackupError::NoKeys("the key of Manifest.db is missing".to_owned()))?;
        let key = manifest_key(&wrapped, keys)
            .ok_or_else(|| BackupError::Damaged("the key of Manifest.db is damaged".to_owned()))?;
        let decrypted = Decrypted::new(stored, &key)
            .map_err(|error| BackupError::Io { what: self.manifest.name().to_owned(), error })?;
        match is_database(&decrypted) {
            true => Ok(Arc::new(decrypted)),
            false => Err(BackupError::Damaged("Manifest.db does not decrypt to a database: it is damaged".to_owned())),
        }
    }

    fn opened(
        &self,
        keys: Option<ClassKeys>,
        manifest: Arc<dyn ReadAt>,
        password: Option<&[u8]>,
    ) -> Result<Backup, BackupError> {
        let (manifest, catalog) = self.read_manifest(manifest, password)?;
        let folders = payload_folders(self.interrupted(), self.manifest_folder);
        let payloads = Payloads::new(Arc::clone(&self.tree), folders, self.manifest == ManifestFile::Records);
        Ok(Backup::new(Stored::new(payloads, keys, manifest, catalog), self.notes()))
    }

    fn read_manifest(
        &self,
        bytes: Arc<dyn ReadAt>,
        password: Option<&[u8]>,
    ) -> Result<(Manifest, Catalog), BackupError> {
        if self.manifest == ManifestFile::Records {
            let whole = read_all(bytes.as_ref(), LARGEST_MBDB);
            let list = Mbdb::new(whole.map_err(|error| BackupError::Io { what: "Manifest.mbdb".to_owned(), error })?);
            let catalog = list.catalog()?;
            return Ok((Manifest::Records(list), catalog));
        }
        // Only a program that opened the manifest itself leaves a log beside it, so it is unencrypted.
        let wal = match self.manifest {
            ManifestFile::Database => {
                CompanionFile::in_tree(self.tree.as_ref(), &format!("{}Manifest.db-wal", self.manifest_folder))
            }
            ManifestFile::EncryptedDatabase | ManifestFile::Records => CompanionFile::default(),
        };
        let stored = StoredDatabase::with_companions("Manifest.db", bytes, wal, CompanionFile::default());
        let database = ManifestDatabase::new(Arc::new(stored), password);
        let catalog = database.catalog()?;
        Ok((Manifest::Database(Box::new(database)), catalog))
    }

    /// What a person should know about how this backup is read.
    fn notes(&self) -> Vec<Skipped> {
        let mut notes = Vec::new();
        if self.facts.encrypted.is_none() && !self.is_encrypted() {
            let why = "it is missing or does not say whether the backup is encrypted: files are taken as they are";
            let opened = self.tree.open(&format!("{}Manifest.plist", self.manifest_folder)).map(drop);
            match opened.map_err(|error| (error.kind(), error)) {
                Err((std::io::ErrorKind::PermissionDenied, error)) => {
                    notes.push(Skipped::new("Manifest.plist", format!("{error}; files are taken as they are")));
                }
                _ => notes.push(Skipped::new("Manifest.plist", why)),
            }
        }
        if let Some(state) = self.interrupted() {
            let why = match (state, self.manifest_folder) {
                (SnapshotState::Uploading, "") => {
                    "the last backup stopped while uploading: this is the one before, as far as it was whole"
                }
                (SnapshotState::Uploading, _) => {
                    "the first backup stopped while uploading: what was uploaded is here, the rest is not"
                }
                _ => "the last backup stopped while files were put in place: they are read where they lie",
            };
            notes.push(Skipped::new("Status.plist", why));
        }
        notes
    }
}

/// Where the manifest that counts lies. While files are moved into place, the new one is still in `Snapshot/`; a first
/// backup that was interrupted has no other.
fn manifest_folder(tree: &dyn FileTree) -> &'static str {
    const SNAPSHOT: &str = "Snapshot/";
    let has_manifest = |folder: &str| {
        ["Manifest.db", "Manifest.mbdb"].iter().any(|name| tree.size_of(&format!("{folder}{name}")).is_some())
    };
    let (status, _) = Facts::read(tree, "");
    let state = status.status.and_then(|status| status.snapshot);
    let new_one_counts = matches!(state, Some(SnapshotState::Moving | SnapshotState::Removing));
    if has_manifest(SNAPSHOT) && (new_one_counts || !has_manifest("")) { SNAPSHOT } else { "" }
}

/// Where payloads are looked for, in this order.
fn payload_folders(state: Option<SnapshotState>, manifest_folder: &'static str) -> Vec<&'static str> {
    match state {
        _ if manifest_folder == "Snapshot/" => vec!["", "Snapshot/"],
        Some(SnapshotState::Moving | SnapshotState::Removing) => vec!["", "Snapshot/"],
        _ => vec![""],
    }
}

fn find_manifest(tree: &dyn FileTree, folder: &str) -> Result<ManifestFile, BackupError> {
    let name = format!("{folder}Manifest.db");
    if tree.look_for(&name).map_err(|error| BackupError::Io { what: name.clone(), error })?.is_some() {
        let bytes = tree.open(&name).map_err(|error| BackupError::Io { what: name, error })?;
        let plain = is_database(bytes.as_ref());
        return Ok(if plain { ManifestFile::Database } else { ManifestFile::EncryptedDatabase });
    }
    match tree.size_of(&format!("{folder}Manifest.mbdb")) {
        Some(_) => Ok(ManifestFile::Records),
        None => Err(BackupError::NoManifest(tree.location().display().to_string())),
    }
}

/// The key of the manifest, whose first four bytes name the protection class.
fn manifest_key(wrapped: &WrappedFileKey, keys: &ClassKeys) -> Option<Key> {
    let (class, key) = wrapped.split_first_chunk::<4>()?;
    keys.get(u32::from_le_bytes(*class))?.unwrap(key.try_into().ok()?)
}
