//! Which files of a folder an export wrote, so that an update replaces its own files and leaves alone what a person changed or
//! put there.
//!
//! While a run writes, each file is announced in a journal before it gets its name: what a killed run had written is its own,
//! too.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::chunks::hash_all;
use super::safe_name::SafePath;
use super::unique_names::hex;

/// The journal of a run, beside the memory.
const JOURNAL: &str = "writing.jsonl";

/// More bytes than any of its lines has.
const LONGEST_LINE: u64 = 64 * 1024;

/// What is known of a file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// Its length in bytes.
    pub(crate) length: u64,
    /// When it was last modified, in nanoseconds since 1970, where that is the time of what it is a copy of: of others it would
    /// say when the export was made, and the same backup would not give the same bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<i64>,
    /// Its SHA-256 in hexadecimal, where it went through this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// What it holds, in a word, where somebody looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<String>,
}

/// A file and what is known of it: a line of the journal and of the memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileLine {
    /// Its path in the folder of the kind.
    pub(crate) path: String,
    /// What is known of it.
    #[serde(flatten)]
    pub(crate) facts: Facts,
    /// In the journal: where it was, if it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
}

/// The files of one kind's folder.
#[derive(Debug)]
pub(crate) struct Ledger {
    /// The folder of the kind, in the tree.
    base: SafePath,
    /// The same on the disk.
    folder: PathBuf,
    /// What an earlier run remembers of its files.
    known: BTreeMap<String, Facts>,
    /// What a run announced that was cut off.
    announced: HashMap<String, Vec<Facts>>,
    /// Where such a run moved files, by where they were.
    moved: HashMap<String, String>,
    /// Whether every file that stands there is taken for one of ours.
    adopts: bool,
    journal: Mutex<Option<File>>,
    written: Mutex<BTreeMap<String, Facts>>,
    left_alone: Mutex<BTreeSet<String>>,
}

impl Facts {
    /// Of a file on the disk. `is_dated` tells that its time is that of what it is a copy of.
    pub(super) fn of(found: &Metadata, sha256: Option<[u8; 32]>, is_dated: bool) -> Self {
        let modified = filetime::FileTime::from_last_modification_time(found);
        let seconds = modified.unix_seconds().saturating_mul(1_000_000_000);
        let nanoseconds = seconds.saturating_add(modified.nanoseconds().into());
        // Without a sum there is nothing else to know it by.
        let modified = (is_dated || sha256.is_none()).then_some(nanoseconds);
        Self { length: found.len(), modified, sha256: sha256.map(|sum| hex(&sum)), content: None }
    }

    fn is_at_a_glance(&self, other: &Self) -> bool {
        self.modified.is_some() && (self.length, self.modified) == (other.length, other.modified)
    }
}

impl Ledger {
    /// The files of the folder `base` of a tree whose root is `root`. `known` is what an earlier run remembers.
    ///
    /// # Errors
    /// When the journal of a run that was cut off cannot be read.
    pub(crate) fn open(root: &Path, base: &SafePath, known: BTreeMap<String, Facts>, adopts: bool) -> io::Result<Self> {
        let folder = base.below(root);
        let (announced, moved) = announced(&folder.join(super::OWN_FOLDER).join(JOURNAL))?;
        Ok(Self {
            base: base.clone(),
            folder,
            known,
            announced,
            moved,
            adopts,
            journal: Mutex::default(),
            written: Mutex::default(),
            left_alone: Mutex::default(),
        })
    }

