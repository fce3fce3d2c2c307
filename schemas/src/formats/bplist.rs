//! A look into a *binary* property list without building anything: no allocation, no copy.
//!
//! Every offset, count and size comes from the input and is checked when it is used, so a look at any bytes ends after
//! a few steps with an object or with [`Malformed`].
//!
//! Layout (Apple's published `CFBinaryPList.c`, CF-550), all integers big-endian:
//!
//! ```text
//! "bplist00"
//! objects       marker byte: kind in the high four bits, size in the low four (15 = an integer object follows)
//!               0x08/0x09 false/true · 0x1n integer of 2^n bytes · 0x2n real · 0x33 date (f64, seconds since 2001)
//!               0x4n data · 0x5n ASCII · 0x6n UTF-16 · 0x8n UID of n+1 bytes · 0xAn array · 0xDn dictionary
//! offset table  one entry for each object, counted from the start of the file
//! trailer       the last 32 bytes: 6 unused, offset size, reference size, u64 count, u64 root, u64 table position
//! ```

use std::borrow::Cow;

const MAGIC: &[u8] = b"bplist00";
const TRAILER: usize = 32;

/// Why bytes could not be read as a binary property list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// The bytes do not begin as a binary property list does.
    #[error("not a binary property list")]
    NotBinary,
    /// The trailer contradicts itself or the length of the bytes.
    #[error("the trailer of the property list makes no sense")]
    Trailer,
    /// An object, or a part of one, lies outside of the bytes.
    #[error("an object of the property list lies outside of its bytes")]
    OutOfRange,
    /// An object has a marker that no property list uses.
    #[error("an object of the property list is of no known kind")]
    UnknownKind,
    /// The property list is sound but not the keyed archive that was asked for.
    #[error("the property list is not a keyed archive")]
    NotAnArchive,
    /// A walk through the objects took more steps than any real archive needs.
    #[error("the property list is too large or goes round in circles")]
    Endless,
}

/// The number of an object in the offset table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ref(usize);

/// A binary property list that can be looked into.
#[derive(Debug, Clone, Copy)]
pub struct Peek<'a> {
    /// Everything before the offset table; objects lie here and nowhere else.
    body: &'a [u8],
    table: &'a [u8],
    offset_size: usize,
    ref_size: usize,
    root: usize,
}

