//! `corer contacts`.

use std::path::Path;

use crate::support::{Corer, content, picture, sample, shared};
use serde_json::Value;

const IMAGES: &str = "Library/AddressBook/AddressBookImages.sqlitedb";

/// The records of contacts among the lines.
fn contacts(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter(|line| line["type"] == "contact").collect()
}

fn titles(lines: &[Value]) -> Vec<&str> {
    contacts(lines).iter().map(|contact| contact["title"].as_str().unwrap()).collect()
}

#[test]
fn nine_cards_of_ios_15_are_eight_contacts_with_their_pictures() {
    let Some(backup) = shared("ios15.3.1") else { return };
    let corer = Corer::new();
    let file = |name: &str, more: &[&str]| {
        let out = corer.home.path().join(name);
        let args = [&["contacts", "-b", &backup, "-o", out.to_str().unwrap()], more].concat();
        corer.run(&args).ends_with(0);
        std::fs::read_to_string(out).unwrap()
    };
    let linked = file("linked.vcf", &[]);
    let apart = file("apart.vcf", &["--no-link"]);
    let count = |cards: &str, line: &str| cards.lines().filter(|own| own.starts_with(line)).count();
    assert_eq!((count(&linked, "BEGIN:VCARD"), count(&apart, "BEGIN:VCARD")), (8, 9));
    for cards in [&linked, &apart] {
        assert_eq!(count(cards, "PHOTO;ENCODING=b;TYPE="), 2);
        for value in ["(919) 888-7386", "1-800-MY-APPLE", "One Apple Park Way", "De'Fer", "TextNow", "_$!<HomePage>!$_"]
        {
            assert!(cards.contains(value), "{value}");
        }
    }
    assert_eq!((count(&linked, "TEL;"), count(&apart, "TEL;")), (5, 6), "what both cards have stands there once");
    let lines = corer.run(&["contacts", "-b", &backup, "--json"]).ends_with(0).json_lines();
    let two = contacts(&lines).into_iter().find(|contact| contact["id"] == 9).unwrap();
    assert_eq!(two["accounts"][0]["name"], "Gmail");
    assert_eq!(two["accounts"][1]["name"], "iCloud");
}

#[test]
fn an_address_book_of_ios_18_comes_out_whole() {
    let Some(database) = shared("ios18-fixtures/contacts.1.AddressBook.sqlitedb") else { return };
    let lines = Corer::new().run(&["contacts", "-b", &database, "--json"]).ends_with(0).json_lines();
    assert_eq!(titles(&lines), ["Acme Synthetics", "Alex Fixture", "Broken Label", "Solo"]);
    assert_eq!(lines.iter().filter(|line| line["type"] == "group").count(), 2, "an empty group too");
    let alex = contacts(&lines)[1];
    for (place, value) in [
        ("/name/prefix", "Dr."),
        ("/name/middle", "Quinn"),
        ("/name/suffix", "Jr."),
        ("/nicknames/0", "Lexi"),
        ("/organization", "Fixture Works"),
        ("/department", "Synthesis"),
        ("/job_title", "Fabricator"),
        ("/notes/0", "Entirely invented."),
        ("/birthday", "1990-04-01"),
        ("/phones/2/value", "+1 555 0102"),
        ("/urls/0/label", "fixture custom"),
        ("/addresses/0/value/street", "1 Synthetic Way"),
        ("/addresses/0/value/postal_code", "00001"),
        ("/messengers/0/value/username", "fixture-im"),
        ("/groups/0", "Fixture Friends"),
        ("/accounts/0/name", "Fixture Store"),
        ("/created", "2023-03-08T20:26:40+00:00"),
    ] {
        assert_eq!(alex.pointer(place).and_then(Value::as_str), Some(value), "{place}");
    }
}

