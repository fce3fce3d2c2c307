//! Backups of any size, for benchmarks: written as they are made, nothing is held in memory.

mod calls;
mod contacts;
mod filler;
mod messages;
mod photos;
mod sizes;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::crypto::Encryption;
use crate::database;
use crate::era::Era;
use crate::error::Result;
use crate::life;
use crate::life::messages::DATABASE;
use crate::life::photos::DOMAIN;
use crate::record::{DATALESS, Record, StoredForm};
use crate::seed::Seed;
use crate::writer::{BackupWriter, Options};

pub use filler::Filler;

/// The domain of a person's own data.
const HOME: &str = "HomeDomain";

/// The page size that devices use.
const PAGE: u32 = 4096;

/// What to write.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// How many files with content.
    pub files: u64,
    /// How many bytes they hold together.
    pub bytes: u64,
    /// All of one size instead of the usual spread.
    pub is_equal: bool,
    /// Write (and list) the largest first.
    pub is_largest_first: bool,
    /// Rows without a payload, as of files that are only in iCloud.
    pub rows: u64,
    /// Messages in `sms.db`; 0 leaves it out.
    pub messages: u64,
    /// Conversations in `sms.db`.
    pub chats: u64,
    /// People in `AddressBook.sqlitedb`; 0 leaves it out.
    pub contacts: u64,
    /// How many of them have a picture.
    pub pictures: u64,
    /// Calls in `CallHistory.storedata`; 0 leaves it out.
    pub calls: u64,
    /// Assets in the photo library; 0 leaves it out.
    pub photos: u64,
    /// How many bytes their originals have together.
    pub photo_bytes: u64,
    /// Whether the library has no thumbnails of its own.
    pub is_without_thumbnails: bool,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// Where the plain `domain/path` tree is written as well, without the photos.
    pub plain_tree: Option<PathBuf>,
}

/// Writes a big backup into the folder `root`.
///
/// # Errors
/// Passes on errors of the file system and of SQLite.
pub fn write(root: &Path, plan: &Plan) -> Result<()> {
    let mut options = Options::new(Era::Ios18, "big");
    options.encryption.clone_from(&plan.encryption);
    options.page_size = PAGE;
    let seed = options.seed.clone();
    let mut big = Big { writer: BackupWriter::create(root, options)?, plan, seen: BTreeSet::new() };
    big.add_files(&seed)?;
    big.add_rows()?;
    if plan.messages > 0 {
        big.add_messages(&seed)?;
    }
    big.add_people(&seed)?;
    if plan.photos > 0 {
        big.add_photos(&seed)?;
    }
    big.writer.finish()
}

struct Big<'a> {
    writer: BackupWriter,
    plan: &'a Plan,
    /// Directories that have their row.
    seen: BTreeSet<(String, String)>,
}

impl Big<'_> {
    fn add_files(&mut self, seed: &Seed) -> Result<()> {
        let plan = self.plan;
        let sizes = if plan.is_equal {
            sizes::equal(plan.files, plan.bytes)
        } else {
            sizes::spread(plan.files, plan.bytes, plan.is_largest_first, seed)
        };
        let filler = Filler::new(seed);
        for (index, size) in (0u64..).zip(sizes) {
            let (domain, path) = place(index, "bin");
            let mut record = Record::file(&domain, &path, "").at(1_700_000_000 + index as i64);
            record.size = Some(size as i64);
            self.add_directories(&record)?;
            self.writer.add_streamed(&record, &mut filler.file(index, size))?;
            self.copy_plain(&record, &mut filler.file(index, size))?;
        }
        Ok(())
    }

    fn add_rows(&mut self) -> Result<()> {
        for index in 0..self.plan.rows {
            let (domain, path) = place(index, "heic");
            let mut record = Record::file(&domain, &path, "").at(1_600_000_000 + index as i64);
            record.size = Some(3_000_000 + index as i64);
            record.stored = StoredForm::Missing;
            record.bsd_flags = Some(DATALESS);
            self.add_directories(&record)?;
            self.writer.add(&record)?;
        }
        Ok(())
    }

    fn add_messages(&mut self, seed: &Seed) -> Result<()> {
        let plan = self.plan;
        self.add_database(DATABASE, |file| messages::write(file, plan.messages, plan.chats.max(1), seed))
    }

    fn add_people(&mut self, seed: &Seed) -> Result<()> {
        let Plan { contacts, pictures, calls, .. } = *self.plan;
        if contacts > 0 {
            self.add_database((HOME, life::contacts::PATH), |file| contacts::write(file, contacts, seed))?;
            self.add_database((HOME, life::contacts::IMAGES_PATH), |file| {
                contacts::write_pictures(file, pictures.min(contacts), seed)
            })?;
        }
        if calls > 0 {
            self.add_database((HOME, life::calls::PATH), |file| calls::write(file, calls, seed))?;
        }
        Ok(())
    }

    fn add_photos(&mut self, seed: &Seed) -> Result<()> {
        let plan = self.plan;
        let filler = Filler::new(seed);
        let photos = photos::Photos::new(&filler, plan.photos, plan.photo_bytes, !plan.is_without_thumbnails, seed)?;
        for photos::File { record, mut content } in photos.files() {
            self.add_directories(&record)?;
            self.writer.add_streamed(&record, &mut *content)?;
        }
        self.add_database((DOMAIN, photos::DATABASE), |file| photos::write(file, plan.photos, seed))
    }

    /// Adds the database that `write` makes as a new file.
    fn add_database(&mut self, (domain, path): (&str, &str), write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let folder = tempfile::tempdir_in(self.writer.scratch())?;
        let file = folder.path().join("new.db");
        write(&file)?;
        database::settle_header(&file)?;
        let mut record = Record::file(domain, path, "").at(1_700_000_000);
        record.size = Some(fs::metadata(&file)?.len() as i64);
        self.add_directories(&record)?;
        self.writer.add_streamed(&record, &mut File::open(&file)?)?;
        self.copy_plain(&record, &mut File::open(&file)?)
    }

    fn copy_plain(&self, record: &Record, from: &mut dyn Read) -> Result<()> {
        let Some(tree) = &self.plan.plain_tree else { return Ok(()) };
        let to = tree.join(&record.domain).join(&record.path);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        std::io::copy(from, &mut File::create(to)?)?;
        Ok(())
    }

    fn add_directories(&mut self, record: &Record) -> Result<()> {
        let ends = record.path.match_indices('/').filter_map(|(end, _)| record.path.get(..end));
        for above in std::iter::once("").chain(ends) {
            let directory = (record.domain.clone(), above.to_owned());
            if self.seen.insert(directory) {
                self.writer.add(&Record::directory(&record.domain, above).at(record.birth))?;
            }
        }
        Ok(())
    }
}

