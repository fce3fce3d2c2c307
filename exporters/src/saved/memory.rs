//! Reading what an export remembers: `.corer/saved.jsonl`, whose lines are looked up as they are needed.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use corer_schemas::AppleTime;
use corer_schemas::identity::{Identified, RecordId};
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::SavedError;
use super::head::{Head, SCHEMA};
use super::line::{Copies, CopyLine, End, Essence, RecordLine, VersionLine};
use super::record::{Kept, Version};
use crate::output::ledger::{Facts, FileLine};

/// The folder of a memory, in the folder of the kind.
pub const FOLDER: &str = ".corer";

/// Its file.
pub const FILE: &str = "saved.jsonl";

/// More bytes than any line has: the longest message is a few megabytes.
const LONGEST_LINE: u64 = 64 << 20;

/// Packed records take more than a hundredth of their length: names and values repeat, but every one has an identifier.
const MOST_PACKED: u64 = 100;

/// What gzip begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What an export remembers.
#[derive(Debug)]
pub struct Memory {
    /// Whose it is.
    pub head: Head,
    path: PathBuf,
    /// The lines, unpacked.
    lines: Mutex<Lines>,
    /// The records in the order of the lines.
    order: Vec<RecordId>,
    records: HashMap<RecordId, Known, foldhash::fast::RandomState>,
    pub(super) copies: Copies,
    /// The files that were written.
    pub(crate) files: BTreeMap<String, Facts>,
}

/// What is at hand of a record without looking it up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) essence: Essence,
    pub(super) versions: usize,
    pub(super) moment: Option<AppleTime>,
    offset: u64,
    line: u64,
}

impl Memory {
    /// Reads the memory in the folder of a kind; `None` where there is none. `scratch` makes an empty file without a name, for
    /// one that is packed.
    ///
    /// # Errors
    /// When it is damaged, newer than this program, or cannot be read.
    pub fn read(folder: &Path, scratch: impl FnOnce() -> io::Result<File>) -> Result<Option<Self>, SavedError> {
        let path = folder.join(FOLDER).join(FILE);
        let unreadable = |error| SavedError::Unreadable { path: path.clone(), error };
        if folder.join(FOLDER).symlink_metadata().is_ok_and(|found| !found.is_dir()) {
            return Err(unreadable(io::Error::other("what holds it is no folder")));
        }
        match path.symlink_metadata() {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err(unreadable(io::Error::other("it is no plain file"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        }
        Self::read_from(File::open(&path).map_err(unreadable)?, &path, scratch).map(Some)
    }

    /// Reads the memory in an open file, which is called `path`.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub(super) fn read_from(
        file: File,
        path: &Path,
        scratch: impl FnOnce() -> io::Result<File>,
    ) -> Result<Self, SavedError> {
        let unreadable = |error| SavedError::Unreadable { path: path.to_path_buf(), error };
        let lines = unpacked(file, scratch).map_err(unreadable)?;
        Reading { path, lines: BufReader::new(lines), offset: 0, line: 0, text: String::new() }.memory()
    }

    /// The head of the memory in the folder of a kind; `None` where there is none.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub fn head_of(folder: &Path) -> Result<Option<Head>, SavedError> {
        let path = folder.join(FOLDER).join(FILE);
        if !path.symlink_metadata().is_ok_and(|found| found.is_file()) {
            return Ok(None);
        }
        let unreadable = |error| SavedError::Unreadable { path: path.clone(), error };
        let mut line = String::new();
        let mut file = BufReader::new(File::open(&path).map_err(unreadable)?);
        let is_packed = file.fill_buf().map_err(unreadable)?.starts_with(&GZIP);
        let first: &mut dyn Read = if is_packed { &mut MultiGzDecoder::new(file) } else { &mut file };
        BufReader::new(first.take(LONGEST_LINE)).read_line(&mut line).map_err(unreadable)?;
        head(&line, &path).map(Some)
    }

    /// How many records are remembered.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no record is remembered.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The records in the order of time.
    pub(super) fn order(&self) -> &[RecordId] {
        &self.order
    }

    /// What is at hand of a record.
    pub(super) fn known(&self, id: RecordId) -> Option<&Known> {
        self.records.get(&id)
    }

    /// Looks a record up.
    ///
    /// # Errors
    /// When its line cannot be read any more or makes no sense.
    pub(super) fn line(&self, known: &Known) -> Result<RecordLine, SavedError> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let text = lines.at(known.offset).map_err(|error| SavedError::Unreadable { path: self.path.clone(), error })?;
        serde_json::from_str(&text).map_err(|error| self.damaged(known, &error))
    }