#[test]
fn contacts_of_every_generation_are_the_same_people() {
    let corer = Corer::new();
    let people = |name: &str| {
        let answer = corer.unlock(&["contacts", "-b", &sample(name), "--json"]).ends_with(0);
        let lines = answer.json_lines();
        let ingrid = contacts(&lines).into_iter().find(|contact| contact["title"] == "Ingrid Solheim").unwrap();
        assert_eq!(ingrid["others"].as_array().unwrap().last().unwrap()["value"], "of a later day", "{name}");
        assert_eq!(ingrid["accounts"][0]["name"], "Exchange", "{name}");
        titles(&lines).join("|")
    };
    let expected = people("ios18");
    assert_eq!(expected.split('|').count(), 7);
    for name in ["ios5", "ios7", "ios9", "ios9-encrypted", "ios10.1-encrypted", "ios15-encrypted", "ios26-encrypted"] {
        assert_eq!(people(name), expected, "{name}");
    }
}

#[test]
fn a_folder_has_every_format_and_the_pictures() {
    let corer = Corer::new();
    let backup = sample("ios15-encrypted");
    let before = picture(Path::new(&backup));
    let out = corer.home.path().join("out");
    corer.unlock(&["contacts", "-b", &backup, "-o", out.to_str().unwrap()]).ends_with(0);
    let files = content(&out);
    for name in [
        "contacts.vcf",
        "contacts.csv",
        "contacts.html",
        "contacts.jsonl",
        "photos/Anna Kowalczyk.jpg",
        "photos/花子 山田.png",
        "report.json",
        "report.txt",
        "SHA256SUMS",
    ] {
        assert!(files.contains_key(Path::new(name)), "{name}");
    }
    let page = std::fs::read_to_string(out.join("contacts.html")).unwrap();
    assert!(page.contains("src=\"photos/Anna%20Kowalczyk.jpg\"") && page.contains("Cabin; by the &#60;sea&#62;"));
    let lines: Vec<Value> = std::fs::read_to_string(out.join("contacts.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.last().unwrap()["type"], "completion");
    let anna = contacts(&lines).into_iter().find(|contact| contact["title"] == "Anna Kowalczyk").unwrap();
    assert_eq!(anna["photo"]["path"], "photos/Anna Kowalczyk.jpg");
    assert_eq!(anna["photo"]["crop"]["width"], 40);
    let again = corer.home.path().join("again");
    corer.unlock(&["contacts", "-b", &backup, "-o", again.to_str().unwrap()]).ends_with(0);
    assert!(content(&again) == files, "the same bytes");
    let update = ["contacts", "-b", &backup, "-o", out.to_str().unwrap(), "--update"];
    corer.unlock(&update).ends_with(0);
    assert!(content(&out) == files && picture(Path::new(&backup)) == before);
}

#[test]
fn one_file_one_stream_and_a_file_for_each_card() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let stream =
        |args: &[&str]| corer.run(&[&["contacts", "-b", &backup, "-o", "-"], args].concat()).ends_with(0).stdout;
    assert!(stream(&[]).starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n"));
    assert!(stream(&["--vcard", "4.0"]).starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n"));
    assert!(stream(&["-f", "csv", "--layout", "google"]).starts_with("First Name,Middle Name,"));
    assert!(stream(&["-f", "html"]).contains("Anna Kowalczyk"));
    assert!(stream(&["--json"]).starts_with("{\"type\":\"header\""));
    let split = corer.home.path().join("split");
    corer.run(&["contacts", "-b", &backup, "-o", split.to_str().unwrap(), "-f", "vcf", "--split"]).ends_with(0);
    assert_eq!(std::fs::read_dir(split.join("cards")).unwrap().count(), 7);
    for (wrong, words) in [
        (&["-f", "csv,vcf", "-o", "-"][..], "one format"),
        (&["-f", "csv", "-o", "x.vcf"], "-f says something else"),
        (&["--split", "-o", "x.vcf"], "needs a folder"),
    ] {
        let answer = corer.run(&[&["contacts", "-b", &backup], wrong].concat()).ends_with(2);
        assert!(answer.stderr.contains(words), "{answer:?}");
    }
    let dry = corer.home.path().join("dry.vcf");
    let answer = corer.run(&["contacts", "-b", &backup, "-o", dry.to_str().unwrap(), "--dry-run"]).ends_with(0);
    assert!(answer.stdout.contains("7 contacts") && !dry.exists());
}

#[test]
fn a_choice_means_the_same_in_the_terminal_and_in_files() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let chosen = |args: &[&str]| {
        let lines = corer.run(&[&["contacts", "-b", &backup, "--json"], args].concat()).ends_with(0).json_lines();
        titles(&lines).iter().map(|title| (*title).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(chosen(&["--with", "muller"]), ["Jonas Müller"]);
    assert_eq!(chosen(&["--with", "(415) 555-0134"]), ["Anna Kowalczyk"]);
    assert_eq!(chosen(&["--with", "ania"]), ["Anna Kowalczyk"], "the name of the linked card");
    assert_eq!(chosen(&["--group", "lisbon"]).len(), 3);
    assert_eq!(chosen(&["--account", "icloud"]), ["Anna Kowalczyk"]);
    assert_eq!(chosen(&["--no-link"]).len(), 8);
    let shown = corer.run(&["contacts", "-b", &backup, "--with", "Ingrid"]).ends_with(0).stdout;
    assert!(shown.contains("maiden name") && shown.contains("5 July 1979"), "{shown}");
    let table = corer.run(&["contacts", "-b", &backup]).ends_with(0).stdout;
    assert_eq!(table.lines().count(), 8, "{table}");
    let none = corer.run(&["contacts", "-b", &backup, "--with", "nobody"]).ends_with(4);
    assert!(none.stderr.contains("No contact matches"), "{none:?}");
}

#[test]
fn merging_says_what_it_merged_and_loses_nothing() {
    let corer = Corer::new();
    let book = corer.home.path().join("AddressBook.sqlitedb");
    let sql = "
        CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, Note TEXT);
        CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, value TEXT);
        INSERT INTO ABPerson VALUES (1, 'Anna', 'Kowalczyk', 'one'), (2, 'Anna', NULL, 'two'), (3, 'Ben', 'Kowalczyk', NULL);
        INSERT INTO ABMultiValue VALUES (1, 1, 3, '+14155550134'), (2, 2, 3, '+1 415 555 0134'), (3, 3, 3, '+14155550134');";
    rusqlite::Connection::open(&book).unwrap().execute_batch(sql).unwrap();
    let book = book.to_str().unwrap();
    let answer = corer.run(&["contacts", "-b", book, "--json", "--unique"]).ends_with(0);
    assert!(
        answer.stderr.contains("Merged into Anna Kowalczyk: Anna Kowalczyk (card 1), Anna (card 2)."),
        "{answer:?}"
    );
    let lines = answer.json_lines();
    assert_eq!(titles(&lines), ["Anna Kowalczyk", "Ben Kowalczyk"]);
    assert_eq!(contacts(&lines)[0]["notes"], serde_json::json!(["one", "two"]));
    let out = corer.home.path().join("out");
    corer.run(&["contacts", "-b", book, "--unique", "-o", out.to_str().unwrap()]).ends_with(0);
    assert!(std::fs::read_to_string(out.join("report.txt")).unwrap().contains("Merged into Anna Kowalczyk"));
}

/// A case of the shared ones, as a backup.
fn case(name: &str) -> Option<String> {
    shared(&format!("../cases/{name}"))
}

#[test]
fn seven_pairs_of_two_people_stay_fourteen_and_are_named() {
    let Some(backup) = case("people-unique-false-merges") else { return };
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let answer = corer.run(&["contacts", "-b", &backup, "--unique", "-o", out.to_str().unwrap()]).ends_with(0);
    let read = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    assert_eq!(read("contacts.vcf").lines().filter(|line| *line == "BEGIN:VCARD").count(), 14);
    let report: Value = serde_json::from_str(&read("report.json")).unwrap();
    let pairs = report["kinds"][0]["may_be_same"].as_array().unwrap();
    assert_eq!(pairs.len(), 6, "all but two firms of other names: {pairs:?}");
    assert_eq!((&pairs[0]["one"]["name"], &pairs[0]["one"]["id"]), (&"John Stone".into(), &1.into()));
    let text = read("report.txt");
    assert!(text.contains("May be the same, and were left apart (6):"), "{text}");
    assert!(text.contains("Paul Martin (11) and Martin Paul (12): the words of their names stand in another order"));
    assert!(answer.stderr.contains("May be the same, and left apart: John Stone (1) and John Stone (2)"), "{answer:?}");
}

#[test]
fn a_second_picture_is_kept_and_named() {
    let corer = Corer::new();
    let folder = corer.home.path().join("tree/HomeDomain/Library/AddressBook");
    std::fs::create_dir_all(&folder).unwrap();
    let sql = "
        CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, PersonLink INTEGER, StoreID INTEGER);
        CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, value TEXT);
        INSERT INTO ABPerson VALUES (1, 'Kim', 'Lee', 7, 0), (2, 'Kim', 'Lee', 7, 0), (3, 'Kim', 'Lee', 7, 0), (4, 'Kim', 'Lee', -1, 0);
        INSERT INTO ABMultiValue VALUES (1, 1, 3, '+14155550134'), (2, 4, 3, '+14155550134');";
    rusqlite::Connection::open(folder.join("AddressBook.sqlitedb")).unwrap().execute_batch(sql).unwrap();
    let sql = "
        CREATE TABLE ABFullSizeImage (ROWID INTEGER PRIMARY KEY, record_id INTEGER, data BLOB);
        INSERT INTO ABFullSizeImage VALUES (1, 1, x'ffd8ff01'), (2, 2, x'89504e470d0a1a0a02'), (3, 3, x'ffd8ff01'), (4, 4, x'ffd8ff04');";
    rusqlite::Connection::open(folder.join("AddressBookImages.sqlitedb")).unwrap().execute_batch(sql).unwrap();
    let tree = corer.home.path().join("tree");
    let args = |name: &str, more: &[&str]| {
        let out = corer.home.path().join(name);
        let args = [&["contacts", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()], more].concat();
        corer.run(&args).ends_with(0)
    };
    let read = |name: &str| std::fs::read(corer.home.path().join(name)).unwrap();
    args("linked", &[]);
    assert_eq!(read("linked/photos/Kim Lee 2.png"), b"\x89PNG\r\n\x1a\n\x02", "the third is the first again");
    assert_eq!(std::fs::read_dir(corer.home.path().join("linked/photos")).unwrap().count(), 3);
    args("one", &["--unique"]);
    let photos = std::fs::read_dir(corer.home.path().join("one/photos")).unwrap().count();
    assert_eq!(photos, 3, "those of two linked cards and of one that was merged with them");
    let text = String::from_utf8(read("one/report.txt")).unwrap();
    assert!(text.contains("Kim Lee has other pictures beside the one in the card: photos/Kim Lee 2."), "{text}");
    let lines = String::from_utf8(read("one/contacts.jsonl")).unwrap();
    let record: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
    assert_eq!(record["more_photos"].as_array().unwrap().len(), 2);
    for (file, words) in [("one/contacts.html", "photos/Kim%20Lee%202."), ("one/contacts.csv", "photos/Kim Lee 2.")] {
        assert!(String::from_utf8(read(file)).unwrap().contains(words), "{file}");
    }
    let answer = args("one.vcf", &["--unique"]);
    assert!(answer.stderr.contains("is not in this file; an export into a folder has it"), "{answer:?}");
}

