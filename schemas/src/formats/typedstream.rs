//! Archives of Apple's old `NSArchiver`, the form in which `attributedBody` holds the text of messages.
//!
//! A stream has no table of contents: it is read from its first byte to its last, and what has been read before is
//! referred to by number. The reader is exact (41 captured streams are read to their last byte) and bounded; damage
//! ends it, and what stood before the damage is kept.
//!
//! Layout, as observed in real streams and described in Apple's `typedstream.h` (Darwin 0.1):
//!
//! ```text
//! header     04 · 0b "streamtyped" (little-endian) · integer 1000
//! group      type encoding (shared string), then one value for each type in it: "@", "iI", "[904c]" …
//! integer    one byte, or 81 + 2 bytes, 82 + 4 bytes, 87 + 8 bytes
//! real       83 + 4 or 8 bytes, or an integer
//! shared     84 + length + bytes (gets the next number among strings), 85 nothing, or a number counted from 0x92
//! object     84 + class + groups + 86 (gets the next number among objects), 85 nothing, or a number from 0x92
//! class      84 + name (shared) + version + superclass (gets a number among objects too), 85 nothing, or a number
//! ```

use std::borrow::Cow;

mod attributed;
mod reader;

pub use attributed::{Attribute, AttributedString, Run};

/// The largest stream that is read, in bytes.
pub const MAX_INPUT: usize = 64 << 20;

/// Why a typed stream was not read, or not to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypedStreamError {
    /// The bytes do not begin as a typed stream does.
    #[error("not a typed stream")]
    NotTypedStream,
    /// The stream was written by a big-endian machine; no iPhone is one.
    #[error("a typed stream of a big-endian machine, which is not supported")]
    BigEndian,
    /// The stream is of another version than all known ones.
    #[error("a typed stream of version {0}, which is not supported")]
    Version(u8),
    /// The bytes end inside of a value.
    #[error("the typed stream ends early")]
    Truncated,
    /// A byte stands where it means nothing, or a number refers to nothing.
    #[error("the typed stream is damaged")]
    Damaged,
    /// More values, deeper nesting or more text than any message has.
    #[error("the typed stream is too large or nested too deeply")]
    TooLarge,
    /// The stream is sound and holds no text.
    #[error("the typed stream holds no text")]
    NoText,
}

/// A stream that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedStream<'a> {
    /// The values that stand outside of every object; in messages, one object.
    pub roots: Vec<Value<'a>>,
    /// Whether the stream was read to its end. After damage, everything before it is still here.
    pub end: Result<(), TypedStreamError>,
    entries: Vec<Entry<'a>>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No value: nil.
    Nothing,
    /// An integer or boolean.
    Integer(i128),
    /// A floating-point number.
    Real(f64),
    /// A string or an array of bytes.
    Bytes(&'a [u8]),
    /// An object.
    Object(ObjectId),
    /// A class, as a value of its own.
    Class(ObjectId),
    /// The members of an array or structure.
    List(Vec<Value<'a>>),
}

/// The number of an object or class in its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectId(usize);

/// What the numbers of objects refer to.
#[derive(Debug, Clone, PartialEq)]
enum Entry<'a> {
    Object {
        class: Option<ObjectId>,
        values: Vec<Value<'a>>,
    },
    Class {
        name: &'a [u8],
        parent: Option<ObjectId>,
    },
    /// A C string: the only value beside objects and classes that gets a number.
    Bytes(&'a [u8]),
}

impl<'a> TypedStream<'a> {
    /// Reads a stream, as far as it is sound.
    ///
    /// # Errors
    /// When the header is none, or not that of a stream that is supported. Later damage stands in
    /// [`TypedStream::end`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, TypedStreamError> {
        reader::read(bytes)
    }

    /// The values of an object in their order; the groups in which they were written carry no meaning.
    pub fn values(&self, object: ObjectId) -> &[Value<'a>] {
        match self.entries.get(object.0) {
            Some(Entry::Object { values, .. }) => values,
            _ => &[],
        }
    }

    /// The name of an object's class, such as `NSMutableString`.
    pub fn class_name(&self, object: ObjectId) -> Option<Cow<'a, str>> {
        self.classes(object).next().map(String::from_utf8_lossy)
    }

    /// Whether an object is of a class or of one that derives from it.
    pub fn is_a(&self, object: ObjectId, class: &str) -> bool {
        self.classes(object).any(|name| name == class.as_bytes())
    }

    /// The text of an object that is a string.
    pub fn text(&self, object: ObjectId) -> Option<Cow<'a, str>> {
        match self.values(object) {
            [Value::Bytes(bytes)] if self.is_a(object, "NSString") => Some(String::from_utf8_lossy(bytes)),
            _ => None,
        }
    }

    /// The class names of an object, its own first. A class can only derive from one with a higher number, so this
    /// ends; a damaged stream may say otherwise, so it is cut.
    fn classes(&self, object: ObjectId) -> impl Iterator<Item = &'a [u8]> {
        let own = match self.entries.get(object.0) {
            Some(Entry::Object { class, .. }) => *class,
            _ => None,
        };
        let class = |id: ObjectId| match self.entries.get(id.0) {
            Some(Entry::Class { name, parent }) => Some((*name, *parent)),
            _ => None,
        };
        std::iter::successors(own.and_then(class), move |(_, parent)| parent.and_then(class))
            .map(|(name, _)| name)
            .take(64)
    }
}

#[cfg(test)]
mod tests;
