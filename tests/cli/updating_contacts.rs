//! Exports of contacts that are brought up to date with one backup after another.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::support::{Answer, Corer, copy_of, picture, sample};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// Where an address book and its pictures lie in a backup.
const BOOK: &str = "31bb7ba8914766d4ba40d6dfb6113c8b614be442";
const PICTURES: &str = "cd6702cea29fe89cf280a76794405adb17f9a0ee";

/// A phone with a few contacts, on several days.
struct Phone {
    backup: TempDir,
    corer: Corer,
    out: TempDir,
}

impl Phone {
    fn new(name: &str) -> Self {
        let phone = Self { backup: copy_of(&sample(name)), corer: Corer::new(), out: tempfile::tempdir().unwrap() };
        let book = phone.database(BOOK);
        let mut triggers = book.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").unwrap();
        let names: Vec<String> = triggers.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        // They call functions that the device alone has.
        names.iter().for_each(|name| book.execute_batch(&format!("DROP TRIGGER \"{name}\"")).unwrap());
        drop(triggers);
        phone
    }

    fn database(&self, id: &str) -> Connection {
        let flat = self.backup.path().join(id);
        let place = if flat.exists() { flat } else { self.backup.path().join(&id[..2]).join(id) };
        Connection::open(place).unwrap()
    }

    /// Changes the contacts, and makes the backup of this day.
    fn on(&self, day: &str, sql: &str) -> &Self {
        self.database(BOOK).execute_batch(sql).unwrap();
        let path = self.backup.path().join("Info.plist");
        let mut info = plist::Value::from_file(&path).unwrap().into_dictionary().unwrap();
        let moment = plist::Date::from_xml_format(&format!("{day}T12:00:00Z")).unwrap();
        info.insert("Last Backup Date".to_owned(), plist::Value::Date(moment));
        plist::Value::Dictionary(info).to_file_xml(&path).unwrap();
        self
    }

    fn run(&self, more: &[&str]) -> Answer {
        let backup = self.backup.path().to_str().unwrap().to_owned();
        let out = self.folder().to_str().unwrap().to_owned();
        let zone: &[&str] = if self.folder().exists() { &[] } else { &["--tz", "UTC"] };
        self.corer.run(&[&["contacts", "-b", &backup, "-o", &out], zone, more].concat())
    }

    fn folder(&self) -> PathBuf {
        self.out.path().join("contacts")
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).unwrap()
    }

    /// The contacts by title.
    fn records(&self) -> BTreeMap<String, Value> {
        let lines = self.text("contacts.jsonl");
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let records: Vec<Value> = lines.filter(|record| record["type"] == "contact").collect();
        let count = records.len();
        let by_title: BTreeMap<String, Value> =
            records.into_iter().map(|record| (record["title"].as_str().unwrap().to_owned(), record)).collect();
        assert_eq!(by_title.len(), count, "each once");
        by_title
    }

    fn titles(&self) -> Vec<String> {
        self.records().into_keys().collect()
    }
}

#[test]
fn contacts_that_the_phone_lost_stay_and_are_marked() {
    for name in ["ios18", "ios5"] {
        let phone = Phone::new(name);
        phone.on("2020-01-01", "").run(&[]).ends_with(0);
        let before = phone.titles();
        // A restore gives new numbers, which others had before.
        phone.on(
            "2020-02-01",
            "DELETE FROM ABMultiValue WHERE record_id = 2; DELETE FROM ABPerson WHERE ROWID = 2;
             UPDATE ABMultiValue SET record_id = record_id + 100; UPDATE ABPerson SET ROWID = ROWID + 100;
",
        );
        let columns = if name == "ios18" { ("guid, ", "'NEW-CARD', ") } else { ("", "") };
        let somebody = format!(
            "INSERT INTO ABPerson (ROWID, {}First, Last, CreationDate) VALUES (2, {}'New', 'Somebody', 600000000);",
            columns.0, columns.1
        );
        phone.on("2020-02-01", &somebody);
        phone.run(&["--update"]).ends_with(0);
        let after = phone.records();
        let jonas = &after["Jonas Müller"];
        assert_eq!((jonas["lacking"]["of"].as_str(), after.len()), (Some("backup"), before.len() + 1), "{name}");
        assert_eq!(jonas["lacking"]["backup"], "2020-02-01T12:00:00+00:00");
        assert_eq!(after.values().filter(|own| own.get("lacking").is_some()).count(), 1, "{name}: {after:#?}");
        let ids: std::collections::BTreeSet<i64> = after.values().map(|own| own["id"].as_i64().unwrap()).collect();
        assert_eq!(ids.len(), after.len(), "each has a number of its own");
        for file in ["contacts.vcf", "contacts.csv", "contacts.html"] {
            let text = phone.text(file).replace("\r\n ", "").to_lowercase();
            assert!(text.contains("not in the backup of 1 february 2020"), "{name} {file}");
        }
        let again = picture(&phone.folder());
        phone.run(&["--update"]).ends_with(0);
        let is_file = |picture: crate::support::Picture| -> crate::support::Picture {
            picture.into_iter().filter(|(_, (content, _))| content.is_some()).collect()
        };
        assert!(is_file(again) == is_file(picture(&phone.folder())), "{name}: the same again writes nothing");
        let refused = phone.run(&["--overwrite", "--tz", "UTC"]).ends_with(2);
        assert!(refused.stderr.contains("The folder holds 1 contact"), "{}", refused.stderr);
    }
}

