//! SQLite databases with the same bytes every time.

use std::path::Path;

use rusqlite::{Connection, ToSql};

use crate::error::Result;
use crate::mbfile::to_binary;
use crate::seed::Seed;

/// Page size of the small samples, the smallest that SQLite has: empty modern schemas have a hundred tables and indexes,
/// each with a page of its own.
pub const SMALL_PAGE: u32 = 512;

/// The version that the header claims to be written by, so that a newer library does not change a byte.
const CLAIMED_SQLITE_VERSION: u32 = 3_043_002;

/// Builds a database in rollback mode from `schema` (CREATE statements) and what `fill` inserts.
///
/// # Errors
/// Passes on errors of SQLite, of the file system and of `fill`.
pub fn build(schema: &str, fill: impl FnOnce(&Connection) -> Result<()>) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("new.db");
    create(&path, SMALL_PAGE, schema, fill)?;
    Ok(std::fs::read(&path)?)
}

/// Builds a database at `path`, which must not exist.
///
/// # Errors
/// Passes on errors of SQLite, of the file system and of `fill`.
pub fn create(path: &Path, page_size: u32, schema: &str, fill: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
    let connection = open(path, page_size)?;
    connection.execute_batch("BEGIN")?;
    connection.execute_batch(schema)?;
    fill(&connection)?;
    connection.execute_batch("COMMIT")?;
    connection.close().map_err(|(_, error)| error)?;
    settle_header(path)
}

/// Opens a new database for writing without regard to crashes, and with the functions that Apple's schemas call.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn open(path: &Path, page_size: u32) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(&format!(
        "PRAGMA page_size={page_size}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; \
         PRAGMA locking_mode=EXCLUSIVE; PRAGMA foreign_keys=OFF;"
    ))?;
    Ok(connection)
}

/// Sets the counters and the version in the header to fixed values.
///
/// # Errors
/// Passes on errors of the file system.
pub fn settle_header(path: &Path) -> Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    let mut put = |offset: u64, value: u32| -> Result<()> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(file.write_all(&value.to_be_bytes())?)
    };
    // The change counter and the counter at which the version was valid must agree.
    put(24, 1)?;
    put(92, 1)?;
    put(96, CLAIMED_SQLITE_VERSION)
}

/// Inserts one row, columns by name, and gives its row number.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn insert(database: &Connection, table: &str, row: &[(&str, &dyn ToSql)]) -> Result<i64> {
    let columns: Vec<String> = row.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let places = vec!["?"; row.len()].join(",");
    let sql = format!("INSERT INTO \"{table}\" ({}) VALUES ({places})", columns.join(","));
    let values: Vec<&dyn ToSql> = row.iter().map(|(_, value)| *value).collect();
    database.prepare_cached(&sql)?.execute(values.as_slice())?;
    Ok(database.last_insert_rowid())
}

/// The columns of a table.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn columns(database: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = database.prepare("SELECT name FROM pragma_table_info(?)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

/// Fills `Z_PRIMARYKEY`, by which Core Data numbers its kinds of objects.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn entities(database: &Connection, names: &[(i64, &str)]) -> Result<()> {
    for (number, name) in names {
        insert(database, "Z_PRIMARYKEY", &[("Z_ENT", number), ("Z_NAME", name), ("Z_SUPER", &0), ("Z_MAX", &0)])?;
    }
    Ok(())
}

/// Inserts one row, without the columns that this era's table does not have.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn insert_known(database: &Connection, table: &str, row: &[(&str, &dyn ToSql)]) -> Result<i64> {
    let known = columns(database, table)?;
    let row: Vec<(&str, &dyn ToSql)> =
        row.iter().filter(|(name, _)| known.iter().any(|column| column == name)).copied().collect();
    insert(database, table, &row)
}

/// Fills `Z_METADATA`, where Core Data notes its model.
///
/// # Errors
/// Passes on errors of SQLite and of the encoder.
pub fn metadata(database: &Connection, seed: &Seed, pairs: Vec<(&str, plist::Value)>) -> Result<()> {
    let pairs: plist::Dictionary = pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let list = to_binary(&plist::Value::Dictionary(pairs))?;
    insert(database, "Z_METADATA", &[("Z_VERSION", &1), ("Z_UUID", &seed.uuid("store")), ("Z_PLIST", &list)])?;
    Ok(())
}
