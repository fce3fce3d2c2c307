//! The check of a database by its pages beside SQLite's own. What SQLite finds is found; and a database that SQLite made,
//! by any list of changes, is complete.

use std::io::Write;

use corer::backup::database::StoredDatabase;
use corer_schemas::Database;
use corer_schemas::formats::sqlite::check::{Plan, complaints};
use rusqlite::types::Value;
use rusqlite::{Connection, MAIN_DB, params};

use crate::databases::stored;

/// The first byte says which of both.
pub fn run(bytes: &[u8]) {
    match bytes.split_first() {
        Some((b'S', database)) => compare(&stored(database.to_vec(), None)),
        Some((_, changes)) => {
            if let Ok(database) = made(changes) {
                let found = by_pages(&stored(database, None));
                assert!(found.as_ref().is_none_or(Vec::is_empty), "{found:?} in what SQLite made");
            }
        }
        None => {}
    }
}

fn compare(database: &StoredDatabase) {
    let Some(found) = by_pages(database) else { return };
    let Ok(connection) = database.connect() else { return };
    let said = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0));
    let is_whole = matches!(&said, Ok(said) if said == "ok");
    assert!(is_whole || !found.is_empty(), "SQLite says {said:?}");
}

/// What is wrong; `None` where it is left to SQLite.
fn by_pages(database: &StoredDatabase) -> Option<Vec<String>> {
    let connection = database.connect().ok()?;
    let plan = match Plan::of(&connection) {
        Ok(plan) => plan?,
        Err(error) => return Some(vec![error.to_string()]),
    };
    complaints(&plan, &mut *database.pages()?, 20)
}

/// A database of tables like those of a manifest, changed as the bytes say.
fn made(changes: &[u8]) -> rusqlite::Result<Vec<u8>> {
    let mut connection = Connection::open_in_memory()?;
    let size = 512_u32 << (changes.first().copied().unwrap_or(0) & 3);
    connection.pragma_update(None, "page_size", size)?;
    connection.execute_batch(
        "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, path TEXT, flags INTEGER, file BLOB);
         CREATE INDEX d ON Files(domain); CREATE INDEX f ON Files(flags DESC, path);
         CREATE TABLE n (id INTEGER PRIMARY KEY, r REAL UNIQUE, v NOT NULL DEFAULT 1, w, x NUMERIC);
         CREATE INDEX w ON n(w, v DESC); CREATE INDEX x ON n(x)",
    )?;
    for change in changes.get(1..).unwrap_or_default().chunks_exact(4) {
        // A change that is against the rules of a table is none.
        let _ = change_by(&connection, [change[0], change[1], change[2], change[3]]);
    }
    Ok(connection.serialize(MAIN_DB)?.to_vec())
}

fn change_by(connection: &Connection, [kind, a, b, c]: [u8; 4]) -> rusqlite::Result<()> {
    let (number, length) = (i64::from(a) - 100, usize::from(b) * usize::from(c));
    let mut text = Vec::new();
    let _ = write!(text, "{number}/{b}");
    text.resize(text.len() + length % 2_000, c);
    match kind % 10 {
        0..=2 => {
            let sql = "INSERT INTO Files VALUES (?1, ?2, CAST(?3 AS TEXT), ?4, ?3)";
            connection.execute(sql, params![format!("{a:02x}{b:02x}"), b % 5, text, number])
        }
        3 => connection.execute("DELETE FROM Files WHERE flags % 7 = ?1", [a % 7]),
        4 => connection.execute("UPDATE Files SET file = ?1 WHERE flags % 11 = ?2", params![text, a % 11]),
        5 => connection.execute("UPDATE Files SET domain = NULL WHERE flags < ?1", [number]),
        6 => connection.execute(
            "INSERT OR REPLACE INTO n (id, r, v, w, x) VALUES (?1, ?2, ?3, ?4, ?4)",
            params![number, f64::from(b) / 4.0, if c % 2 == 0 { text } else { vec![c] }, value(b, c)],
        ),
        7 => connection.execute("DELETE FROM n WHERE id BETWEEN ?1 AND ?1 + ?2", [number, i64::from(b)]),
        8 => connection.execute_batch("DROP INDEX IF EXISTS d; CREATE INDEX d ON Files(domain, path)").map(|()| 0),
        _ => connection.execute_batch(if a % 8 == 0 { "VACUUM" } else { "ALTER TABLE n ADD COLUMN y" }).map(|()| 0),
    }?;
    Ok(())
}

/// Values at the edges of their kinds, where numbers of both kinds are the same or nearly so.
fn value(kind: u8, number: u8) -> Value {
    let (whole, broken) = (i64::from(number), f64::from(number));
    match kind % 12 {
        0 => Value::Null,
        1 => Value::Real(-0.0),
        2 => Value::Real(broken / 4.0 - 1.0),
        3 => Value::Integer(whole - 8),
        4 => Value::Integer((1 << 53) + whole),
        5 => Value::Real(9_007_199_254_740_992.0 + broken),
        6 => Value::Integer(i64::MIN + whole),
        7 => Value::Real(-9_223_372_036_854_775_808.0 + broken * 1024.0),
        8 => Value::Integer(i64::MAX - whole),
        9 => Value::Real(if number % 2 == 0 { 9_223_372_036_854_775_807.0 } else { f64::INFINITY }),
        10 => Value::Text(number.to_string()),
        _ => Value::Blob(vec![number; usize::from(number % 4)]),
    }
}
