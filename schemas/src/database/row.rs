//! Rows whose values are asked for by the name of a column.
//!
//! [`columns!`] names what is wanted of a table, once: it makes an enum with a variant for each column, and the list of
//! their names. A query asks for the list ([`Schema::columns`](super::Schema::columns), or a
//! [`Layout`](super::Layout) of the stored table), so that the position of a value is that of its variant: the compiler
//! knows it, and nothing is looked up for each row. A [`Row`] takes only the columns of its own table, and the compiler
//! warns of a column that is asked for and never read.
//!
//! Queries of one or two columns that stand in the same line as what reads them, such as all numbers of a table, need no
//! such list and read by position.

use std::marker::PhantomData;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::{Schema, each_row_both_ways, integer, quoted, value};
use crate::formats::sqlite::ValuePosition;

/// The columns that are wanted of a table. [`columns!`] makes them.
pub(crate) trait Column: Copy {
    /// What they are called in the database, in the order of the variants.
    const NAMES: &'static [&'static str];

    /// The position among them.
    fn index(self) -> usize;

    /// What this one is called in the database.
    fn name(self) -> &'static str {
        Self::NAMES.get(self.index()).copied().unwrap_or_default()
    }
}

/// Makes a [`Column`] of each list: `enum Table { InRust = "STORED", … }`.
macro_rules! columns {
    ($($(#[$about:meta])* $seen:vis enum $table:ident { $($column:ident = $name:literal),* $(,)? })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy)]
        $seen enum $table {
            $($column),*
        }

        impl $crate::database::Column for $table {
            const NAMES: &'static [&'static str] = &[$($name),*];

            #[inline]
            fn index(self) -> usize {
                self as usize
            }
        }
    )*};
}
pub(crate) use columns;

/// A row of a table, wherever it comes from. Each value is read when it is asked for, by what is stored.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r, C> {
    values: Values<'r>,
    columns: PhantomData<C>,
}

#[derive(Clone, Copy)]
enum Values<'r> {
    /// What a query gave, from a position on.
    Queried(&'r rusqlite::Row<'r>, usize),
    /// A record, and where the values lie in it.
    Stored(&'r [u8], &'r [ValuePosition]),
}

impl<'r> Values<'r> {
    #[inline]
    fn at(self, position: usize) -> ValueRef<'r> {
        match self {
            Self::Queried(row, first) => row.get_ref(first + position).unwrap_or(ValueRef::Null),
            Self::Stored(record, places) => places.get(position).map_or(ValueRef::Null, |place| place.value(record)),
        }
    }
}

impl<'r, C: Column> Row<'r, C> {
    /// What a query gave whose columns stand from a position on.
    pub(crate) fn queried(row: &'r rusqlite::Row<'r>, first: usize) -> Self {
        Self { values: Values::Queried(row, first), columns: PhantomData }
    }

    /// A record, and where in it the values of the columns lie.
    pub(crate) fn stored(record: &'r [u8], places: &'r [ValuePosition]) -> Self {
        Self { values: Values::Stored(record, places), columns: PhantomData }
    }

    /// The value in a column, as it is stored.
    #[inline]
    pub(crate) fn value(self, column: C) -> ValueRef<'r> {
        self.values.at(column.index())
    }

    /// What a query gives behind the columns, by its number there.
    pub(crate) fn behind(self, number: usize) -> ValueRef<'r> {
        self.values.at(C::NAMES.len() + number)
    }

    /// The integer in a column, as [`integer`](super::integer) reads it.
    #[inline]
    pub(crate) fn integer(self, column: C) -> Option<i64> {
        value::integer(self.value(column))
    }

    /// Whether that is there and not zero.
    #[inline]
    pub(crate) fn truth(self, column: C) -> bool {
        self.integer(column).is_some_and(|number| number != 0)
    }

    /// The number in a column, as [`real`](super::real) reads it.
    pub(crate) fn real(self, column: C) -> Option<f64> {
        value::real(self.value(column))
    }

    /// The text in a column, as [`text`](super::text) reads it.
    #[inline]
    pub(crate) fn text(self, column: C) -> Option<String> {
        value::text(self.value(column))
    }

    /// The text in a column, `None` where it is empty too.
    #[inline]
    pub(crate) fn some_text(self, column: C) -> Option<String> {
        value::some_text(self.value(column))
    }

    /// The name in a column of something that many rows may refer to, as [`name`](super::name) reads it.
    pub(crate) fn name(self, column: C) -> Option<String> {
        self.some_text(column).map(value::shortened)
    }

    /// The bytes in a column, `None` where there are none.
    #[inline]
    pub(crate) fn blob(self, column: C) -> Option<&'r [u8]> {
        value::blob(self.value(column))
    }
}

