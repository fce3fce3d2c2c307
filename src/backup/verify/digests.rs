//! Digests: hashes of payloads, which some records carry.
//!
//! That they are over the stored (in encrypted backups: encrypted) bytes is inferred, not documented. So what they are
//! over is found out from the backup, and never put to a vote: one file with content that fits its digest shows that this
//! kind of digest (the algorithm, over stored or over plain bytes) is in use, and then whatever fits none is damaged, be
//! it the most. Where nothing fits, the files themselves tell which of the two is wrong, if their form can be read.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::media::Form;
use super::{FileFindings, Finding, Verification, forms};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::{Digest, Record};
use crate::backup::payload::Ending;
use crate::backup::stored::{Content, Stored};

/// How a file's digest stands to its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Compared {
    kind: DigestKind,
    fits_stored: bool,
    fits_plain: bool,
    /// Whether the file has no content, so that its digest says nothing about what digests are over.
    is_empty: bool,
}

/// What a digest was made by, as its length tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DigestKind {
    Sha1,
    Sha256,
    Other,
}

impl Compared {
    pub(super) fn fits(&self) -> bool {
        self.fits_stored || self.fits_plain
    }

    /// Whether it shows that there are digests of its kind.
    pub(super) fn is_proof(&self) -> bool {
        self.fits() && !self.is_empty
    }
}

/// Hashes stored bytes while somebody else reads them, so that nothing is read twice.
pub(super) struct Observed {
    expected: Digest,
    seen: Arc<Mutex<Seen>>,
}

/// What was read so far, from the first byte on.
struct Seen {
    position: u64,
    hash: Hash,
    stored: Option<Arc<dyn ReadAt>>,
}

#[derive(Clone)]
enum Hash {
    Sha1(Sha1),
    Sha256(Sha256),
    /// That nobody knows how to make.
    Other,
}

impl Observed {
    pub(super) fn new(expected: Digest) -> Self {
        let seen = Seen { position: 0, hash: Hash::like(expected), stored: None };
        Self { expected, seen: Arc::new(Mutex::new(seen)) }
    }

    /// The same bytes, watched.
    pub(super) fn watch(&self, stored: Arc<dyn ReadAt>) -> Arc<dyn ReadAt> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).stored = Some(Arc::clone(&stored));
        Arc::new(Watched { stored, seen: Arc::clone(&self.seen) })
    }

    /// Compares, after everything was read from front to back. A reader of a file that fills its last block does not come
    /// by the block of padding behind it, which is stored, too. Only where that does not fit, the plain bytes are read
    /// once more.
    pub(super) fn compare(&self, content: &Content) -> Compared {
        // Let go before the plain bytes are read, which come by the same way.
        let fits_stored = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            seen.read_rest();
            seen.hash.is(self.expected)
        };
        let is_encrypted = content.ending != Ending::Plain;
        Compared {
            kind: match self.expected {
                Digest::Sha1(_) => DigestKind::Sha1,
                Digest::Sha256(_) => DigestKind::Sha256,
                Digest::Other => DigestKind::Other,
            },
            fits_stored,
            fits_plain: !fits_stored && is_encrypted && self.fits_plain(content.bytes.as_ref()),
            is_empty: content.bytes.size() == 0,
        }
    }

    fn fits_plain(&self, bytes: &dyn ReadAt) -> bool {
        let mut hash = Hash::like(self.expected);
        hash.update_from(bytes, 0);
        hash.is(self.expected)
    }
}

struct Watched {
    stored: Arc<dyn ReadAt>,
    seen: Arc<Mutex<Seen>>,
}

impl ReadAt for Watched {
    fn size(&self) -> u64 {
        self.stored.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.stored.read_at(offset, buffer)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A decrypting reader looks at the last block first, and at the block before each run: only what lies beyond
        // the point reached is new, and only where it continues there.
        let end = offset.saturating_add(read as u64);
        let known = seen.position.checked_sub(offset).and_then(|known| usize::try_from(known).ok());
        if let Some(new) = known.and_then(|known| buffer.get(known..read)) {
            seen.hash.update(new);
            seen.position = end;
        }
        Ok(read)
    }
}

impl Seen {
    fn read_rest(&mut self) {
        let Some(stored) = self.stored.take() else { return };
        self.hash.update_from(stored.as_ref(), self.position);
    }
}

impl Hash {
    fn like(digest: Digest) -> Self {
        match digest {
            Digest::Sha1(_) => Self::Sha1(Sha1::new()),
            Digest::Sha256(_) => Self::Sha256(Sha256::new()),
            Digest::Other => Self::Other,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
            Self::Other => {}
        }
    }

    fn update_from(&mut self, bytes: &dyn ReadAt, mut position: u64) {
        let mut block = vec![0; 64 << 10];
        // What cannot be read any more fits nothing.
        while let Ok(read @ 1..) = bytes.read_at(position, &mut block) {
            self.update(block.get(..read).unwrap_or_default());
            position = position.saturating_add(read as u64);
        }
    }

    fn is(&self, expected: Digest) -> bool {
        match (self.clone(), expected) {
            (Self::Sha1(hash), Digest::Sha1(expected)) => <[u8; 20]>::from(hash.finalize()) == expected,
            (Self::Sha256(hash), Digest::Sha256(expected)) => <[u8; 32]>::from(hash.finalize()) == expected,
            _ => false,
        }
    }
}

