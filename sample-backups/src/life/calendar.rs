//! Calendars: `Calendar.sqlitedb`.

use rusqlite::Connection;

use super::Moment;
use super::people::ANNA;
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::seed::Seed;

const IOS_6: &str = include_str!("../../schema/calendar-ios6.sql");
const IOS_9: &str = include_str!("../../schema/calendar-ios9.sql");
const MODERN: &str = include_str!("../../schema/calendar-modern.sql");

/// Summary, start, end, zone (`_float` for whole days), what it says, status (0 none, 1 confirmed, 3 cancelled).
const STORY: [(&str, &str, &str, &str, &str, i64); 5] = [
    ("Coffee with Anna", "2012-03-10T10:00:00Z", "2012-03-10T11:00:00Z", "Europe/Oslo", "", 1),
    ("Midsummer", "2013-06-21T00:00:00Z", "2013-06-21T23:59:59Z", "_float", "", 0),
    ("Lisbon!", "2019-05-10T00:00:00Z", "2019-05-20T23:59:59Z", "_float", "Flights; hotel,\nand \"Fado\"", 1),
    ("Swimming", "2022-01-04T17:30:00Z", "2022-01-04T18:30:00Z", "Europe/Oslo", "Bring goggles", 0),
    ("Dentist", "2024-11-19T08:00:00Z", "2024-11-19T08:30:00Z", "Europe/Oslo", "", 3),
];

/// Adds the database.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let schema = match backup.era() {
        Era::Ios5 | Era::Ios7 => IOS_6,
        Era::Ios9 | Era::Ios10_1 => IOS_9,
        Era::Ios15 | Era::Ios18 | Era::Ios26 => MODERN,
    };
    let (now, seed) = (backup.now(), backup.seed().clone());
    let database = database::build(schema, |db| {
        insert_known(
            db,
            "Store",
            &[("name", &"Default"), ("type", &0), ("disabled", &0), ("persistent_id", &"local")],
        )?;
        for (title, color) in [("Home", "#1BADF8FF"), ("Work & <play>", "#FF2968FF")] {
            insert_known(
                db,
                "Calendar",
                &[("store_id", &1), ("title", &title), ("color", &color), ("UUID", &seed.uuid(title))],
            )?;
        }
        for event in &STORY {
            // Calendars know the future, as far as somebody planned it: three weeks.
            if Moment::at(event.1)?.unix() <= now + 21 * 86_400 {
                add_event(db, event, &seed)?;
            }
        }
        Ok(())
    })?;
    backup.file("HomeDomain", "Library/Calendar/Calendar.sqlitedb", database);
    Ok(())
}

fn add_event(db: &Connection, event: &(&str, &str, &str, &str, &str, i64), seed: &Seed) -> Result<()> {
    let (summary, start, end, zone, description, status) = *event;
    let is_weekly = summary == "Swimming";
    let id = insert_known(
        db,
        "CalendarItem",
        &[
            ("summary", &summary),
            ("description", &(!description.is_empty()).then_some(description)),
            ("start_date", &Moment::at(start)?.apple()),
            ("start_tz", &zone),
            ("end_date", &Moment::at(end)?.apple()),
            ("end_tz", &zone),
            ("all_day", &i64::from(zone == "_float")),
            ("calendar_id", if is_weekly { &2 } else { &1 }),
            ("orig_item_id", &0),
            ("status", &status),
            ("has_recurrences", &i64::from(is_weekly)),
            ("has_attendees", &i64::from(summary == "Lisbon!")),
            ("unique_identifier", &seed.uuid(summary)),
            ("UUID", &seed.uuid(summary)),
            ("entity_type", &2),
            ("creation_date", &Moment::at(start)?.later(-604_800).apple()),
        ],
    )?;
    match summary {
        "Swimming" => recurrence(db, id),
        "Lisbon!" => guest_and_place(db, id),
        "Coffee with Anna" => {
            insert_known(db, "Alarm", &[("trigger_interval", &-900), ("type", &0), ("calendaritem_owner_id", &id)])?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Every Tuesday and Thursday, but not on one of them.
fn recurrence(db: &Connection, id: i64) -> Result<()> {
    let row: [(&str, &dyn rusqlite::ToSql); 6] = [
        ("frequency", &2),
        ("interval", &1),
        ("week_start", &1),
        ("count", &0),
        ("specifier", &"D=0TU,0TH"),
        ("owner_id", &id),
    ];
    insert(db, "Recurrence", &row)?;
    let exception = Moment::at("2022-01-18T17:30:00Z")?.apple();
    insert(db, "ExceptionDate", &[("owner_id", &id), ("date", &exception)])?;
    Ok(())
}

fn guest_and_place(db: &Connection, id: i64) -> Result<()> {
    let identity = insert_known(
        db,
        "Identity",
        &[("display_name", &ANNA.name()), ("address", &format!("mailto:{}", ANNA.email))],
    )?;
    insert_known(
        db,
        "Participant",
        &[
            ("entity_type", &7),
            ("status", &1),
            ("role", &1),
            ("identity_id", &identity),
            ("owner_id", &id),
            ("email", &ANNA.email),
        ],
    )?;
    let place = insert_known(
        db,
        "Location",
        &[("title", &"Alfama, Lisboa"), ("latitude", &38.7119), ("longitude", &-9.1303), ("item_owner_id", &id)],
    )?;
    db.execute("UPDATE CalendarItem SET location_id = ? WHERE ROWID = ?", [place, id])?;
    Ok(())
}
