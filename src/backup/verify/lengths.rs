//! Whether a payload is long enough.
//!
//! The recorded size is advisory: databases are longer when the device wrote to them meanwhile, and shorter when it
//! compacted them for the copy. So a payload below its recorded size is damaged only where nothing else vouches for
//! it: neither the padding, which a cut would have destroyed, nor the page count of a database.

use corer_schemas::source::{Absence, SourceError};

use super::{FileFindings, Finding};
use crate::backup::bytes::ReadAt;
use crate::backup::manifest::Record;
use crate::backup::payload::Ending;
use crate::backup::stored::{Backup, Content};

/// Asks for the length of the payload, and opens only the ones that are too short for their record.
pub(super) fn quick(backup: &Backup, record: Record<'_>, found: &mut FileFindings) -> Result<(), SourceError> {
    let facts = record.facts();
    let Some(stored) = backup.payloads().size_of(facts.file_id) else {
        let why = if facts.is_dataless() { Absence::InCloud } else { Absence::Lost };
        return Err(SourceError::Absent { domain: record.domain().to_owned(), path: record.path().to_owned(), why });
    };
    let is_encrypted = backup.class_keys().is_some() && facts.key.is_some();
    let padding = if is_encrypted && stored > 0 { 1 } else { 0 };
    let is_long_enough = facts.size.is_none_or(|size| stored >= size.saturating_add(padding));
    if !is_long_enough || (is_encrypted && !stored.is_multiple_of(16)) {
        judge(record, &backup.content(record)?, found);
    }
    Ok(())
}

/// Judges the length and the padding of a file that was opened.
pub(super) fn judge(record: Record<'_>, content: &Content, found: &mut FileFindings) {
    let size = content.bytes.size();
    let recorded = record.facts().size.unwrap_or(0);
    let vouched = size >= recorded || is_whole_database(content.bytes.as_ref());
    match content.ending {
        Ending::CutOff => found.damage.push(Finding::new(record.name(), "its end is missing: it was cut off")),
        Ending::WithoutPadding if vouched => {
            found.notes.push(Finding::new(record.name(), "it ends without the usual padding; nothing is lost"));
        }
        Ending::WithoutPadding => {
            let why = format!("its end is missing or damaged: {size} bytes of {recorded} are there");
            found.damage.push(Finding::new(record.name(), why));
        }
        Ending::Padded | Ending::Plain if vouched => {}
        // An empty payload has no padding that could vouch for it.
        Ending::Padded if size > 0 || recorded == 0 => {
            let why = format!("it is shorter than recorded ({size} bytes of {recorded}), and still complete");
            found.notes.push(Finding::new(record.name(), why));
        }
        Ending::Padded | Ending::Plain => {
            let why = format!("its end is missing: {size} bytes of {recorded} are there");
            found.damage.push(Finding::new(record.name(), why));
        }
    }
}

/// Whether this is a database with as many pages as its header says: page size at byte 16, page count at byte 28.
fn is_whole_database(bytes: &dyn ReadAt) -> bool {
    let mut header = [0; 32];
    if !matches!(bytes.read_at(0, &mut header), Ok(32)) || !header.starts_with(b"SQLite format 3\0") {
        return false;
    }
    let number = |at: std::ops::Range<usize>| {
        header.get(at).unwrap_or_default().iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let page_size = match number(16..18) {
        1 => 65_536,
        size => size,
    };
    page_size.checked_mul(number(28..32)).is_some_and(|size| size > 0 && bytes.size() >= size)
}
