//! References to objects: what collections hold.

use super::number::{big_endian, nth};

/// The number of an object in the offset table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ref(pub(super) usize);

/// A list of references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refs<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) size: usize,
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
    pub(super) keys: Refs<'a>,
    pub(super) values: Refs<'a>,
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
