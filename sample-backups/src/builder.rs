//! Collects the files of one backup, in any order, and writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::UNIX_EPOCH;

use plist::Date;

use crate::crypto::Encryption;
use crate::era::{Device, Era};
use crate::error::Result;
use crate::plists::State;
use crate::record::{Content, Record};
use crate::seed::Seed;
use crate::writer::{BackupWriter, Options};

/// A backup to be written.
///
/// ```
/// # fn main() -> sample_backups::Result<()> {
/// use sample_backups::{BackupBuilder, Era};
///
/// let folder = tempfile::tempdir()?;
/// let mut backup = BackupBuilder::new(Era::Ios18, "an example");
/// backup.encrypt("correct horse", Some(1_000));
/// backup.file("HomeDomain", "Library/Notes/hello.txt", "hello");
/// backup.odd_file("HomeDomain", "Library/Notes/old.txt", "old", |record| record.modified = -86_400);
/// backup.write(&folder.path().join("backup"))?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct BackupBuilder {
    options: Options,
    records: Vec<Record>,
    has_directories: bool,
    sql: Vec<String>,
}

impl BackupBuilder {
    /// Begins an unencrypted backup. Equal seeds give equal keys and identifiers.
    pub fn new(era: Era, seed: &str) -> Self {
        let options = Options::new(era, seed);
        Self { options, records: Vec::new(), has_directories: true, sql: Vec::new() }
    }

    /// Encrypts the backup. `rounds` of the first derivation: 10,000,000 on current devices, `None` before iOS 10.2.
    pub fn encrypt(&mut self, password: &str, rounds: Option<u32>) -> &mut Self {
        self.encrypt_with(Encryption::new(password, rounds))
    }

    /// Encrypts the backup with any parameters.
    pub fn encrypt_with(&mut self, encryption: Encryption) -> &mut Self {
        self.options.encryption = Some(encryption);
        self
    }

    /// Sets what Status.plist says.
    pub fn state(&mut self, state: State) -> &mut Self {
        self.options.state = state;
        self
    }

    /// Sets the rounds that the keybag names if the backup is not encrypted; nobody knows its password.
    pub fn plain_rounds(&mut self, rounds: u32) -> &mut Self {
        self.options.plain_rounds = rounds;
        self
    }

    /// Leaves installed apps out of the property lists.
    pub fn without_apps(&mut self) -> &mut Self {
        self.options.has_apps = false;
        self
    }

    /// Leaves the rows of directories to the caller; else every file gets those above it.
    pub fn without_directories(&mut self) -> &mut Self {
        self.has_directories = false;
        self
    }

    /// Sets when the backup was made (RFC 3339, UTC): the story ends there.
    pub fn made_at(&mut self, rfc3339: &str) -> &mut Self {
        self.options.device.backed_up = rfc3339.to_owned();
        self
    }

    /// The device that the backup claims to be of.
    pub fn device_mut(&mut self) -> &mut Device {
        &mut self.options.device
    }

    /// The generation of the format.
    pub fn era(&self) -> Era {
        self.options.era
    }

    /// Whether the backup is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.options.encryption.is_some()
    }

    /// Whether kinds that devices keep for encrypted backups belong into this one.
    pub fn holds_secrets(&self) -> bool {
        self.is_encrypted() || !self.era().keeps_secrets_for_encrypted()
    }

    /// The root of all keys and identifiers.
    pub fn seed(&self) -> &Seed {
        &self.options.seed
    }

    /// When the backup was made, in Unix seconds: the time that files get by default.
    pub fn now(&self) -> i64 {
        unix_seconds(&self.options.device)
    }

    /// Adds an ordinary file.
    pub fn file(&mut self, domain: &str, path: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.odd_file(domain, path, bytes, |_| ())
    }

    /// Adds a file and changes its record.
    pub fn odd_file(
        &mut self,
        domain: &str,
        path: &str,
        bytes: impl Into<Vec<u8>>,
        change: impl FnOnce(&mut Record),
    ) -> &mut Self {
        let mut record = Record::file(domain, path, bytes).at(self.now());
        change(&mut record);
        self.record(record)
    }

    /// Adds any record.
    pub fn record(&mut self, record: Record) -> &mut Self {
        self.records.push(record);
        self
    }

    /// Takes the records added so far for which `keep` is true.
    pub fn retain(&mut self, keep: impl FnMut(&Record) -> bool) -> &mut Self {
        self.records.retain(keep);
        self
    }

    /// Changes the records added so far.
    pub fn change(&mut self, change: impl FnMut(&mut Record)) -> &mut Self {
        self.records.iter_mut().for_each(change);
        self
    }

    /// Runs SQL on the finished rows of `Manifest.db`.
    pub fn manifest_sql(&mut self, sql: &str) -> &mut Self {
        self.sql.push(sql.to_owned());
        self
    }

    /// The records in the order in which they will be written: directories first, each domain together.
    pub fn records(&self) -> Vec<Record> {
        let mut records = if self.has_directories { self.directories() } else { Vec::new() };
        records.extend(self.records.iter().cloned());
        records
    }

    /// The plain content of every file, by `domain/path`: what a perfect reader gives back.
    pub fn contents(&self) -> BTreeMap<String, &[u8]> {
        let files = self.records.iter().filter_map(|record| match &record.content {
            Content::File(bytes) => Some((format!("{}/{}", record.domain, record.path), bytes.as_slice())),
            Content::Directory | Content::Symlink(_) => None,
        });
        files.collect()
    }

    /// Writes the backup into the folder `root`.
    ///
    /// # Errors
    /// Passes on errors of the file system and of SQLite.
    pub fn write(&self, root: &Path) -> Result<()> {
        let mut writer = BackupWriter::create(root, self.options.clone())?;
        for record in self.records() {
            writer.add(&record)?;
        }
        for sql in &self.sql {
            writer.execute(sql)?;
        }
        writer.finish()
    }

    fn directories(&self) -> Vec<Record> {
        let given: BTreeSet<(&str, &str)> =
            self.records.iter().map(|record| (record.domain.as_str(), record.path.as_str())).collect();
        let mut wanted = BTreeSet::new();
        for (domain, path) in &given {
            let ends = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
            wanted.extend(std::iter::once("").chain(ends).map(|above| (*domain, above)));
        }
        let missing = wanted.difference(&given);
        missing.map(|(domain, path)| Record::directory(domain, path).at(self.now())).collect()
    }
}

fn unix_seconds(device: &Device) -> i64 {
    let moment = Date::from_xml_format(&device.backed_up).ok().map(std::time::SystemTime::from);
    let elapsed = moment.and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    elapsed.map_or(0, |elapsed| elapsed.as_secs() as i64)
}
