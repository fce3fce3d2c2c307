//! An object of a property list, as it is stored.

use super::malformed::Malformed;
use super::refs::{Pairs, Refs};
use super::text::Text;

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

/// The objects without content.
pub(super) fn simple(low: u8) -> Result<Object<'static>, Malformed> {
    match low {
        0x0 => Ok(Object::Null),
        0x8 => Ok(Object::Boolean(false)),
        0x9 => Ok(Object::Boolean(true)),
        _ => Err(Malformed::UnknownKind),
    }
}
