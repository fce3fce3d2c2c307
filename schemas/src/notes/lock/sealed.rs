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

/// Opens an archive.
fn archive(bytes: &[u8], passwords: &NotePasswords) -> Result<Tried, Malformed> {
    let archive = Archive::new(bytes)?;
    let root = archive.root()?;
    let data = |name: &str| Ok::<_, Malformed>(root.field(name)?.and_then(|field| field.data()).unwrap_or_default());
    let (open, metadata) = (data("unauthenticatedMetadata")?, data("metadata")?);
    let hint = list(open, "passphraseHint").and_then(Object::text).map(|hint| hint.to_str().into_owned());
    let hint = hint.filter(|hint| !hint.is_empty());
    if list(metadata, "accountKeyIdentifier").is_some() {
        let why = "it is locked with the passcode of the device: no password opens it, only the device does";
        return Ok(Tried { scheme: Scheme::Device, hint, opening: Opening::Impossible(why.to_owned()) });
    }
    let salt = match list(open, "passphraseSalt") {
        Some(Object::Data(salt)) => salt,
        _ => {
            let why = "it does not say how it is locked; as far as is known, only the device opens it";
            return Ok(Tried { scheme: Scheme::Unknown, hint, opening: Opening::Impossible(why.to_owned()) });
        }
    };
    let rounds = match list(open, "passphraseIterationCount") {
        Some(Object::Integer(rounds)) => u64::try_from(rounds).unwrap_or(u64::MAX),
        _ => 0,
    };
    let encrypted = data("encryptedData")?;
    let parts = encrypted.len().checked_sub(TAG).and_then(|at| encrypted.split_at_checked(at));
    let parts = parts.and_then(|(rest, tag)| {
        let (text, nonce) = rest.split_at_checked(rest.len().checked_sub(NONCE)?)?;
        Some((text, nonce, tag))
    });
    let opening = match parts {
        None => Opening::Impossible("its content is cut off".to_owned()),
        Some((text, nonce, tag)) => passwords.open(&Sealed {
            salt,
            rounds,
            key_length: 32,
            wrapped: data("wrappedEncryptionKey")?,
            nonce,
            text: &[text, tag].concat(),
            authenticated: metadata,
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
