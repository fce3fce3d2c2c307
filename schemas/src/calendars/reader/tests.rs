//! Databases of every layout that is known, and what is left of them when columns go.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::calendars::{Calendar, Frequency, Nature, Original, Weekday};
use crate::identity::Identified;
use crate::testing::{Files, copy_database, going_on, shared_data};
use crate::time::AppleTime;

fn read(source: &Files, filter: &Filter) -> (Vec<Event>, Vec<Skipped>) {
    let mut events = Vec::new();
    let skipped = Calendars::open(source).unwrap().each(filter, &mut going_on(|event| events.push(event)));
    (events, skipped)
}

fn with_suggestions() -> Filter {
    Filter { suggestions: true, ..Filter::default() }
}

/// The columns of the newest layout, as far as they are read.
const ITEM: &[&str] = &[
    "summary",
    "description",
    "start_date",
    "start_tz",
    "end_date",
    "end_tz",
    "all_day",
    "calendar_id",
    "orig_item_id",
    "orig_date",
    "organizer_id",
    "location_id",
    "start_location_id",
    "travel_time",
    "status",
    "availability",
    "url",
    "conference_url",
    "last_modified",
    "creation_date",
    "birthday_id",
    "calendar_scale",
    "unique_identifier",
    "UUID",
    "entity_type",
    "hidden",
    "suggested_event_info_id",
];

const OTHERS: &str = "
    CREATE TABLE Store (name, type, disabled); INSERT INTO Store VALUES ('iCloud', 2, 0), ('Other', 5, 0);
    CREATE TABLE Calendar (store_id, title, color, subcal_url);
    INSERT INTO Calendar VALUES (1, 'Work', '#FF0000FF', NULL), (2, 'Found in Apps', NULL, NULL);
    CREATE TABLE Location (title, latitude, longitude, radius);
    INSERT INTO Location VALUES ('HQ', 38.5, -9.25, 70), ('Home', 0, 0, 0);
    CREATE TABLE Identity (display_name, address); INSERT INTO Identity VALUES ('Anna', 'mailto:anna@example.org');
    CREATE TABLE Participant (entity_type, status, identity_id, owner_id, email, is_self);
    INSERT INTO Participant VALUES (8, 1, 1, 1, NULL, 0), (7, 2, NULL, 1, 'ben@example.org', 1);
    CREATE TABLE Recurrence (owner_id, frequency, interval, week_start, count, end_date, specifier);
    INSERT INTO Recurrence VALUES (1, 2, 2, 2, 0, 0, 'D=0TU,0TH');
    CREATE TABLE ExceptionDate (owner_id, date); INSERT INTO ExceptionDate VALUES (1, 700086400), (1, 700172800);
    CREATE TABLE Alarm (trigger_date, trigger_interval, calendaritem_owner_id, owner_id);
    INSERT INTO Alarm VALUES (NULL, -900, 1, NULL), (700000000, NULL, NULL, 1);
    CREATE TABLE Attachment (owner_id, file_id); INSERT INTO Attachment VALUES (1, 1);
    CREATE TABLE AttachmentFile (filename, file_size); INSERT INTO AttachmentFile VALUES ('agenda.pdf', 1024);
    CREATE TABLE Conference (owner_id, url); INSERT INTO Conference VALUES (1, 'https://meet.example.org/a');
    CREATE TABLE Category (name); INSERT INTO Category VALUES ('Team');
    CREATE TABLE CategoryLink (owner_id, category_id); INSERT INTO CategoryLink VALUES (1, 1);
    CREATE TABLE SuggestedEventInfo (owner_id);";

/// A series, a changed occurrence of it, a reminder, a birthday, and a suggestion.
fn made(columns: &[&str], more: &str) -> Files {
    let rows: [&[(&str, &str)]; 5] = [
        &[
            ("summary", "'Sync'"),
            ("start_date", "700000000"),
            ("start_tz", "'Europe/Oslo'"),
            ("end_date", "700003600"),
            ("calendar_id", "1"),
            ("location_id", "1"),
            ("start_location_id", "2"),
            ("travel_time", "1800"),
            ("unique_identifier", "'A'"),
            ("UUID", "'U1'"),
            ("conference_url", "'https://meet.example.org/a'"),
        ],
        &[
            ("summary", "'Sync, later'"),
            ("start_date", "700090000"),
            ("orig_item_id", "1"),
            ("orig_date", "700086400"),
            ("calendar_id", "1"),
            ("unique_identifier", "'B'"),
        ],
        &[("summary", "'Milk'"), ("entity_type", "3")],
        &[
            ("summary", "'Anna'"),
            ("start_date", "0"),
            ("end_date", "86399"),
            ("all_day", "1"),
            ("start_tz", "'_float'"),
            ("birthday_id", "7"),
            ("calendar_id", "2"),
        ],
        &[("summary", "'Flight'"), ("start_date", "'soon'"), ("calendar_id", "2"), ("suggested_event_info_id", "1")],
    ];
    let mut sql = format!("CREATE TABLE CalendarItem (ROWID INTEGER PRIMARY KEY, {});", columns.join(", "));
    for row in rows {
        let entity = ("entity_type", "2");
        let number = ("ROWID", "NULL");
        let has_entity = row.iter().any(|(name, _)| *name == entity.0);
        let cells = row
            .iter()
            .chain((!has_entity).then_some(&entity))
            .filter(|(name, _)| columns.contains(name))
            .chain([&number]);
        let (names, values): (Vec<&str>, Vec<&str>) = cells.copied().unzip();
        sql.push_str(&format!("INSERT INTO CalendarItem ({}) VALUES ({});", names.join(", "), values.join(", ")));
    }
    Files::new().with_database(DATABASE, &format!("{sql}{more}"))
}

