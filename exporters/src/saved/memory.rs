//! Reading what an export remembers: `.corer/saved.jsonl`, whose lines are looked up as they are needed.

mod reading;

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use corer_schemas::AppleTime;
use corer_schemas::identity::{Identified, RecordId};
use flate2::read::MultiGzDecoder;
use serde::de::DeserializeOwned;

use self::reading::{GZIP, Reading, head, unpacked};
use super::error::SavedError;
use super::head::Head;
use super::line::{Copies, Essence, GroupLine, RecordLine, VersionLine};
use super::record::{Kept, Version};
use crate::output::ledger::Facts;

/// The folder of a memory, in the folder of the kind.
pub const FOLDER: &str = ".corer";

/// Its file.
pub const FILE: &str = "saved.jsonl";

/// The most bytes of a line. The longest record, with all that it was before, has a small part of that.
pub(super) const LONGEST_LINE: u64 = 1 << 30;

/// What an export remembers.
#[derive(Debug)]
pub struct Memory {
    /// Whose it is.
    pub head: Head,
    path: PathBuf,
    /// The lines, unpacked.
    lines: Mutex<Lines>,
    /// What the records belong to, where they belong to anything.
    groups: Vec<Group>,
    /// The records in the order of the lines: of time, within a group.
    records: Vec<Known>,
    /// Where among them each is, for the first time.
    places: HashMap<RecordId, u32, foldhash::fast::RandomState>,
    pub(super) copies: Copies,
    /// The files that were written.
    pub(crate) files: BTreeMap<String, Facts>,
}

/// What is at hand of a record without looking it up. There may be a million of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) id: RecordId,
    pub(super) essence: Essence,
    pub(super) belongings: Option<Essence>,
    pub(super) moment: Option<AppleTime>,
    offset: u64,
    pub(super) line: u32,
    pub(super) versions: u32,
    /// The next place of a record with this identifier, which is in another group.
    next: Option<NonZeroU32>,
}

/// What records belong to.
#[derive(Debug, Clone)]
struct Group {
    offset: u64,
    line: u32,
    records: Range<usize>,
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
        Reading::new(lines, path).memory()
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
        self.records.len()
    }

    /// Whether no record is remembered.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// What is at hand of all records, in the order of the lines. The place of one among them stands for it.
    pub(super) fn records(&self) -> &[Known] {
        &self.records
    }

    /// What is at hand of the record at a place.
    pub(super) fn at(&self, place: usize) -> Option<&Known> {
        self.records.get(place)
    }

    /// What is at hand of a record.
    pub(super) fn known(&self, id: RecordId) -> Option<&Known> {
        self.places(id).next().and_then(|place| self.at(place))
    }

    /// Where a record is: at one place, or in several groups.
    pub(super) fn places(&self, id: RecordId) -> impl Iterator<Item = usize> {
        let first = self.places.get(&id).map(|place| *place as usize);
        let next = |place: &usize| self.at(*place)?.next.map(|place| place.get() as usize);
        std::iter::successors(first, next)
    }

    /// How many groups there are.
    pub(super) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// The places of the records of a group.
    pub(super) fn in_group(&self, group: usize) -> Range<usize> {
        self.groups.get(group).map_or(0..0, |group| group.records.clone())
    }

    /// What the records of a group belong to.
    ///
    /// # Errors
    /// As for [`line`](Self::line), and when it makes no sense.
    pub(super) fn group<G: DeserializeOwned>(&self, group: usize) -> Result<Option<G>, SavedError> {
        let Some(Group { offset, line, .. }) = self.groups.get(group) else { return Ok(None) };
        let text = self.text_at(*offset)?;
        let own: Result<GroupLine<G>, _> = serde_json::from_str(&text);
        own.map(|own| Some(own.record)).map_err(|error| self.damaged(*line, &error))
    }

    /// Looks a record up.
    ///
    /// # Errors
    /// When its line cannot be read any more or makes no sense.
    pub(super) fn line(&self, known: &Known) -> Result<RecordLine, SavedError> {
        serde_json::from_str(&self.text_at(known.offset)?).map_err(|error| self.damaged(known.line, &error))
    }

    fn text_at(&self, offset: u64) -> Result<String, SavedError> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.at(offset).map_err(|error| SavedError::Unreadable { path: self.path.clone(), error })
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
        let record = serde_json::from_str(line.record.get()).map_err(|error| self.damaged(known.line, &error))?;
        let versions = self.versions(known, head, &line.versions)?;
        Ok(Kept { record, standing: head.standing(line.missing, line.outside), versions, device: None })
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
            let record = serde_json::from_str(line.record.get()).map_err(|error| self.damaged(known.line, &error))?;
            Ok(Version { made: head.made(line.backup), record })
        };
        versions.iter().map(version).collect()
    }

    pub(super) fn damaged(&self, line: u32, error: &serde_json::Error) -> SavedError {
        SavedError::Damaged { path: self.path.clone(), line: line.into(), why: error.to_string() }
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
