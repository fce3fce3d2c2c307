//! A zip archive read as a folder, without unpacking it.
//!
//! Entries that are stored as they are have random access in place. Compressed ones are inflated when they are opened:
//! small ones into memory, large ones into a nameless temporary file that vanishes with the last use. What is encrypted
//! in the backup stays encrypted there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use corer_schemas::Skipped;
use zip::{CompressionMethod, ZipArchive};

use super::bytes::{Cursor, FileBytes, MemoryBytes, ReadAt, Window};
use super::tree::{Child, ChildKind, FileTree, name_of};

/// Compressed entries up to this size are inflated into memory, in bytes.
const LARGEST_IN_MEMORY: u64 = 16 << 20;

/// An entry larger than [`LARGEST_UNDOUBTED`] that grows more than this when it is inflated was made to fill disks.
/// Databases with much empty space reach about 100.
const MOST_GROWTH: u64 = 250;

/// Entries up to this size are inflated whatever they were compressed to: files of zeros are real.
const LARGEST_UNDOUBTED: u64 = 256 << 20;

/// The longest name of an entry, in bytes, and how many folders it may lie in. Devices allow 1,024 bytes; the rest is room
/// for what an archive wraps around.
const LONGEST_NAME: usize = 4096;
const DEEPEST_NAME: usize = 128;

/// This many entries that are left out are named; the rest is counted.
const MOST_NAMED: usize = 100;

/// A zip archive.
pub struct Zip {
    path: PathBuf,
    bytes: Arc<dyn ReadAt>,
    archive: ZipArchive<Cursor>,
    /// What the archive names, each under its own name alone: the folders above it are seen from there.
    nodes: BTreeMap<String, Node>,
    left_out: Vec<Skipped>,
    more_left_out: usize,
}

/// What lies under a name.
#[derive(Clone, Copy)]
enum Node {
    File(Stored),
    Folder,
    /// A link.
    Other,
}

#[derive(Clone, Copy)]
struct Stored {
    index: usize,
    size: u64,
    modified: Option<i64>,
}

impl Zip {
    /// Opens an archive and reads its directory. Entries whose names would lead out of the archive are left out.
    ///
    /// # Errors
    /// When the file is no zip archive.
    pub fn open(path: &Path) -> io::Result<Self> {
        let bytes: Arc<dyn ReadAt> = Arc::new(FileBytes::new(File::open(path)?)?);
        let archive = ZipArchive::new(Cursor::new(Arc::clone(&bytes)))?;
        let (nodes, left_out) = (BTreeMap::new(), Vec::new());
        let mut zip = Self { path: path.to_owned(), bytes, archive, nodes, left_out, more_left_out: 0 };
        zip.read_directory()?;
        Ok(zip)
    }

    fn read_directory(&mut self) -> io::Result<()> {
        let mut archive = self.archive.clone();
        let mut extents = Vec::new();
        for index in 0..archive.len() {
            let Ok(entry) = archive.by_index_raw(index) else { continue };
            extents.push((entry.header_start(), entry.compressed_size()));
            let Ok(name) = entry.name() else { continue };
            if name.len() > LONGEST_NAME || depth(&name) > DEEPEST_NAME {
                self.leave_out(&name);
                continue;
            }
            let Some(name) = inner_path(&name) else { continue };
            let node = match () {
                () if entry.is_dir() => Node::Folder,
                () if entry.is_file() => {
                    let modified = entry.last_modified().and_then(unix_seconds);
                    Node::File(Stored { index, size: entry.size(), modified })
                }
                () => Node::Other,
            };
            // Of two entries with one name the first counts.
            self.nodes.entry(name).or_insert(node);
        }
        if overlap(extents) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its entries share their bytes: it was made to harm",
            ));
        }
        Ok(())
    }

    fn leave_out(&mut self, name: &str) {
        if self.left_out.len() < MOST_NAMED {
            self.left_out.push(Skipped::new(name, "its name is longer than any device allows"));
        } else {
            self.more_left_out += 1;
        }
    }

    /// The first name at or behind this one that begins with a prefix.
    fn next(&self, from: &str, prefix: &str) -> Option<(&str, Node)> {
        let from = std::ops::Bound::Included(from);
        let (name, node) = self.nodes.range::<str, _>((from, std::ops::Bound::Unbounded)).next()?;
        name.starts_with(prefix).then_some((name, *node))
    }

    fn inflate(&self, stored: Stored) -> io::Result<Arc<dyn ReadAt>> {
        let mut archive = self.archive.clone();
        let mut entry = archive.by_index(stored.index)?;
        if stored.size > LARGEST_UNDOUBTED && stored.size / MOST_GROWTH > entry.compressed_size() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "compressed more than any real file"));
        }
        // One byte more than announced shows an entry that holds more than it says.
        let mut limited = (&mut entry).take(stored.size.saturating_add(1));
        let inflated: Arc<dyn ReadAt> = if stored.size <= LARGEST_IN_MEMORY {
            let mut bytes = Vec::new();
            limited.read_to_end(&mut bytes)?;
            Arc::new(MemoryBytes(bytes))
        } else {
            let mut file = tempfile::tempfile()?;
            io::copy(&mut limited, &mut file)?;
            file.seek(SeekFrom::Start(0))?;
            Arc::new(FileBytes::new(file)?)
        };
        match inflated.size() == stored.size {
            true => Ok(inflated),
            false => Err(io::Error::new(io::ErrorKind::InvalidData, "the archive announces another size")),
        }
    }
}