#[test]
fn an_event_has_all_that_the_tables_say_of_it() {
    let source = made(ITEM, OTHERS);
    let (events, skipped) = read(&source, &with_suggestions());
    assert!(skipped.is_empty(), "{skipped:?}");
    let titles: Vec<_> = events.iter().map(|event| event.title.as_deref().unwrap()).collect();
    assert_eq!(titles, ["Flight", "Anna", "Sync", "Sync, later"]);
    let [flight, birthday, sync, later] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(
        (flight.nature, flight.start, flight.odd.as_slice()),
        (Nature::Suggestion, None, &["start soon".to_owned()][..])
    );
    assert_eq!((birthday.nature, birthday.start), (Nature::Birthday, AppleTime::from_seconds(0.0)));
    let calendar = sync.calendar.as_ref().unwrap();
    assert_eq!((calendar.title.as_deref(), calendar.account.as_deref()), (Some("Work"), Some("iCloud")));
    let place = sync.place.as_ref().unwrap();
    assert_eq!(
        (place.title.as_deref(), place.coordinates, place.radius),
        (Some("HQ"), Some((38.5, -9.25)), Some(70.0))
    );
    let travel = sync.travel.as_ref().unwrap();
    assert_eq!((travel.seconds, travel.from.as_ref().unwrap().coordinates), (Some(1800), None));
    assert_eq!(sync.organizer.as_ref().unwrap().address.as_deref(), Some("anna@example.org"));
    assert!(sync.attendees.len() == 1 && sync.attendees[0].is_self && sync.attendees[0].status == Some(2));
    let rule = &sync.rules[0];
    assert_eq!((rule.frequency, rule.interval, rule.week_start), (Some(Frequency::Weekly), 2, Some(Weekday::Mo)));
    assert!(rule.days.len() == 2 && !rule.ends());
    let at = |seconds| AppleTime::from_seconds(seconds).unwrap();
    assert_eq!(sync.exceptions, [at(700_086_400.0), at(700_172_800.0)]);
    assert_eq!(sync.changed, [at(700_086_400.0)]);
    assert_eq!(sync.alarms.len(), 2);
    assert_eq!(sync.attachments[0].name.as_deref(), Some("agenda.pdf"));
    assert_eq!((sync.conferences.len(), sync.categories.as_slice()), (1, &["Team".to_owned()][..]));
    let original = later.original.as_ref().unwrap();
    assert_eq!((original.uid.as_deref(), original.zone.as_deref()), (Some("A"), Some("Europe/Oslo")));
}

#[test]
fn an_invitation_in_two_calendars_is_two_events_whatever_they_are_called() {
    let of = |uuid: &str, title: &str| Event {
        uid: Some("A".to_owned()),
        calendar: Some(Calendar { uuid: Some(uuid.to_owned()), title: Some(title.to_owned()), ..Calendar::default() }),
        original: Some(Original { series: 5, ..Original::default() }),
        ..Event::default()
    };
    assert_ne!(of("W", "Work").key(), of("F", "Work").key());
    assert_eq!(of("W", "Work").key(), of("W", "Job").key());
    let mut kept = of("W", "Work");
    kept.forget_rows();
    assert_eq!(kept.original.unwrap().series, 0);
}

#[test]
fn what_is_suggested_is_left_out_unless_asked_for_and_counted() {
    let source = made(ITEM, OTHERS);
    let (events, _) = read(&source, &Filter::default());
    assert_eq!(events.len(), 3);
    let calendars = Calendars::open(&source).unwrap();
    assert_eq!((calendars.suggestions(), calendars.count(&Filter::default())), (1, Some(3)));
}

#[test]
fn a_series_counts_until_its_end_and_brings_what_was_changed() {
    let source = made(ITEM, OTHERS);
    let mut filter = Filter::default();
    filter.common.since = AppleTime::from_seconds(760_000_000.0);
    let titles =
        |filter: &Filter| read(&source, filter).0.into_iter().filter_map(|event| event.title).collect::<Vec<_>>();
    assert_eq!(titles(&filter), ["Sync", "Sync, later"]);
    filter.common.until = AppleTime::from_seconds(690_000_000.0);
    assert_eq!(titles(&filter), Vec::<String>::new());
    let words = Filter { words: vec!["SYNC".into(), "later".into()], ..Filter::default() };
    assert_eq!(titles(&words), ["Sync, later"]);
    let mut people = Filter::default();
    people.common.with = vec!["anna".into()];
    assert_eq!(titles(&people), ["Sync", "Sync, later"]);
    let calendar = Filter { calendars: vec!["found".into()], ..Filter::default() };
    assert_eq!(titles(&calendar), ["Anna"]);
}

