//! Voice memos: `CloudRecordings.db` and the recordings beside it.

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::media;

const SCHEMA: &str = include_str!("../../schema/cloudrecordings.sql");

/// When, how long, title, file (`""`: only in iCloud), whether it was deleted.
const STORY: [(&str, u32, &str, &str, bool); 4] = [
    ("2019-05-12T22:04:00Z", 61_500, "Fado in Alfama \u{1f3b6}", "20190512 220400.m4a", false),
    ("2023-02-01T09:00:00Z", 4_000, "CON: meeting / notes", "20230201 090000-1A2B3C4D.m4a", false),
    ("2024-01-15T10:00:00Z", 2_000, "Old idea", "20240115 100000.m4a", true),
    ("2024-06-01T10:00:00Z", 9_000, "Not on this phone", "", false),
];

/// Adds the database and the recordings.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if backup.era() < Era::Ios18 {
        return Ok(());
    }
    let seed = backup.seed().clone();
    let domain = "AppDomainGroup-group.com.apple.VoiceMemos.shared";
    let database = database::build(SCHEMA, |db| {
        for (at, milliseconds, title, file, is_deleted) in STORY {
            let at = Moment::at(at)?;
            insert(
                db,
                "ZCLOUDRECORDING",
                &[
                    ("Z_ENT", &3),
                    ("Z_OPT", &1),
                    ("ZFLAGS", &4),
                    ("ZDATE", &at.apple()),
                    ("ZDURATION", &(f64::from(milliseconds) / 1000.0)),
                    ("ZEVICTIONDATE", &is_deleted.then(|| at.later(86_400).apple())),
                    ("ZCUSTOMLABEL", &at.rfc3339()),
                    ("ZENCRYPTEDTITLE", &title),
                    ("ZPATH", &(!file.is_empty()).then_some(file)),
                    ("ZUNIQUEID", &seed.uuid(title)),
                ],
            )?;
        }
        Ok(())
    })?;
    backup.file(domain, "Recordings/CloudRecordings.db", database);
    for (at, milliseconds, _, file, _) in STORY {
        if !file.is_empty() {
            let at = Moment::at(at)?.unix();
            let sound = media::m4a(milliseconds);
            backup.odd_file(domain, &format!("Recordings/{file}"), sound, |record| record.modified = at);
        }
    }
    Ok(())
}
