//! Databases: whether what is named as one begins as one, and whether their structure is in order.

use std::sync::Arc;

use corer_schemas::kinds::KINDS;

use super::FileFindings;
use crate::backup::bytes::ReadAt;
use crate::backup::database::integrity::{self, is_database};
use crate::backup::manifest::Record;
use crate::backup::stored::Stored;

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
pub(super) fn check_name(backup: &Stored, record: Record<'_>, bytes: &Arc<dyn ReadAt>, found: &mut FileFindings) {
    let is_sent_so = found.digest.is_some_and(|digest| digest.is_proof());
    let impostor = impostor(record, bytes.as_ref()).filter(|_| !is_restored(backup, record, bytes));
    match impostor {
        Some(Impostor::Damaged) if !is_sent_so || is_of_kind(record.domain(), record.path()) => {
            found.remarks.damage(NO_DATABASE);
        }
        Some(_) => found.remarks.note(NO_DATABASE),
        None => {}
    }
}

/// Whether what a file was is lost, told by its name, its beginning, and what lies beside it.
pub(super) fn is_lost(backup: &Stored, record: Record<'_>, bytes: &Arc<dyn ReadAt>) -> Option<String> {
    let is_lost = impostor(record, bytes.as_ref()) == Some(Impostor::Damaged) && !is_restored(backup, record, bytes);
    is_lost.then(|| NO_DATABASE.to_owned())
}

/// Whether a file that does not begin as a database is one with its journal or its log, which hold its first page: they
/// are complete together.
fn is_restored(backup: &Stored, record: Record<'_>, bytes: &Arc<dyn ReadAt>) -> bool {
    backup.database_image(record, bytes).is_ok_and(integrity::is_restored)
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
pub(super) fn check(backup: &Stored, record: Record<'_>, bytes: &Arc<dyn ReadAt>, found: &mut FileFindings) {
    let is_named = || is_named_as_database(record.path()) && bytes.size() > 0;
    let is_one = is_database(bytes.as_ref()) || is_named() && is_restored(backup, record, bytes);
    if !is_one {
        return;
    }
    found.is_database = true;
    match backup.database_image(record, bytes) {
        Ok(image) => integrity::check(image, &mut found.remarks),
        Err(error) => found.remarks.system(&error),
    }
}
