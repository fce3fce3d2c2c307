//! Digests: hashes of payloads as they are stored, which some records carry.
//!
//! That they are over the stored (in encrypted backups: encrypted) bytes is inferred, not documented. Where most of a
//! backup's digests disagree, it is the inference that is wrong, not the backup.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::{Finding, Verification};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::Digest;

/// Whether what is stored has the digest that its record gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has.
    Agrees,
    /// It has not.
    Disagrees,
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

enum Hash {
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Observed {
    pub(super) fn new(expected: Digest) -> Self {
        let hash = match expected {
            Digest::Sha1(_) => Hash::Sha1(Sha1::new()),
            Digest::Sha256(_) => Hash::Sha256(Sha256::new()),
        };
        Self { expected, seen: Arc::new(Mutex::new(Seen { position: 0, hash, stored: None })) }
    }

    /// The same bytes, watched.
    pub(super) fn watch(&self, stored: Arc<dyn ReadAt>) -> Arc<dyn ReadAt> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).stored = Some(Arc::clone(&stored));
        Arc::new(Watched { stored, seen: Arc::clone(&self.seen) })
    }

    /// Compares, after everything was read from front to back. A reader of a file that fills its last block does not come
    /// by the block of padding behind it, which is stored, too.
    pub(super) fn outcome(&self) -> Outcome {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.read_rest();
        let agrees = match (&seen.hash, self.expected) {
            (Hash::Sha1(hash), Digest::Sha1(expected)) => <[u8; 20]>::from(hash.clone().finalize()) == expected,
            (Hash::Sha256(hash), Digest::Sha256(expected)) => <[u8; 32]>::from(hash.clone().finalize()) == expected,
            _ => false,
        };
        if agrees { Outcome::Agrees } else { Outcome::Disagrees }
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
        let mut block = [0; 4096];
        // What cannot be read any more agrees with nothing.
        while let Ok(read @ 1..) = stored.read_at(self.position, &mut block) {
            self.hash.update(block.get(..read).unwrap_or_default());
            self.position = self.position.saturating_add(read as u64);
        }
    }
}

impl Hash {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(bytes),
            Self::Sha256(hash) => hash.update(bytes),
        }
    }
}

/// Counts disagreeing digests as damage, unless most of them disagree.
pub(super) fn judge(agreeing: u64, disagreeing: Vec<String>, result: &mut Verification) {
    result.digests = agreeing + disagreeing.len() as u64;
    if disagreeing.len() as u64 > agreeing {
        let why = format!(
            "{} of {} digests do not match what is stored: they follow another rule in this backup and prove nothing",
            disagreeing.len(),
            result.digests
        );
        result.notes.push(Finding::new("the manifest", why));
        return;
    }
    let why = "its content is not what the device sent: the digest in its record is another";
    result.damage.extend(disagreeing.into_iter().map(|name| Finding::new(name, why)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::bytes::MemoryBytes;

    #[test]
    fn a_block_of_padding_behind_the_content_counts() {
        let stored: Vec<u8> = (0..48).collect();
        let observed = Observed::new(Digest::Sha1(Sha1::digest(&stored).into()));
        let watched = observed.watch(Arc::new(MemoryBytes(stored)));
        // As a decrypting reader does: the last block first, then the content without it.
        watched.read_at(32, &mut [0; 16]).unwrap();
        watched.read_at(0, &mut [0; 32]).unwrap();
        assert_eq!(observed.outcome(), Outcome::Agrees);
    }
}
