//! `corer safari`: samples and data of others by SQL, choices, bookmarks read back, and updates.

use std::fs;
use std::path::Path;

use crate::support::{Answer, Corer, sample};
use serde_json::Value;

const FOLDER: &str = "HomeDomain/Library/Safari";

const HISTORY: &str = "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, visit_count INTEGER NOT NULL);
     CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER NOT NULL, visit_time REAL NOT NULL, title TEXT,
     load_successful BOOLEAN NOT NULL DEFAULT 1, redirect_source INTEGER, redirect_destination INTEGER, origin INTEGER NOT NULL DEFAULT 0);
     CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY, start_time REAL NOT NULL, end_time REAL NOT NULL, url TEXT);";

const MARKS: &str = "CREATE TABLE bookmarks (id INTEGER PRIMARY KEY, special_id INTEGER DEFAULT 0, parent INTEGER, type INTEGER, title TEXT,
     url TEXT, order_index INTEGER, external_uuid TEXT, read INTEGER, last_modified REAL, deleted INTEGER DEFAULT 0);";

const TABS: &str = "CREATE TABLE tabs (uuid TEXT, title TEXT, url TEXT, last_viewed_time REAL, private_browsing BOOLEAN);
     INSERT INTO tabs VALUES ('a', 'Open', 'https://open.example/', 1678307200, 0), ('b', 'Hidden', 'https://hidden.example/', 700000000, 1);";

fn records(answer: &Answer, of: &str) -> Vec<Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == of).collect()
}

fn field(records: &[Value], name: &str) -> Vec<Value> {
    records.iter().map(|record| record[name].clone()).collect()
}

