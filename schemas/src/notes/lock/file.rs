//! Files of locked notes, which are encrypted each by itself.
//!
//! - classic: the row of the file has a wrapped key, nonce and tag of its own; the file is the encrypted text alone.
//! - neo: the file is an archive as the text of the note is, whose key is wrapped by the one that the password makes. Not seen in a real
//!   backup.
//!
//! Source: apple_cloud_notes_parser (MIT).

use std::fmt;
use std::io::{Cursor, Read as _};

use super::cipher::{Key, decrypt, unwrap};
use super::sealed::Container;
use crate::source::Opened;

/// The largest file that is opened, in bytes: it must be in memory as a whole before any of it can be trusted.
const MOST: u64 = 512 << 20;

/// What opens one file of a locked note.
#[derive(Clone, PartialEq, Eq)]
pub struct FileLock {
    /// The key of the file, where a row has it.
    pub(super) own: Option<Key>,
    /// The keys that passwords made which opened a note: they unwrap the key that is in the file.
    pub(super) proven: Vec<Key>,
    pub(super) nonce: Vec<u8>,
    pub(super) tag: Vec<u8>,
}

impl FileLock {
    /// Opens the file.
    ///
    /// # Errors
    /// Why it cannot be opened, in words.
    pub fn open(&self, sealed: Opened) -> Result<Opened, String> {
        let mut bytes = Vec::new();
        sealed.reader.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > MOST {
            return Err(format!("it is encrypted and larger than {} MB", MOST >> 20));
        }
        let plain = match Container::is_one(&bytes) {
            true => self.container(&bytes)?,
            false => self.classic(bytes)?,
        };
        Ok(Opened { len: Some(plain.len() as u64), reader: Box::new(Cursor::new(plain)), plain: None })
    }

    fn classic(&self, mut bytes: Vec<u8>) -> Result<Vec<u8>, String> {
        let key = self.own.as_ref().ok_or("it is encrypted, and what its key is wrapped with is not there")?;
        bytes.extend_from_slice(&self.tag);
        decrypt(key, &self.nonce, &[], &bytes).ok_or_else(|| "it is encrypted, and damaged".to_owned())
    }

    fn container(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let container = Container::read(bytes).map_err(|error| format!("how it is locked cannot be read: {error}"))?;
        let (text, nonce) = container.parts().ok_or("its content is cut off")?;
        let key = self.proven.iter().find_map(|key| unwrap(key, container.wrapped));
        let key = key.ok_or("it is locked in another way than its note")?;
        decrypt(&key, nonce, container.metadata, &text).ok_or_else(|| "it is encrypted, and damaged".to_owned())
    }
}

/// Says that there is one, and nothing else.
impl fmt::Debug for FileLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileLock").finish_non_exhaustive()
    }
}
