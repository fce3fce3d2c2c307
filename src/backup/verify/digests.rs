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
        Self { expected, seen: Arc::new(Mutex::new(Seen { position: 0, hash })) }
    }

    /// The same bytes, watched.
    pub(super) fn watch(&self, stored: Arc<dyn ReadAt>) -> Arc<dyn ReadAt> {
        Arc::new(Watched { stored, seen: Arc::clone(&self.seen) })
    }

    /// Compares, after everything was read from front to back.
    pub(super) fn outcome(&self) -> Outcome {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
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