#[test]
fn an_edit_keeps_both_versions_and_a_link_makes_one_of_two() {
    let phone = Phone::new("ios18");
    phone.on("2020-01-01", "UPDATE ABPerson SET PersonLink = -1;").run(&[]).ends_with(0);
    assert!(phone.titles().iter().any(|title| title == "Ania"));
    phone
        .on("2020-02-01", "UPDATE ABPerson SET JobTitle = 'Diver' WHERE First = 'Jonas';")
        .run(&["--update"])
        .ends_with(0);
    let jonas = phone.records().remove("Jonas Müller").unwrap();
    assert_eq!((jonas["job_title"].as_str(), jonas["earlier"].as_array().unwrap().len()), (Some("Diver"), 1));
    assert_ne!(jonas["earlier"][0]["job_title"], "Diver");
    phone.on("2020-03-01", "UPDATE ABPerson SET PersonLink = 1 WHERE ROWID IN (1, 7);").run(&["--update"]).ends_with(0);
    let after = phone.records();
    assert!(!after.contains_key("Ania") && after.values().all(|own| own.get("lacking").is_none()));
    let anna = &after["Anna Kowalczyk"];
    let earlier: Vec<&str> =
        anna["earlier"].as_array().unwrap().iter().map(|own| own["title"].as_str().unwrap()).collect();
    assert!(earlier.contains(&"Ania"), "{earlier:?}");
}

#[test]
fn pictures_stay_with_their_contacts() {
    let phone = Phone::new("ios18");
    phone.on("2020-01-01", "").run(&[]).ends_with(0);
    let path = |record: &Value| record["photo"]["path"].as_str().unwrap().to_owned();
    let before = phone.records();
    let picture = fs::read(phone.folder().join(path(&before["Anna Kowalczyk"]))).unwrap();
    // Her card goes, and somebody new has her name and another picture.
    phone
        .database(PICTURES)
        .execute_batch("UPDATE ABFullSizeImage SET record_id = 50; UPDATE ABThumbnailImage SET record_id = 50 WHERE record_id = 1;")
        .unwrap();
    phone.on(
        "2020-02-01",
        "DELETE FROM ABPerson WHERE ROWID IN (1, 7); DELETE FROM ABMultiValue WHERE record_id IN (1, 7);
         UPDATE ABPerson SET First = 'Hana' WHERE ROWID = 4;",
    );
    phone.run(&["--update"]).ends_with(0);
    let after = phone.records();
    assert_eq!(fs::read(phone.folder().join(path(&after["Anna Kowalczyk"]))).unwrap(), picture);
    assert!(after["Anna Kowalczyk"]["lacking"].is_object());
    let hana = after.iter().find(|(title, _)| title.contains("Hana")).unwrap().1;
    assert!(path(hana).contains("Hana") && phone.folder().join(path(hana)).is_file());
    let there = fs::read_dir(phone.folder().join("photos")).unwrap().count();
    assert_eq!(there, 2, "nothing stands twice");
}

#[test]
fn a_choice_that_somebody_left_is_said() {
    let phone = Phone::new("ios18");
    phone.on("2020-01-01", "").run(&["--with", "Jonas"]).ends_with(0);
    phone
        .on(
            "2020-02-01",
            "UPDATE ABPerson SET First = 'Jon' WHERE First = 'Jonas'; DELETE FROM ABMultiValue WHERE record_id = 2;",
        )
        .run(&["--update"])
        .ends_with(0);
    let records = phone.records();
    assert_eq!(records["Jonas Müller"]["lacking"]["of"], "choice", "{records:#?}");
}

#[test]
fn the_folder_of_an_older_corer_is_adopted_from_any_of_its_data() {
    for sample in ["ios18", "ios5"] {
        for file in ["contacts.jsonl", "contacts.csv", "contacts.vcf"] {
            let phone = Phone::new(sample);
            phone.on("2020-01-01", "").run(&[]).ends_with(0);
            let before = phone.titles();
            fs::remove_dir_all(phone.folder().join(".corer")).unwrap();
            for other in ["contacts.jsonl", "contacts.csv", "contacts.vcf"].iter().filter(|other| **other != file) {
                fs::remove_file(phone.folder().join(other)).unwrap();
            }
            phone.on(
                "2020-02-01",
                "DELETE FROM ABMultiValue WHERE record_id = 2; DELETE FROM ABPerson WHERE ROWID = 2;",
            );
            phone.run(&["--update", "--tz", "UTC"]).ends_with(0);
            assert_eq!(phone.titles(), before, "{sample} {file}");
            let after = phone.records();
            let lacking: Vec<&str> = after
                .values()
                .filter(|own| own.get("lacking").is_some())
                .map(|own| own["title"].as_str().unwrap())
                .collect();
            assert_eq!(lacking, ["Jonas Müller"], "{sample} {file}");
        }
    }
}
