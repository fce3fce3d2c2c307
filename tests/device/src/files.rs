//! The files on the device: what a backup is made of, and what people do to them between two backups.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::{Arc, OnceLock};

use sample_backups::big::Filler;
use sample_backups::{BackupBuilder, Content as Kind, Digest, Era, Record, Seed, StoredForm, life};

use crate::error::Result;

/// What the device holds at first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Content {
    /// The life that `sample-backups/ios18` tells.
    #[default]
    Life,
    /// So many files of so many bytes each, for measurements.
    Equal {
        /// How many.
        files: u64,
        /// Of how many bytes.
        bytes: u64,
    },
    /// Nothing at all.
    Empty,
}

/// The bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Body {
    /// These.
    Bytes(Arc<Vec<u8>>),
    /// Noise number `index` of `size` bytes.
    Noise { index: u64, size: u64 },
}

/// A file, folder or link on the device.
#[derive(Debug, Clone)]
pub struct File {
    /// What the manifest says of it. The content of files is not in it.
    pub record: Record,
    body: Body,
}

impl File {
    fn new(mut record: Record) -> Self {
        let bytes = match &mut record.content {
            Kind::File(bytes) => std::mem::take(bytes),
            Kind::Directory | Kind::Symlink(_) => Vec::new(),
        };
        Self { record, body: Body::Bytes(Arc::new(bytes)) }
    }

    /// Whether a payload belongs to it.
    pub fn has_payload(&self) -> bool {
        matches!(self.record.content, Kind::File(_)) && self.record.stored != StoredForm::Missing
    }

    /// How many bytes it holds.
    pub fn size(&self) -> u64 {
        match &self.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Noise { size, .. } => *size,
        }
    }

    /// Its bytes.
    pub fn read(&self) -> Box<dyn Read + '_> {
        static NOISE: OnceLock<Filler> = OnceLock::new();
        match &self.body {
            Body::Bytes(bytes) => Box::new(Cursor::new(bytes.as_slice())),
            Body::Noise { index, size } => {
                Box::new(NOISE.get_or_init(|| Filler::new(&Seed::new("noise"))).file(*index, *size))
            }
        }
    }

    /// Its bytes, where they are few enough to be held.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Bytes(bytes) => Some(bytes),
            Body::Noise { .. } => None,
        }
    }
}

/// All files, by domain and path. Each change takes a second of the device's own clock.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: BTreeMap<(String, String), File>,
    inode: i64,
    clock: i64,
}

impl Files {
    /// The files of a device that holds `content`.
    ///
    /// # Errors
    /// When the databases of the life cannot be built.
    pub fn new(content: &Content) -> Result<Self> {
        let mut builder = BackupBuilder::new(Era::Ios18, "ios18");
        let mut files = Self { inode: 1000, clock: builder.now(), ..Self::default() };
        match content {
            Content::Life => {
                // What devices keep for encrypted backups is left out by the backup itself.
                builder.encrypt("the life of every kind", Some(1));
                life::add(&mut builder)?;
                builder.records().into_iter().for_each(|record| files.put(File::new(record)));
            }
            Content::Equal { files: count, bytes } => files.add_noise(*count, *bytes),
            Content::Empty => {}
        }
        files.digests();
        Ok(files)
    }

    /// Writes a file: a new one, or another content for one that is there.
    pub fn write(&mut self, domain: &str, path: &str, bytes: impl Into<Vec<u8>>) {
        self.clock += 1;
        let ends = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        for above in std::iter::once("").chain(ends) {
            if !self.files.contains_key(&(domain.to_owned(), above.to_owned())) {
                self.put(File::new(Record::directory(domain, above).at(self.clock)));
            }
        }
        let mut record = Record::file(domain, path, bytes).at(self.clock);
        record.digest = Digest::Sha1;
        if let Some(old) = self.files.get(&(domain.to_owned(), path.to_owned())) {
            (record.birth, record.inode) = (old.record.birth, old.record.inode);
        }
        self.put(File::new(record));
    }

    /// Deletes a file, or a folder with all that is in it. Says whether there was one.
    pub fn delete(&mut self, domain: &str, path: &str) -> bool {
        let before = self.files.len();
        let below = format!("{path}/");
        self.files.retain(|(of, at), _| of != domain || (at != path && !at.starts_with(&below)));
        self.files.len() < before
    }

    /// Adds a record with any oddity.
    pub fn add(&mut self, record: Record) {
        self.put(File::new(record));
    }

    /// The content of a file that is held in memory.
    pub fn read(&self, domain: &str, path: &str) -> Option<&[u8]> {
        self.files.get(&(domain.to_owned(), path.to_owned()))?.bytes()
    }

    /// Everything that belongs into a backup, in the order in which devices list it.
    pub fn in_backup(&self, encrypted: bool) -> impl Iterator<Item = &File> {
        self.files.values().filter(move |file| encrypted || !is_secret(&file.record))
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(File::size).sum()
    }

    fn put(&mut self, mut file: File) {
        if file.record.inode == 0 {
            self.inode += 1;
            file.record.inode = self.inode;
        }
        self.files.insert((file.record.domain.clone(), file.record.path.clone()), file);
    }

    fn add_noise(&mut self, count: u64, size: u64) {
        let mut folders = BTreeSet::new();
        for index in 0..count {
            let folder = format!("Media/DCIM/{:03}APPLE", 100 + index / 1000);
            if folders.insert(folder.clone()) {
                for above in ["", "Media", "Media/DCIM", folder.as_str()] {
                    self.put(File::new(Record::directory("CameraRollDomain", above).at(self.clock)));
                }
            }
            let path = format!("{folder}/IMG_{index:05}.HEIC");
            let mut record = Record::file("CameraRollDomain", &path, "").at(self.clock);
            record.size = i64::try_from(size).ok();
            let mut file = File::new(record);
            file.body = Body::Noise { index, size };
            self.put(file);
        }
    }

    /// Some domains ask for digests; which ones is not known \[?\].
    fn digests(&mut self) {
        for ((domain, _), file) in &mut self.files {
            if matches!(domain.as_str(), "HomeDomain" | "CameraRollDomain") && file.size() > 0 && file.bytes().is_some()
            {
                file.record.digest = Digest::Sha1;
            }
        }
    }
}

/// What devices leave out of an unencrypted backup since iOS 13.
fn is_secret(record: &Record) -> bool {
    let path = record.path.as_str();
    record.domain == "KeychainDomain"
        || record.domain == "HealthDomain"
        || path.starts_with("Library/CallHistoryDB")
        || path.starts_with("Library/Safari/History.db")
}