impl FileTree for Zip {
    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        let stored = match self.nodes.get(path) {
            Some(Node::File(stored)) => *stored,
            Some(Node::Folder | Node::Other) => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file (a link is not followed)"));
            }
            None => return Err(io::ErrorKind::NotFound.into()),
        };
        let mut archive = self.archive.clone();
        let entry = archive.by_index_raw(stored.index)?;
        if entry.encrypted() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the archive itself is encrypted: unpack it first"));
        }
        if entry.compression() != CompressionMethod::Stored {
            drop(entry);
            return self.inflate(stored);
        }
        let start = entry.data_start().ok_or(io::ErrorKind::InvalidData)?;
        let window = Window::new(Arc::clone(&self.bytes), start, stored.size);
        match window.size() == stored.size {
            true => Ok(Arc::new(window)),
            false => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut off")),
        }
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        match self.nodes.get(path)? {
            Node::File(stored) => Some(stored.size),
            Node::Folder | Node::Other => None,
        }
    }

    fn child(&self, path: &str) -> Option<Child> {
        let (kind, modified) = match self.nodes.get(path) {
            Some(Node::File(stored)) => (ChildKind::File(stored.size), stored.modified),
            Some(Node::Folder) => (ChildKind::Folder, None),
            Some(Node::Other) => (ChildKind::Other, None),
            // A folder need not have an entry of its own.
            None => {
                let below = format!("{path}/");
                self.next(&below, &below)?;
                (ChildKind::Folder, None)
            }
        };
        Some(Child { name: name_of(path), kind, modified })
    }

    /// Leaps over what lies in each folder: behind everything that begins with `a/` comes `a0`.
    fn list(&self, folder: &str) -> io::Result<Vec<Child>> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut children = Vec::new();
        let mut from = prefix.clone();
        while let Some((name, node)) = self.next(&from, &prefix) {
            let inside = name.get(prefix.len()..).unwrap_or_default();
            let (kind, modified) = match node {
                _ if inside.contains('/') => (ChildKind::Folder, None),
                Node::File(stored) => (ChildKind::File(stored.size), stored.modified),
                Node::Folder => (ChildKind::Folder, None),
                Node::Other => (ChildKind::Other, None),
            };
            let (child, behind) = match inside.split_once('/') {
                Some((child, _)) => (child, '0'),
                None => (inside, '\0'),
            };
            from = format!("{prefix}{child}{behind}");
            children.push(Child { name: child.to_owned(), kind, modified });
        }
        children.sort();
        children.dedup();
        Ok(children)
    }

    fn left_out(&self) -> Vec<Skipped> {
        let more = self.more_left_out;
        let more = (more > 0).then(|| Skipped::new("the archive", format!("{more} more entries with such names")));
        self.left_out.iter().cloned().chain(more).collect()
    }

    fn location(&self) -> &Path {
        &self.path
    }
}

/// The time of an entry. Archives keep it without a zone, to two seconds; it is taken for UTC.
fn unix_seconds(time: zip::DateTime) -> Option<i64> {
    let number = |part: u8| i8::try_from(part).ok();
    let date = jiff::civil::Date::new(i16::try_from(time.year()).ok()?, number(time.month())?, number(time.day())?);
    let moment = date.ok()?.at(number(time.hour())?, number(time.minute())?, 0, 0);
    let moment = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(moment.timestamp().as_second() + i64::from(time.second().min(59)))
}

/// In how many folders a name lies.
fn depth(name: &str) -> usize {
    name.bytes().filter(|byte| matches!(byte, b'/' | b'\\')).count()
}

/// Whether entries lie over each other: a few bytes that are unpacked again and again. Each begins with a header of at
/// least 30 bytes.
fn overlap(mut extents: Vec<(u64, u64)>) -> bool {
    const HEADER: u64 = 30;
    extents.sort_unstable();
    let ends = extents.iter().map(|(start, size)| start.saturating_add(*size).saturating_add(HEADER));
    ends.zip(extents.iter().skip(1)).any(|(end, (next, _))| end > *next)
}

/// The path of an entry inside the archive; `None` for one that is absolute or climbs out. Archives made on Windows may
/// have backslashes.
fn inner_path(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let name = name.trim_end_matches('/');
    let legal = |segment: &str| !segment.is_empty() && segment != "." && segment != ".." && !segment.contains('\0');
    (!name.is_empty() && name.split('/').all(legal)).then(|| name.to_owned())
}

/// The part of a tree below one of its folders: the backup inside an archive that wraps it in a folder.
pub struct Subtree {
    whole: Arc<dyn FileTree>,
    prefix: String,
}

impl Subtree {
    /// What lies below `folder` of `whole`.
    pub fn new(whole: Arc<dyn FileTree>, folder: &str) -> Self {
        Self { whole, prefix: format!("{folder}/") }
    }

    fn inside(&self, path: &str) -> String {
        format!("{}{path}", self.prefix).trim_end_matches('/').to_owned()
    }
}

impl FileTree for Subtree {
    fn open(&self, path: &str) -> io::Result<Arc<dyn ReadAt>> {
        self.whole.open(&self.inside(path))
    }

    fn size_of(&self, path: &str) -> Option<u64> {
        self.whole.size_of(&self.inside(path))
    }

    fn look_for(&self, path: &str) -> io::Result<Option<u64>> {
        self.whole.look_for(&self.inside(path))
    }

    fn child(&self, path: &str) -> Option<Child> {
        self.whole.child(&self.inside(path))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<Child>> {
        self.whole.list(&self.inside(folder))
    }

    fn left_out(&self) -> Vec<Skipped> {
        self.whole.left_out()
    }

    fn location(&self) -> &Path {
        self.whole.location()
    }
}
