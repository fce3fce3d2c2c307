//! Property lists, XML or binary, from bytes that nobody vouches for.
//!
//! The `plist` crate reads the two encodings; its ready-made tree does not bound what it builds (a 400-byte binary list
//! that refers to its arrays twice at each of 40 levels exhausts the memory; 200,000 nested XML arrays overflow the
//! stack when they are dropped). So only its event stream is used here, under a budget for bytes, values and depth.

use std::io::Cursor;
use std::time::{Duration, SystemTime};

use plist::stream::{BinaryReader, OwnedEvent, XmlReader};

use super::bplist::{Malformed, Peek};
use crate::time::AppleTime;

mod build;

/// The largest property list that is read, in bytes.
pub const MAX_INPUT: usize = 64 << 20;
/// The most bytes of strings and data that a list may expand to. Binary lists may hold one string a million times.
pub const MAX_EXPANDED: usize = 64 << 20;
/// The most values that a list may expand to.
pub const MAX_NODES: usize = 1_000_000;
/// The deepest nesting.
pub const MAX_DEPTH: usize = 128;

/// Seconds from 1970 to 2001, both UTC.
const APPLE_EPOCH: Duration = Duration::from_secs(978_307_200);

/// Why a property list was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlistError {
    /// More bytes than [`MAX_INPUT`], or more text and data than [`MAX_EXPANDED`].
    #[error("the property list is larger than 64 MB")]
    TooLarge,
    /// More values than [`MAX_NODES`].
    #[error("the property list holds more than a million values")]
    TooMany,
    /// Deeper than [`MAX_DEPTH`].
    #[error("the property list is nested deeper than 128 levels")]
    TooDeep,
    /// Neither XML nor binary.
    #[error("not a property list")]
    NotAPlist,
    /// The bytes end, contradict themselves, or hold something that no property list may hold.
    #[error("the property list is damaged: {0}")]
    Damaged(String),
}

/// One value of a property list.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Keys with their values.
    Dictionary(Dictionary),
    /// An ordered collection.
    Array(Vec<Value>),
    /// Raw bytes.
    Data(Vec<u8>),
    /// A moment, in seconds since 2001-01-01 00:00 UTC.
    Date(f64),
    /// An integer between `i64::MIN` and `u64::MAX`.
    Integer(i128),
    /// A floating-point number.
    Real(f64),
    /// Text.
    String(String),
    /// A reference of a keyed archive into its `$objects`.
    Uid(u64),
    /// True or false.
    Boolean(bool),
}

/// The keys and values of a dictionary, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dictionary(Vec<(String, Value)>);

/// Reads a property list, XML or binary.
///
/// # Errors
/// See [`PlistError`]; every budget that is exceeded has its own.
pub fn read(bytes: &[u8]) -> Result<Value, PlistError> {
    if bytes.len() > MAX_INPUT {
        return Err(PlistError::TooLarge);
    }
    if bytes.starts_with(b"bplist") {
        check_claims(bytes)?;
        return build::tree(BinaryReader::new(Cursor::new(bytes)));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'<') => build::tree(XmlReader::new(text)),
        _ => Err(PlistError::NotAPlist),
    }
}

/// The event reader allocates the references of a whole collection before it says how many there are, eight bytes for
/// one in the file. Collections that claim more than may be read are refused before it sees them.
fn check_claims(bytes: &[u8]) -> Result<(), PlistError> {
    let peek = Peek::new(bytes)?;
    if peek.count() > MAX_NODES {
        return Err(PlistError::TooMany);
    }
    for reference in peek.refs() {
        if peek.claimed_children(reference)?.is_some_and(|children| children > MAX_NODES as u64) {
            return Err(PlistError::TooMany);
        }
    }
    Ok(())
}

impl From<Malformed> for PlistError {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::NotBinary => Self::NotAPlist,
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl Value {
    /// The dictionary, where it is one.
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    /// The members, where it is an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(members) => Some(members),
            _ => None,
        }
    }

    /// The bytes, where it is data.
    pub fn as_data(&self) -> Option<&[u8]> {
        match self {
            Self::Data(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text, where it is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, where it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => i64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The number, where it is an integer that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }

    /// The number, where it is a real or an integer.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Real(number) => Some(*number),
            Self::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// True or false, where it is a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The moment, where it is a date that can be expressed.
    pub fn as_date(&self) -> Option<AppleTime> {
        match self {
            Self::Date(seconds) => AppleTime::from_seconds(*seconds),
            _ => None,
        }
    }

    /// The index, where it is a reference of a keyed archive.
    pub fn as_uid(&self) -> Option<u64> {
        match self {
            Self::Uid(index) => Some(*index),
            _ => None,
        }
    }

    /// A whole number however it was written: an integer, a real without fraction, a boolean, digits in a string.
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Self::Real(number) if number.fract() == 0.0 && number.abs() < 9.2e18 => Some(*number as i64),
            Self::Boolean(truth) => Some(i64::from(*truth)),
            Self::String(text) => text.trim().parse().ok(),
            other => other.as_i64(),
        }
    }

    /// Text however it was written: a string, or a number in its shortest form. Some writers store a version as a
    /// string, some as a real.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Integer(number) => Some(number.to_string()),
            Self::Real(number) => Some(format!("{number:?}")),
            _ => None,
        }
    }
}

impl Dictionary {
    /// The value of a key. Where a file has a key twice, the later one counts, as it does for Apple's reader.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// All keys with their values, in the order of the file.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Value)> for Dictionary {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// A value that is no collection, from its event.
fn leaf(event: OwnedEvent) -> Result<Value, PlistError> {
    Ok(match event {
        OwnedEvent::Boolean(truth) => Value::Boolean(truth),
        OwnedEvent::Data(bytes) => Value::Data(bytes.into_owned()),
        OwnedEvent::Date(date) => Value::Date(seconds_since_2001(date.into())),
        OwnedEvent::Integer(number) => match (number.as_signed(), number.as_unsigned()) {
            (Some(number), _) => Value::Integer(number.into()),
            (None, Some(number)) => Value::Integer(number.into()),
            (None, None) => return Err(PlistError::Damaged("an integer is out of range".into())),
        },
        OwnedEvent::Real(number) => Value::Real(number),
        OwnedEvent::String(text) => Value::String(text.into_owned()),
        OwnedEvent::Uid(uid) => Value::Uid(uid.get()),
        _ => return Err(PlistError::Damaged("a value is of an unknown kind".into())),
    })
}

fn seconds_since_2001(moment: SystemTime) -> f64 {
    match moment.duration_since(SystemTime::UNIX_EPOCH + APPLE_EPOCH) {
        Ok(after) => after.as_secs_f64(),
        Err(before) => -before.duration().as_secs_f64(),
    }
}

#[cfg(test)]
mod tests;
