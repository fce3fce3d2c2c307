//! Safari: bookmarks and reading list in every backup, history since iOS 13 only in encrypted ones.

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::mbfile::to_binary;
use crate::plists::{date, dictionary, text};

const BOOKMARKS: &str = include_str!("../../schema/bookmarks.sql");
const HISTORY_9: &str = include_str!("../../schema/safari-history-ios9.sql");
const HISTORY: &str = include_str!("../../schema/safari-history.sql");

const VISITS: [(&str, &str, &str); 4] = [
    ("2016-07-01T10:00:00Z", "https://example.com/tides", "Tides"),
    ("2016-07-02T10:00:00Z", "https://example.com/tides", "Tides, updated"),
    ("2019-04-02T20:00:00Z", "https://example.org/lisboa?q=%22fado%22&lang=pt", "Fado & \"friends\" <Lisboa>"),
    ("2024-11-01T09:00:00Z", "https://xn--bcher-kva.example/", "B\u{fc}cher"),
];

/// Special folder, parent row, kind (0 bookmark, 1 folder), title, address.
const MARKS: [(i64, i64, i64, &str, &str); 7] = [
    (0, 0, 1, "Root", ""),
    (1, 0, 1, "BookmarksBar", ""),
    (0, 0, 1, "BookmarksMenu", ""),
    (3, 0, 1, "com.apple.ReadingList", ""),
    (0, 1, 0, "Tides", "https://example.com/tides"),
    (0, 2, 0, "<i>Odd</i> & \"title\"", "https://example.com/?a=1&b=2"),
    (0, 3, 0, "A long read", "https://example.org/long"),
];

/// Adds bookmarks, and the history where this backup holds it.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    backup.file("HomeDomain", "Library/Safari/Bookmarks.db", bookmarks(backup)?);
    if backup.era() > Era::Ios5 && backup.holds_secrets() {
        backup.file("HomeDomain", "Library/Safari/History.db", history(backup)?);
    }
    Ok(())
}

fn bookmarks(backup: &BackupBuilder) -> Result<Vec<u8>> {
    database::build(BOOKMARKS, |db| {
        for (row, (special, parent, kind, title, address)) in (0i64..).zip(MARKS) {
            let extra = to_binary(&dictionary([(
                "com.apple.ReadingList",
                dictionary([
                    ("DateAdded", date("2012-04-01T08:00:00Z")?),
                    ("PreviewText", text("It was a dark and stormy night")),
                ]),
            )]))?;
            insert(
                db,
                "bookmarks",
                &[
                    ("id", &row),
                    ("special_id", &special),
                    ("parent", &(row != 0).then_some(parent)),
                    ("type", &kind),
                    ("title", &title),
                    ("url", &address),
                    ("order_index", &row),
                    ("external_uuid", &backup.seed().uuid(title)),
                    ("extra_attributes", &(parent == 3).then_some(extra)),
                ],
            )?;
        }
        Ok(())
    })
}

fn history(backup: &BackupBuilder) -> Result<Vec<u8>> {
    let schema = if backup.era() >= Era::Ios18 { HISTORY } else { HISTORY_9 };
    database::build(schema, |db| {
        let mut addresses: Vec<&str> = Vec::new();
        for (at, address, title) in VISITS {
            let at = Moment::at(at)?;
            if at.unix() > backup.now() {
                continue;
            }
            if !addresses.contains(&address) {
                addresses.push(address);
                insert_known(
                    db,
                    "history_items",
                    &[
                        ("url", &address),
                        ("visit_count", &(VISITS.iter().filter(|visit| visit.1 == address).count() as i64)),
                        ("daily_visit_counts", &[0u8; 4].as_slice()),
                        ("should_recompute_derived_visit_counts", &0),
                        ("visit_count_score", &100),
                    ],
                )?;
            }
            let item = addresses.iter().position(|known| *known == address).map_or(0, |place| place as i64 + 1);
            insert_known(
                db,
                "history_visits",
                &[("history_item", &item), ("visit_time", &at.apple()), ("title", &title), ("origin", &0)],
            )?;
        }
        Ok(())
    })
}
