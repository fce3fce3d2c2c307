//! Reminders: one store per account.

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;

const SCHEMA: &str = include_str!("../../schema/reminders.sql");

/// List, title, notes, due, completed, priority (0, 1 high, 5, 9 low), row of the parent (0: none).
type Reminder = (i64, &'static str, &'static str, Option<&'static str>, Option<&'static str>, i64, i64);

const STORY: [Reminder; 4] = [
    (1, "Renew passport", "Photo: 35 \u{d7} 45 mm", Some("2024-12-01T08:00:00Z"), None, 1, 0),
    (1, "Buy rye flour", "", None, Some("2024-10-30T17:00:00Z"), 0, 0),
    (2, "Pack", "", Some("2019-05-10T06:00:00Z"), Some("2019-05-09T21:00:00Z"), 0, 0),
    (2, "\u{21b3} sun hat", "", None, None, 9, 3),
];

/// Adds the store.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if backup.era() < Era::Ios18 {
        return Ok(());
    }
    let seed = backup.seed().clone();
    let database = database::build(SCHEMA, |db| {
        database::entities(db, &[(2, "REMCDBaseList"), (81, "REMCDReminder"), (86, "REMCDList")])?;
        for name in ["Reminders", "Lisbon \u{1f1f5}\u{1f1f9}"] {
            let id: [u8; 16] = seed.bytes(&format!("list {name}"));
            insert(db, "ZREMCDBASELIST", &[("Z_ENT", &86), ("Z_OPT", &1), ("ZIDENTIFIER", &id), ("ZNAME", &name)])?;
        }
        for (list, title, notes, due, done, priority, parent) in STORY {
            let seconds = |at: Option<&str>| at.map(|at| Moment::at(at).map(Moment::apple)).transpose();
            let (due, done) = (seconds(due)?, seconds(done)?);
            insert(
                db,
                "ZREMCDREMINDER",
                &[
                    ("Z_ENT", &81),
                    ("Z_OPT", &1),
                    ("ZIDENTIFIER", &seed.bytes::<16>(&format!("reminder {title}"))),
                    ("ZTITLE", &title),
                    ("ZNOTES", &(!notes.is_empty()).then_some(notes)),
                    ("ZCOMPLETED", &i64::from(done.is_some())),
                    ("ZCOMPLETIONDATE", &done),
                    ("ZFLAGGED", &0),
                    ("ZPRIORITY", &priority),
                    ("ZALLDAY", &0),
                    ("ZCREATIONDATE", &Moment::at("2019-04-01T12:00:00Z")?.apple()),
                    ("ZDUEDATE", &due),
                    ("ZMARKEDFORDELETION", &0),
                    ("ZPARENTREMINDER", &(parent != 0).then_some(parent)),
                    ("ZLIST", &list),
                ],
            )?;
        }
        Ok(())
    })?;
    let path = format!("Container_v1/Stores/Data-{}.sqlite", seed.uuid("reminders"));
    backup.file("AppDomainGroup-group.com.apple.reminders", &path, database);
    Ok(())
}
