//! The same tree as one `.zip`.
//!
//! Every entry is compressed by the thread that writes it, into a file of its own in a temporary folder beside the
//! archive; the archive is put together at the end, ordered by path and without compressing again. So the bytes do not
//! depend on which thread was first, and memory stays flat. Entry times are the file's own in UTC, or 1980.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::Offset;
use zip::result::ZipResult;
use zip::write::{FullFileOptions, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use super::error::OutputError;
use super::fail_once::{FailOnce, Needed};
use super::folder::sync_folder;
use super::lock::Lock;
use super::safe_name::SafePath;
use super::special_files::refuse_special;
use super::target::IfExists;
use super::temporary::{TempFile, TempFolder, TempPath, sweep, tag_of};

/// How much is gathered before it is written, in bytes.
const BUFFER: usize = 64 * 1024;

/// Readable by the owner alone.
const FILE_MODE: u32 = 0o600;

/// For the owner alone.
const FOLDER_MODE: u32 = 0o700;

/// Files that do not get smaller, in alphabetical order.
const PACKED: [&str; 33] = [
    "3gp", "7z", "aac", "amr", "avi", "avif", "bz2", "caf", "docx", "flac", "gif", "gz", "heic", "heics", "heif",
    "jpeg", "jpg", "m4a", "m4r", "m4v", "mov", "mp3", "mp4", "odt", "ogg", "opus", "pages", "pdf", "png", "pptx",
    "webp", "xlsx", "zip",
];

/// An archive that is being made.
#[derive(Debug)]
pub(super) struct Archive {
    path: PathBuf,
    tag: String,
    staging: TempFolder,
    entries: Mutex<BTreeMap<SafePath, Staged>>,
    /// Let go of last.
    _lock: Lock,
}

/// What is ready to be put in.
#[derive(Debug)]
enum Staged {
    /// A file, compressed: the one entry of a temporary archive.
    File(TempPath),
    /// A folder, with its modification time in seconds since 1970.
    Folder(Option<i64>),
}

impl Archive {
    /// Gets ready to make the archive `path`.
    pub(super) fn open(path: &Path, existing: IfExists) -> Result<Self, OutputError> {
        check_single(path, existing)?;
        let folder = folder_of(path);
        let tag = tag_of(path);
        let lock = Lock::of_file(path, folder)?;
        // The run that had the lock until now may have written it.
        check_single(path, existing)?;
        sweep(folder, &tag).map_err(|e| OutputError::from_io(folder, e))?;
        let staging = TempFolder::create(folder, &tag)?;
        Ok(Self { path: path.to_path_buf(), tag, staging, entries: Mutex::default(), _lock: lock })
    }

    /// Where the archive will be.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The temporary folder, for other temporary things.
    pub(super) fn staging(&self) -> &Path {
        self.staging.path()
    }

    /// Starts the entry of a file that was last modified `modified` seconds after 1970.
    pub(super) fn entry(&self, path: &SafePath, modified: Option<i64>) -> Result<Entry, OutputError> {
        let part = TempFile::create(self.staging.path(), "")?;
        Entry::start(part, method(path), modified).map_err(|e| OutputError::from_io(&self.path, e))
    }

    /// Takes the entry of a whole file.
    pub(super) fn add(&self, path: &SafePath, entry: TempPath) {
        self.lock().insert(path.clone(), Staged::File(entry));
    }

    /// Notes a folder, for those that hold nothing or have a time of their own (seconds since 1970).
    pub(super) fn add_folder(&self, path: &SafePath, modified: Option<i64>) {
        if !path.is_root() {
            self.lock().insert(path.clone(), Staged::Folder(modified));
        }
    }

    /// Puts the archive together and gives it its name.
    pub(super) fn finish(self) -> Result<(), OutputError> {
        let failed = |e: io::Error| OutputError::from_io(&self.path, e);
        let folder = folder_of(&self.path);
        let part = TempFile::create(folder, &self.tag)?;
        let entries = std::mem::take(&mut *self.lock());
        assemble(&part.file, entries).map_err(|e| failed(e.into()))?;
        refuse_special(&self.path)?;
        part.rename(&self.path)?;
        sync_folder(folder).map_err(failed)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SafePath, Staged>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One file on its way into the archive.
pub(super) struct Entry {
    /// Before the writer, which would end the file when it is dropped, and print what keeps it from that.
    needed: Needed,
    writer: ZipWriter<FailOnce<BufWriter<File>>>,
    place: TempPath,
}

impl Entry {
    fn start(part: TempFile, method: CompressionMethod, modified: Option<i64>) -> io::Result<Self> {
        let (file, place) = part.split();
        let writer = FailOnce::new(BufWriter::with_capacity(BUFFER, file));
        let needed = writer.needed();
        let mut writer = ZipWriter::new(writer);
        // Its size is not known yet. The archive itself says so only of files that are large.
        writer.start_file("entry", options(method, FILE_MODE, modified)?.large_file(true))?;
        Ok(Self { needed, writer, place })
    }

    /// Ends the file.
    pub(super) fn finish(self) -> io::Result<TempPath> {
        let Self { needed: _needed, writer, place } = self;
        writer.finish()?.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(place)
    }
}

impl Write for Entry {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Refuses what only a folder can do, and to replace a file unasked.
pub(super) fn check_single(path: &Path, existing: IfExists) -> Result<(), OutputError> {
    match existing {
        IfExists::Update => Err(OutputError::NoUpdate { path: path.to_path_buf() }),
        IfExists::Refuse if fs::symlink_metadata(path).is_ok() => Err(OutputError::Exists { path: path.to_path_buf() }),
        IfExists::Refuse | IfExists::Overwrite => refuse_special(path),
    }
}

/// The folder that a file named by the person is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes all entries into one archive.
fn assemble(file: &File, entries: BTreeMap<SafePath, Staged>) -> ZipResult<()> {
    let writer = FailOnce::new(BufWriter::with_capacity(BUFFER, file));
    let needed = writer.needed();
    let mut archive = ZipWriter::new(writer);
    // Dropped before the archive, where something ends this early.
    let _needed = needed;
    for (path, staged) in entries {
        match staged {
            Staged::Folder(modified) => {
                archive.add_directory(path.as_str(), options(CompressionMethod::Stored, FOLDER_MODE, modified)?)?;
            }
            Staged::File(place) => {
                let mut staged = ZipArchive::new(BufReader::new(File::open(place.path())?))?;
                archive.raw_copy_file_rename(staged.by_index_raw(0)?, path.as_str())?;
            }
        }
    }
    archive.finish()?.into_inner()?.flush()?;
    Ok(())
}

/// Stored or deflated, by what the extension promises.
fn method(path: &SafePath) -> CompressionMethod {
    let packed = PACKED.binary_search(&&*path.extension()).is_ok();
    if packed { CompressionMethod::Stored } else { CompressionMethod::Deflated }
}

fn options(
    method: CompressionMethod,
    mode: u32,
    modified: Option<i64>,
) -> ZipResult<FullFileOptions<'static, 'static>> {
    let options = SimpleFileOptions::DEFAULT
        .compression_method(method)
        .unix_permissions(mode)
        .system(System::Unix)
        .into_full_options();
    let Some(seconds) = modified else { return Ok(options) };
    let options = options.last_modified_time(dos_time(seconds).unwrap_or(DateTime::DEFAULT));
    match u32::try_from(seconds) {
        Ok(seconds) => options.with_extended_timestamp(Some(seconds), None, None),
        Err(_) => Ok(options),
    }
}

/// A moment in UTC as zip archives write it; `None` before 1980 and after 2107.
fn dos_time(seconds: i64) -> Option<DateTime> {
    let t = Offset::UTC.to_datetime(Timestamp::from_second(seconds).ok()?);
    let part = |value: i8| u8::try_from(value).ok();
    DateTime::from_date_and_time(
        u16::try_from(t.year()).ok()?,
        part(t.month())?,
        part(t.day())?,
        part(t.hour())?,
        part(t.minute())?,
        part(t.second())?,
    )
    .ok()
}
