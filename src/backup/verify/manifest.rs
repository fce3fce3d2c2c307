//! Whether `Manifest.db` is complete: every page, and every index beside its table.
//!
//! Its rows can be read while an index is damaged; who looks up a file by its name then finds nothing, as a restore does.

use corer_schemas::formats::sqlite::check::{Plan, complaints};
use corer_schemas::source::Database;
use rusqlite::Connection;

use super::{Finding, Level, Verification};
use crate::backup::database::integrity::check_whole;
use crate::backup::remarks::Remarks;
use crate::backup::stored::Stored;

/// What is said at most.
const MOST_COMPLAINTS: usize = 20;

/// Checks the manifest where it is a database: by its pages alone, which is quick, or as SQLite does it.
pub(super) fn check(backup: &Stored, level: Level, result: &mut Verification) {
    let Some(database) = backup.manifest_database() else { return };
    let mut found = Remarks::default();
    match database.connect() {
        Ok(connection) => {
            if level != Level::Quick || !by_pages(database, &connection, &mut found) {
                check_whole(&connection, &mut found);
            }
        }
        Err(error) => found.damage(error.to_string()),
    }
    let finding = |why| Finding::of_manifest("Manifest.db", why);
    result.damage.extend(found.damage.into_iter().map(finding));
    result.notes.extend(found.notes.into_iter().map(finding));
}

/// Says whether that could be done.
fn by_pages(database: &dyn Database, connection: &Connection, found: &mut Remarks) -> bool {
    let plan = match Plan::of(connection) {
        Ok(Some(plan)) => plan,
        Ok(None) => return false,
        Err(error) => {
            found.damage(format!("the database is damaged: {error}"));
            return true;
        }
    };
    let complaints = database.pages().and_then(|mut pages| complaints(&plan, pages.as_mut(), MOST_COMPLAINTS));
    let is_done = complaints.is_some();
    for complaint in complaints.unwrap_or_default() {
        found.damage(format!("the database is damaged: {complaint}"));
    }
    is_done
}
