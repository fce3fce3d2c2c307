//! The values of one row, wherever it comes from.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::value;
use crate::formats::sqlite::Place;

/// The values of a row, each read when it is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'r> {
    /// What a query gave, from a column on.
    Queried(&'r Row<'r>, usize),
    /// A record, and where the values lie in it.
    Stored(&'r [u8], &'r [Place]),
}

impl<'r> Fields<'r> {
    /// The value at a position.
    pub(crate) fn value(self, position: usize) -> ValueRef<'r> {
        match self {
            Self::Queried(row, first) => row.get_ref(first + position).unwrap_or(ValueRef::Null),
            Self::Stored(record, places) => places.get(position).map_or(ValueRef::Null, |place| place.value(record)),
        }
    }

    /// The integer at a position, as [`integer`](super::integer) reads it.
    pub(crate) fn integer(self, position: usize) -> Option<i64> {
        value::integer(self.value(position))
    }

    /// Whether that is there and not zero.
    pub(crate) fn truth(self, position: usize) -> bool {
        self.integer(position).is_some_and(|number| number != 0)
    }

    /// The text at a position, as [`text`](super::text) reads it.
    pub(crate) fn text(self, position: usize) -> Option<String> {
        value::text(self.value(position))
    }

    /// The text at a position, `None` where it is empty too.
    pub(crate) fn some_text(self, position: usize) -> Option<String> {
        self.text(position).filter(|text| !text.is_empty())
    }

    /// The bytes at a position, `None` where there are none.
    pub(crate) fn blob(self, position: usize) -> Option<&'r [u8]> {
        value::blob(self.value(position))
    }
}
