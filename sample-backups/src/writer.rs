//! Writes one backup folder, row by row: payloads go to disk at once, the manifest follows.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use tempfile::TempDir;

use crate::crypto::{self, Encryption, Key, Stored};
use crate::database::SMALL_PAGE;
use crate::era::{Device, Era};
use crate::error::Result;
use crate::keybag::Keybag;
use crate::manifest_db::ManifestDb;
use crate::plists::{self, State};
use crate::record::{Content, Digest, FileKey, Record, StoredForm};
use crate::seed::Seed;
use crate::{mbdb, mbfile};

/// What kind of backup to write.
#[derive(Debug, Clone)]
pub struct Options {
    /// The generation of the format.
    pub era: Era,
    /// The device that it claims to be of.
    pub device: Device,
    /// How it is encrypted, if it is.
    pub encryption: Option<Encryption>,
    /// The root of all keys and identifiers.
    pub seed: Seed,
    /// How far it came.
    pub state: State,
    /// Page size of `Manifest.db`.
    pub page_size: u32,
    /// Rounds that the keybag names if the backup is not encrypted.
    pub plain_rounds: u32,
    /// Whether the property lists name the installed apps.
    pub has_apps: bool,
}

impl Options {
    /// An unencrypted, finished backup of the era's own device.
    pub fn new(era: Era, seed: &str) -> Self {
        Self {
            era,
            device: Device::of(era),
            encryption: None,
            seed: Seed::new(seed),
            state: State::default(),
            page_size: SMALL_PAGE,
            plain_rounds: 10_000_000,
            has_apps: true,
        }
    }
}

enum Manifest {
    Database(ManifestDb),
    Flat(Vec<u8>),
}

/// A backup under construction.
pub struct BackupWriter {
    root: PathBuf,
    options: Options,
    keybag: Keybag,
    manifest: Manifest,
    inodes: i64,
    scratch: TempDir,
}

impl BackupWriter {
    /// Begins a backup in the folder `root`, which is made if need be.
    ///
    /// # Errors
    /// Passes on errors of the file system and of SQLite.
    pub fn create(root: &Path, options: Options) -> Result<Self> {
        fs::create_dir_all(root)?;
        let keybag = match &options.encryption {
            Some(encryption) => Keybag::encrypted(options.era, encryption, &options.seed)?,
            None => Keybag::plain(options.era, options.plain_rounds, &options.seed)?,
        };
        // Beside the backup, not in the system's temporary folder: a big manifest would not fit there.
        let scratch = tempfile::Builder::new().prefix(".sample-backups-").tempdir_in(root)?;
        let manifest = if options.era.is_flat() {
            Manifest::Flat(mbdb::MAGIC.to_vec())
        } else {
            Manifest::Database(ManifestDb::create(&scratch.path().join("Manifest.db"), options.page_size)?)
        };
        Ok(Self { root: root.to_owned(), options, keybag, manifest, inodes: 1000, scratch })
    }

    /// Adds a record and its payload.
    ///
    /// # Errors
    /// Passes on errors of the file system and of SQLite.
    pub fn add(&mut self, record: &Record) -> Result<()> {
        match &record.content {
            Content::File(bytes) => self.add_streamed(record, &mut bytes.as_slice()),
            Content::Directory | Content::Symlink(_) => self.add_row(record, None, None),
        }
    }

    /// Adds a file whose content is read from `from`; what the record itself holds is not used.
    ///
    /// # Errors
    /// Passes on errors of the file system and of SQLite.
    pub fn add_streamed(&mut self, record: &Record, from: &mut dyn Read) -> Result<()> {
        let file_id = stored_name(record);
        let key = self.file_key(record, &file_id)?;
        let stored = match &file_id {
            Some(name) => self.store(record, name, key.as_ref().map(|(key, _)| key), from)?,
            None => None,
        };
        let digest = stored.and_then(|stored| match record.digest {
            Digest::None => None,
            Digest::Sha1 => Some(stored.sha1.to_vec()),
            Digest::Sha256 => Some(stored.sha256.to_vec()),
            Digest::Wrong => Some(self.options.seed.bytes::<20>("a digest of something else").to_vec()),
            Digest::Odd => Some(self.options.seed.bytes::<16>("a digest that nobody knows").to_vec()),
        });
        self.add_row(record, key.as_ref().map(|(_, wrapped)| wrapped.as_slice()), digest.as_deref())
    }