    /// A record as it is remembered.
    ///
    /// # Errors
    /// When the record makes no sense.
    pub(super) fn kept<R: Identified>(
        &self,
        known: &Known,
        head: &Head,
        line: &RecordLine,
    ) -> Result<Kept<R>, SavedError> {
        let record = serde_json::from_str(line.record.get()).map_err(|error| self.damaged(known, &error))?;
        let versions = self.versions(known, head, &line.versions)?;
        Ok(Kept { record, standing: head.standing(line), versions, device: None })
    }

    /// Earlier versions of a record.
    ///
    /// # Errors
    /// When one makes no sense.
    pub(super) fn versions<R: DeserializeOwned>(
        &self,
        known: &Known,
        head: &Head,
        versions: &[VersionLine],
    ) -> Result<Vec<Version<R>>, SavedError> {
        let version = |line: &VersionLine| {
            let record = serde_json::from_str(line.record.get()).map_err(|error| self.damaged(known, &error))?;
            Ok(Version { made: head.made(line.backup), record })
        };
        versions.iter().map(version).collect()
    }

    fn damaged(&self, known: &Known, error: &serde_json::Error) -> SavedError {
        SavedError::Damaged { path: self.path.clone(), line: known.line, why: error.to_string() }
    }
}

/// Lines that are looked up, most of them in their order.
#[derive(Debug)]
struct Lines {
    reader: BufReader<File>,
    position: u64,
}

impl Lines {
    fn at(&mut self, offset: u64) -> io::Result<String> {
        // The file is shared with who read it first: where that stopped, nobody knows.
        if self.position == 0 {
            self.reader.seek(SeekFrom::Start(offset))?;
        } else {
            self.reader.seek_relative(offset.wrapping_sub(self.position).cast_signed())?;
        }
        let mut text = String::new();
        let length = (&mut self.reader).take(LONGEST_LINE).read_line(&mut text)?;
        self.position = offset + length as u64;
        Ok(text)
    }
}

/// The lines of a file, which are packed where there are many.
fn unpacked(mut file: File, scratch: impl FnOnce() -> io::Result<File>) -> io::Result<File> {
    let mut begin = [0; 2];
    let is_packed = file.read_exact(&mut begin).is_ok() && begin == GZIP;
    file.rewind()?;
    if !is_packed {
        return Ok(file);
    }
    let most = file.metadata()?.len().saturating_mul(MOST_PACKED);
    let mut plain = scratch()?;
    // The folder may have been in other hands: a few bytes must not fill the disk.
    let unpacked = io::copy(&mut MultiGzDecoder::new(BufReader::new(file)).take(most.saturating_add(1)), &mut plain)?;
    if unpacked > most {
        return Err(io::Error::other("it is packed more tightly than records can be"));
    }
    plain.rewind()?;
    Ok(plain)
}

/// The lines of a memory as they are read.
struct Reading<'p> {
    path: &'p Path,
    lines: BufReader<File>,
    /// Where the line that was read last begins.
    offset: u64,
    line: u64,
    text: String,
}

/// What a line is.
#[derive(Deserialize)]
struct Type<'t> {
    #[serde(rename = "type", borrow)]
    name: std::borrow::Cow<'t, str>,
}

