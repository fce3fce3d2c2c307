//! Rows of tables that may lack columns, or be damaged: what is there is read, what is lost is listed.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::zone::sound;
use crate::database::{Schema, blob, each_row_both_ways, integer, name, real, some_text, value};
use crate::skipped::Skipped;
use crate::time::AppleTime;

/// Reads the tables of one database, and remembers what could not be read.
pub(super) struct Rows<'c> {
    pub(super) connection: &'c Connection,
    pub(super) schema: &'c Schema,
    pub(super) skipped: Vec<Skipped>,
}

impl Rows<'_> {
    /// Hands on the rows of a table: the row number, and the columns in the order asked for. Nothing happens where there
    /// is no such table.
    pub(super) fn each(&mut self, table: &str, columns: &[&str], row: &mut dyn FnMut(i64, &mut Fields<'_, '_>)) {
        self.each_where(table, columns, "", row);
    }

    /// The same for the rows that a condition takes, with `t` for the table.
    pub(super) fn each_where(
        &mut self,
        table: &str,
        columns: &[&str],
        condition: &str,
        row: &mut dyn FnMut(i64, &mut Fields<'_, '_>),
    ) {
        if !self.schema.has_table(table) {
            return;
        }
        let key = if self.schema.has_column(table, "Z_PK") { "Z_PK" } else { "rowid" };
        let columns = self.schema.columns(table, "t", columns);
        let sql = format!("SELECT t.{key}, {columns} FROM \"{table}\" t {condition}");
        let read = each_row_both_ways(self.connection, &sql, &mut |found| {
            if let Some(id) = integer(found, 0) {
                row(id, &mut Fields { row: found, next: 1 });
            }
        });
        if let Err(error) = read {
            self.skipped.push(Skipped::new(format!("rows of {table}"), error));
        }
    }
}

/// The columns of one row, taken one after the other in the order in which they were asked for.
pub(super) struct Fields<'r, 'c> {
    row: &'r Row<'c>,
    next: usize,
}

impl<'r> Fields<'r, '_> {
    fn step(&mut self) -> usize {
        let at = self.next;
        self.next += 1;
        at
    }

    /// The name of something that many assets refer to.
    pub(super) fn name(&mut self) -> Option<String> {
        name(self.row, self.step())
    }

    /// Text that is not empty.
    pub(super) fn text(&mut self) -> Option<String> {
        some_text(self.row, self.step())
    }

    pub(super) fn integer(&mut self) -> Option<i64> {
        integer(self.row, self.step())
    }

    pub(super) fn real(&mut self) -> Option<f64> {
        real(self.row, self.step())
    }

    /// Whether a flag is set. Devices store nothing where computers store 0.
    pub(super) fn is_set(&mut self) -> bool {
        self.integer().is_some_and(|number| number != 0)
    }

    pub(super) fn blob(&mut self) -> Option<&'r [u8]> {
        blob(self.row, self.step())
    }

    /// A distance from UTC in whole seconds that a clock can have. What stands there otherwise is the error, in words.
    pub(super) fn distance(&mut self) -> Result<Option<i32>, String> {
        let at = self.step();
        match self.row.get_ref(at) {
            Ok(ValueRef::Null) | Err(_) => Ok(None),
            Ok(ValueRef::Integer(seconds)) => sound(seconds).map(Some).ok_or_else(|| seconds.to_string()),
            Ok(ValueRef::Blob(_)) => Err("data".to_owned()),
            Ok(other) => Err(value::text(other).unwrap_or_default().chars().take(LONGEST_VALUE).collect()),
        }
    }

    /// A moment that can be shown: sentinels of the far past and future are none.
    pub(super) fn time(&mut self) -> Option<AppleTime> {
        AppleTime::from_seconds(self.real()?).filter(|time| is_plausible(*time))
    }
}

/// How much of a value that makes no sense is repeated, in characters.
const LONGEST_VALUE: usize = 40;

/// Whether a moment is one that somebody may have photographed.
pub(super) fn is_plausible(time: AppleTime) -> bool {
    time.timestamp().is_some_and(|at| PLAUSIBLE.contains(&at.as_second()))
}

/// Seconds since 1970 of moments that somebody may have photographed: the years 1800 to 2199. Photographs of older
/// times than photography are dates that nobody set.
const PLAUSIBLE: std::ops::Range<i64> = -5_364_662_400..7_258_118_400;
