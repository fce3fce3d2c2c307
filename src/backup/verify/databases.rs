//! The structure of databases, with their log applied.
//!
//! Apple's databases use collations, functions and tokenizers that only their own programs have. SQLite then refuses to
//! check; each table is checked by itself instead, and what cannot be is noted.

use std::io;
use std::sync::Arc;

use corer_schemas::kinds::KINDS;
use rusqlite::Connection;

use super::FileFindings;
use crate::backup::bytes::{ReadAt, is_out_of_reach};
use crate::backup::database::{Image, StoredDatabase};
use crate::backup::manifest::Record;
use crate::backup::stored::{Backup, Unopened};

/// What SQLite says at the most about one database.
const MOST_COMPLAINTS: usize = 20;

/// What files are called that are databases.
const EXTENSIONS: [&str; 5] = ["db", "sqlite", "sqlitedb", "storedata", "sqlite3"];

/// What is said of a file that is called a database, and is none.
const NO_DATABASE: &str = "it is no database, though it is named as one: its content is damaged or something else";

/// What a file is worth that is called a database, and does not begin as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Impostor {
    /// What it held is lost.
    Damaged,
    /// Others call files so too, and apps encrypt their databases as a whole.
    Possible,
}

/// Says of a file that is named as a database whether it begins as one. An empty file is an empty database.
pub(super) fn check_name(record: Record<'_>, bytes: &dyn ReadAt, found: &mut FileFindings) {
    let is_sent_so = found.digest.is_some_and(|digest| digest.is_proof());
    match impostor(record, bytes) {
        Some(Impostor::Damaged) if !is_sent_so || is_of_kind(record.domain(), record.path()) => {
            found.damage(NO_DATABASE);
        }
        Some(_) => found.note(NO_DATABASE),
        None => {}
    }
}

/// Whether what a file was is lost, told by its name and its beginning.
pub(super) fn is_lost(record: Record<'_>, bytes: &dyn ReadAt) -> Option<String> {
    (impostor(record, bytes) == Some(Impostor::Damaged)).then(|| NO_DATABASE.to_owned())
}

fn impostor(record: Record<'_>, bytes: &dyn ReadAt) -> Option<Impostor> {
    if bytes.size() == 0 || !is_named_as_database(record.path()) || is_database(bytes) {
        return None;
    }
    let mut start = [0; 16];
    // What cannot be read was told when the file was read.
    bytes.read_at(0, &mut start).ok()?;
    let is_foreign = record.domain().starts_with("AppDomain") || record.path().starts_with("Library/SMS/Attachments/");
    // No program begins a file of its own with so many zeros.
    let is_damaged = start == [0; 16] || !is_foreign || is_of_kind(record.domain(), record.path());
    Some(if is_damaged { Impostor::Damaged } else { Impostor::Possible })
}

fn is_named_as_database(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

/// Whether a file is what holds a kind of data, or lies in the folder that does.
fn is_of_kind(domain: &str, path: &str) -> bool {
    let places = KINDS.iter().flat_map(|kind| kind.contents).flat_map(|content| content.places);
    places
        .filter(|place| place.0 == domain)
        .any(|place| path.strip_prefix(place.1).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Checks a file that begins as a database.
pub(super) fn check(backup: &Backup, record: Record<'_>, bytes: &Arc<dyn ReadAt>, found: &mut FileFindings) {
    if !is_database(bytes.as_ref()) {
        return;
    }
    found.is_database = true;
    match with_log(backup, record, bytes) {
        Ok(image) => check_image(image, found),
        Err(error) => found.system(&error),
    }
}

fn check_image(image: Image, found: &mut FileFindings) {
    use corer_schemas::source::Database as _;
    match StoredDatabase::new("the database", image).connect() {
        Ok(connection) => check_whole(&connection, found),
        Err(error) => found.damage(format!("it cannot be opened: {error}")),
    }
}

/// Whether a file begins as a database.
pub(super) fn is_database(bytes: &dyn ReadAt) -> bool {
    let mut start = [0; 16];
    bytes.read_at(0, &mut start).is_ok() && start == *b"SQLite format 3\0"
}

/// Whether SQLite finds nothing wrong with a database, its log applied.
///
/// # Errors
/// When its log could not be looked at.
pub(super) fn is_sound(backup: &Backup, record: Record<'_>, bytes: &Arc<dyn ReadAt>) -> io::Result<bool> {
    let mut found = FileFindings::default();
    check_image(with_log(backup, record, bytes)?, &mut found);
    Ok(found.damage.is_empty())
}

/// The database with what lies beside it. What is wrong with that is told of itself, but without a log that is there and
/// nobody could look at, nothing can be said of the database either.
fn with_log(backup: &Backup, record: Record<'_>, bytes: &Arc<dyn ReadAt>) -> io::Result<Image> {
    let beside = |suffix: &str| {
        let number = backup.catalog().find(record.domain(), &format!("{}{suffix}", record.path()));
        let Some(record) = number.and_then(|number| backup.catalog().record(number)) else { return Ok(None) };
        match backup.content_through(record, |stored| stored) {
            Ok(content) => Ok(Some(content.bytes)),
            Err(Unopened::System(error)) if is_out_of_reach(&error) => Err(error),
            Err(_) => Ok(None),
        }
    };
    Ok(Image { main: Arc::clone(bytes), wal: beside("-wal")?, journal: beside("-journal")? })
}

/// Lets SQLite check the whole database.
pub(super) fn check_whole(connection: &Connection, found: &mut FileFindings) {
    let whole = complaints(connection, &format!("PRAGMA integrity_check({MOST_COMPLAINTS})"));
    match whole {
        Ok(complaints) => damage(complaints, found),
        Err(error) if is_foreign(&error) => check_tables(connection, found),
        Err(error) => found.damage(format!("the database is damaged: {error}")),
    }
}

fn check_tables(connection: &Connection, found: &mut FileFindings) {
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

fn damage(complaints: Vec<String>, found: &mut FileFindings) {
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
