//! Every row by SQL, both beginnings of time, folders and profiles, and what hostile values become.

use super::*;
use crate::database::{integer, text};
use crate::safari::{Cleared, Mark, MarkKind, Origin, Tab, Visit};
use crate::testing::{Files, going_on, shared_data};

const BROWSER: &str = "AppDomain-com.apple.mobilesafari";

const HISTORY: &str = "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, visit_count INTEGER NOT NULL);
     CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER NOT NULL, visit_time REAL NOT NULL, title TEXT,
     load_successful BOOLEAN NOT NULL DEFAULT 1, redirect_source INTEGER, redirect_destination INTEGER, origin INTEGER NOT NULL DEFAULT 0);
     CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY, start_time REAL NOT NULL, end_time REAL NOT NULL, url TEXT);";

const MARKS: &str = "CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, special_id INTEGER DEFAULT 0, parent INTEGER, type INTEGER,
     title TEXT, url TEXT, order_index INTEGER, external_uuid TEXT, read INTEGER, last_modified REAL, deleted INTEGER DEFAULT 0,
     hidden INTEGER DEFAULT 0, extra_attributes BLOB);";

fn read(files: &Files, filter: &Filter) -> (Vec<SafariRecord>, Vec<Skipped>) {
    let mut records = Vec::new();
    let skipped = Safari::open(files).unwrap().each(filter, &mut going_on(|it| records.push(it)));
    (records, skipped)
}

fn visits(records: &[SafariRecord]) -> Vec<&Visit> {
    records.iter().filter_map(|it| if let SafariRecord::Visit(it) = it { Some(it) } else { None }).collect()
}

fn marks(records: &[SafariRecord]) -> Vec<&Mark> {
    records.iter().filter_map(|it| if let SafariRecord::Mark(it) = it { Some(it) } else { None }).collect()
}

fn tabs(records: &[SafariRecord]) -> Vec<&Tab> {
    records.iter().filter_map(|it| if let SafariRecord::Tab(it) = it { Some(it) } else { None }).collect()
}

fn utc(date: Option<AppleTime>) -> String {
    date.map(|date| date.timestamp().unwrap().to_string()).unwrap_or_default()
}

