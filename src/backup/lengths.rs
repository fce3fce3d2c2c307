//! Whether a payload is long enough, and ends as it should.
//!
//! The recorded size is advisory: databases are longer when the device wrote to them meanwhile, and shorter when it
//! compacted them for the copy. So a payload below its recorded size is damaged only where nothing else vouches for
//! it: neither the padding, which a cut would have destroyed, nor the page count of a database.
//!
//! A device always pads what it encrypts. An encrypted payload without right padding is damaged, with two exceptions: it
//! is exactly as long as its record says and fills its last block, so that some program left the padding out; or it is a
//! database with all of its pages that SQLite finds in order.

use std::io;
use std::sync::Arc;

use super::bytes::ReadAt;
use super::database::integrity;
use super::manifest::Record;
use super::payload::Ending;
use super::remarks::Remarks;
use super::stored::{Content, Stored, Unopened, absence_without_payload};

/// The block size of the cipher.
const BLOCK: u64 = 16;

const NO_END: &str = "its end does not decrypt to what an end must be: it is damaged";

/// Asks for the length of the payload, and opens only the ones that are too short for their record.
pub fn quick(backup: &Stored, record: Record<'_>, found: &mut Remarks) -> Result<(), Unopened> {
    let facts = record.facts();
    let stored = backup.payloads().look_for(facts.file_id).map_err(Unopened::System)?;
    let stored = stored.ok_or_else(|| Unopened::Absent(absence_without_payload(&facts)))?;
    let is_encrypted = backup.class_keys().is_some() && facts.key.is_some();
    let padding = if is_encrypted && stored > 0 { 1 } else { 0 };
    let is_long_enough = facts.size.is_none_or(|size| stored >= size.saturating_add(padding));
    if !is_long_enough || (is_encrypted && !stored.is_multiple_of(BLOCK)) {
        judge(backup, record, &backup.content_through(record, |stored| stored)?, found);
    }
    Ok(())
}

/// Judges the length and the padding of a file that was opened.
pub fn judge(backup: &Stored, record: Record<'_>, content: &Content, found: &mut Remarks) {
    let size = content.bytes.size();
    let recorded = record.facts().size;
    let wanted = recorded.unwrap_or(0);
    let has_all_pages =
        content.ending == Ending::WithoutPadding && pages_of_database(content.bytes.as_ref()) == Some(size);
    let is_short = || size < wanted && pages_of_database(content.bytes.as_ref()).is_none_or(|pages| size < pages);
    match content.ending {
        Ending::CutOff => found.damage("its end is missing: it was cut off, or something was added to it"),
        Ending::WithoutPadding if recorded == Some(size) && size.is_multiple_of(BLOCK) => {
            found.note("it ends without the usual padding, and is exactly as long as recorded");
        }
        Ending::WithoutPadding if has_all_pages => match is_sound(backup, record, &content.bytes) {
            Ok(true) => found.note("it ends without the usual padding, and is a database that has all of its pages"),
            Ok(false) => found.damage(NO_END),
            Err(error) => found.system(&error),
        },
        Ending::WithoutPadding if is_short() => {
            found.damage(format!("its end is missing or damaged: {size} bytes of {wanted} are there"));
        }
        Ending::WithoutPadding => found.damage(NO_END),
        Ending::Padded | Ending::Plain if !is_short() => {}
        // An empty payload has no padding that could vouch for it.
        Ending::Padded if size > 0 => {
            found.note(format!("it is shorter than recorded ({size} bytes of {wanted}), and still complete"));
        }
        Ending::Padded | Ending::Plain => {
            found.damage(format!("its end is missing: {size} bytes of {wanted} are there"));
        }
    }
}

/// What is wrong with the length or the ending of a file that was opened, in words; `None` when nothing is.
pub fn damage_of(backup: &Stored, record: Record<'_>, content: &Content) -> Option<String> {
    let mut found = Remarks::default();
    judge(backup, record, content, &mut found);
    found.damage.pop()
}

/// Whether SQLite finds nothing wrong with a database, its log applied.
///
/// # Errors
/// When its log could not be looked at.
pub fn is_sound(backup: &Stored, record: Record<'_>, bytes: &Arc<dyn ReadAt>) -> io::Result<bool> {
    let mut found = Remarks::default();
    integrity::check(backup.database_image(record, bytes)?, &mut found);
    Ok(found.damage.is_empty())
}

/// How many bytes the pages of a database have, by its header: page size at byte 16, page count at byte 28.
fn pages_of_database(bytes: &dyn ReadAt) -> Option<u64> {
    let mut header = [0; 32];
    if !matches!(bytes.read_at(0, &mut header), Ok(32)) || !header.starts_with(b"SQLite format 3\0") {
        return None;
    }
    let number = |at: std::ops::Range<usize>| {
        header.get(at).unwrap_or_default().iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let page_size = match number(16..18) {
        1 => 65_536,
        size => size,
    };
    page_size.checked_mul(number(28..32)).filter(|size| *size > 0)
}
