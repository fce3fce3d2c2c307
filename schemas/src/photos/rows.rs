//! Rows of tables that may lack columns, or be damaged: what is there is read, what is lost is listed.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::catalog::{Join, Joined};
use super::model::zone::sound;
use crate::database::{Column, Row, Schema, each_row_both_ways, integer, value};
use crate::skipped::Skipped;
use crate::time::AppleTime;

/// Reads the tables of one database, and remembers what could not be read.
pub(super) struct Rows<'c> {
    pub(super) connection: &'c Connection,
    pub(super) schema: &'c Schema,
    pub(super) skipped: Vec<Skipped>,
}

impl Rows<'_> {
    /// Hands on the rows of a table with their numbers. Nothing happens where there is no such table.
    pub(super) fn each<C: Column>(&mut self, table: &str, row: &mut dyn FnMut(i64, Row<'_, C>)) {
        self.each_where(table, "", row);
    }

    /// The same for the rows that a condition takes, with `t` for the table.
    pub(super) fn each_where<C: Column>(&mut self, table: &str, condition: &str, row: &mut dyn FnMut(i64, Row<'_, C>)) {
        let columns = self.schema.columns(table, "t", C::NAMES);
        self.each_selected(table, &columns, condition, row);
    }

    /// The same for a table that joins two others.
    pub(super) fn each_joined(&mut self, join: &Join, row: &mut dyn FnMut(i64, Row<'_, Joined>)) {
        let columns = self.schema.columns_as(&join.table, "t", &join.names());
        self.each_selected(&join.table, &columns, "", row);
    }

    fn each_selected<C: Column>(
        &mut self,
        table: &str,
        columns: &str,
        condition: &str,
        row: &mut dyn FnMut(i64, Row<'_, C>),
    ) {
        if !self.schema.has_table(table) {
            return;
        }
        let key = if self.schema.has_column(table, "Z_PK") { "Z_PK" } else { "rowid" };
        let sql = format!("SELECT t.{key}, {columns} FROM \"{table}\" t {condition}");
        let read = each_row_both_ways(self.connection, &sql, &mut |found| {
            if let Some(id) = integer(found, 0) {
                row(id, Row::queried(found, 1));
            }
        });
        if let Err(error) = read {
            self.skipped.push(Skipped::new(format!("rows of {table}"), error));
        }
    }
}

/// A distance from UTC in whole seconds that a clock can have. What stands there otherwise is the error, in words.
pub(super) fn distance(value: ValueRef<'_>) -> Result<Option<i32>, String> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(seconds) => sound(seconds).map(Some).ok_or_else(|| seconds.to_string()),
        ValueRef::Blob(_) => Err("data".to_owned()),
        other => Err(value::text(other).unwrap_or_default().chars().take(LONGEST_VALUE).collect()),
    }
}

/// A moment that can be shown, of seconds since 2001: sentinels of the far past and future are none.
pub(super) fn time(seconds: Option<f64>) -> Option<AppleTime> {
    AppleTime::from_seconds(seconds?).filter(|time| is_plausible(*time))
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
