//! Real photo libraries, laid out as the backup of an iPhone: the database of somebody's computer with the directories
//! that a phone would name, and a small picture of our own for each file.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::media;

const DOMAIN: &str = "CameraRollDomain";

/// How many assets a directory of `DCIM` holds here.
const IN_DIRECTORY: usize = 10;

/// One row of the library.
struct Row {
    id: i64,
    name: String,
    is_video: bool,
    is_live: bool,
    is_edited: bool,
}

/// Puts the library `database` (with the log beside it) and files for its assets into a new backup.
///
/// # Errors
/// Passes on errors of the file system and of SQLite, also where the database has no table of assets.
pub fn backup(database: &Path) -> Result<BackupBuilder> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("Photos.sqlite");
    std::fs::copy(database, &copy)?;
    let log = database.with_file_name("Photos.sqlite-wal");
    if log.exists() {
        std::fs::copy(log, folder.path().join("Photos.sqlite-wal"))?;
    }
    let rows = move_to_phone(&copy)?;
    let mut backup = BackupBuilder::new(Era::Ios18, "library");
    backup.file(DOMAIN, "Media/PhotoData/Photos.sqlite", std::fs::read(&copy)?);
    for (at, row) in rows.iter().enumerate() {
        add_files(&mut backup, &directory(at), row)?;
    }
    Ok(backup)
}

fn directory(at: usize) -> String {
    format!("DCIM/{}APPLE", 100 + at / IN_DIRECTORY)
}

/// Writes the directories of a phone into the rows, and the log into the database. The triggers that Core Data leaves
/// behind call functions that only its own programs have.
fn move_to_phone(database: &Path) -> Result<Vec<Row>> {
    let connection = Connection::open(database)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let has = |sql: &str| connection.prepare(sql).is_ok();
    let table = if has("SELECT Z_PK FROM ZASSET") { "ZASSET" } else { "ZGENERICASSET" };
    let edited = format!("SELECT ZADJUSTMENTSSTATE FROM {table}");
    let edited = if has(&edited) { "ZADJUSTMENTSSTATE" } else { "ZHASADJUSTMENTS" };
    let sql = format!(
        "SELECT Z_PK, ZFILENAME, ZKIND = 1, ZKINDSUBTYPE = 2, {edited} <> 0 FROM {table} ORDER BY ZDATECREATED, Z_PK"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], |row| {
        let is = |column| row.get::<_, Option<bool>>(column).map(Option::unwrap_or_default);
        Ok(Row { id: row.get(0)?, name: row.get(1)?, is_video: is(2)?, is_live: is(3)?, is_edited: is(4)? })
    })?;
    let rows: Vec<Row> = rows.collect::<rusqlite::Result<_>>()?;
    drop(statement);
    for (at, row) in rows.iter().enumerate() {
        connection.execute(&format!("UPDATE {table} SET ZDIRECTORY = ? WHERE Z_PK = ?"), (directory(at), row.id))?;
    }
    connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(rows)
}

fn add_files(backup: &mut BackupBuilder, directory: &str, row: &Row) -> Result<()> {
    let stem = row.name.rsplit_once('.').map_or(row.name.as_str(), |(stem, _)| stem);
    let content = if row.is_video { media::mov(1000) } else { media::jpeg(&row.name, 16, 12)? };
    backup.file(DOMAIN, &format!("Media/{directory}/{}", row.name), content);
    if row.is_live {
        backup.file(DOMAIN, &format!("Media/{directory}/{stem}.MOV"), media::mov(1500));
    }
    if row.is_edited {
        let place = format!("Media/PhotoData/Mutations/{directory}/{stem}/Adjustments");
        let (name, edited) = match row.is_video {
            true => ("FullSizeRender.mov", media::mov(900)),
            false => ("FullSizeRender.jpg", media::jpeg("edited", 12, 16)?),
        };
        backup.file(DOMAIN, &format!("{place}/{name}"), edited);
    }
    Ok(())
}
