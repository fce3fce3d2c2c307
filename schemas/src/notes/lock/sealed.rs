//! What is sealed, in columns or in an archive.
//!
//! The archive's class is `ICCryptoEncryptionObject`. Its fields: `unauthenticatedMetadata` (a property list: `passphraseSalt`,
//! `passphraseIterationCount`, `passphraseHint`), `metadata` (a property list: `cipherVersion`, `objectIdentifier`, or
//! `accountKeyIdentifier` where the passcode of the device locks; it is what GCM authenticates), `wrappedEncryptionKey`, and
//! `encryptedData`: the text, 32 bytes of nonce, 16 of tag. Seen: macOS 14 and 15, iOS 17.3; not every field is in every archive.

use super::super::model::Scheme;
use super::{NotePasswords, Opening};
use crate::formats::bplist::{Malformed, Object, Peek};
use crate::formats::keyed_archive::Archive;

/// What a property list begins with.
const ARCHIVE: &[u8] = b"bplist00";
/// The nonce and the tag at the end of the data of an archive, in bytes.
const NONCE: usize = 32;
const TAG: usize = 16;

/// Something that is sealed.
#[derive(Debug, Clone, Copy)]
pub(in crate::notes) struct Sealed<'a> {
    pub salt: &'a [u8],
    pub rounds: u64,
    /// How long the key is that the password makes, in bytes.
    pub key_length: usize,
    pub wrapped: &'a [u8],
    pub nonce: &'a [u8],
    /// The text and, behind it, the tag.
    pub text: &'a [u8],
    pub authenticated: &'a [u8],
}

/// What the columns of a row say of how its content is sealed.
#[derive(Debug, Clone, Default)]
pub(in crate::notes) struct Columns {
    pub salt: Vec<u8>,
    pub rounds: u64,
    pub wrapped: Vec<u8>,
    pub nonce: Vec<u8>,
    pub tag: Vec<u8>,
}

/// What is known of a lock, and what came of trying to open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::notes) struct Tried {
    pub scheme: Scheme,
    pub hint: Option<String>,
    pub opening: Opening,
}

impl Columns {
    /// Opens content that is sealed by these columns, or in an archive of its own.
    pub(in crate::notes) fn open(&self, content: &[u8], passwords: &NotePasswords) -> Tried {
        if content.starts_with(ARCHIVE) {
            return archive(content, passwords).unwrap_or_else(|error| Tried {
                scheme: Scheme::Unknown,
                hint: None,
                opening: Opening::Impossible(format!("how it is locked cannot be read: {error}")),
            });
        }
        let text = [content, &self.tag].concat();
        let sealed = Sealed {
            salt: &self.salt,
            rounds: self.rounds,
            key_length: 16,
            wrapped: &self.wrapped,
            nonce: &self.nonce,
            text: &text,
            authenticated: &[],
        };
        Tried { scheme: Scheme::Classic, hint: None, opening: passwords.open(&sealed) }
    }
}

impl Columns {
    /// A file that is sealed by them.
    pub(super) fn of_file(&self) -> Sealed<'_> {
        Sealed {
            salt: &self.salt,
            rounds: self.rounds,
            key_length: 16,
            wrapped: &self.wrapped,
            nonce: &self.nonce,
            text: &[],
            authenticated: &[],
        }
    }
}

/// What an archive holds.
pub(super) struct Container<'a> {
    open: &'a [u8],
    pub metadata: &'a [u8],
    pub wrapped: &'a [u8],
    encrypted: &'a [u8],
}

impl<'a> Container<'a> {
    /// Whether bytes begin as an archive does.
    pub(super) fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(ARCHIVE)
    }

    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let archive = Archive::new(bytes)?;
        let root = archive.root()?;
        let data =
            |name: &str| Ok::<_, Malformed>(root.field(name)?.and_then(|field| field.data()).unwrap_or_default());
        Ok(Self {
            open: data("unauthenticatedMetadata")?,
            metadata: data("metadata")?,
            wrapped: data("wrappedEncryptionKey")?,
            encrypted: data("encryptedData")?,
        })
    }

    /// The text with its tag, and the nonce. `None` where it is cut off.
    pub(super) fn parts(&self) -> Option<(Vec<u8>, &'a [u8])> {
        let (rest, tag) = self.encrypted.split_at_checked(self.encrypted.len().checked_sub(TAG)?)?;
        let (text, nonce) = rest.split_at_checked(rest.len().checked_sub(NONCE)?)?;
        Some(([text, tag].concat(), nonce))
    }
}

/// Opens an archive.
fn archive(bytes: &[u8], passwords: &NotePasswords) -> Result<Tried, Malformed> {
    let container = Container::read(bytes)?;
    let hint = list(container.open, "passphraseHint").and_then(Object::text).map(|hint| hint.to_str().into_owned());
    let hint = hint.filter(|hint| !hint.is_empty());
    if list(container.metadata, "accountKeyIdentifier").is_some() {
        let why = "it is locked with the passcode of the device: no password opens it, only the device does";
        return Ok(Tried { scheme: Scheme::Device, hint, opening: Opening::Impossible(why.to_owned()) });
    }
    let Some(Object::Data(salt)) = list(container.open, "passphraseSalt") else {
        let why = "it does not say how it is locked; as far as is known, only the device opens it";
        return Ok(Tried { scheme: Scheme::Unknown, hint, opening: Opening::Impossible(why.to_owned()) });
    };
    let rounds = match list(container.open, "passphraseIterationCount") {
        Some(Object::Integer(rounds)) => u64::try_from(rounds).unwrap_or(u64::MAX),
        _ => 0,
    };
    let opening = match container.parts() {
        None => Opening::Impossible("its content is cut off".to_owned()),
        Some((text, nonce)) => passwords.open(&Sealed {
            salt,
            rounds,
            key_length: 32,
            wrapped: container.wrapped,
            nonce,
            text: &text,
            authenticated: container.metadata,
        }),
    };
    Ok(Tried { scheme: Scheme::Neo, hint, opening })
}

/// A value of a property list that is a dictionary. `None` where it is no such list, or has no such key.
fn list<'a>(bytes: &'a [u8], key: &str) -> Option<Object<'a>> {
    let peek = Peek::new(bytes).ok()?;
    peek.get(peek.root().ok()?.dictionary()?, key).ok()?
}

#[cfg(test)]
mod tests;
