//! Exports that are brought up to date: what the command says and does when the folder and the backup are not of one mind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Answer, Corer, copy_of, picture, sample};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// The sample `ios5`, whose calls lie in a database that is not encrypted, on several days of one device.
struct Phone {
    backup: TempDir,
    database: PathBuf,
    corer: Corer,
    out: TempDir,
}

impl Phone {
    fn new() -> Self {
        let backup = copy_of(&sample("ios5"));
        let payloads = fs::read_dir(backup.path()).unwrap().map(|item| item.unwrap().path());
        let holds_calls = |path: &PathBuf| {
            let is_database = fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3"));
            is_database && Connection::open(path).unwrap().prepare("SELECT 1 FROM call").is_ok()
        };
        let database = payloads.filter(|path| path.is_file()).find(holds_calls).unwrap();
        Self { backup, database, corer: Corer::new(), out: tempfile::tempdir().unwrap() }
    }

    /// Changes the calls, and makes the backup of this day.
    fn on(&self, day: &str, sql: &str) -> &Self {
        Connection::open(&self.database).unwrap().execute_batch(sql).unwrap();
        self.change("Info.plist", |info| {
            let moment = format!("{day}T12:00:00Z");
            let moment = plist::Date::from_xml_format(&moment).unwrap();
            info.insert("Last Backup Date".to_owned(), plist::Value::Date(moment));
        });
        self
    }

    fn change(&self, list: &str, change: impl FnOnce(&mut plist::Dictionary)) {
        let path = self.backup.path().join(list);
        let mut info = plist::Value::from_file(&path).unwrap().into_dictionary().unwrap();
        change(&mut info);
        plist::Value::Dictionary(info).to_file_xml(&path).unwrap();
    }

    fn calls(&self, more: &[&str]) -> Answer {
        let backup = self.backup.path().to_str().unwrap().to_owned();
        let out = self.folder().to_str().unwrap().to_owned();
        // Later runs take the zone of the first.
        let zone: &[&str] = if self.folder().exists() { &[] } else { &["--tz", "UTC"] };
        self.corer.run(&[&["calls", "-b", &backup, "-o", &out], zone, more].concat())
    }

    fn folder(&self) -> PathBuf {
        self.out.path().join("calls")
    }

    fn records(&self) -> BTreeMap<i64, Value> {
        records(&self.folder())
    }
}

