//! The `file` column of `Manifest.db`: a keyed archive of class `MBFile`.
//!
//! | field | meaning |
//! | --- | --- |
//! | `Mode` | mode as of `stat` |
//! | `Size` | size in bytes, advisory; 0 or missing for dataless files |
//! | `LastModified` `Birth` | seconds since 1970 UTC, may be negative |
//! | `Flags` | BSD flags |
//! | `ProtectionClass` `EncryptionKey` | class, and class + wrapped key of an encrypted file |
//! | `Digest` | of the payload as stored, on some records |
//! | `Target` `UserID` `GroupID` `InodeNumber` `ExtendedAttributes` | seldom asked: [`details`] |
//!
//! Objects may be wrapped (`NSData`, `NSMutableData`, `NSString`) or bare; every field may be missing.

use std::borrow::Cow;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use corer_schemas::formats::bplist::{Malformed, Text};
use corer_schemas::formats::keyed_archive::{Field, RootObject};
use corer_schemas::formats::plist::{self, Value};

use super::facts::{Details, Digest, Facts};

/// Fills in what the archive says of a file.
pub fn read(blob: &[u8], facts: &mut Facts) -> Result<(), Malformed> {
    for field in RootObject::new(blob)?.fields() {
        let (name, value) = field?;
        match bytes_of(name).as_ref() {
            b"Mode" => facts.mode = integer(value).and_then(|mode| u32::try_from(mode & 0xffff).ok()),
            b"Size" => facts.size = integer(value).and_then(|size| u64::try_from(size).ok()),
            b"LastModified" => facts.modified = integer(value),
            b"Birth" => facts.created = integer(value),
            // Written as a signed number by some versions; the bits are what counts.
            b"Flags" => facts.flags = integer(value).map_or(0, |flags| flags as u32),
            b"ProtectionClass" => {
                facts.class = integer(value).and_then(|class| u32::try_from(class).ok()).unwrap_or(0);
            }
            b"EncryptionKey" => {
                facts.key = bytes(value).and_then(|key| key.try_into().ok());
                facts.key_is_damaged = facts.key.is_none() && value != Field::Null;
            }
            b"Digest" => {
                facts.digest = match value {
                    Field::Text(text) => digest_in_words(&text.to_str()),
                    value => bytes(value).and_then(digest),
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What is seldom asked.
pub fn details(blob: &[u8]) -> Result<Details, Malformed> {
    let mut details = Details::default();
    let (mut user, mut group) = (None, None);
    for field in RootObject::new(blob)?.fields() {
        let (name, value) = field?;
        match bytes_of(name).as_ref() {
            b"Target" => details.target = text(value),
            b"UserID" => user = integer(value),
            b"GroupID" => group = integer(value),
            b"InodeNumber" => details.inode = integer(value),
            b"ExtendedAttributes" => details.attributes = bytes(value).map(attributes).unwrap_or_default(),
            _ => {}
        }
    }
    details.owner = user.zip(group);
    Ok(details)
}

/// The name of a field, as bytes: comparing them costs less than checking that they are text, half a million times.
fn bytes_of(name: Text<'_>) -> Cow<'_, [u8]> {
    match name {
        Text::Ascii(bytes) => Cow::Borrowed(bytes),
        Text::Utf16(_) => Cow::Owned(name.to_str().into_owned().into_bytes()),
    }
}

/// A digest by its length; `None` where there are no bytes.
pub fn digest(bytes: &[u8]) -> Option<Digest> {
    let sha1 = bytes.try_into().map(Digest::Sha1);
    let known = sha1.or_else(|_| bytes.try_into().map(Digest::Sha256));
    (!bytes.is_empty()).then(|| known.unwrap_or(Digest::Other))
}

/// A digest that is written as text: its digits, or in base64. Other words are a digest that nobody knows how to compare.
fn digest_in_words(text: &str) -> Option<Digest> {
    let text = text.trim();
    let is_hex = matches!(text.len(), 40 | 64) && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let bytes = match is_hex {
        true => text.as_bytes().as_chunks::<2>().0.iter().filter_map(byte_of).collect(),
        false => BASE64_STANDARD.decode(text).unwrap_or_default(),
    };
    (!text.is_empty()).then(|| digest(&bytes).unwrap_or(Digest::Other))
}

fn byte_of(digits: &[u8; 2]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The attributes are a property list of their own: name to value.
fn attributes(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(Value::Dictionary(attributes)) = plist::read(bytes) else { return Vec::new() };
    let pairs = attributes.iter().filter_map(|(name, value)| Some((name.to_owned(), value.as_data()?.to_vec())));
    pairs.collect()
}

fn integer(field: Field<'_>) -> Option<i64> {
    match field {
        Field::Integer(number) => i64::try_from(number).ok(),
        Field::Real(number) if number.abs() < 9e18 => Some(number as i64),
        _ => None,
    }
}

fn bytes(field: Field<'_>) -> Option<&[u8]> {
    match field {
        Field::Data(bytes) => Some(bytes),
        _ => None,
    }
}

fn text(field: Field<'_>) -> Option<String> {
    match field {
        Field::Text(text) => Some(text.to_str().into_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use sha1::Sha1;
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn a_digest_in_words_is_the_same_digest() {
        let (sha1, sha256): ([u8; 20], [u8; 32]) = (Sha1::digest("a").into(), Sha256::digest("a").into());
        for (bytes, digest) in [(&sha1[..], Digest::Sha1(sha1)), (&sha256[..], Digest::Sha256(sha256))] {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            for text in [hex.clone(), hex.to_uppercase(), format!(" {hex}\n"), BASE64_STANDARD.encode(bytes)] {
                assert_eq!(digest_in_words(&text), Some(digest), "{text}");
            }
        }
        for text in ["none", "0", "AAAA", &"g".repeat(40), "é"] {
            assert_eq!(digest_in_words(text), Some(Digest::Other), "{text}");
        }
        assert_eq!((digest_in_words(""), digest_in_words(" ")), (None, None));
    }
}
