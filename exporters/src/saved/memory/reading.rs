//! Reading the file of a memory from its beginning to its end, once.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Mutex;

use corer_schemas::AppleTime;
use corer_schemas::identity::RecordId;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::{Group, Known, LONGEST_LINE, Lines, Memory};
use crate::output::ledger::FileLine;
use crate::saved::error::SavedError;
use crate::saved::head::{Head, SCHEMA};
use crate::saved::line::{Copies, CopyLine, End, Essence, GroupLine};

/// Packed records take more than a hundredth of their length: names and values repeat, but every one has an identifier.
const MOST_PACKED: u64 = 100;

/// So many bytes may be packed however tightly: a few long texts of one letter.
const PACKED_ANYHOW: u64 = 2 << 30;

/// What gzip begins with.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The lines of a file, which are packed where there are many.
pub(super) fn unpacked(mut file: File, scratch: impl FnOnce() -> io::Result<File>) -> io::Result<File> {
    let mut begin = [0; 2];
    let is_packed = file.read_exact(&mut begin).is_ok() && begin == GZIP;
    file.rewind()?;
    if !is_packed {
        return Ok(file);
    }
    let most = file.metadata()?.len().saturating_mul(MOST_PACKED).max(PACKED_ANYHOW);
    let mut plain = scratch()?;
    // The folder may have been in other hands: a few bytes must not fill the disk.
    let unpacked = io::copy(&mut MultiGzDecoder::new(BufReader::new(file)).take(most.saturating_add(1)), &mut plain)?;
    if unpacked > most {
        return Err(io::Error::other("it is packed more tightly than records can be"));
    }
    plain.rewind()?;
    Ok(plain)
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineType {
    Head,
    Group,
    Record,
    Copy,
    File,
    End,
}

impl LineType {
    fn read(name: &str) -> Option<Self> {
        Some(match name {
            "head" => Self::Head,
            "group" => Self::Group,
            "record" => Self::Record,
            "copy" => Self::Copy,
            "file" => Self::File,
            "end" => Self::End,
            _ => return None,
        })
    }
}

/// The lines of a memory as they are read.
pub(super) struct Reading<'p> {
    path: &'p Path,
    lines: BufReader<File>,
    /// Where the line that was read last begins.
    offset: u64,
    line: u64,
    text: String,
}

/// What a line begins with.
const TYPE: &str = "{\"type\":\"";

/// What of a record is looked at before it is needed.
#[derive(Deserialize)]
struct RecordHead {
    id: RecordId,
    moment: Option<AppleTime>,
    essence: Essence,
    #[serde(default)]
    belongings: Option<Essence>,
    backup: usize,
    #[serde(default)]
    missing: Option<usize>,
    #[serde(default)]
    outside: Option<usize>,
    #[serde(default)]
    versions: Vec<VersionHead>,
    #[serde(rename = "record")]
    _record: IgnoredAny,
}

#[derive(Deserialize)]
struct VersionHead {
    backup: usize,
}

impl<'p> Reading<'p> {
    /// Begins. `lines` are unpacked, and called `path`.
    pub(super) fn new(lines: File, path: &'p Path) -> Self {
        Self { path, lines: BufReader::new(lines), offset: 0, line: 0, text: String::new() }
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// As for [`Memory::read`].
    pub(super) fn memory(mut self) -> Result<Memory, SavedError> {
        let head = self.head()?;
        let mut memory = Memory {
            head,
            path: self.path.to_path_buf(),
            lines: Mutex::new(Lines { reader: BufReader::new(self.again()?), position: 0 }),
            groups: Vec::new(),
            records: Vec::new(),
            places: HashMap::default(),
            copies: Copies::new(),
            files: BTreeMap::new(),
        };
        while let Some(name) = self.next()? {
            match name {
                LineType::Record => self.record(&mut memory)?,
                LineType::Group => self.group(&mut memory)?,
                LineType::Copy => {
                    let CopyLine { of, number, file } = self.parsed()?;
                    memory.copies.insert((of, number), file);
                }
                LineType::File => {
                    let FileLine { path, facts, .. } = self.parsed()?;
                    memory.files.insert(path, facts);
                }
                LineType::End => return self.end(memory),
                LineType::Head => return Err(self.damaged("a second head")),
            }
        }
        // The head alone is what a first run leaves that was cut off.
        match memory.head.finished {
            false if memory.records.is_empty() => Ok(memory),
            _ => Err(self.damaged("the lines behind it are missing")),
        }
    }

    fn head(&mut self) -> Result<Head, SavedError> {
        self.next()?;
        head(&self.text, self.path)
    }

    fn record(&mut self, memory: &mut Memory) -> Result<(), SavedError> {
        let line: RecordHead = self.parsed()?;
        let backups = memory.head.backups.len();
        let named = line.versions.iter().map(|version| version.backup).chain([line.backup]);
        if named.chain(line.missing).chain(line.outside).any(|backup| backup >= backups) {
            return Err(self.damaged("it names a backup that was not taken in"));
        }
        let place = u32::try_from(memory.records.len()).map_err(|_| self.damaged("there are too many records"))?;
        let known = Known {
            id: line.id,
            essence: line.essence,
            belongings: line.belongings,
            moment: line.moment,
            offset: self.offset,
            line: self.line_number(),
            versions: u32::try_from(line.versions.len()).unwrap_or(u32::MAX),
            next: None,
        };
        let group = memory.groups.last().map_or(0, |group| group.records.start);
        if let Some(last) = memory.places(line.id).last() {
            if last >= group {
                return Err(self.damaged("the record stands twice"));
            }
            if let Some(last) = memory.records.get_mut(last) {
                last.next = NonZeroU32::new(place);
            }
        } else {
            memory.places.insert(line.id, place);
        }
        memory.records.push(known);
        if let Some(group) = memory.groups.last_mut() {
            group.records.end += 1;
        }
        Ok(())
    }

    fn group(&mut self, memory: &mut Memory) -> Result<(), SavedError> {
        if memory.groups.is_empty() && !memory.records.is_empty() {
            return Err(self.damaged("records stand before what they belong to"));
        }
        let _: GroupLine<IgnoredAny> = self.parsed()?;
        let at = memory.records.len();
        memory.groups.push(Group { offset: self.offset, line: self.line_number(), records: at..at });
        Ok(())
    }

    fn line_number(&self) -> u32 {
        u32::try_from(self.line).unwrap_or(u32::MAX)
    }

    fn end(&mut self, memory: Memory) -> Result<Memory, SavedError> {
        let end: End = self.parsed()?;
        let (records, copies, files) = (memory.records.len(), memory.copies.len(), memory.files.len());
        let groups = memory.groups.len() as u64;
        let found = End { records: records as u64, copies: copies as u64, files: files as u64, groups };
        if end != found || self.next()?.is_some() {
            return Err(self.damaged("the lines are not those that it counts"));
        }
        Ok(memory)
    }

    /// Reads a line, and gives what kind of line it is; `None` at the end.
    fn next(&mut self) -> Result<Option<LineType>, SavedError> {
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
        let name = self.text.strip_prefix(TYPE).and_then(|rest| rest.split_once('"')).map(|(name, _)| name);
        match name.and_then(LineType::read) {
            Some(name) => Ok(Some(name)),
            None => Err(self.damaged("a line of a type that nobody knows")),
        }
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
pub(super) fn head(line: &str, path: &Path) -> Result<Head, SavedError> {
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
