//! Records: where the values of a row lie, and what they are.

use rusqlite::types::ValueRef;

use super::varint;

/// How many bytes the values of the first twelve kinds have. The last two kinds are reserved, and fit nowhere.
const LENGTHS: [usize; 12] = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, usize::MAX, usize::MAX];

/// Where a value lies in its record, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValuePosition {
    kind: u64,
    at: usize,
}

impl ValuePosition {
    /// Of what is nothing, 0 and 1: the kind says it all.
    pub const NULL: Self = Self { kind: 0, at: 0 };
    /// See [`NULL`](Self::NULL).
    pub const ZERO: Self = Self { kind: 8, at: 0 };
    /// See [`NULL`](Self::NULL).
    pub const ONE: Self = Self { kind: 9, at: 0 };

    /// The value that lies here in the record whose [`ValuePositions`] were read and are sound; in another one, anything.
    pub fn value<'r>(&self, record: &'r [u8]) -> ValueRef<'r> {
        self.find(record).unwrap_or(ValueRef::Null)
    }

    fn find<'r>(&self, record: &'r [u8]) -> Option<ValueRef<'r>> {
        let bytes = || record.get(self.at..)?.get(..length(self.kind));
        Some(match self.kind {
            0 => ValueRef::Null,
            8 | 9 => ValueRef::Integer(i64::from(self.kind == 9)),
            1..=6 => ValueRef::Integer(integer(bytes()?)),
            7 => real(f64::from_be_bytes(*bytes()?.first_chunk()?)),
            kind if kind % 2 == 0 => ValueRef::Blob(bytes()?),
            _ => ValueRef::Text(bytes()?),
        })
    }
}

/// The places of the values of a record, in their order.
pub struct ValuePositions<'r> {
    kinds: &'r [u8],
    at: usize,
    length: usize,
    is_cut: bool,
}

impl<'r> ValuePositions<'r> {
    /// Begins to read a record.
    pub fn of(record: &'r [u8]) -> Self {
        let mut rest = record;
        let at = varint(&mut rest).and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
        let kinds = record.get(record.len() - rest.len()..at).unwrap_or_default();
        Self { kinds, at, length: record.len(), is_cut: false }
    }

    /// Whether everything that was read fits into the record, and fills it if that was all.
    pub fn are_sound(&self) -> bool {
        let fits = if self.kinds.is_empty() { self.at == self.length } else { self.at <= self.length };
        fits && !self.is_cut
    }
}

impl Iterator for ValuePositions<'_> {
    type Item = ValuePosition;

    // For each column of each row: as a call of its own, which the compiler makes of it as soon as it has several callers, it
    // costs half as much again.
    #[inline(always)]
    fn next(&mut self) -> Option<ValuePosition> {
        let kind = match self.kinds.split_first()? {
            (byte, rest) if *byte < 0x80 => {
                self.kinds = rest;
                u64::from(*byte)
            }
            _ => match varint(&mut self.kinds) {
                Some(kind) => kind,
                None => {
                    self.is_cut = true;
                    return None;
                }
            },
        };
        let place = ValuePosition { kind, at: self.at };
        self.at = self.at.saturating_add(length(kind));
        Some(place)
    }
}

#[inline]
fn length(kind: u64) -> usize {
    let kind = usize::try_from(kind).unwrap_or(usize::MAX);
    LENGTHS.get(kind).copied().unwrap_or(kind.saturating_sub(12) / 2)
}

/// For SQLite, what is no number is nothing.
fn real(number: f64) -> ValueRef<'static> {
    if number.is_nan() { ValueRef::Null } else { ValueRef::Real(number) }
}

fn integer(bytes: &[u8]) -> i64 {
    let sign = if bytes.first().is_some_and(|first| *first >= 0x80) { -1 } else { 0 };
    bytes.iter().fold(sign, |number, byte| number << 8 | i64::from(*byte))
}