/// A tree of domains with these databases of Safari, by name and SQL.
fn tree(folder: &Path, databases: &[(&str, &str)]) -> String {
    let own = folder.join(FOLDER);
    fs::create_dir_all(&own).unwrap();
    for (name, sql) in databases {
        rusqlite::Connection::open(own.join(name)).unwrap().execute_batch(sql).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

fn rows(database: &Path, sql: &str) -> Vec<[Value; 3]> {
    let database = rusqlite::Connection::open(database).unwrap();
    let mut query = database.prepare(sql).unwrap();
    let text = |row: &rusqlite::Row<'_>, column| row.get::<_, Option<String>>(column).map(Value::from);
    let rows = query.query_map([], |row| Ok([row.get::<_, i64>(0)?.into(), text(row, 1)?, text(row, 2)?]));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn own(records: &[Value]) -> Vec<[Value; 3]> {
    let mut own: Vec<_> = records.iter().map(|it| ["id", "url", "title"].map(|name| it[name].clone())).collect();
    own.sort_by_key(|it| it[0].as_i64());
    own
}

const VISITS: &str =
    "SELECT v.id, i.url, v.title FROM history_visits v LEFT JOIN history_items i ON i.id = v.history_item ORDER BY 1";

/// Safari's own folders have the names that people see; an empty address is none.
const OWN: &str =
    "SELECT id, nullif(url, ''), CASE special_id WHEN 1 THEN 'Favorites' WHEN 3 THEN 'Reading List' ELSE title END
     FROM bookmarks ORDER BY 1";

#[test]
fn every_row_of_the_sample_is_there_by_sql() {
    let corer = Corer::new();
    let (backup, out) = (sample("ios18-encrypted"), corer.home.path().join("raw"));
    let paths = ["History.db", "Bookmarks.db"].map(|name| format!("{FOLDER}/{name}"));
    let get = ["files", "get", "-b", &backup, &paths[0], &paths[1], "-o", out.to_str().unwrap()];
    corer.unlock(&get).ends_with(0);
    let answer = corer.unlock(&["safari", "-b", &backup, "--json"]).ends_with(0);
    for (path, of, sql) in [(&paths[0], "visit", VISITS), (&paths[1], "bookmark", OWN)] {
        let expected = rows(&out.join(path), sql);
        assert!(expected.len() > 3);
        assert_eq!(own(&records(&answer, of)), expected, "{path}");
    }
}

#[test]
fn every_row_of_other_peoples_data_is_there_by_sql() {
    let Some(shared) = std::env::var_os("CORER_SHARED") else { return };
    let shared = Path::new(&shared).join("data/ios18-fixtures");
    let corer = Corer::new();
    for (name, of, sql) in [("History.db", "visit", VISITS), ("Bookmarks.db", "bookmark", OWN)] {
        let database = shared.join(format!("safari.1.{name}"));
        let found = records(&corer.run(&["safari", "-b", database.to_str().unwrap(), "--json"]), of);
        assert_eq!(own(&found), rows(&database, sql), "{name}");
    }
}

#[test]
fn both_beginnings_of_time_and_redirects_come_out() {
    let corer = Corer::new();
    let sql = format!(
        "{HISTORY} INSERT INTO history_items VALUES (1, 'http://a.example/', 2), (2, 'https://a.example/', 1);
         INSERT INTO history_visits VALUES (1, 1, 700000000, NULL, 1, NULL, 2, 0), (2, 2, 1678307201, '<b>A</b>', 0, 1, NULL, 1);
         INSERT INTO history_tombstones VALUES (1, 600000000, 600003600, NULL)"
    );
    let backup = tree(&corer.home.path().join("tree"), &[("History.db", &sql)]);
    let answer = corer.run(&["safari", "-b", &backup, "--json", "--tz", "UTC"]).ends_with(0);
    let visits = records(&answer, "visit");
    assert_eq!(field(&visits, "date"), ["2023-03-08T20:26:40+00:00", "2023-03-08T20:26:41+00:00"]);
    assert_eq!(visits[0]["redirected_to"], "https://a.example/");
    assert_eq!((&visits[1]["redirected_from"], &visits[1]["failed"]), (&"http://a.example/".into(), &true.into()));
    assert_eq!(field(&records(&answer, "cleared"), "until"), ["2020-01-06T11:40:00+00:00"]);
    let out = corer.home.path().join("out");
    corer.run(&["safari", "-b", &backup, "-o", out.to_str().unwrap(), "--tz", "UTC"]).ends_with(0);
    let page = fs::read_to_string(out.join("history-1.html")).unwrap();
    assert!(page.contains("led here from http://a.example/") && !page.contains("<b>A"), "{page}");
    assert!(fs::read_to_string(out.join("safari.html")).unwrap().contains("history-1.html"));
    assert_eq!(fs::read_to_string(out.join("safari.csv")).unwrap().lines().count(), 4);
}

#[test]
fn a_choice_is_shown_and_written_and_private_tabs_are_asked_for() {
    let corer = Corer::new();
    let history = format!(
        "{HISTORY} INSERT INTO history_items VALUES (1, 'https://tides.example/', 1);
         INSERT INTO history_visits VALUES (1, 1, 700000000, 'Tides', 1, NULL, NULL, 0)"
    );
    let marks = format!(
        "{MARKS} INSERT INTO bookmarks VALUES (0, 0, NULL, 1, 'Root', NULL, 0, 'r', NULL, NULL, 0), (1, 1, 0, 1, 'BookmarksBar', '', 0, 'f', NULL, NULL, 0),
         (3, 3, 0, 1, 'com.apple.ReadingList', '', 1, 'l', NULL, NULL, 0), (4, 0, 1, 0, 'Kept', 'https://kept.example/', 0, 'k', NULL, 700000000, 0),
         (5, 0, 3, 0, 'Later', 'https://later.example/', 0, 'x', 0, 700000000, 0), (6, 0, 1, 0, 'Gone', 'https://gone.example/', 1, 'g', NULL, NULL, 1)"
    );
    let databases = [("History.db", &history[..]), ("Bookmarks.db", &marks), ("BrowserState.db", TABS)];
    let backup = tree(&corer.home.path().join("tree"), &databases);
    let titles = |choice: &[&str]| {
        let answer = corer.run(&[&["safari", "-b", &backup, "--json"], choice].concat()).ends_with(0);
        let all = answer.json_lines().into_iter().filter(|it| it.get("title").is_some()).collect::<Vec<_>>();
        field(&all, "title")
            .iter()
            .map(|title| title.as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(titles(&["--only", "history"]), "Tides");
    assert_eq!(titles(&["--only", "reading-list,tabs"]), "Later Open");
    assert_eq!(titles(&["--only", "tabs", "--private"]), "Open Hidden");
    assert_eq!(titles(&["--text", "KEPT"]), "Kept");
    corer.run(&["safari", "-b", &backup, "--until", "2020-01-01"]).ends_with(4);
    let file = corer.home.path().join("marks.html");
    let answer = corer.run(&["safari", "-b", &backup, "-o", file.to_str().unwrap()]).ends_with(0);
    let text = fs::read_to_string(&file).unwrap();
    let names: Vec<_> =
        ["Favorites", "Kept", "Reading List", "Later"].iter().map(|name| text.find(name).unwrap()).collect();
    assert!(names.is_sorted() && text.contains("ADD_DATE=\"1678307200\"") && !text.contains("gone.example"), "{text}");
    assert!(answer.stderr.contains("without 1 bookmark "), "{}", answer.stderr);
    let out = corer.home.path().join("out");
    corer.run(&["safari", "-b", &backup, "-o", out.to_str().unwrap()]).ends_with(0);
    for file in ["safari.html", "safari.csv", ".corer/saved.jsonl"] {
        assert!(!fs::read_to_string(out.join(file)).unwrap().contains("hidden.example"), "{file}");
    }
    corer.run(&["safari", "-b", &backup, "--only", "downloads"]).ends_with(2);
}

#[test]
fn an_update_keeps_what_was_cleared() {
    let corer = Corer::new();
    let visit = |id: i64, name: &str| {
        format!(
            "INSERT INTO history_items VALUES ({id}, 'https://{name}.example/', 1);
             INSERT INTO history_visits VALUES ({id}, {id}, {}, '{name}', 1, NULL, NULL, 0);",
            700_000_000 + name.len() * 100
        )
    };
    let first = [HISTORY, &visit(1, "old"), &visit(2, "both")].concat();
    let second = [HISTORY, &visit(9, "both"), &visit(10, "newer")].concat();
    let first = tree(&corer.home.path().join("first"), &[("History.db", &first)]);
    let second = tree(&corer.home.path().join("second"), &[("History.db", &second)]);
    let out = corer.home.path().join("out");
    for (backup, more) in [(&first, &["-f", "html,csv,jsonl,bookmarks", "--tz", "UTC"][..]), (&second, &["--update"])] {
        corer.run(&[&["safari", "-b", backup, "-o", out.to_str().unwrap()], more].concat()).ends_with(0);
    }
    let text = fs::read_to_string(out.join("safari.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found: Vec<Value> = lines.filter(|record| record["type"] == "visit").collect();
    assert_eq!(field(&found, "title"), ["old", "both", "newer"]);
    let lacking: Vec<bool> = found.iter().map(|record| record.get("lacking").is_some()).collect();
    assert_eq!(lacking, [true, false, false]);
}
