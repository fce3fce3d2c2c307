//! The structure of databases, with their log applied.
//!
//! Apple's databases use collations, functions and tokenizers that only their own programs have. SQLite then refuses to
//! check; each table is checked by itself instead, and what cannot be is noted.

use rusqlite::Connection;

use super::{FileFindings, Finding};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::Record;
use crate::backup::stored::Backup;

/// What SQLite says at the most about one database.
const MOST_COMPLAINTS: usize = 20;

/// Checks a file that begins as a database.
pub(super) fn check(backup: &Backup, record: Record<'_>, bytes: &dyn ReadAt, found: &mut FileFindings) {
    let mut start = [0; 16];
    if bytes.read_at(0, &mut start).is_err() || start != *b"SQLite format 3\0" {
        return;
    }
    found.is_database = true;
    let connection = backup.open_database(record.domain(), record.path()).and_then(|database| database.connect());
    match connection {
        Ok(connection) => check_whole(&connection, &record.name(), found),
        Err(error) => found.damage.push(Finding::new(record.name(), error)),
    }
}

fn check_whole(connection: &Connection, name: &str, found: &mut FileFindings) {
    let whole = complaints(connection, &format!("PRAGMA integrity_check({MOST_COMPLAINTS})"));
    match whole {
        Ok(complaints) => damage(name, complaints, found),
        Err(error) if is_foreign(&error) => check_tables(connection, name, found),
        Err(error) => found.damage.push(Finding::new(name, format!("the database is damaged: {error}"))),
    }
}

fn check_tables(connection: &Connection, name: &str, found: &mut FileFindings) {
    let tables = match tables(connection) {
        Ok(tables) => tables,
        Err(error) => return found.damage.push(Finding::new(name, format!("the database is damaged: {error}"))),
    };
    for table in tables {
        let sql = format!("PRAGMA integrity_check('{}')", table.replace('\'', "''"));
        match complaints(connection, &sql) {
            Ok(complaints) => damage(name, complaints, found),
            Err(error) if is_foreign(&error) => {
                found.notes.push(Finding::new(name, format!("table {table} could not be checked: {error}")));
            }
            Err(error) => found.damage.push(Finding::new(name, format!("table {table} is damaged: {error}"))),
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

fn damage(name: &str, complaints: Vec<String>, found: &mut FileFindings) {
    for complaint in complaints {
        let complaint = complaint.replace('\n', " ");
        if is_foreign_text(&complaint) {
            found.notes.push(Finding::new(name, format!("a part could not be checked: {complaint}")));
        } else {
            found.damage.push(Finding::new(name, format!("the database is damaged: {complaint}")));
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