#[test]
fn a_birthday_without_a_year_keeps_its_day() {
    let row = "INSERT INTO CalendarItem (summary, start_date, end_date, all_day, birthday_id)
               VALUES ('Zoe', -12523593600, -12523507201, 1, 3)";
    let source = made(ITEM, &format!("{OTHERS}{row}"));
    let (events, _) = read(&source, &Filter::default());
    let zoe = events.iter().find(|event| event.title.as_deref() == Some("Zoe")).unwrap();
    // 23 February 1604, and that of 2004.
    assert_eq!(zoe.start.unwrap().timestamp().unwrap().to_string(), "2004-02-23T00:00:00Z");
    assert!(zoe.no_year && zoe.odd.is_empty());
}

#[test]
fn a_database_of_something_else_is_refused() {
    let source = Files::new().with_database(DATABASE, "CREATE TABLE CalendarItem (other)");
    assert!(matches!(Calendars::open(&source).err(), Some(SourceError::Foreign { .. })));
    assert!(matches!(Calendars::open(&Files::new()).err(), Some(SourceError::Missing { .. })));
}

#[test]
fn the_rows_of_a_fixture_are_those_of_sql() {
    let Some(folder) = shared_data("ios18-fixtures") else { return };
    let copied = copy_database(&folder.join("calendar.1.Calendar.sqlitedb"));
    let file = copied.path().join("calendar.1.Calendar.sqlitedb");
    let connection = Connection::open(&file).unwrap();
    let sql =
        "SELECT count(*), sum(start_date) FROM CalendarItem WHERE entity_type = 2 AND typeof(start_date) = 'real'";
    let (dated, sum): (i64, f64) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let all: i64 = connection.query_row("SELECT count(*) FROM CalendarItem", [], |row| row.get(0)).unwrap();
    drop(connection);
    let source = Files::new().with_file(DATABASE, &file).keeping(copied);
    let (events, skipped) = read(&source, &Filter::default());
    assert_eq!((events.len() as i64, Skipped::records(&skipped)), (all, 0));
    let starts: Vec<f64> = events.iter().filter_map(|event| Some(event.start?.nanoseconds() as f64 / 1e9)).collect();
    assert_eq!(starts.len() as i64, dated);
    assert!((starts.iter().sum::<f64>() - sum).abs() < 1e-3);
    let sync = events.iter().find(|event| event.id == Some(1)).unwrap();
    assert_eq!((sync.attendees.len(), sync.alarms.len(), sync.conferences.len()), (2, 2, 2));
    assert_eq!(sync.rules[0].unread, ["FREQ=WEEKLY"]);
    assert_eq!(events[0].odd, ["start not-a-date"]);
}

#[test]
fn every_known_layout_gives_its_rows() {
    let Some(folder) = shared_data("ddl") else { return };
    let layouts = fs::read_dir(folder).unwrap().map(|found| found.unwrap().path());
    let layouts = layouts.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("Calendar-"));
    let mut read_so_far = 0;
    for path in layouts {
        // Triggers call functions of the device.
        let sql = fs::read_to_string(&path).unwrap();
        let tables: String = sql
            .split(";\n")
            .map(|statement| statement.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n"))
            .filter(|statement| {
                statement.trim_start().starts_with("CREATE TABLE") && !statement.contains("sqlite_sequence")
            })
            .map(|statement| format!("{statement};"))
            .collect();
        let rows = "INSERT INTO CalendarItem (summary, start_date) VALUES ('a', 1e8), ('b', 2e8)";
        let source = Files::new().with_database(DATABASE, &format!("{tables}{rows}"));
        let (events, skipped) = read(&source, &Filter::default());
        assert_eq!((events.len(), skipped.len()), (2, 0), "{}", path.display());
        read_so_far += 1;
    }
    assert!(read_so_far >= 6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_row_is_lost_when_columns_and_tables_go(dropped in any::<u32>(), tables in any::<u16>()) {
        let columns: Vec<&str> = ITEM.iter().enumerate().filter(|(at, _)| dropped >> at & 1 == 0).map(|(_, name)| *name).collect();
        if !TELLING.iter().any(|telling| columns.contains(telling)) {
            return Ok(());
        }
        let kept: Vec<&str> = OTHERS.split("CREATE TABLE ").skip(1).enumerate()
            .filter(|(at, _)| tables >> at & 1 == 0).map(|(_, table)| table).collect();
        let others: String = kept.iter().map(|table| format!("CREATE TABLE {table}")).collect();
        let source = made(&columns, &others);
        let (events, skipped) = read(&source, &with_suggestions());
        // The reminder cannot be told without its mark.
        let expected = if columns.contains(&"entity_type") { 4 } else { 5 };
        prop_assert_eq!((events.len(), skipped.len()), (expected, 0));
        // Nothing is taken for a suggestion that says nothing of it.
        let (shown, _) = read(&source, &Filter::default());
        prop_assert!(shown.len() + 1 >= expected);
    }
}