/// Where the file of this number lies: a hundred in a folder, twenty folders in each of many domains.
fn place(index: u64, extension: &str) -> (String, String) {
    let (folder, domain) = (index / 100, index / 2000);
    let domain = match domain % 4 {
        0 => "CameraRollDomain".to_owned(),
        1 => "MediaDomain".to_owned(),
        _ => format!("AppDomain-org.example.app{domain}"),
    };
    (domain, format!("Media/DCIM/{folder:04}APPLE/IMG_{index:07}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn a_big_address_book_and_history_hold_what_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (root, tree) = (folder.path().join("backup"), folder.path().join("tree"));
        let plan = Plan { contacts: 40, pictures: 10, calls: 60, plain_tree: Some(tree.clone()), ..Plan::default() };
        write(&root, &plan).unwrap();
        let count = |path: &str, table: &str| {
            let database = Connection::open(tree.join(HOME).join(path)).unwrap();
            database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!(count(life::contacts::PATH, "ABMultiValue"), 130);
        assert_eq!(count(life::contacts::IMAGES_PATH, "ABFullSizeImage"), 10);
        assert_eq!(count(life::calls::PATH, "ZCALLRECORD"), 60);
    }

    #[test]
    fn a_small_big_backup_holds_what_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (root, tree) = (folder.path().join("backup"), folder.path().join("tree"));
        let plan = Plan {
            files: 50,
            bytes: 2_000_000,
            rows: 20,
            messages: 200,
            chats: 5,
            plain_tree: Some(tree.clone()),
            ..Plan::default()
        };
        write(&root, &plan).unwrap();
        let manifest = Connection::open(root.join("Manifest.db")).unwrap();
        let count = |sql: &str| manifest.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(count("SELECT count(*) FROM Files WHERE flags = 1"), 71);
        let sms = Connection::open(tree.join("HomeDomain/Library/SMS/sms.db")).unwrap();
        let messages: i64 = sms.query_row("SELECT count(*) FROM message", [], |row| row.get(0)).unwrap();
        assert_eq!(messages, 200);
        let joined: i64 = sms.query_row("SELECT count(*) FROM chat_message_join", [], |row| row.get(0)).unwrap();
        assert_eq!(joined, 200);
    }

    #[test]
    fn a_big_library_holds_what_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("backup");
        write(&root, &Plan { photos: 50, photo_bytes: 20_000_000, ..Plan::default() }).unwrap();
        let manifest = Connection::open(root.join("Manifest.db")).unwrap();
        let count = |sql: &str| manifest.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        // 50 originals with a thumbnail each, 10 movements, the database.
        assert_eq!(count("SELECT count(*) FROM Files WHERE flags = 1"), 111);
        let id = crate::record::file_id(DOMAIN, "Media/DCIM/100APPLE/IMG_0001.JPG");
        let photo = fs::read(root.join(&id[..2]).join(&id)).unwrap();
        let shown = image::load_from_memory(&photo).unwrap();
        assert_eq!((shown.width(), shown.height()), (1200, 900));
        let id = crate::record::file_id(DOMAIN, photos::DATABASE);
        let library = Connection::open(root.join(&id[..2]).join(&id)).unwrap();
        let in_albums: i64 = library.query_row("SELECT count(*) FROM Z_30ASSETS", [], |row| row.get(0)).unwrap();
        assert_eq!(in_albums, 13);
    }
}