/// One object. Collections hold references, never objects.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Object<'a> {
    /// The null object; no writer of Apple's uses it.
    Null,
    /// True or false.
    Boolean(bool),
    /// An integer of 1, 2, 4 (unsigned), 8 or 16 (signed) bytes.
    Integer(i128),
    /// A floating-point number.
    Real(f64),
    /// Seconds since 2001-01-01 UTC; may be no number at all.
    Date(f64),
    /// Raw bytes.
    Data(&'a [u8]),
    /// A string.
    Text(Text<'a>),
    /// A reference of a keyed archive into its `$objects`.
    Uid(u64),
    /// An ordered collection.
    Array(Refs<'a>),
    /// Keys with their values.
    Dictionary(Pairs<'a>),
}

impl<'a> Peek<'a> {
    /// Checks the trailer and nothing else.
    ///
    /// # Errors
    /// [`Malformed::NotBinary`] and [`Malformed::Trailer`].
    pub fn new(bytes: &'a [u8]) -> Result<Self, Malformed> {
        if !bytes.starts_with(MAGIC) {
            return Err(Malformed::NotBinary);
        }
        let start = bytes.len().checked_sub(TRAILER).ok_or(Malformed::Trailer)?;
        let (before, trailer) = bytes.split_at_checked(start).ok_or(Malformed::Trailer)?;
        let number = |at: usize, size: usize| trailer.get(at..at + size).map(big_endian).ok_or(Malformed::Trailer);
        let index = |at| number(at, 8).and_then(|n| usize::try_from(n).map_err(|_| Malformed::Trailer));
        let (offset_size, ref_size) = (number(6, 1)? as usize, number(7, 1)? as usize);
        let (count, root, table_at) = (index(8)?, index(16)?, index(24)?);
        if !(1..=8).contains(&offset_size) || !(1..=8).contains(&ref_size) || root >= count {
            return Err(Malformed::Trailer);
        }
        let (body, table) = before.split_at_checked(table_at).ok_or(Malformed::Trailer)?;
        let table = count.checked_mul(offset_size).and_then(|size| table.get(..size)).ok_or(Malformed::Trailer)?;
        Ok(Self { body, table, offset_size, ref_size, root })
    }

    /// The number of objects in the offset table.
    pub fn count(&self) -> usize {
        self.table.len() / self.offset_size
    }

    /// References to all objects, in the order of the offset table.
    pub fn refs(&self) -> impl Iterator<Item = Ref> + use<> {
        (0..self.count()).map(Ref)
    }

    /// The object that holds all others.
    ///
    /// # Errors
    /// As [`Peek::object`].
    #[inline]
    pub fn root(&self) -> Result<Object<'a>, Malformed> {
        self.object(Ref(self.root))
    }

    /// Reads one object.
    ///
    /// # Errors
    /// [`Malformed::OutOfRange`] and [`Malformed::UnknownKind`].
    #[inline]
    pub fn object(&self, reference: Ref) -> Result<Object<'a>, Malformed> {
        let (marker, rest) = self.marker(reference)?;
        let low = marker & 0x0f;
        Ok(match marker >> 4 {
            0x0 => simple(low)?,
            0x1 => Object::Integer(integer(low, rest)?),
            0x2 => Object::Real(real(low, rest)?),
            0x3 if low == 3 => Object::Date(real(low, rest)?),
            0x4 => Object::Data(sized(low, 1, rest)?),
            0x5 => Object::Text(Text::Ascii(sized(low, 1, rest)?)),
            0x6 => Object::Text(Text::Utf16(sized(low, 2, rest)?)),
            0x8 if low < 8 => Object::Uid(big_endian(rest.get(..usize::from(low) + 1).ok_or(Malformed::OutOfRange)?)),
            0xa => Object::Array(Refs { bytes: sized(low, self.ref_size, rest)?, size: self.ref_size }),
            0xd => Object::Dictionary(self.pairs(low, rest)?),
            _ => return Err(Malformed::UnknownKind),
        })
    }

    /// How many references an array or dictionary claims to hold, without looking whether they are there. `None` for
    /// other objects.
    ///
    /// # Errors
    /// [`Malformed::OutOfRange`] when not even the claim can be read.
    pub fn claimed_children(&self, reference: Ref) -> Result<Option<u64>, Malformed> {
        let (marker, rest) = self.marker(reference)?;
        match marker >> 4 {
            0xa => Ok(Some(length(marker & 0x0f, rest)?.0)),
            0xd => Ok(Some(length(marker & 0x0f, rest)?.0.saturating_mul(2))),
            _ => Ok(None),
        }
    }

    /// The value of one key of a dictionary; `None` where the dictionary has no such key.
    ///
    /// # Errors
    /// As [`Peek::object`], for the value.
    pub fn get(&self, dictionary: Pairs<'a>, key: &str) -> Result<Option<Object<'a>>, Malformed> {
        for (name, value) in dictionary.iter() {
            if matches!(self.text(name), Ok(text) if text == *key) {
                return self.object(value).map(Some);
            }
        }
        Ok(None)
    }

    /// The string that a reference leads to: what keys are, read without looking at other kinds of objects.
    ///
    /// # Errors
    /// [`Malformed::UnknownKind`] for every other kind of object, else as [`Peek::object`].
    #[inline]
    pub fn text(&self, reference: Ref) -> Result<Text<'a>, Malformed> {
        let (marker, rest) = self.marker(reference)?;
        match marker >> 4 {
            0x5 => sized(marker & 0x0f, 1, rest).map(Text::Ascii),
            0x6 => sized(marker & 0x0f, 2, rest).map(Text::Utf16),
            _ => Err(Malformed::UnknownKind),
        }
    }

    #[inline]
    fn marker(&self, Ref(index): Ref) -> Result<(u8, &'a [u8]), Malformed> {
        let offset = nth(self.table, self.offset_size, index).ok_or(Malformed::OutOfRange)?;
        let object = usize::try_from(offset).ok().and_then(|offset| self.body.get(offset..));
        let (marker, rest) = object.and_then(<[u8]>::split_first).ok_or(Malformed::OutOfRange)?;
        Ok((*marker, rest))
    }

    #[inline]
    fn pairs(&self, low: u8, rest: &'a [u8]) -> Result<Pairs<'a>, Malformed> {
        let both = sized(low, self.ref_size * 2, rest)?;
        let (keys, values) = both.split_at_checked(both.len() / 2).ok_or(Malformed::OutOfRange)?;
        Ok(Pairs {
            keys: Refs { bytes: keys, size: self.ref_size },
            values: Refs { bytes: values, size: self.ref_size },
        })
    }
}

impl<'a> Object<'a> {
    /// Whether this is a string with exactly this text.
    #[inline]
    pub fn is_text(&self, text: &str) -> bool {
        matches!(self, Self::Text(own) if *own == *text)
    }

    /// The string, where it is one.
    pub fn text(self) -> Option<Text<'a>> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The dictionary, where it is one.
    pub fn dictionary(self) -> Option<Pairs<'a>> {
        match self {
            Self::Dictionary(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The array, where it is one.
    pub fn array(self) -> Option<Refs<'a>> {
        match self {
            Self::Array(refs) => Some(refs),
            _ => None,
        }
    }
}

/// A string as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text<'a> {
    /// One byte for each character. Some writers put UTF-8 here.
    Ascii(&'a [u8]),
    /// Two bytes, big-endian, for each UTF-16 unit.
    Utf16(&'a [u8]),
}

impl<'a> Text<'a> {
    /// The string with whatever is no valid text replaced; borrowed where that needs no change.
    pub fn to_str(self) -> Cow<'a, str> {
        match self {
            Self::Ascii(bytes) => String::from_utf8_lossy(bytes),
            Self::Utf16(bytes) => {
                char::decode_utf16(units(bytes)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }
}

impl PartialEq<str> for Text<'_> {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        match self {
            Self::Ascii(bytes) => *bytes == other.as_bytes(),
            Self::Utf16(bytes) => units(bytes).eq(other.encode_utf16()),
        }
    }
}

fn units(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).map(|unit| big_endian(unit) as u16)
}

/// A list of references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refs<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl<'a> Refs<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The reference at a position, counted from 0.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Ref> {
        nth(self.bytes, self.size, index).map(reference)
    }

    /// All references in their order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Ref> + use<'a> {
        self.bytes.chunks_exact(self.size).map(|bytes| reference(big_endian(bytes)))
    }
}