/// The calls of a folder by the second in which they began.
fn records(folder: &Path) -> BTreeMap<i64, Value> {
    let lines = fs::read_to_string(folder.join("calls.jsonl")).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let second = |record: &Value| record["date"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second();
    lines.filter(|record| record["type"] == "call").map(|record| (second(&record), record)).collect()
}

/// Every file with its content and time.
pub fn files(folder: &Path) -> crate::support::Picture {
    picture(folder).into_iter().filter(|(_, (content, _))| content.is_some()).collect()
}

const FORMATS: [&str; 2] = ["-f", "html,csv,jsonl"];

#[test]
fn calls_that_rolled_off_the_list_stay_and_are_marked() {
    let phone = Phone::new();
    let all = Connection::open(&phone.database).unwrap();
    let count: i64 = all.query_row("SELECT count(*) FROM call", [], |row| row.get(0)).unwrap();
    let oldest: i64 = all.query_row("SELECT min(date) FROM call", [], |row| row.get(0)).unwrap();
    phone.on("2020-01-01", "").calls(&FORMATS).ends_with(0);
    // The list is short: the oldest goes, a new one comes, and a restore gives new numbers that others had before.
    phone.on(
        "2020-02-01",
        "DELETE FROM call WHERE date = (SELECT min(date) FROM call); UPDATE call SET ROWID = ROWID + 1000;
         INSERT INTO call (ROWID, address, date, duration, flags) VALUES (1, '+15550199', 1577880000, 5, 4);",
    );
    let answer = phone.calls(&["--update"]).ends_with(0);
    assert!(answer.stderr.contains("As before: --format csv"), "{}", answer.stderr);
    let found = phone.records();
    assert_eq!(found.len() as i64, count + 1);
    assert_eq!(found[&oldest]["lacking"]["of"], "backup");
    assert_eq!(found[&oldest]["lacking"]["backup"], "2020-02-01T12:00:00+00:00");
    assert_eq!(found.values().filter(|record| record.get("lacking").is_some()).count(), 1);
    for name in ["calls.html", "calls.csv"] {
        let text = fs::read_to_string(phone.folder().join(name)).unwrap();
        assert_eq!(text.matches("not in the backup of").count(), 1, "{name}");
    }
    // The same again writes nothing; what comes back loses the mark.
    let before = files(&phone.folder());
    phone.calls(&["--update"]).ends_with(0);
    assert!(before == files(&phone.folder()));
    phone.on(
        "2020-03-01",
        &format!("INSERT INTO call (ROWID, address, date, duration, flags) SELECT 2, address, {oldest}, duration, flags FROM call WHERE 0;"),
    );
    phone.calls(&["--update"]).ends_with(0);
    assert_eq!(phone.records()[&oldest]["lacking"]["backup"], "2020-02-01T12:00:00+00:00", "since when stays");
}

#[test]
fn an_older_backup_only_adds() {
    let phone = Phone::new();
    phone.on("2020-02-01", "").calls(&FORMATS).ends_with(0);
    let before = phone.records();
    phone.on(
        "2020-01-01",
        "DELETE FROM call; INSERT INTO call (ROWID, address, date, duration, flags) VALUES (1, '+15550199', 1577000000, 5, 4);",
    );
    let answer = phone.calls(&["--update"]).ends_with(0);
    assert!(answer.stderr.contains("older than one that was taken in before"), "{}", answer.stderr);
    let after = phone.records();
    assert_eq!(after.len(), before.len() + 1);
    assert!(
        before
            .iter()
            .all(|(second, record)| after[second].get("lacking").is_none() && record["id"] == after[second]["id"])
    );
    assert_eq!(after[&1_577_000_000]["lacking"]["backup"], "2020-02-01T12:00:00+00:00");
}

#[test]
fn another_device_another_choice_and_another_kind_are_refused() {
    let phone = Phone::new();
    phone.on("2020-01-01", "").calls(&["-f", "jsonl", "--since", "2010-01-01"]).ends_with(0);
    let before = picture(&phone.folder());
    let refused = |answer: Answer, words: &[&str]| {
        let answer = answer.ends_with(2);
        words.iter().for_each(|word| assert!(answer.stderr.contains(word), "{word}: {}", answer.stderr));
        assert!(before == picture(&phone.folder()), "nothing is touched");
    };
    refused(phone.calls(&["--update", "--missed"]), &["--since 2010-01-01", "--missed", "--update alone"]);
    let folder = phone.folder();
    let (backup, out) = (phone.backup.path().to_str().unwrap(), folder.to_str().unwrap());
    refused(phone.corer.run(&["voicemail", "-b", backup, "-o", out, "--update"]), &["calls", "voicemail"]);
    refused(phone.corer.run(&["export", "-b", backup, "-o", out, "--update"]), &["calls", "export of everything"]);
    phone.on("2020-02-01", "");
    phone.change("Manifest.plist", |manifest| {
        let lockdown = manifest.get_mut("Lockdown").unwrap().as_dictionary_mut().unwrap();
        lockdown.insert("UniqueDeviceID".to_owned(), "00000000000000000000000000000000000000ff".into());
    });
    refused(phone.calls(&["--update"]), &["00000000000000000000000000000000000000ff", "--same-person"]);
    phone.calls(&["--update", "--same-person"]).ends_with(0);
    let devices: std::collections::BTreeSet<String> =
        phone.records().values().map(|record| record["of_device"].as_str().unwrap().to_owned()).collect();
    assert_eq!(devices.len(), 1, "each call is in the newer one, too");
}

#[test]
fn what_would_be_lost_is_told_and_lost_only_by_asking() {
    let phone = Phone::new();
    phone.on("2020-01-01", "").calls(&["-f", "jsonl"]).ends_with(0);
    let before = picture(&phone.folder());
    phone.on("2020-02-01", "DELETE FROM call WHERE date = (SELECT min(date) FROM call);");
    let answer = phone.calls(&["-f", "jsonl", "--tz", "UTC", "--overwrite"]).ends_with(2);
    assert!(
        answer.stderr.contains("1 call that this backup lacks") && answer.stderr.contains("--mirror"),
        "{}",
        answer.stderr
    );
    let answer = phone.calls(&["-f", "jsonl", "--tz", "UTC", "--mirror"]).ends_with(2);
    assert!(answer.stderr.contains("would remove 1 call") && answer.stderr.contains("--yes"), "{}", answer.stderr);
    assert!(before == picture(&phone.folder()));
    phone.calls(&["-f", "jsonl", "--tz", "UTC", "--mirror", "--yes"]).ends_with(0);
    assert!(phone.records().values().all(|record| record.get("lacking").is_none()));
    assert_eq!(phone.records().len() as i64, {
        let calls = Connection::open(&phone.database).unwrap();
        calls.query_row("SELECT count(*) FROM call", [], |row| row.get::<_, i64>(0)).unwrap()
    });
}

#[test]
fn the_folder_of_an_older_corer_is_adopted_from_its_data() {
    for (name, formats) in [("calls.jsonl", "jsonl"), ("calls.csv", "csv")] {
        let phone = Phone::new();
        phone.on("2020-01-01", "").calls(&["-f", "jsonl,csv"]).ends_with(0);
        let before = phone.records();
        // What it remembers goes, as it would not be there before, and all but one of its files.
        fs::remove_dir_all(phone.folder().join(".corer")).unwrap();
        for other in ["calls.jsonl", "calls.csv"].into_iter().filter(|other| *other != name) {
            fs::remove_file(phone.folder().join(other)).unwrap();
        }
        phone.on("2020-02-01", "DELETE FROM call WHERE date = (SELECT min(date) FROM call);");
        let formats = if formats == "csv" { "csv,jsonl" } else { formats };
        phone.calls(&["--update", "--tz", "UTC", "-f", formats]).ends_with(0);
        let after = phone.records();
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{name}");
        let lacking: Vec<&i64> =
            after.iter().filter(|(_, record)| record.get("lacking").is_some()).map(|(second, _)| second).collect();
        assert_eq!(lacking, [before.keys().next().unwrap()], "{name}");
    }
    let phone = Phone::new();
    fs::create_dir_all(phone.folder()).unwrap();
    fs::write(phone.folder().join("letter.txt"), "mine").unwrap();
    let answer = phone.on("2020-01-01", "").calls(&["--update"]).ends_with(2);
    assert!(answer.stderr.contains("new folder"), "{}", answer.stderr);
}

#[test]
fn a_memory_that_is_damaged_or_newer_is_told_and_nothing_is_touched() {
    let phone = Phone::new();
    phone.on("2020-01-01", "").calls(&["-f", "jsonl"]).ends_with(0);
    let saved = phone.folder().join(".corer/saved.jsonl");
    let whole = fs::read_to_string(&saved).unwrap();
    let half = whole[..whole.len() / 2].to_owned();
    let twice = whole.replacen(
        "\n{\"type\":\"record\"",
        &format!("\n{}\n{{\"type\":\"record\"", whole.lines().nth(1).unwrap()),
        1,
    );
    let damages = [
        half,
        whole.replace("\"record\":{", "\"record\":["),
        whole.lines().take(3).map(|line| format!("{line}\n")).collect(),
        twice,
        String::new(),
        "null\n".to_owned(),
        whole.replacen("\"backup\":0", "\"backup\":9", 1),
        whole.replacen("corer/saved/1", "corer/saved/2", 1),
    ];
    for damage in damages {
        fs::write(&saved, &damage).unwrap();
        let before = picture(&phone.folder());
        for how in ["--update", "--overwrite"] {
            let answer = phone.calls(&["-f", "jsonl", how]).ends_with(1);
            assert!(answer.stderr.contains("saved.jsonl") && answer.stderr.contains("new folder"), "{}", answer.stderr);
            assert!(before == picture(&phone.folder()), "{how}");
        }
    }
}

#[test]
fn what_is_remembered_can_be_forgotten() {
    let phone = Phone::new();
    let out = phone.out.path().join("all");
    let (backup, out) = (phone.backup.path().to_str().unwrap().to_owned(), out.to_str().unwrap().to_owned());
    phone.on("2020-01-01", "");
    phone.corer.run(&["export", "calls", "voicemail", "-b", &backup, "-o", &out]).ends_with(0);
    assert!(Path::new(&out).join("calls/.corer/saved.jsonl").is_file());
    let start = fs::read_to_string(Path::new(&out).join("index.html")).unwrap();
    let report = fs::read_to_string(Path::new(&out).join("report.txt")).unwrap();
    assert!(start.contains("remembers") && report.contains("remembers"), "{report}");
    phone.corer.run(&["export", "--forget-history", &out]).ends_with(0);
    assert!(!crate::support::content(Path::new(&out)).keys().any(|path| path.to_str().unwrap().contains(".corer")));
    phone.corer.run(&["export", "--forget-history", &out]).ends_with(4);
}

#[test]
fn an_archive_and_a_single_file_remember_nothing() {
    let (corer, home) = (Corer::new(), tempfile::tempdir().unwrap());
    let sample = sample("ios5");
    for name in ["calls.zip", "calls.csv"] {
        let out = home.path().join(name);
        let out = out.to_str().unwrap();
        corer.run(&["calls", "-b", &sample, "-o", out]).ends_with(0);
        let answer = corer.run(&["calls", "-b", &sample, "-o", out, "--update"]).ends_with(2);
        assert!(answer.stderr.contains("cannot be updated"), "{}", answer.stderr);
        assert!(!fs::read(out).unwrap().windows(6).any(|bytes| bytes == b".corer"));
    }
}

#[test]
fn an_export_of_everything_refuses_before_it_writes_anything() {
    let phone = Phone::new();
    let out = phone.out.path().join("all");
    let (backup, out) = (phone.backup.path().to_str().unwrap().to_owned(), out.to_str().unwrap().to_owned());
    let export = |more: &[&str]| phone.corer.run(&[&["export", "-b", &backup, "-o", &out], more].concat());
    phone.on("2020-01-01", "");
    export(&["--tz", "Asia/Tokyo"]).ends_with(0);
    let sums = fs::read_to_string(Path::new(&out).join("SHA256SUMS")).unwrap();
    assert!(sums.contains("calls/calls.csv") && !sums.contains(".corer"), "{sums}");
    // The zone is that of the folder, wherever it is brought up to date.
    export(&["--update"]).ends_with(0);
    let before = picture(Path::new(&out));
    phone.on("2020-02-01", "DELETE FROM call WHERE date = (SELECT min(date) FROM call);");
    let refused = export(&["--overwrite", "--tz", "Asia/Tokyo"]).ends_with(2);
    assert!(refused.stderr.contains("1 call that this backup lacks"), "{}", refused.stderr);
    phone.change("Manifest.plist", |manifest| {
        let lockdown = manifest.get_mut("Lockdown").unwrap().as_dictionary_mut().unwrap();
        lockdown.insert("UniqueDeviceID".to_owned(), "00000000000000000000000000000000000000ff".into());
    });
    export(&["--update"]).ends_with(2);
    export(&["--mirror"]).ends_with(2);
    let files = |picture: &crate::support::Picture| -> crate::support::Picture {
        picture.clone().into_iter().filter(|(_, (content, _))| content.is_some()).collect()
    };
    assert!(files(&before) == files(&picture(Path::new(&out))), "nothing is touched");
}

#[test]
fn a_kind_that_the_backup_has_no_more_stays_in_an_export() {
    let (corer, home) = (Corer::new(), tempfile::tempdir().unwrap());
    let (tree, out) = (home.path().join("tree"), home.path().join("out"));
    let (tree_name, out_name) = (tree.to_str().unwrap(), out.to_str().unwrap());
    corer.run(&["files", "get", "-b", &sample("ios5"), "-o", tree_name]).ends_with(0);
    corer.run(&["export", "calls", "voicemail", "-b", tree_name, "-o", out_name]).ends_with(0);
    let before = records_of(&out.join("calls/calls.csv"));
    fs::remove_dir_all(tree.join("WirelessDomain/Library/CallHistory")).unwrap();
    corer.run(&["export", "calls", "voicemail", "-b", tree_name, "-o", out_name, "--update"]).ends_with(0);
    assert_eq!(records_of(&out.join("calls/calls.csv")), before);
    let sums = fs::read_to_string(out.join("SHA256SUMS")).unwrap();
    assert!(sums.contains("calls/calls.csv"), "{sums}");
    let start = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(start.contains("calls/calls.html"), "the start page still leads there");
}

fn records_of(table: &Path) -> String {
    fs::read_to_string(table).unwrap()
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_in_what_is_remembered() {
    let phone = Phone::new();
    phone.on("2020-01-01", "").calls(&["-f", "jsonl"]).ends_with(0);
    let victim = phone.out.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    phone.on("2020-02-01", "DELETE FROM call WHERE date = (SELECT min(date) FROM call);");
    let journal = phone.folder().join(".corer/writing.jsonl");
    std::os::unix::fs::symlink(&victim, &journal).unwrap();
    phone.calls(&["--update"]).ends_with(1);
    fs::remove_file(journal).unwrap();
    let own = phone.folder().join(".corer");
    fs::rename(&own, phone.out.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(phone.out.path().join("elsewhere"), &own).unwrap();
    let before = fs::read(phone.out.path().join("elsewhere/saved.jsonl")).unwrap();
    phone.calls(&["--update"]).ends_with(1);
    assert_eq!(fs::read(phone.out.path().join("elsewhere/saved.jsonl")).unwrap(), before);
    assert_eq!(fs::read_to_string(victim).unwrap(), "mine");
}
