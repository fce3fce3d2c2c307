//! `corer recordings`: samples of a device, and trees whose sounds say something.

use std::fs;
use std::path::Path;

use crate::support::{Answer, Corer, sample};
use serde_json::Value;

fn recordings(answer: &Answer) -> Vec<Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == "recording").collect()
}

fn field(records: &[Value], name: &str) -> Vec<Value> {
    records.iter().map(|record| record[name].clone()).collect()
}

fn atom(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), name, content].concat()
}

/// A sound in which these words are said, a second each.
fn spoken(words: &[&str]) -> Vec<u8> {
    let runs: Vec<Value> = words.iter().enumerate().flat_map(|(at, word)| [(*word).into(), at.into()]).collect();
    let times = |at: usize| serde_json::json!({"timeRange": [at, at + 1]});
    let table: Vec<Value> = (0..words.len()).map(times).collect();
    let json = serde_json::json!({"locale": {"identifier": "en_GB"}, "attributedString": {"runs": runs, "attributeTable": table}});
    let track = atom(b"trak", &atom(b"udta", &atom(b"tsrp", json.to_string().as_bytes())));
    [atom(b"ftyp", b"M4A \0\0\0\0"), atom(b"moov", &track)].concat()
}

const DOMAIN: &str = "AppDomainGroup-group.com.apple.VoiceMemos.shared";

/// A tree of domains with these rows (title, file, length, identifier) and sounds.
fn tree(folder: &Path, rows: &[(&str, &str, f64, &str)], sounds: &[(&str, &[u8])]) -> String {
    let own = folder.join(DOMAIN).join("Recordings");
    fs::create_dir_all(&own).unwrap();
    let database = rusqlite::Connection::open(own.join("CloudRecordings.db")).unwrap();
    database
        .execute_batch(
            "CREATE TABLE ZCLOUDRECORDING (Z_PK INTEGER PRIMARY KEY, ZSHAREDFLAGS INTEGER, ZFOLDER INTEGER, ZDATE TIMESTAMP,
             ZDURATION FLOAT, ZEVICTIONDATE TIMESTAMP, ZENCRYPTEDTITLE VARCHAR, ZPATH VARCHAR, ZUNIQUEID VARCHAR)",
        )
        .unwrap();
    for (number, (title, file, length, id)) in rows.iter().enumerate() {
        let date = 700_000_000.0 + number as f64 * 86_400.0;
        let row = "INSERT INTO ZCLOUDRECORDING (ZSHAREDFLAGS, ZDATE, ZDURATION, ZENCRYPTEDTITLE, ZPATH, ZUNIQUEID) VALUES (?, ?, ?, ?, ?, ?)";
        let file = Some(*file).filter(|file| !file.is_empty());
        database.execute(row, rusqlite::params![number as i64, date, length, title, file, id]).unwrap();
    }
    for (name, bytes) in sounds {
        fs::write(own.join(name), bytes).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn every_row_of_the_sample_is_there_by_sql() {
    let corer = Corer::new();
    let out = corer.home.path().join("raw");
    let path = format!("{DOMAIN}/Recordings/CloudRecordings.db");
    corer.run(&["files", "get", "-b", &sample("ios18"), &path, "-o", out.to_str().unwrap()]).ends_with(0);
    let database = rusqlite::Connection::open(out.join(&path)).unwrap();
    let mut query = database
        .prepare(
            "SELECT ZENCRYPTEDTITLE, CASE WHEN ZEVICTIONDATE IS NULL THEN 'kept' ELSE 'deleted' END, ZDURATION,
             strftime('%Y-%m-%dT%H:%M:%S+00:00', ZDATE + 978307200, 'unixepoch'), ZUNIQUEID FROM ZCLOUDRECORDING ORDER BY ZDATE",
        )
        .unwrap();
    let rows = query.query_map([], |row| {
        let text = |column| row.get::<_, String>(column).map(Value::from);
        Ok([text(0)?, text(1)?, row.get::<_, f64>(2)?.into(), text(3)?, text(4)?])
    });
    let rows: Vec<[Value; 5]> = rows.unwrap().collect::<Result<_, _>>().unwrap();
    let found = recordings(&corer.run(&["recordings", "-b", &sample("ios18"), "--json"]).ends_with(0));
    let own = found
        .iter()
        .map(|record| ["title", "state", "duration", "date", "unique_id"].map(|name| record[name].clone()))
        .collect::<Vec<_>>();
    assert_eq!(own, rows);
    assert_eq!(rows.len(), 4);
}

#[test]
fn sounds_words_and_pages_come_out() {
    let corer = Corer::new();
    let rows = [("Cliff Road", "a.m4a", 2.0, "A"), ("<b>&\"'", "b.qta", 3.0, "B"), ("Gone", "", 4.0, "C")];
    let sound = spoken(&["Call", " the dentist."]);
    let backup = tree(&corer.home.path().join("tree"), &rows, &[("a.m4a", &sound), ("b.qta", b"no sound")]);
    let out = corer.home.path().join("out");
    let formats = "html,csv,jsonl,txt,srt";
    corer.run(&["recordings", "-b", &backup, "-f", formats, "-o", out.to_str().unwrap(), "--tz", "UTC"]).ends_with(0);
    let stem = "audio/2023-03-08 20.26 Cliff Road";
    assert_eq!(fs::read(out.join(format!("{stem}.m4a"))).unwrap(), sound);
    let text = fs::read_to_string(out.join(format!("{stem}.txt"))).unwrap();
    assert!(text.starts_with("Cliff Road\n") && text.ends_with("\n\nCall the dentist.\n"), "{text}");
    let captions = fs::read_to_string(out.join(format!("{stem}.srt"))).unwrap();
    assert_eq!(captions, "1\n00:00:00,000 --> 00:00:02,000\nCall the dentist.\n\n");
    let page = fs::read_to_string(out.join("recordings.html")).unwrap();
    assert!(page.contains("<audio") && page.contains("data-from=\"0\"") && page.contains("lang=\"en-GB\""), "{page}");
    assert!(!page.contains("<b>&") && page.contains("No sound"), "{page}");
    let report = fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("only in iCloud") && report.contains("does not play in browsers"), "{report}");
    assert_eq!(fs::read_to_string(out.join("recordings.csv")).unwrap().lines().count(), 4);
    corer.run(&["recordings", "-b", &backup, "-o", out.to_str().unwrap(), "--overwrite", "--strict"]).ends_with(3);
}