#[test]
fn visits_have_addresses_redirects_and_both_beginnings_of_time() {
    let sql = format!(
        "{HISTORY} INSERT INTO history_items VALUES (1, 'http://a/', 2), (2, 'https://a/', 1);
         INSERT INTO history_visits VALUES (1, 1, 700000000.5, NULL, 1, NULL, 2, 0), (2, 2, 1678307201, 'A', 1, 1, NULL, 1),
         (3, 1, 700000100, 'B', 0, NULL, NULL, 7), (4, 99, 700000200, 'lost', 1, NULL, NULL, 0);
         INSERT INTO history_tombstones VALUES (1, 600000000, 600003600, NULL)"
    );
    let files = Files::new().with_database(HISTORIES[0], &sql);
    let (records, skipped) = read(&files, &Filter::default());
    assert_eq!((&skipped[..], Safari::open(&files).unwrap().count(&Filter::default())), (&[][..], Some(5)));
    let visits = visits(&records);
    assert_eq!(visits.iter().map(|it| it.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let [first, second, third, fourth] = visits[..] else { panic!("{visits:?}") };
    assert_eq!(
        (utc(first.date).as_str(), first.redirected_to.as_deref()),
        ("2023-03-08T20:26:40.5Z", Some("https://a/"))
    );
    assert_eq!(
        (utc(second.date).as_str(), second.redirected_from.as_deref()),
        ("2023-03-08T20:26:41Z", Some("http://a/"))
    );
    assert_eq!((first.visits, second.origin, third.origin), (Some(2), Origin::OtherDevice, Origin::Unknown(7)));
    assert_eq!((first.failed, third.failed, &fourth.url), (false, true, &None));
    let SafariRecord::Cleared(Cleared { from, until, url: None, .. }) = &records[0] else { panic!("{records:?}") };
    assert_eq!([utc(*from), utc(*until)], ["2020-01-06T10:40:00Z", "2020-01-06T11:40:00Z"]);
}

#[test]
fn fixtures_of_other_people_give_every_row_by_sql() {
    let Some(folder) = shared_data("ios18-fixtures") else { return };
    let files = Files::new()
        .with_file(HISTORIES[0], folder.join("safari.1.History.db"))
        .with_file(BOOKMARKS, folder.join("safari.1.Bookmarks.db"));
    let (records, skipped) = read(&files, &Filter::default());
    assert_eq!(skipped, []);
    let rows = |place: (&str, &str), sql: &str| {
        let connection = files.database(place.0, place.1).unwrap().connect().unwrap();
        let mut rows = Vec::new();
        crate::database::each_row(&connection, sql, [], &mut |row| {
            rows.push((integer(row, 0).unwrap(), text(row, 1), text(row, 2)));
        })
        .unwrap();
        rows
    };
    let sql =
        "SELECT v.id, url, title FROM history_visits v LEFT JOIN history_items i ON i.id = history_item ORDER BY 1";
    let mut own: Vec<_> = visits(&records).iter().map(|it| (it.id, it.url.clone(), it.title.clone())).collect();
    own.sort();
    assert_eq!(own, rows(HISTORIES[0], sql));
    assert!(visits(&records).iter().any(|it| it.date.is_none() && it.odd == ["time not-a-time"]));
    let sql = "SELECT id, url, CASE special_id WHEN 1 THEN 'Favorites' WHEN 3 THEN 'Reading List' ELSE title END FROM bookmarks ORDER BY 1";
    let mut own: Vec<_> = marks(&records).iter().map(|it| (it.id, it.url.clone(), it.title.clone())).collect();
    own.sort();
    assert_eq!(own, rows(BOOKMARKS, sql));
    let nested = marks(&records).into_iter().find(|it| it.id == 5).unwrap();
    assert_eq!(
        (nested.path.join("/").as_str(), utc(nested.changed).as_str()),
        ("Favorites/Dev", "2021-01-07T06:13:20.25Z")
    );
    let read_later = marks(&records).into_iter().filter(|it| it.kind == MarkKind::Reading);
    assert_eq!(read_later.map(|it| (it.id, it.is_read)).collect::<Vec<_>>(), [(6, Some(false)), (7, Some(true))]);
}

#[test]
fn the_reading_list_has_what_its_attributes_say() {
    let list =
        "<plist><dict><key>com.apple.ReadingList</key><dict><key>DateAdded</key><date>2012-04-01T08:00:00Z</date>
        <key>PreviewText</key><string>It was</string></dict></dict></plist>";
    let sql = format!(
        "{MARKS} INSERT INTO bookmarks (id, special_id, parent, type, title, url, external_uuid, extra_attributes) VALUES
         (0, 0, NULL, 1, 'Root', '', NULL, NULL), (3, 3, 0, 1, 'com.apple.ReadingList', '', 'list', NULL),
         (9, 0, 3, 0, 'Long', 'https://a/', NULL, '{list}'), (10, 0, 3, 0, 'Odd', 'https://b/', NULL, x'ff')"
    );
    let (records, skipped) = read(&Files::new().with_database(BOOKMARKS, &sql), &Filter::default());
    assert_eq!(skipped, []);
    let long = marks(&records).into_iter().find(|it| it.id == 9).unwrap();
    assert_eq!((utc(long.added).as_str(), long.preview.as_deref()), ("2012-04-01T08:00:00Z", Some("It was")));
    assert_eq!((long.kind, &long.path[..]), (MarkKind::Reading, &["Reading List".to_owned()][..]));
    let own = marks(&records).into_iter().find(|it| it.id == 3).unwrap();
    assert_eq!((long.folder.as_deref(), own.special, long.special), (Some("list"), Some(3), None));
    assert_eq!(marks(&records).len(), 4);
}

#[test]
fn folders_in_circles_and_without_end_cost_no_more_than_their_names() {
    let chain: String = (100..200).map(|id| format!(", ({id}, 0, {}, 1, 'f{id}', NULL)", id - 1)).collect();
    let sql = format!(
        "{MARKS} INSERT INTO bookmarks (id, special_id, parent, type, title, url) VALUES (1, 0, 2, 1, 'a', NULL), (2, 0, 1, 1, 'b', NULL),
         (3, 0, 1, 0, 'c', 'u'), (4, 0, 77, 9, 'd', x'ff'), (99, 0, 0, 1, 'top', NULL){chain}"
    );
    let (records, skipped) = read(&Files::new().with_database(BOOKMARKS, &sql), &Filter::default());
    assert_eq!((marks(&records).len(), skipped.len()), (105, 0));
    assert!(marks(&records).iter().all(|it| it.path.len() <= 32));
    let odd = |id| marks(&records).into_iter().find(|it| it.id == id).unwrap().odd.join(", ");
    assert_eq!((odd(3).as_str(), odd(4).as_str()), ("it is in more than 32 folders", "folder 77"));
}

#[test]
fn tabs_have_groups_profiles_and_devices_and_stand_once() {
    let stored = "CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, parent INTEGER, type INTEGER, subtype INTEGER, title TEXT, url TEXT,
         external_uuid TEXT, date_closed REAL, local_attributes BLOB);
         CREATE TABLE windows (id INTEGER PRIMARY KEY, private_tab_group_id INTEGER);
         INSERT INTO windows VALUES (1, 5);
         INSERT INTO bookmarks VALUES (0, NULL, 1, 0, 'Root', NULL, 'r', NULL, NULL), (2, 0, 1, 2, 'Work', NULL, 'P', NULL, NULL),
         (3, 2, 1, 0, 'Trip', NULL, 'g', NULL, NULL), (4, 3, 0, 0, 'A', 'https://a/', 'same', 700000000, NULL),
         (5, 0, 1, 0, 'Secret', NULL, 's', NULL, NULL), (6, 5, 0, 0, 'B', 'https://b/', 'b', NULL, NULL);";
    let state = "CREATE TABLE tabs (uuid TEXT, title TEXT, url TEXT, user_visible_url TEXT, last_viewed_time REAL, private_browsing BOOLEAN);
         INSERT INTO tabs VALUES ('same', 'A', 'https://a/', NULL, 1678307200, 0), ('c', 'C', '', 'https://c/', 700000000, 0)";
    let cloud = "CREATE TABLE cloud_tabs (tab_uuid TEXT, device_uuid TEXT, title TEXT, url TEXT, is_pinned BOOLEAN);
         CREATE TABLE cloud_tab_devices (device_uuid TEXT, device_name TEXT);
         INSERT INTO cloud_tab_devices VALUES ('d', 'Mac'); INSERT INTO cloud_tabs VALUES ('x', 'd', 'X', 'https://x/', 1), ('y', 'e', 'Y', 'https://y/', 0)";
    let history = format!(
        "{HISTORY} INSERT INTO history_items VALUES (1, 'https://w/', 1); INSERT INTO history_visits VALUES (1, 1, 7e8, 'W', 1, NULL, NULL, 0)"
    );
    let files = Files::new()
        .with_database(TABS[0], stored)
        .with_database(TABS[2], state)
        .with_database(TABS[4], cloud)
        .with_database((BROWSER, "Library/Safari/Profiles/P/History.db"), &history)
        .with_database((BROWSER, "Library/Safari/Profiles/Q/History.db"), &history);
    let (records, skipped) = read(&files, &Filter { with_private: true, ..Filter::default() });
    assert_eq!(skipped, []);
    let all = tabs(&records);
    assert_eq!(all.len(), 9);
    let one = |title: &str| all.iter().find(|tab| tab.title.as_deref() == Some(title)).copied().unwrap();
    assert_eq!((one("A").group.as_deref(), one("A").profile.as_deref()), (Some("Trip"), Some("Work")));
    assert!(one("B").is_private && one("Secret").is_private && !one("C").is_private);
    assert_eq!((one("C").url.as_deref(), utc(one("C").viewed).as_str()), (Some("https://c/"), "2023-03-08T20:26:40Z"));
    assert_eq!((one("X").device.as_deref(), one("Y").device.as_deref()), (Some("Mac"), Some("e")));
    let profiles: Vec<_> = visits(&records).iter().map(|visit| visit.profile.clone().unwrap()).collect();
    assert_eq!(profiles, ["Work", "Q"]);
    let count = |with_private| Safari::open(&files).unwrap().count(&Filter { with_private, ..Filter::default() });
    assert_eq!((count(true), count(false)), (Some(11), Some(9)));
    let (records, _) = read(&files, &Filter { parts: vec![Part::Tabs], ..Filter::default() });
    assert_eq!((tabs(&records).len(), records.len()), (7, 7));
}

#[test]
fn what_anything_says_is_private_comes_only_on_request() {
    let deep =
        (10..22).map(|id| format!("({id}, {}, 1, 0, 'G', NULL, 'g{id}')", id - 1)).collect::<Vec<_>>().join(", ");
    let stored = format!(
        "CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, parent INTEGER, type INTEGER, subtype INTEGER, title TEXT, url TEXT, external_uuid TEXT);
         CREATE TABLE windows (id INTEGER PRIMARY KEY, private_tab_group_id INTEGER);
         INSERT INTO windows VALUES (1, 50);
         INSERT INTO bookmarks VALUES (0, NULL, 1, 0, 'Root', NULL, 'r'), (2, 0, 0, 0, 'Open', 'https://a/', 'a'),
         (3, 0, 0, 0, 'Said by the other', 'https://b/', 'b'), (4, 50, 0, 0, 'Of a lost group', 'https://c/', 'c'),
         {deep}, (30, 21, 0, 0, 'Too deep', 'https://d/', 'd');"
    );
    let state = "CREATE TABLE tabs (uuid TEXT, title TEXT, url TEXT, private_browsing BOOLEAN);
         INSERT INTO tabs VALUES ('b', 'Said by the other', 'https://b/', 1);";
    let files = Files::new().with_database(TABS[0], &stored).with_database(TABS[2], state);
    let titles = |with_private| {
        let (records, _) = read(&files, &Filter { with_private, parts: vec![Part::Tabs], ..Filter::default() });
        let all: Vec<String> =
            tabs(&records).iter().filter(|tab| tab.url.is_some()).filter_map(|tab| tab.title.clone()).collect();
        all
    };
    assert_eq!(titles(false), ["Open"]);
    assert_eq!(titles(true).len(), 4);
}

#[test]
fn the_list_of_before_ios_8_is_read() {
    let list = "<plist><dict><key>WebHistoryDates</key><array><dict><key></key><string>http://a/</string><key>title</key><string>A</string>
        <key>lastVisitedDate</key><string>300000000.5</string><key>visitCount</key><integer>3</integer></dict><dict/></array></dict></plist>";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("h"), list).unwrap();
    let files = Files::new().with_file(HISTORIES[2], folder.path().join("h")).keeping(folder);
    let (records, skipped) = read(&files, &Filter::default());
    assert_eq!((records.len(), skipped.len()), (2, 0));
    let visit = visits(&records)[1];
    assert_eq!(
        (visit.url.as_deref(), visit.visits, utc(visit.date).as_str()),
        (Some("http://a/"), Some(3), "2010-07-05T05:20:00.5Z")
    );
}

#[test]
fn what_cannot_be_read_costs_only_itself_and_is_named() {
    let files = Files::new().with_database(HISTORIES[0], "CREATE TABLE other (a)").with_database(BOOKMARKS, MARKS);
    let (records, skipped) = read(&files, &Filter::default());
    assert_eq!((records.len(), skipped.len(), skipped[0].item.as_str()), (0, 1, "History.db"));
    assert!(matches!(Safari::open(&Files::new()), Err(SourceError::Missing { .. })));
    let hostile = format!(
        "{HISTORY} INSERT INTO history_items VALUES (1, x'ff', 'x'); INSERT INTO history_visits VALUES (-5, 1, 1e300, x'ff', 'no', 'x', -5, 'y'),
         (9223372036854775807, 1, 'x', 7, NULL, 9, 9, NULL)"
    )
    .replace("NOT NULL", "");
    let (records, skipped) = read(&Files::new().with_database(HISTORIES[0], &hostile), &Filter::default());
    assert_eq!((visits(&records).len(), skipped.len()), (2, 0));
    let bare = "CREATE TABLE history_visits (history_item, visit_time); INSERT INTO history_visits VALUES (1, 7e8)";
    let (records, _) = read(&Files::new().with_database(HISTORIES[0], bare), &Filter::default());
    assert_eq!((visits(&records).len(), visits(&records)[0].origin), (1, Origin::NotStored));
}

#[test]
fn a_choice_goes_by_part_word_and_time() {
    let sql = format!(
        "{HISTORY} INSERT INTO history_items VALUES (1, 'https://tides.example/', 1), (2, 'https://b/', 1);
         INSERT INTO history_visits VALUES (1, 1, 600000000, 'Gezeiten', 1, NULL, NULL, 0), (2, 2, 700000000, 'Tide tables', 1, NULL, NULL, 0)"
    );
    let marked =
        format!("{MARKS} INSERT INTO bookmarks (id, parent, type, title, url) VALUES (7, 0, 0, 'Tides', 'https://b/')");
    let files = Files::new().with_database(HISTORIES[0], &sql).with_database(BOOKMARKS, &marked);
    let count = |filter: Filter| read(&files, &filter).0.len();
    let words =
        |words: &[&str]| Filter { words: words.iter().map(|it| (*it).to_owned()).collect(), ..Filter::default() };
    assert_eq!((count(Filter::default()), count(words(&["TIDE"])), count(words(&["tide", "gezeiten"]))), (3, 3, 1));
    assert_eq!(count(Filter { parts: vec![Part::History], ..Filter::default() }), 2);
    assert_eq!(count(Filter { parts: vec![Part::ReadingList], ..Filter::default() }), 0);
    let since = AppleTime::from_seconds(650_000_000.0);
    assert_eq!(count(Filter { common: crate::Selection { since, ..Default::default() }, ..Filter::default() }), 1);
    assert_eq!(Safari::open(&files).unwrap().count(&Filter::default()), Some(3));
}