    /// A folder beside the backup for files that are needed until it is finished.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Runs SQL on the unfinished `Manifest.db`; nothing in the flat layout.
    ///
    /// # Errors
    /// Passes on errors of SQLite.
    pub fn execute(&self, sql: &str) -> Result<()> {
        match &self.manifest {
            Manifest::Database(database) => database.execute(sql),
            Manifest::Flat(_) => Ok(()),
        }
    }

    /// Writes the manifest and the three property lists.
    ///
    /// # Errors
    /// Passes on errors of the file system and of SQLite.
    pub fn finish(self) -> Result<()> {
        let Options { era, device, encryption, seed, state, has_apps, .. } = &self.options;
        let apps = has_apps.then_some(*era);
        let mut manifest_key = None;
        match self.manifest {
            Manifest::Flat(bytes) => fs::write(self.root.join("Manifest.mbdb"), bytes)?,
            Manifest::Database(database) => {
                let path = database.finish()?;
                if encryption.is_some() && era.encrypts_manifest() {
                    let key = seed.bytes("manifest key");
                    encrypt_file(&path, &self.root.join("Manifest.db"), &key)?;
                    manifest_key = Some(self.keybag.wrap_with_class(era.manifest_class(), &key)?);
                } else {
                    fs::rename(path, self.root.join("Manifest.db"))?;
                }
            }
        }
        let manifest = plists::manifest(device, *era, apps, self.keybag.encoded(), manifest_key, encryption.is_some())?;
        fs::write(self.root.join("Manifest.plist"), manifest)?;
        fs::write(self.root.join("Status.plist"), plists::status(device, *era, state, seed)?)?;
        fs::write(self.root.join("Info.plist"), plists::info(device, *era, apps, seed)?)?;
        Ok(self.scratch.close()?)
    }

    fn file_key(&self, record: &Record, file_id: &Option<String>) -> Result<Option<(Key, Vec<u8>)>> {
        if self.options.encryption.is_none() {
            return Ok(None);
        }
        let key: Key = self.options.seed.bytes(&format!("file key {}", file_id.as_deref().unwrap_or("of none")));
        Ok(match &record.key {
            FileKey::Usual => Some((key, self.keybag.wrap_with_class(record.protection_class, &key)?)),
            FileKey::OfClass(class) => Some((key, self.keybag.wrap_with_class(*class, &key)?)),
            FileKey::None => None,
            FileKey::Raw(bytes) => Some((key, bytes.clone())),
        })
    }

    fn store(&self, record: &Record, name: &str, key: Option<&Key>, from: &mut dyn Read) -> Result<Option<Stored>> {
        if record.stored == StoredForm::Missing {
            return Ok(None);
        }
        let path = self.payload_path(name)?;
        let hash = record.digest != Digest::None;
        let (mut raw, key, pad): (&[u8], _, _) = match &record.stored {
            StoredForm::LinkTo(target) => {
                link(target, &path)?;
                return Ok(None);
            }
            StoredForm::Raw(bytes) => (bytes, None, false),
            StoredForm::Whole | StoredForm::Missing => (&[], key, true),
            StoredForm::Unpadded => (&[], key, false),
        };
        let from = if matches!(record.stored, StoredForm::Raw(_)) { &mut raw as &mut dyn Read } else { from };
        let mut out = File::create(path)?;
        Ok(Some(crypto::store(from, &mut out, key, pad, hash)?))
    }

