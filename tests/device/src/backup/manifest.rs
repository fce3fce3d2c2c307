//! What a backup holds: the rows of Manifest.db and how each payload is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use rusqlite::{Connection, OpenFlags};
use sample_backups::crypto::{self, Key, sha1};
use sample_backups::keybag::Keybag;
use sample_backups::manifest_db::ManifestDb;
use sample_backups::{Device, Digest, Era, Record, Seed, StoredForm, mbfile, plists};

use super::link;
use crate::error::{Error, Result};
use crate::files::File;
use crate::phone::Phone;

/// The page size that devices use.
const PAGE: u32 = 4096;

/// A row, and the payload that belongs to it.
pub(super) struct Entry {
    /// The file as it was when the backup began.
    pub file: File,
    /// The name of its payload.
    pub id: String,
    /// The `file` column.
    pub blob: Vec<u8>,
    key: Option<Key>,
}

impl Entry {
    /// Bytes of the stored payload.
    pub(super) fn stored_size(&self) -> u64 {
        match &self.file.record.stored {
            StoredForm::Raw(bytes) => bytes.len() as u64,
            StoredForm::Whole if self.key.is_some() => (self.file.size() / 16 + 1) * 16,
            _ => self.file.size(),
        }
    }

    /// Writes the payload as it is stored.
    pub(super) fn write(&self, out: &mut dyn Write) -> Result<()> {
        match (&self.file.record.stored, &self.key) {
            (StoredForm::Raw(bytes), _) => Ok(out.write_all(bytes)?),
            (_, None) => link::copy(&mut self.file.read(), out),
            (form, Some(key)) => {
                let pads = *form != StoredForm::Unpadded;
                crypto::store(&mut self.file.read(), out, Some(key), pads, false)?;
                Ok(())
            }
        }
    }
}

/// The whole backup as it shall be.
pub(super) struct Plan {
    /// Every row.
    pub entries: Vec<Entry>,
    device: Device,
    keybag: Arc<Keybag>,
    seed: Seed,
    is_encrypted: bool,
}

impl Plan {
    /// Looks at everything on the phone.
    pub(super) fn of(phone: &mut Phone) -> Result<Self> {
        let mut device = phone.device.clone();
        device.backed_up = phone.now();
        let (keybag, is_encrypted) = (phone.keybag()?, phone.will_encrypt());
        let mut plan = Self { entries: Vec::new(), device, keybag, seed: phone.seed(), is_encrypted };
        for file in phone.files.in_backup(is_encrypted) {
            let entry = plan.entry(file.clone())?;
            plan.entries.push(entry);
        }
        Ok(plan)
    }

    fn entry(&self, file: File) -> Result<Entry> {
        let record = &file.record;
        let id = record.file_id();
        let mut key = None;
        let mut wrapped = None;
        if self.is_encrypted && file.has_payload() {
            // A file that changed gets another key.
            let own: Key = self.seed.bytes(&format!("file key {id} {}", record.modified));
            wrapped = Some(self.keybag.wrap_with_class(record.protection_class, &own)?);
            key = Some(own);
        }
        let mut entry = Entry { id, blob: Vec::new(), key, file };
        let digest = entry.digest()?;
        entry.blob =
            mbfile::encode(&entry.file.record, entry.file.record.inode, wrapped.as_deref(), digest.as_deref())?;
        Ok(entry)
    }

    /// Manifest.db, as it lies in the backup.
    pub(super) fn database(&self, scratch: &Path) -> Result<Vec<u8>> {
        let path = scratch.join("Manifest.db");
        let database = ManifestDb::create(&path, PAGE)?;
        for entry in &self.entries {
            database.add(&entry.file.record, entry.blob.clone())?;
        }
        let path = database.finish()?;
        let mut bytes = std::fs::read(path)?;
        if self.is_encrypted {
            let plain = std::mem::take(&mut bytes);
            crypto::store(&mut plain.as_slice(), &mut bytes, Some(&manifest_key(&self.seed)), true, false)?;
        }
        Ok(bytes)
    }

    /// Manifest.plist.
    pub(super) fn property_list(&self) -> Result<Vec<u8>> {
        let key = manifest_key(&self.seed);
        let key =
            self.is_encrypted.then(|| self.keybag.wrap_with_class(Era::Ios18.manifest_class(), &key)).transpose()?;
        let (era, keybag) = (Era::Ios18, self.keybag.encoded());
        Ok(plists::manifest(&self.device, era, Some(era), keybag, key, self.is_encrypted)?)
    }

    /// Status.plist.
    pub(super) fn status(&self, is_full: bool, snapshot: &str, number: u64) -> Result<Vec<u8>> {
        let state = plists::State { backup: "new".into(), snapshot: snapshot.into(), is_full };
        let seed = Seed::new(format!("{} backup {number}", self.device.udid));
        Ok(plists::status(&self.device, Era::Ios18, &state, &seed)?)
    }

    /// Bytes of the payloads of these entries.
    pub(super) fn bytes(&self, entries: &[&Entry]) -> u64 {
        entries.iter().map(|entry| entry.stored_size()).sum()
    }

    /// The names of all payloads.
    pub(super) fn payloads(&self) -> BTreeSet<&str> {
        let with = self.entries.iter().filter(|entry| entry.file.has_payload());
        with.map(|entry| entry.id.as_str()).collect()
    }

    /// Whether a Manifest.plist was made with the keys that the phone has now.
    pub(super) fn has_keybag(&self, manifest: &plist::Dictionary) -> bool {
        manifest.get("BackupKeyBag").and_then(plist::Value::as_data) == Some(self.keybag.encoded())
            && manifest.get("IsEncrypted").and_then(plist::Value::as_boolean) == Some(self.is_encrypted)
    }

    /// The rows of an earlier Manifest.db: file ID and record.
    pub(super) fn read_database(&self, mut bytes: Vec<u8>, scratch: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
        if self.is_encrypted {
            let cipher = cbc::Decryptor::<aes::Aes256>::new(&manifest_key(&self.seed).into(), &[0; 16].into());
            let plain = cipher.decrypt_padded::<Pkcs7>(&mut bytes);
            bytes = plain.map_err(|_| Error::Pairing("an earlier Manifest.db has no end".into()))?.to_vec();
        }
        let path = scratch.join("earlier.db");
        std::fs::write(&path, bytes)?;
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut rows = connection.prepare("SELECT fileID, file FROM Files")?;
        let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Entry {
    /// The hash of the stored bytes, for records that carry one.
    fn digest(&self) -> Result<Option<Vec<u8>>> {
        if self.file.record.digest == Digest::None || !self.file.has_payload() {
            return Ok(None);
        }
        let mut stored = Vec::new();
        self.write(&mut stored)?;
        Ok(Some(sha1(&stored).to_vec()))
    }
}

/// The folder of a payload and its name, below the backup's root.
pub(super) fn place(id: &str) -> String {
    format!("{}/{id}", id.get(..2).unwrap_or_default())
}

/// What the device calls a file.
pub(super) fn device_path(record: &Record) -> String {
    format!("/.b/1/{}/{}", record.domain, record.path)
}

fn manifest_key(seed: &Seed) -> Key {
    seed.bytes("manifest key")
}