#[test]
fn the_shared_cases_of_cards_are_what_they_should_be() {
    let corer = Corer::new();
    let cards = |name: &str, version: &str, more: &[&str]| {
        let backup = case(name)?;
        let args = [&["contacts", "-b", &backup, "-f", "vcf", "-o", "-", "--vcard", version], more].concat();
        Some(corer.run(&args).ends_with(0).stdout.replace("\r\n ", "").replace("\r\n", "\n"))
    };
    let count = |cards: &str, line: &str| cards.lines().filter(|own| own.starts_with(line)).count();
    for version in ["3.0", "4.0"] {
        let Some(linked) = cards("people-linked-other-org-hidden", version, &[]) else { return };
        let also = "NOTE:Also: Kimberly Lee-Stone\\nAlso: Zeta (organisation)\\nAlso: Chair (job title)\n";
        assert!(linked.contains(also), "{linked}");
        let display = cards("people-display-name-dropped", version, &[]).unwrap();
        assert!(display.contains("\nNOTE:Display name: Boss of Acme\n"), "{display}");
        let plain = cards("people-vcard4-plain-url", version, &[]).unwrap();
        assert!(plain.contains(".URL:www.example.com\n") && plain.contains(":http://www.example.com\n"), "{plain}");
    }
    let plain = cards("people-vcard4-plain-url", "4.0", &[]).unwrap();
    assert!(
        plain.contains("\nANNIVERSARY:20100605\n") && plain.contains(".RELATED;TYPE=spouse;VALUE=text:Tom\n"),
        "{plain}"
    );
    let phonetic = cards("people-vcard4-phonetic", "4.0", &[]).unwrap();
    assert_eq!((count(&phonetic, "N:") + count(&phonetic, "N;"), count(&phonetic, "BEGIN:VCARD")), (2, 2));
    assert!(phonetic.contains("X-PHONETIC-FIRST-NAME:hanako\n"), "{phonetic}");
    let Some(backup) = case("people-merged-photo-lost") else { return };
    let out = corer.home.path().join("photos");
    corer.run(&["contacts", "-b", &backup, "--unique", "-o", out.to_str().unwrap()]).ends_with(0);
    assert_eq!(std::fs::read_dir(out.join("photos")).unwrap().count(), 2);
}