impl Reading<'_> {
    fn memory(mut self) -> Result<Memory, SavedError> {
        let head = self.head()?;
        let mut memory = Memory {
            head,
            path: self.path.to_path_buf(),
            lines: Mutex::new(Lines { reader: BufReader::new(self.again()?), position: 0 }),
            order: Vec::new(),
            records: HashMap::default(),
            copies: Copies::new(),
            files: BTreeMap::new(),
        };
        while let Some(name) = self.next()? {
            match name.as_str() {
                "record" => self.record(&mut memory)?,
                "copy" => {
                    let CopyLine { of, number, file } = self.parsed()?;
                    memory.copies.insert((of, number), file);
                }
                "file" => {
                    let FileLine { path, facts, .. } = self.parsed()?;
                    memory.files.insert(path, facts);
                }
                "end" => return self.end(memory),
                _ => return Err(self.damaged("a line of a kind that nobody knows")),
            }
        }
        // The head alone is what a first run leaves that was cut off.
        match memory.head.finished {
            false if memory.order.is_empty() => Ok(memory),
            _ => Err(self.damaged("the lines behind it are missing")),
        }
    }

    fn head(&mut self) -> Result<Head, SavedError> {
        self.next()?;
        head(&self.text, self.path)
    }

    fn record(&mut self, memory: &mut Memory) -> Result<(), SavedError> {
        let line: RecordLine = self.parsed()?;
        let backups = memory.head.backups.len();
        let named = line.versions.iter().map(|version| version.backup).chain([line.backup]);
        if named.chain(line.missing).chain(line.outside).any(|backup| backup >= backups) {
            return Err(self.damaged("it names a backup that was not taken in"));
        }
        let known = Known {
            essence: line.essence,
            versions: line.versions.len(),
            moment: line.moment,
            offset: self.offset,
            line: self.line,
        };
        if memory.records.insert(line.id, known).is_some() {
            return Err(self.damaged("the record stands twice"));
        }
        memory.order.push(line.id);
        Ok(())
    }

    fn end(&mut self, memory: Memory) -> Result<Memory, SavedError> {
        let end: End = self.parsed()?;
        let (records, copies, files) = (memory.order.len(), memory.copies.len(), memory.files.len());
        let found = End { records: records as u64, copies: copies as u64, files: files as u64 };
        if end != found || self.next()?.is_some() {
            return Err(self.damaged("the lines are not those that it counts"));
        }
        Ok(memory)
    }

    /// Reads a line, and gives what kind of line it is; `None` at the end.
    fn next(&mut self) -> Result<Option<String>, SavedError> {
        self.offset += self.text.len() as u64;
        self.text.clear();
        self.line += 1;
        let unreadable = |error| SavedError::Unreadable { path: self.path.to_path_buf(), error };
        let length = (&mut self.lines).take(LONGEST_LINE).read_line(&mut self.text).map_err(unreadable)?;
        if length == 0 {
            return Ok(None);
        }
        if !self.text.ends_with('\n') {
            return Err(self.damaged("it ends in the middle"));
        }
        let line = serde_json::from_str(&self.text).map(|line: Type<'_>| line.name.into_owned());
        line.map(Some).map_err(|error| self.damaged(&error.to_string()))
    }

    fn parsed<T: DeserializeOwned>(&self) -> Result<T, SavedError> {
        serde_json::from_str(&self.text).map_err(|error| self.damaged(&error.to_string()))
    }

    fn again(&self) -> Result<File, SavedError> {
        let unreadable = |error| SavedError::Unreadable { path: self.path.to_path_buf(), error };
        self.lines.get_ref().try_clone().map_err(unreadable)
    }

    fn damaged(&self, why: &str) -> SavedError {
        SavedError::Damaged { path: self.path.to_path_buf(), line: self.line, why: why.to_owned() }
    }
}

/// The head, of the first line of a memory.
fn head(line: &str, path: &Path) -> Result<Head, SavedError> {
    #[derive(Deserialize)]
    struct Layout {
        #[serde(rename = "type")]
        name: String,
        schema: String,
        #[serde(default)]
        corer_version: String,
    }
    let damaged = |why: String| SavedError::Damaged { path: path.to_path_buf(), line: 1, why };
    let layout: Layout = serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
    match layout.schema.as_str() {
        SCHEMA if layout.name == "head" => serde_json::from_str(line).map_err(|error| damaged(error.to_string())),
        schema if schema.starts_with("corer/saved/") && schema != SCHEMA => {
            Err(SavedError::Newer { path: path.to_path_buf(), version: layout.corer_version })
        }
        _ => Err(damaged("it is no memory of an export".to_owned())),
    }
}
