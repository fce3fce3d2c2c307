//! Columns whose names have a number behind them that changes from version to version.

use std::marker::PhantomData;

use rusqlite::Connection;

use super::OBJECTS;
use crate::database::{Column, Row, Schema, quoted};

/// The columns of the table of everything for a `SELECT`: for each name, the first of its family that is set.
pub(super) fn of_objects<C: Column>(schema: &Schema) -> String {
    let family = |name: &&str| {
        let base = name.to_ascii_lowercase();
        let is_member = |column: &&String| {
            column.strip_prefix(&base).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let members: Vec<String> =
            schema.columns_of(OBJECTS).iter().filter(is_member).map(|column| format!("t.{}", quoted(column))).collect();
        match members.as_slice() {
            [] => "NULL".to_owned(),
            [one] => one.clone(),
            several => format!("coalesce({})", several.join(", ")),
        }
    };
    C::NAMES.iter().map(family).collect::<Vec<_>>().join(", ")
}

/// The question for one row of the table of everything. Put together once: it takes longer than an answer.
pub(super) struct ObjectQuery<C> {
    sql: String,
    columns: PhantomData<C>,
}

impl<C: Column> ObjectQuery<C> {
    pub(super) fn new(schema: &Schema) -> Self {
        let sql = format!("SELECT {} FROM {} t WHERE t.ROWID = ?1", of_objects::<C>(schema), quoted(OBJECTS));
        Self { sql, columns: PhantomData }
    }

    /// Hands the row on. `None` where it is not there.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn with<T>(
        &self,
        connection: &Connection,
        id: i64,
        read: impl FnOnce(Row<'_, C>) -> T,
    ) -> rusqlite::Result<Option<T>> {
        let mut statement = connection.prepare_cached(&self.sql)?;
        let mut rows = statement.query([id])?;
        Ok(rows.next()?.map(|row| read(Row::queried(row, 0))))
    }
}
