//! Strings of a property list.

use std::borrow::Cow;

use super::number::big_endian;

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