    /// The path in the folder of the kind; `None` for what lies elsewhere, and for what is made anew by every run.
    pub(super) fn own<'p>(&self, path: &'p SafePath) -> Option<&'p str> {
        let own = match self.base.is_root() {
            true => path.as_str(),
            false => path.as_str().strip_prefix(self.base.as_str())?.strip_prefix('/')?,
        };
        let is_own = own.starts_with(super::OWN_FOLDER) || self.base.is_root() && super::folder::OWN.contains(&own);
        (!is_own).then_some(own)
    }

    /// What an earlier run remembers of a file.
    pub(crate) fn known(&self, own: &str) -> Option<&Facts> {
        self.known.get(own)
    }

    /// Where a file is that a run moved which was cut off.
    pub(crate) fn moved(&self, own: &str) -> Option<&str> {
        let (mut place, mut steps) = (self.moved.get(own)?, 0);
        while let Some(further) = self.moved.get(place).filter(|_| steps < self.moved.len()) {
            (place, steps) = (further, steps + 1);
        }
        Some(place)
    }

    /// The sum of a file that is in its place, where it is known.
    pub(super) fn sum_of(&self, own: &str) -> Option<[u8; 32]> {
        bytes_of(lock(&self.written).get(own)?.sha256.as_deref()?)
    }

    /// The folder of the journal, in the tree.
    pub(super) fn own_folder(&self) -> SafePath {
        self.base.own_folder()
    }

    /// Whether a file may be replaced: none is there, or one that an earlier run wrote. Otherwise it is remembered as left alone.
    pub(super) fn may_replace(&self, own: &str) -> bool {
        let is_ours = self.adopts || self.is_ours(own).unwrap_or(false);
        if !is_ours {
            lock(&self.left_alone).insert(own.to_owned());
        }
        is_ours
    }

    /// Whether a file is one that an export wrote, as it wrote it.
    pub(super) fn is_own(&self, own: &str) -> bool {
        self.adopts || self.is_ours(own).unwrap_or(false)
    }

    fn is_ours(&self, own: &str) -> io::Result<bool> {
        let place = self.folder.join(own);
        let found = match fs::symlink_metadata(&place) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error),
        };
        if !found.is_file() {
            // What stands there is refused elsewhere, in words of its own.
            return Ok(true);
        }
        let there = Facts::of(&found, None, true);
        let written = lock(&self.written).get(own).cloned();
        let ours: Vec<&Facts> = self
            .known
            .get(own)
            .into_iter()
            .chain(self.announced.get(own).into_iter().flatten())
            .chain(&written)
            .collect();
        if ours.iter().any(|facts| facts.is_at_a_glance(&there)) {
            return Ok(true);
        }
        let alike: Vec<&String> = ours
            .iter()
            .filter(|facts| facts.length == there.length)
            .filter_map(|facts| facts.sha256.as_ref())
            .collect();
        if alike.is_empty() {
            return Ok(false);
        }
        let mut hash = Sha256::new();
        hash_all(&mut File::open(&place)?, &mut hash)?;
        Ok(alike.contains(&&hex(&hash.finalize())))
    }

    /// Writes down that a file is about to get its name.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(super) fn announce(&self, own: &str, facts: &Facts) -> io::Result<()> {
        self.announce_line(&FileLine { path: own.to_owned(), facts: facts.clone(), from: None })
    }

    fn announce_line(&self, line: &FileLine) -> io::Result<()> {
        let mut journal = lock(&self.journal);
        let file = match &mut *journal {
            Some(file) => file,
            none => none.insert(self.create_journal()?),
        };
        let mut line = serde_json::to_vec(line)?;
        line.push(b'\n');
        // A line at a time: of a run that is killed, at most the last is torn.
        file.write_all(&line)
    }

    fn create_journal(&self) -> io::Result<File> {
        let place = self.folder.join(super::OWN_FOLDER).join(JOURNAL);
        // The folder may have been in other hands: nothing but a plain file is written to.
        if place.symlink_metadata().is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::other("something else stands in the place of the journal"));
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut journal = options.open(place)?;
        // The last line of a run that was cut off may be torn.
        journal.write_all(b"\n")?;
        Ok(journal)
    }

    /// Remembers a file that is in its place.
    pub(super) fn note(&self, own: &str, facts: Facts) {
        lock(&self.written).insert(own.to_owned(), facts);
    }

    /// Remembers a file that was there already and stays. One that a person changed is not ours for that.
    pub(super) fn note_there(&self, own: &str, sha256: Option<[u8; 32]>, is_dated: bool) -> bool {
        let is_ours = self.may_replace(own);
        match is_ours {
            true => self.note_new(own, sha256, is_dated),
            false => self.carry_over(own),
        }
        is_ours
    }

    /// Remembers a file that was put there otherwise than by [`announce`](Self::announce).
    pub(super) fn note_new(&self, own: &str, sha256: Option<[u8; 32]>, is_dated: bool) {
        let Ok(found) = fs::symlink_metadata(self.folder.join(own)) else { return };
        let mut facts = Facts::of(&found, sha256, is_dated);
        if facts.sha256.is_none() {
            facts.sha256 = self.remembered_sum(own, &facts);
        }
        self.note(own, facts);
    }

    /// The sum of a file that is as it was when it was written.
    fn remembered_sum(&self, own: &str, facts: &Facts) -> Option<String> {
        self.known.get(own).filter(|known| known.is_at_a_glance(facts)).and_then(|known| known.sha256.clone())
    }

    /// What an earlier run wrote and this one did not, as far as it is still as it was written; `keep` says what stays whatever
    /// it is. What a person changed since is remembered as left alone.
    pub(crate) fn stale(&self, keep: impl Fn(&str) -> bool) -> Vec<SafePath> {
        let written = lock(&self.written).clone();
        // A run that was cut off may have begun what none has finished since.
        let ours: BTreeSet<&String> = self.known.keys().chain(self.announced.keys()).collect();
        let gone = ours.into_iter().filter(|own| !written.contains_key(*own) && !keep(own));
        let there =
            gone.filter(|own| fs::symlink_metadata(self.folder.join(own.as_str())).is_ok_and(|found| found.is_file()));
        let own = there.filter(|own| SafePath::new(own).as_str() == own.as_str());
        let own = own.filter(|own| {
            let is_ours = self.is_ours(own).unwrap_or(false);
            if !is_ours {
                lock(&self.left_alone).insert((*own).clone());
            }
            is_ours
        });
        own.map(|own| self.base.then(&SafePath::new(own))).collect()
    }

    /// The files that an earlier run wrote and that are as it wrote them, with their sums.
    pub(crate) fn unchanged(&self) -> Vec<(String, [u8; 32])> {
        let is_there = |own: &str| fs::symlink_metadata(self.folder.join(own)).is_ok_and(|found| found.is_file());
        let is_same = |own: &str| is_there(own) && self.is_ours(own).unwrap_or(false);
        let same = self.known.iter().filter(|(own, _)| SafePath::new(own).as_str() == *own && is_same(own));
        same.filter_map(|(own, facts)| Some((own.clone(), bytes_of(facts.sha256.as_deref()?)?))).collect()
    }

    /// The files that the folder holds now, by path: those that were written, and those that stay.
    pub(crate) fn files(&self) -> BTreeMap<String, Facts> {
        lock(&self.written).clone()
    }

    /// What is remembered of a file that this run does not write.
    pub(crate) fn carry_over(&self, own: &str) {
        if let Some(facts) = self.known.get(own) {
            lock(&self.written).entry(own.to_owned()).or_insert_with(|| facts.clone());
        }
    }

    /// Remembers a file of an earlier run that this one leaves where it is, and gives its sum where it is as it was written. One
    /// that a person changed is remembered as left alone.
    pub(crate) fn note_kept(&self, own: &str) -> Option<[u8; 32]> {
        if lock(&self.written).contains_key(own) {
            return None;
        }
        self.carry_over(own);
        let is_there = fs::symlink_metadata(self.folder.join(own)).is_ok_and(|found| found.is_file());
        if is_there && self.may_replace(own) { self.sum_of(own) } else { None }
    }

    /// The files that a person changed or put there, where this run would have written.
    pub(crate) fn left_alone(&self) -> Vec<String> {
        lock(&self.left_alone).iter().cloned().collect()
    }

    /// Whether there is a journal, of this run or of one that was cut off.
    pub(crate) fn has_journal(&self) -> bool {
        lock(&self.journal).is_some() || !self.announced.is_empty()
    }

    /// Ends the journal: everything that was announced is remembered elsewhere.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(crate) fn close(&self) -> io::Result<()> {
        lock(&self.journal).take();
        match fs::remove_file(self.folder.join(super::OWN_FOLDER).join(JOURNAL)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The bytes of a sum in hexadecimal.
fn bytes_of(sum: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if sum.len() != 64 || !sum.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(sum.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// What was written, and where files were moved.
type Announced = (HashMap<String, Vec<Facts>>, HashMap<String, String>);

/// What the journal of a run says that was cut off.
fn announced(journal: &Path) -> io::Result<Announced> {
    let (mut announced, mut moved): Announced = Announced::default();
    if !journal.symlink_metadata().is_ok_and(|found| found.is_file()) {
        return Ok((announced, moved));
    }
    let mut lines = BufReader::new(File::open(journal)?);
    let mut line = Vec::new();
    while (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line)? > 0 {
        // A line that makes no sense is the one that was being written.
        if let Ok(FileLine { path, facts, from }) = serde_json::from_slice(&line) {
            moved.extend(from.map(|from| (from, path.clone())));
            announced.entry(path).or_default().push(facts);
        }
        line.clear();
    }
    Ok((announced, moved))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
