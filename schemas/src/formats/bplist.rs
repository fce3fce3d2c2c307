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

mod malformed;
mod number;
mod object;
mod refs;
mod text;

use number::{big_endian, integer, length, nth, real, sized};
use object::simple;

pub use malformed::Malformed;
pub use object::Object;
pub use refs::{Pairs, Ref, Refs};
pub use text::Text;

const MAGIC: &[u8] = b"bplist00";
const TRAILER: usize = 32;

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