#[test]
fn a_choice_is_shown_and_written() {
    let corer = Corer::new();
    let rows = [("Old", "a.m4a", 2.0, "A"), ("New", "b.m4a", 3.0, "B")];
    let sounds = [("a.m4a", &spoken(&["Dentist"])[..]), ("b.m4a", b"")];
    let backup = tree(&corer.home.path().join("tree"), &rows, &sounds);
    let titles = |choice: &[&str]| {
        field(&recordings(&corer.run(&[&["recordings", "-b", &backup, "--json"], choice].concat())), "title")
    };
    assert_eq!(titles(&[]), ["Old", "New"]);
    assert_eq!(titles(&["--text", "DENTIST"]), ["Old"]);
    assert_eq!(titles(&["--favorites"]), ["New"]);
    assert_eq!(titles(&["--since", "2023-03-09"]), ["New"]);
    corer.run(&["recordings", "-b", &backup, "--folder", "Work"]).ends_with(4);
    corer.run(&["recordings", "-b", &sample("odd-missing")]);
    let table = corer.home.path().join("memos.csv");
    corer.run(&["recordings", "-b", &backup, "-o", table.to_str().unwrap()]).ends_with(0);
    assert_eq!(fs::read_to_string(&table).unwrap().lines().count(), 3);
}

#[test]
fn an_update_keeps_what_is_gone_and_what_was_cut() {
    let corer = Corer::new();
    let (long, short) = (spoken(&["All", " of", " it."]), spoken(&["All"]));
    let earlier = [("Whole", "a.m4a", 3.0, "A"), ("Gone soon", "b.m4a", 1.0, "B")];
    let first = tree(&corer.home.path().join("first"), &earlier, &[("a.m4a", &long), ("b.m4a", &short)]);
    let second = tree(&corer.home.path().join("second"), &[("Whole", "a.m4a", 1.0, "A")], &[("a.m4a", &short)]);
    let out = corer.home.path().join("out");
    let into = |backup: &str, more: &[&str]| {
        let export = ["recordings", "-b", backup, "-o", out.to_str().unwrap(), "--tz", "UTC"];
        corer.run(&[&export, more].concat()).ends_with(0);
    };
    into(&first, &["-f", "html,csv,jsonl"]);
    into(&second, &["-f", "html,csv,jsonl", "--update"]);
    let text = fs::read_to_string(out.join("recordings.jsonl")).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found: Vec<Value> = lines.filter(|record| record["type"] == "recording").collect();
    assert_eq!(field(&found, "duration"), [1.0, 3.0, 1.0].map(Value::from));
    let lacking: Vec<bool> = found.iter().map(|record| record.get("lacking").is_some()).collect();
    assert_eq!(lacking, [false, true, true]);
    let sound = |record: &Value| fs::read(out.join(record["sound"]["path"].as_str().unwrap())).unwrap();
    assert_eq!(found.iter().map(sound).collect::<Vec<_>>(), [short.clone(), long, short]);
}
