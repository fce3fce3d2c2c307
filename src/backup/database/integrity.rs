//! Whether SQLite finds a database in order, its log applied.
//!
//! Apple's databases use collations, functions and tokenizers that only their own programs have. SQLite then refuses to
//! check; each table is checked by itself instead, and what cannot be is noted.

use corer_schemas::source::Database as _;
use rusqlite::Connection;

use super::{Image, StoredDatabase};
use crate::backup::bytes::ReadAt;
use crate::backup::remarks::Remarks;

/// What SQLite says at most about one database.
const MOST_COMPLAINTS: usize = 20;

/// Whether a file begins as a database.
pub fn is_database(bytes: &dyn ReadAt) -> bool {
    let mut start = [0; 16];
    bytes.read_at(0, &mut start).is_ok() && start == super::MAGIC
}

/// Whether what lies beside a file makes a database of it, with tables in it.
pub fn is_restored(image: Image) -> bool {
    let has_log = image.wal.as_ref().is_some_and(|wal| wal.size() > 0);
    (has_log || image.has_journal()) && {
        let opened = StoredDatabase::new("the database", image).connect();
        opened.is_ok_and(|connection| tables(&connection).is_ok_and(|tables| !tables.is_empty()))
    }
}

/// Lets SQLite check a database with what lies beside it.
pub fn check(image: Image, found: &mut Remarks) {
    match StoredDatabase::new("the database", image).connect() {
        Ok(connection) => check_whole(&connection, found),
        Err(error) => found.damage(format!("it cannot be opened: {error}")),
    }
}

/// Lets SQLite check the whole database.
pub fn check_whole(connection: &Connection, found: &mut Remarks) {
    let whole = complaints(connection, &format!("PRAGMA integrity_check({MOST_COMPLAINTS})"));
    match whole {
        Ok(complaints) => damage(complaints, found),
        Err(error) if is_foreign(&error) => check_tables(connection, found),
        Err(error) => found.damage(format!("the database is damaged: {error}")),
    }
}

fn check_tables(connection: &Connection, found: &mut Remarks) {
    let tables = match tables(connection) {
        Ok(tables) => tables,
        Err(error) => return found.damage(format!("the database is damaged: {error}")),
    };
    for table in tables {
        let sql = format!("PRAGMA integrity_check('{}')", table.replace('\'', "''"));
        match complaints(connection, &sql) {
            Ok(complaints) => damage(complaints, found),
            Err(error) if is_foreign(&error) => {
                found.note(format!("table {table} could not be checked: {error}"));
            }
            Err(error) => found.damage(format!("table {table} is damaged: {error}")),
        }
    }
}

/// Tables with rows of their own. Virtual tables have none: their shadow tables are in the list.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name";
    connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn complaints(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?.take(MOST_COMPLAINTS);
    rows.filter(|row| !matches!(row, Ok(text) if text == "ok")).collect()
}

fn damage(complaints: Vec<String>, found: &mut Remarks) {
    for complaint in complaints {
        let complaint = complaint.replace('\n', " ");
        if is_foreign_text(&complaint) {
            found.note(format!("a part could not be checked: {complaint}"));
        } else {
            found.damage(format!("the database is damaged: {complaint}"));
        }
    }
}

fn is_foreign(error: &rusqlite::Error) -> bool {
    is_foreign_text(&error.to_string())
}

/// Whether SQLite lacks something that only Apple's programs bring along.
fn is_foreign_text(text: &str) -> bool {
    [
        "no such collation",
        "no such function",
        "no such module",
        "no such tokenizer",
        "unknown tokenizer",
        "unsafe use of",
    ]
    .iter()
    .any(|lack| text.contains(lack))
}
