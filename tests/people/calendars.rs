//! `corer calendars`: the samples by plain SQL, calendars of every generation, and updates.

use std::fs;
use std::path::Path;

use crate::support::{Answer, Corer, sample};
use serde_json::Value;

const DATABASE: &str = "HomeDomain/Library/Calendar/Calendar.sqlitedb";

fn events(answer: &Answer) -> Vec<Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == "event").collect()
}

/// A tree with these events: title, start, identifier.
fn tree(folder: &Path, rows: &[(&str, f64, &str)]) -> String {
    let file = folder.join(DATABASE);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    _ = fs::remove_file(&file);
    let database = rusqlite::Connection::open(file).unwrap();
    database
        .execute_batch(
            "CREATE TABLE CalendarItem (summary, start_date, start_tz, end_date, calendar_id, unique_identifier, entity_type);
             CREATE TABLE Calendar (title, color); INSERT INTO Calendar VALUES ('Work', '#FF0000FF')",
        )
        .unwrap();
    for (title, start, uid) in rows {
        let row = "INSERT INTO CalendarItem VALUES (?, ?, 'Europe/Oslo', ?, 1, ?, 2)";
        database.execute(row, rusqlite::params![title, start, start + 3600.0, uid]).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn every_row_of_the_samples_is_there_by_sql() {
    let corer = Corer::new();
    for name in ["ios5", "ios9", "ios18"] {
        let out = corer.home.path().join(name);
        corer.run(&["files", "get", "-b", &sample(name), DATABASE, "-o", out.to_str().unwrap()]).ends_with(0);
        let database = rusqlite::Connection::open(out.join(DATABASE)).unwrap();
        let sql = "SELECT summary FROM CalendarItem WHERE entity_type = 2 ORDER BY start_date, ROWID";
        let mut statement = database.prepare(sql).unwrap();
        let titles: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let answer = corer.run(&["calendars", "-b", &sample(name), "--json"]).ends_with(0);
        let found: Vec<Value> = events(&answer).iter().map(|event| event["title"].clone()).collect();
        assert_eq!(found, titles, "{name}");
        assert!(!titles.is_empty());
    }
}

#[test]
fn a_folder_has_a_file_of_each_calendar_and_pages_that_lead_somewhere() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let (place, ios18) = (out.to_str().unwrap(), sample("ios18"));
    corer.run(&["calendars", "-b", &ios18, "-o", place, "--tz", "Europe/Oslo"]).ends_with(0);
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let all = read("calendars.ics");
    assert_eq!(all.matches("BEGIN:VEVENT").count(), 5);
    assert!(all.contains("RRULE:FREQ=WEEKLY;WKST=SU;BYDAY=TU,TH\r\nEXDATE;TZID=Europe/Oslo:20220118T183000\r\n"));
    assert!(all.contains("DTSTART;VALUE=DATE:20190510\r\nDTEND;VALUE=DATE:20190521\r\n"));
    assert!(all.contains("TZID:Europe/Oslo\r\n") && all.contains("STATUS:CANCELLED\r\n"));
    assert_eq!(read("calendars/Home.ics").matches("BEGIN:VEVENT").count(), 4);
    assert_eq!(read("calendars/Work & _play_.ics").matches("BEGIN:VEVENT").count(), 1);
    for page in ["calendars.html", "calendars-2022.html", "calendars-2025.html"] {
        for href in read(page).split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let file = href.replace("%20", " ").replace("%26", "&");
            assert!(href.starts_with('#') || out.join(&file).is_file(), "{href} leads nowhere");
        }
    }
    // Every Tuesday and Thursday of 2022 but one, at the same hour on both sides of a change of clocks.
    let year = read("calendars-2022.html");
    assert_eq!(year.matches("T18:30:00\">18:30\u{2013}19:30</time>").count(), 103, "{year}");
    assert!(!year.contains("2022-01-18T"));
    // Elsewhere each occurrence stands at its own hour.
    let utc = corer.home.path().join("utc");
    corer.run(&["calendars", "-b", &ios18, "-o", utc.to_str().unwrap(), "--tz", "UTC"]).ends_with(0);
    let year = fs::read_to_string(utc.join("calendars-2022.html")).unwrap();
    let at = |hour: &str, span: &str| year.matches(&format!("T{hour}:00\">{span}</time>")).count();
    let (winter, summer) = (at("17:30", "17:30\u{2013}18:30"), at("16:30", "16:30\u{2013}17:30"));
    assert!(winter > 30 && summer > 50 && winter + summer == 103, "{winter} {summer}");
}

#[test]
fn one_file_is_what_its_name_says() {
    let corer = Corer::new();
    let file = corer.home.path().join("work.ics");
    corer.run(&["calendars", "-b", &sample("ios18"), "--calendar", "work", "-o", file.to_str().unwrap()]).ends_with(0);
    let work = fs::read_to_string(&file).unwrap();
    assert!(work.starts_with("BEGIN:VCALENDAR\r\n") && work.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(work.matches("BEGIN:VEVENT").count(), 1);
    corer.run(&["calendars", "-b", &sample("ios18"), "--text", "nothing like it"]).ends_with(4);
    let with = corer.run(&["calendars", "-b", &sample("ios18"), "--with", "anna", "--json"]).ends_with(0);
    assert_eq!(events(&with).len(), 1);
}

#[test]
fn an_update_keeps_what_the_phone_has_lost() {
    let corer = Corer::new();
    let (first, out) = (corer.home.path().join("first"), corer.home.path().join("out"));
    let folder = tree(&first, &[("Sync", 7e8, "A"), ("Lunch", 7.001e8, "B")]);
    corer.run(&["calendars", "-b", &folder, "-o", out.to_str().unwrap(), "-f", "ics,jsonl"]).ends_with(0);
    tree(&first, &[("Sync, moved", 7.0005e8, "A")]);
    let update = ["calendars", "-b", &folder, "-o", out.to_str().unwrap(), "-f", "ics,jsonl", "--update"];
    corer.run(&update).ends_with(0);
    let text = fs::read_to_string(out.join("calendars.jsonl")).unwrap();
    let kept: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&kept[1]["title"], &kept[1]["earlier"][0]["title"]), (&"Sync, moved".into(), &"Sync".into()));
    assert_eq!((&kept[2]["title"], &kept[2]["lacking"]["of"]), (&"Lunch".into(), &"backup".into()));
    let calendar = fs::read_to_string(out.join("calendars.ics")).unwrap();
    assert!(calendar.contains("SUMMARY:Lunch\r\nCOMMENT:not in "), "{calendar}");
}

#[test]
fn an_event_without_a_beginning_is_told() {
    let corer = Corer::new();
    let folder = tree(&corer.home.path().join("tree"), &[("Sync", 7e8, "A"), ("Never", f64::MAX, "B")]);
    let out = corer.home.path().join("out");
    corer.run(&["calendars", "-b", &folder, "-o", out.to_str().unwrap()]).ends_with(3);
    let report = fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("\u{201c}Never\u{201d} in the iCalendar files"), "{report}");
    let page = fs::read_to_string(out.join("calendars.html")).unwrap();
    assert!(page.contains("Without a date") && page.contains("Never"));
}