/// Hands on each row of a table with its number, as [`each_row_both_ways`] does. Nothing happens where there is no such
/// table.
///
/// # Errors
/// As for [`each_row_both_ways`].
pub(crate) fn each_of_table<C: Column>(
    connection: &Connection,
    schema: &Schema,
    table: &str,
    row: &mut dyn FnMut(Option<i64>, Row<'_, C>),
) -> rusqlite::Result<()> {
    if !schema.has_table(table) {
        return Ok(());
    }
    let sql = format!("SELECT t.ROWID, {} FROM {} t", schema.columns(table, "t", C::NAMES), quoted(table));
    each_row_both_ways(connection, &sql, &mut |found| row(integer(found, 0), Row::queried(found, 1)))
}

#[cfg(test)]
mod tests {
    use super::super::each_row;
    use super::*;

    columns! {
        enum Call { Address = "ZADDRESS", Lost = "ZLOST", Date = "ZDATE" }
    }

    fn made() -> (Connection, Schema) {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (ZDATE, zaddress); INSERT INTO t VALUES (7.5, 'a'), (1, '')").unwrap();
        let schema = Schema::probe(&connection).unwrap();
        (connection, schema)
    }

    #[test]
    fn a_value_is_that_of_its_column_whatever_the_order_in_the_table() {
        let (connection, schema) = made();
        let mut seen = Vec::new();
        each_of_table::<Call>(&connection, &schema, "t", &mut |id, row| {
            assert_eq!((row.integer(Call::Lost), row.truth(Call::Lost), row.blob(Call::Lost)), (None, false, None));
            seen.push((id, row.some_text(Call::Address), row.real(Call::Date), row.integer(Call::Date)));
        })
        .unwrap();
        assert_eq!(seen, [(Some(1), Some("a".into()), Some(7.5), Some(7)), (Some(2), None, Some(1.0), Some(1))]);
        each_of_table::<Call>(&connection, &schema, "other", &mut |_, _| panic!("there is no such table")).unwrap();
    }

    #[test]
    fn columns_whose_names_were_found_keep_their_places() {
        let (connection, schema) = made();
        let columns = schema.columns_as("t", "t", &[(Call::Date, "zaddress"), (Call::Address, "gone")]);
        assert_eq!(columns, r#"NULL, NULL, t."zaddress""#);
        let mut seen = Vec::new();
        each_row(&connection, &format!("SELECT {columns}, 3 FROM t"), [], &mut |row| {
            let row = Row::<Call>::queried(row, 0);
            assert_eq!((row.value(Call::Address), row.behind(0)), (ValueRef::Null, ValueRef::Integer(3)));
            seen.push(row.text(Call::Date));
        })
        .unwrap();
        assert_eq!(seen, [Some("a".into()), Some(String::new())]);
    }

    #[test]
    fn a_record_gives_what_its_places_hold() {
        let places = [ValuePosition::ONE, ValuePosition::NULL, ValuePosition::ZERO];
        let row = Row::<Call>::stored(&[], &places);
        assert_eq!((row.integer(Call::Address), row.integer(Call::Date)), (Some(1), Some(0)));
        assert_eq!((row.value(Call::Lost), row.value(Call::Date)), (ValueRef::Null, ValueRef::Integer(0)));
        assert_eq!(Call::Date.name(), "ZDATE");
    }
}