/// The keys and values of a dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairs<'a> {
    keys: Refs<'a>,
    values: Refs<'a>,
}

impl<'a> Pairs<'a> {
    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The pair at a position, counted from 0: key, value.
    #[inline]
    pub fn get(&self, index: usize) -> Option<(Ref, Ref)> {
        Some((self.keys.get(index)?, self.values.get(index)?))
    }

    /// All pairs in their order: key, value.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (Ref, Ref)> + use<'a> {
        self.keys.iter().zip(self.values.iter())
    }
}

/// A reference too large to count with is out of range anyway.
#[inline]
fn reference(index: u64) -> Ref {
    Ref(usize::try_from(index).unwrap_or(usize::MAX))
}

/// One of a row of big-endian numbers of `size` bytes each. Nearly all lists have numbers of one or two bytes.
#[inline]
fn nth(bytes: &[u8], size: usize, index: usize) -> Option<u64> {
    if size == 1 {
        return bytes.get(index).map(|byte| u64::from(*byte));
    }
    let at = index.checked_mul(size)?;
    bytes.get(at..at.checked_add(size)?).map(big_endian)
}

/// The last eight bytes at most, as an unsigned number.
#[inline]
fn big_endian(bytes: &[u8]) -> u64 {
    match *bytes {
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_be_bytes([a, b])),
        _ => bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)),
    }
}

fn simple(low: u8) -> Result<Object<'static>, Malformed> {
    match low {
        0x0 => Ok(Object::Null),
        0x8 => Ok(Object::Boolean(false)),
        0x9 => Ok(Object::Boolean(true)),
        _ => Err(Malformed::UnknownKind),
    }
}

/// Integers of up to four bytes are unsigned, of eight bytes signed, of sixteen signed too (for large unsigned ones).
#[inline]
fn integer(low: u8, rest: &[u8]) -> Result<i128, Malformed> {
    let bytes = |size| rest.get(..size).ok_or(Malformed::OutOfRange);
    match low {
        0..=2 => Ok(i128::from(big_endian(bytes(1 << low)?))),
        3 => Ok(i128::from(big_endian(bytes(8)?).cast_signed())),
        4 => {
            let wide = bytes(16)?.first_chunk::<16>().ok_or(Malformed::OutOfRange)?;
            Ok(i128::from_be_bytes(*wide))
        }
        _ => Err(Malformed::UnknownKind),
    }
}

fn real(low: u8, rest: &[u8]) -> Result<f64, Malformed> {
    match low {
        2 => rest.first_chunk().map(|bytes| f64::from(f32::from_be_bytes(*bytes))).ok_or(Malformed::OutOfRange),
        3 => rest.first_chunk().map(|bytes| f64::from_be_bytes(*bytes)).ok_or(Malformed::OutOfRange),
        _ => Err(Malformed::UnknownKind),
    }
}

/// The bytes of an object that counts units of `unit` bytes.
#[inline]
fn sized(low: u8, unit: usize, rest: &[u8]) -> Result<&[u8], Malformed> {
    let (count, rest) = length(low, rest)?;
    let size = usize::try_from(count).ok().and_then(|count| count.checked_mul(unit));
    size.and_then(|size| rest.get(..size)).ok_or(Malformed::OutOfRange)
}

/// The count of an object, and the bytes after it.
#[inline]
fn length(low: u8, rest: &[u8]) -> Result<(u64, &[u8]), Malformed> {
    if low < 0x0f {
        return Ok((u64::from(low), rest));
    }
    let (marker, rest) = rest.split_first().ok_or(Malformed::OutOfRange)?;
    if !(0x10..=0x13).contains(marker) {
        return Err(Malformed::UnknownKind);
    }
    let (count, rest) = rest.split_at_checked(1 << (marker & 0x0f)).ok_or(Malformed::OutOfRange)?;
    Ok((big_endian(count), rest))
}