/// What is said of a file that does not fit its digest.
const DISAGREES: &str = "its content is not what the device sent: the digest in its record is another";

/// Judges all digests of a backup together, each algorithm by itself.
pub(super) fn judge(backup: &Stored, files: &[Record<'_>], found: &mut [FileFindings], result: &mut Verification) {
    for kind in [DigestKind::Sha1, DigestKind::Sha256] {
        let all = found.iter().enumerate().filter_map(|(place, found)| Some((place, found.digest?)));
        let all: Vec<(usize, Compared)> = all.filter(|(_, digest)| digest.kind == kind).collect();
        result.digests += all.len() as u64;
        let is_in_use = all.iter().any(|(_, digest)| digest.is_proof());
        let wrong = all.into_iter().filter(|(_, digest)| !digest.fits());
        if is_in_use {
            for (place, _) in wrong {
                blame(found, place);
            }
        } else {
            let wrong: Vec<usize> = wrong.filter(|(_, digest)| !digest.is_empty).map(|(place, _)| place).collect();
            judge_by_form(backup, files, &wrong, found, result);
        }
    }
    note_others(found, result);
}

fn blame(found: &mut [FileFindings], place: usize) {
    if let Some(found) = found.get_mut(place) {
        found.remarks.damage(DISAGREES);
    }
}

/// Says how many digests there are that nobody knows how to make: they tell nothing of their files, which may be in order.
fn note_others(found: &[FileFindings], result: &mut Verification) {
    let is_other = |found: &&FileFindings| found.digest.is_some_and(|digest| digest.kind == DigestKind::Other);
    let count = found.iter().filter(is_other).count();
    if count > 0 {
        result.notes.push(Finding::of_manifest("the digests", format!("{count} {UNKNOWN}")));
    }
}

/// What is said of digests of an unknown kind.
const UNKNOWN: &str = "are of an unknown kind: they match nothing that is stored, and prove nothing";
/// What is said of digests beside which nothing tells anything.
const UNCHECKED: &str =
    "could not be checked: no file fits its digest, and nothing else says of these whether they are whole";

/// Judges digests of which none fits: the kind of digest may be unknown, or all of these files damaged. A file that is in
/// order shows the first.
fn judge_by_form(
    backup: &Stored,
    files: &[Record<'_>],
    wrong: &[usize],
    found: &mut [FileFindings],
    result: &mut Verification,
) {
    if wrong.is_empty() {
        return;
    }
    let count = wrong.len();
    let is_damaged = |place: usize| found.get(place).is_some_and(|found| !found.remarks.damage.is_empty());
    let forms: Vec<(usize, Form)> = wrong
        .into_par_iter()
        .map(|place| match files.get(*place) {
            Some(_) if is_damaged(*place) => (*place, Form::Broken(String::new())),
            Some(record) => (*place, forms::of(backup, *record)),
            None => (*place, Form::Unknown),
        })
        .collect();
    if forms.iter().any(|(_, form)| *form == Form::Sound) {
        result.notes.push(Finding::of_manifest("the digests", format!("{count} {UNKNOWN}")));
        return;
    }
    let unknown = forms.iter().filter(|(_, form)| *form == Form::Unknown).count();
    for (place, form) in forms {
        if let (Form::Broken(why), Some(found)) = (form, found.get_mut(place)) {
            if !why.is_empty() {
                found.remarks.damage(why);
            }
            found.remarks.damage(DISAGREES);
        }
    }
    if unknown > 0 {
        result.unchecked.push(Finding::of_manifest("the digests", format!("{unknown} {UNCHECKED}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::bytes::{MemoryBytes, Window};

    #[test]
    fn plain_bytes_that_come_by_the_watched_way_can_be_read_again() {
        let plain: Vec<u8> = (0..48).collect();
        let observed = Observed::new(Digest::Sha256(Sha256::digest(&plain).into()));
        let watched = observed.watch(Arc::new(MemoryBytes(plain)));
        watched.read_at(0, &mut [0; 10]).unwrap();
        watched.read_at(40, &mut [0; 8]).unwrap();
        let shorter = Window::new(Arc::clone(&watched), 0, 40);
        let content = |bytes| Content { bytes, ending: Ending::Padded };
        assert!(observed.compare(&content(watched)).fits());
        let other = Observed::new(Digest::Sha1([7; 20]));
        let watched = other.watch(Arc::new(shorter));
        assert!(!other.compare(&content(watched)).fits());
    }

    #[test]
    fn a_block_of_padding_behind_the_content_counts() {
        let stored: Vec<u8> = (0..48).collect();
        let observed = Observed::new(Digest::Sha1(Sha1::digest(&stored).into()));
        let watched = observed.watch(Arc::new(MemoryBytes(stored)));
        // As a decrypting reader does: the last block first, then the content without it.
        watched.read_at(32, &mut [0; 16]).unwrap();
        watched.read_at(0, &mut [0; 32]).unwrap();
        let content = Content { bytes: Arc::new(MemoryBytes(vec![0; 32])), ending: Ending::Padded };
        assert!(observed.compare(&content).fits_stored);
    }
}
