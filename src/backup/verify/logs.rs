//! Whether the write-ahead log of a database is complete.
//!
//! SQLite reads a log up to the first frame that does not fit and says nothing of what comes behind. That is right for
//! what an earlier round of the log left there, whose frames have other salts; a frame of this round that does not fit
//! was damaged, and with it everything from there on is lost.

use super::FileFindings;
use crate::backup::bytes::ReadAt;
use crate::backup::database::Scan;
use crate::backup::database::integrity;
use crate::backup::manifest::Record;
use crate::backup::stored::Stored;

const TORN: &str = "it is torn: what was written last to its database cannot be read";
const HEADLESS: &str = "its beginning is damaged: what was written last to its database cannot be read";

/// Checks a file that is the log of a database by its name and by what it belongs to.
pub(super) fn check(backup: &Stored, record: Record<'_>, bytes: &dyn ReadAt, found: &mut FileFindings) {
    let Some(main) = record.path().strip_suffix("-wal").filter(|_| bytes.size() > 0) else { return };
    if !begins_as_log(bytes) {
        // Other programs have files of this name, too.
        if is_database(backup, record.domain(), main) {
            found.remarks.damage(HEADLESS);
        }
        return;
    }
    if let Some(why) = torn(bytes) {
        found.remarks.damage(why);
    }
}

/// Whether a file begins as the log of a database.
pub(super) fn begins_as_log(bytes: &dyn ReadAt) -> bool {
    let mut magic = [0; 4];
    bytes.read_at(0, &mut magic).is_ok() && matches!(u32::from_be_bytes(magic), 0x377f_0682 | 0x377f_0683)
}

/// What is wrong with a log.
pub(super) fn torn(bytes: &dyn ReadAt) -> Option<&'static str> {
    match Scan::of(bytes) {
        Ok(Scan::Headless) => Some(HEADLESS),
        Ok(Scan::Torn) => Some(TORN),
        // What cannot be read was told when the file was read.
        Ok(Scan::Whole) | Err(_) => None,
    }
}

fn is_database(backup: &Stored, domain: &str, path: &str) -> bool {
    let catalog = backup.catalog();
    let main = catalog.find(domain, path).and_then(|number| catalog.record(number));
    let content = main.and_then(|main| backup.content(main).ok());
    content.is_some_and(|content| integrity::is_database(content.bytes.as_ref()))
}