    fn payload_path(&self, name: &str) -> Result<PathBuf> {
        if self.options.era.is_flat() {
            return Ok(self.root.join(name));
        }
        let folder = self.root.join(name.get(..2).unwrap_or_default());
        if !folder.is_dir() {
            fs::create_dir(&folder)?;
        }
        Ok(folder.join(name))
    }

    fn add_row(&mut self, record: &Record, key: Option<&[u8]>, digest: Option<&[u8]>) -> Result<()> {
        self.inodes += 1;
        let inode = if record.inode == 0 { self.inodes } else { record.inode };
        match &mut self.manifest {
            Manifest::Database(database) => database.add(record, mbfile::encode(record, inode, key, digest)?),
            Manifest::Flat(out) => {
                mbdb::append(out, record, inode, key, digest);
                Ok(())
            }
        }
    }
}

/// The name under which the payload of a record lies: its file ID where that is 40 hex digits.
fn stored_name(record: &Record) -> Option<String> {
    match &record.row.file_id {
        None => Some(record.file_id()),
        Some(Value::Text(name)) if name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Some(name.clone())
        }
        Some(_) => None,
    }
}

/// Encrypts a whole file into another.
///
/// # Errors
/// Passes on errors of the file system.
pub fn encrypt_file(from: &Path, to: &Path, key: &Key) -> Result<()> {
    let mut out = BufWriter::new(File::create(to)?);
    crypto::store(&mut File::open(from)?, &mut out, Some(key), true, false)?;
    Ok(out.flush()?)
}

/// Makes a symbolic link where the system has them; elsewhere a file that holds the target.
///
/// # Errors
/// Passes on errors of the file system.
pub fn link(target: &str, path: &Path) -> Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, path)?;
    #[cfg(not(unix))]
    fs::write(path, target)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BackupBuilder;
    use rusqlite::Connection;

    fn opened(root: &Path, seed: &Seed) -> Connection {
        let plain = crypto::decrypt(&seed.bytes("manifest key"), &fs::read(root.join("Manifest.db")).unwrap());
        let path = root.join("opened.db");
        fs::write(&path, plain).unwrap();
        Connection::open(path).unwrap()
    }

    #[test]
    fn an_encrypted_backup_holds_every_file_under_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let mut backup = BackupBuilder::new(Era::Ios18, "writer");
        backup.encrypt("x", Some(1)).file("HomeDomain", "a/b.txt", "one").file("HomeDomain", "a/c.txt", vec![7; 5000]);
        backup.write(folder.path()).unwrap();
        let manifest = opened(folder.path(), backup.seed());
        for (path, bytes) in backup.contents() {
            let (domain, path) = path.split_once('/').unwrap();
            let sql = "SELECT fileID FROM Files WHERE domain = ? AND relativePath = ? AND flags = 1";
            let id: String = manifest.query_row(sql, [domain, path], |row| row.get(0)).unwrap();
            let stored = fs::read(folder.path().join(&id[..2]).join(&id)).unwrap();
            assert_eq!(crypto::decrypt(&backup.seed().bytes(&format!("file key {id}")), &stored), bytes);
        }
        // Two files, their folder, and the root of the domain.
        assert_eq!(manifest.query_row("SELECT count(*) FROM Files", [], |row| row.get::<_, i64>(0)).unwrap(), 4);
    }

    #[test]
    fn a_digest_is_of_the_stored_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let mut backup = BackupBuilder::new(Era::Ios18, "digest");
        backup.encrypt("x", Some(1));
        backup.odd_file("HomeDomain", "a.txt", "one", |record| record.digest = Digest::Sha1);
        backup.write(folder.path()).unwrap();
        let manifest = opened(folder.path(), backup.seed());
        let sql = "SELECT fileID, file FROM Files WHERE flags = 1";
        let (id, blob): (String, Vec<u8>) = manifest.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let stored = fs::read(folder.path().join(&id[..2]).join(&id)).unwrap();
        let digest = crypto::sha1(&stored);
        assert!(blob.windows(20).any(|window| window == digest));
    }
}