#[test]
fn a_broken_picture_costs_itself_and_ends_with_3() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios18"), "-o", tree.to_str().unwrap()]).ends_with(0);
    let images = rusqlite::Connection::open(tree.join("HomeDomain").join(IMAGES)).unwrap();
    images.execute_batch("UPDATE ABThumbnailImage SET data = 'no picture' WHERE record_id = 4").unwrap();
    drop(images);
    let out = corer.home.path().join("out");
    let args = ["contacts", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()];
    corer.run(&args).ends_with(3);
    let report = std::fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("the picture of card 4 of 花子 山田"), "{report}");
    let cards = std::fs::read_to_string(out.join("contacts.vcf")).unwrap();
    assert_eq!(cards.lines().filter(|line| *line == "BEGIN:VCARD").count(), 7);
}

#[test]
fn what_strangers_type_adds_no_line_no_formula_and_no_markup() {
    let corer = Corer::new();
    for name in ["people-text", "people-types", "people-rings", "people-ends"] {
        let out = corer.home.path().join(name);
        let answer = corer.run(&["contacts", "-b", &sample(&format!("hostile/{name}")), "-o", out.to_str().unwrap()]);
        assert!([0, 3].contains(&answer.code), "{answer:?}");
        let read = |file: &str| std::fs::read_to_string(out.join(file)).unwrap();
        let records: Vec<Value> =
            read("contacts.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (people, cards, page) = (contacts(&records).len(), read("contacts.vcf"), read("contacts.html"));
        for line in ["BEGIN:VCARD", "VERSION:3.0", "END:VCARD"] {
            assert_eq!(cards.split("\r\n").filter(|own| *own == line).count(), people, "{line} of {name}");
        }
        assert!(cards.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n', '\u{2028}', '\u{85}'])));
        assert!(
            !page.contains("<script>alert") && !page.contains("<img src=x") && !page.contains("href=\"javascript:")
        );
        let table = read("contacts.csv");
        let begins = [",=", ",\"=", ",@", ",\"@", ",\t", ",\"\t", "\n="];
        assert!(!begins.iter().any(|begin| table.contains(begin)), "{name}");
    }
}

#[test]
fn a_backup_without_contacts_says_so() {
    let corer = Corer::new();
    let empty = corer.home.path().join("empty/HomeDomain/Library");
    std::fs::create_dir_all(&empty).unwrap();
    std::fs::write(empty.join("x"), "x").unwrap();
    let empty = corer.home.path().join("empty");
    let answer = corer.run(&["contacts", "-b", empty.to_str().unwrap()]).ends_with(4);
    assert!(answer.stderr.contains("no contacts"), "{answer:?}");
    let locked = corer.run(&["contacts", "-b", &sample("ios15-encrypted")]);
    assert_eq!(locked.code, 12, "{locked:?}");
}
