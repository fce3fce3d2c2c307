//! What the tests of this crate share: real data where it is at hand, and a [`Source`] made of plain files.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::{fs, io};

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

use crate::formats::sqlite::Pages;
use crate::messages::Messages;
use crate::people::Directory;
use crate::source::{Database, Entry, EntryKind, Opened, Presence, Source, SourceError};

/// A folder of the real data that lies outside of the repository: below `CORER_SHARED`, else beside the workspace.
/// `None`, with a word, when there is none; on CI that is a failure.
#[allow(clippy::print_stderr)]
pub fn shared_data(folder: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("CORER_SHARED").map_or_else(beside, PathBuf::from);
    let path = shared.join("data").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "no test data in {}", path.display());
    eprintln!("skipped: no test data in {}", path.display());
    None
}

/// What is told of everything, and never stops.
pub fn going_on<T>(mut each: impl FnMut(T)) -> impl FnMut(T) -> ControlFlow<()> {
    move |record| {
        each(record);
        ControlFlow::Continue(())
    }
}

/// Copies a database with its write-ahead log to a folder of its own, because SQLite writes beside what it opens.
pub fn copy_database(path: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    for suffix in ["", "-wal"] {
        let from = path.with_file_name(format!("{name}{suffix}"));
        if from.exists() {
            fs::write(folder.path().join(format!("{name}{suffix}")), fs::read(from).unwrap()).unwrap();
        }
    }
    folder
}

/// Opens the messages of a source without asking who anybody is.
pub fn open_messages(source: &dyn Source) -> Result<Messages<'_>, SourceError> {
    static NOBODY: LazyLock<Directory> = LazyLock::new(Directory::default);
    Messages::open(source, &NOBODY)
}

/// A source of plain files, each put in its place by the test.
#[derive(Default)]
pub struct Files {
    files: BTreeMap<(String, String), PathBuf>,
    made: Vec<TempDir>,
}

impl Files {
    /// A source that holds nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file of the disk at a place of the source.
    pub fn with_file(mut self, (domain, path): (&str, &str), file: impl Into<PathBuf>) -> Self {
        self.files.insert((domain.into(), path.into()), file.into());
        self
    }

    /// Puts a new database, made by SQL, at a place of the source.
    pub fn with_database(mut self, place: (&str, &str), sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("made.db");
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        self.made.push(folder);
        self.with_file(place, file)
    }

    /// Keeps a folder until the source is gone.
    pub fn keeping(mut self, folder: TempDir) -> Self {
        self.made.push(folder);
        self
    }

    fn find(&self, domain: &str, path: &str) -> Result<&Path, SourceError> {
        let file = self.files.get(&(domain.to_owned(), path.to_owned()));
        file.map(PathBuf::as_path).ok_or_else(|| SourceError::Missing { domain: domain.into(), path: path.into() })
    }
}

impl Source for Files {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        let below = |path: &str| prefix.is_empty() || path == prefix || path.starts_with(&format!("{prefix}/"));
        let found = self.files.keys().filter(|(own, path)| own == domain && below(path));
        found.map(|(domain, path)| self.entry(domain, path)).collect()
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        self.find(domain, path)?;
        Ok(Entry {
            id: 0,
            domain: domain.into(),
            path: path.into(),
            kind: EntryKind::File,
            size_hint: None,
            modified: None,
            created: None,
            presence: Presence::Present,
        })
    }

    fn attributes(&self, _: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        Ok(Vec::new())
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        let file = fs::File::open(self.find(&entry.domain, &entry.path)?).unwrap();
        Ok(Opened { reader: Box::new(file), plain: None, len: None })
    }

    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        let file = self.find(domain, path)?;
        let name = file.file_name().unwrap().to_owned();
        Ok(Arc::new(Copied { folder: copy_database(file), name: name.into() }))
    }
}

struct Copied {
    folder: TempDir,
    name: PathBuf,
}

impl Database for Copied {
    fn connect(&self) -> Result<Connection, SourceError> {
        Connection::open_with_flags(self.folder.path().join(&self.name), OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(|error| SourceError::unreadable("the copy", error))
    }

    fn pages(&self) -> Option<Box<dyn Pages>> {
        let beside = |suffix: &str| self.folder.path().join(format!("{}{suffix}", self.name.display()));
        let is_alone = ["-wal", "-journal"].iter().all(|suffix| !beside(suffix).exists());
        is_alone.then(|| Box::new(InMemory(fs::read(beside("")).unwrap())) as Box<dyn Pages>)
    }
}

/// The pages of a database that is held in memory.
pub struct InMemory(pub Vec<u8>);

impl Pages for InMemory {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).ok().and_then(|offset| self.0.get(offset..)).unwrap_or_default();
        let read = from.len().min(buffer.len());
        buffer[..read].copy_from_slice(&from[..read]);
        Ok(read)
    }
}

/// A source whose databases can be read through SQL alone.
pub struct ThroughSql<'s>(pub &'s dyn Source);

impl Source for ThroughSql<'_> {
    fn entries(&self, domain: &str, prefix: &str) -> Result<Vec<Entry>, SourceError> {
        self.0.entries(domain, prefix)
    }

    fn entry(&self, domain: &str, path: &str) -> Result<Entry, SourceError> {
        self.0.entry(domain, path)
    }

    fn attributes(&self, entry: &Entry) -> Result<Vec<(String, Vec<u8>)>, SourceError> {
        self.0.attributes(entry)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.0.open(entry)
    }

    fn database(&self, domain: &str, path: &str) -> Result<Arc<dyn Database>, SourceError> {
        Ok(Arc::new(WithoutPages(self.0.database(domain, path)?)))
    }
}

struct WithoutPages(Arc<dyn Database>);

impl Database for WithoutPages {
    fn connect(&self) -> Result<Connection, SourceError> {
        self.0.connect()
    }

    fn pages(&self) -> Option<Box<dyn Pages>> {
        None
    }
}
