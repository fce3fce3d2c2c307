//! `corer export`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::{Corer, content, sample};
use serde_json::Value;

#[test]
fn everything_lies_in_folders_with_one_start_page_and_one_report() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer.unlock(&["export", "-b", &sample("ios18-encrypted"), "-o", out.to_str().unwrap()]).ends_with(0);
    for path in [
        "messages/index.html",
        "messages/messages.jsonl",
        "contacts/contacts.vcf",
        "contacts/contacts.html",
        "contacts/photos/Anna Kowalczyk.jpg",
        "photos/index.html",
        "photos/photos.csv",
        "calls/calls.html",
        "calls/calls.csv",
        "voicemail/voicemail.html",
        "recordings/recordings.html",
        "calendars/calendars.html",
        "calendars/calendars.ics",
    ] {
        assert!(out.join(path).is_file(), "{path}");
    }
    let start = std::fs::read_to_string(out.join("index.html")).unwrap();
    for href in start.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(href.starts_with('#') || out.join(href).is_file(), "{href} leads nowhere");
    }
    for words in ["Messages", "7 contacts", "15 calls", "3 voicemails", "4 voice memos", "photos and videos"] {
        assert!(start.contains(words), "{words}");
    }
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    let kinds: BTreeMap<&str, u64> = report["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| (kind["kind"].as_str().unwrap(), kind["exported"].as_u64().unwrap()))
        .collect();
    assert_eq!((kinds["calls"], kinds["voicemail"], kinds["contacts"]), (15, 3, 7));
    let photos = corer.home.path().join("photos");
    corer.unlock(&["photos", "-b", &sample("ios18-encrypted"), "-o", photos.to_str().unwrap()]).ends_with(0);
    let is_photo = |path: &&PathBuf| path.starts_with("2019");
    let (alone, whole) = (content(&photos), content(&out.join("photos")));
    assert!(
        alone.keys().filter(is_photo).count() > 0 && alone.keys().filter(is_photo).eq(whole.keys().filter(is_photo))
    );
    let sums = std::fs::read_to_string(out.join("SHA256SUMS")).unwrap();
    assert!(["index.html", "calls/calls.csv", "report.json"].iter().all(|path| sums.contains(path)), "{sums}");
}

#[test]
fn what_a_backup_does_not_hold_is_said_and_is_no_error() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer.run(&["export", "-b", &sample("ios18"), "-o", out.to_str().unwrap()]).ends_with(0);
    assert!(!out.join("calls").exists());
    let report = std::fs::read_to_string(out.join("report.txt")).unwrap();
    let start = std::fs::read_to_string(out.join("index.html")).unwrap();
    assert!(report.contains("only in encrypted backups") && start.contains("only in encrypted backups"));
    assert!(start.contains("Health") && start.contains("Notes"));
    // Later, nothing is new, and nothing changes.
    let before = content(&out);
    corer.run(&["export", "-b", &sample("ios18"), "-o", out.to_str().unwrap(), "--update"]).ends_with(0);
    assert!(content(&out) == before);
}

#[test]
fn damage_to_the_address_book_is_told_where_it_belongs() {
    let corer = Corer::new();
    let tree = corer.home.path().join("tree");
    corer.run(&["files", "get", "-b", &sample("ios9"), "-o", tree.to_str().unwrap()]).ends_with(0);
    std::fs::write(tree.join("HomeDomain/Library/AddressBook/AddressBook.sqlitedb"), "no database").unwrap();
    let out = corer.home.path().join("out");
    corer.run(&["export", "calls", "contacts", "-b", tree.to_str().unwrap(), "-o", out.to_str().unwrap()]).ends_with(3);
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!((&report["kinds"][0]["kind"], &report["kinds"][0]["exported"]), (&"contacts".into(), &0.into()));
    assert_eq!((&report["kinds"][1]["kind"], &report["kinds"][1]["exported"]), (&"calls".into(), &6.into()));
    assert!(std::fs::read_to_string(out.join("index.html")).unwrap().contains("not a database"));
}

#[test]
fn named_kinds_in_a_folder_and_in_an_archive_are_the_same() {
    let corer = Corer::new();
    let [folder, zip] = ["out", "out.zip"].map(|name| corer.home.path().join(name));
    for out in [&folder, &zip] {
        corer.run(&["export", "calls", "voicemail", "-b", &sample("ios9"), "-o", out.to_str().unwrap()]).ends_with(0);
    }
    assert!(!folder.join("messages").exists() && folder.join("calls/calls.csv").is_file());
    let again = corer.home.path().join("again");
    corer.run(&["export", "calls", "voicemail", "-b", &sample("ios9"), "-o", again.to_str().unwrap()]).ends_with(0);
    assert_eq!(content(&folder), content(&again));
    let archive = std::fs::read(&zip).unwrap();
    assert!(archive.starts_with(b"PK") && archive.windows(15).any(|name| name == b"calls/calls.csv"));
    corer.run(&["export", "nonsense", "-b", &sample("ios9"), "-o", again.to_str().unwrap()]).ends_with(2);
    corer.run(&["export", "-b", &sample("ios9")]).ends_with(2);
    let plan = corer.run(&[
        "export",
        "-b",
        &sample("ios9"),
        "-o",
        again.to_str().unwrap(),
        "--overwrite",
        "--dry-run",
        "--json",
    ]);
    let plan = plan.ends_with(0).json();
    let planned = |kind: &str| {
        let kinds = plan["kinds"].as_array().unwrap();
        kinds.iter().find(|own| own["kind"] == kind).unwrap()["records"].as_u64()
    };
    assert_eq!((planned("calls"), planned("contacts")), (Some(6), Some(7)));
    // A kind that was named is planned as one of all.
    let to = again.to_str().unwrap();
    let named = ["export", "messages", "-b", &sample("ios9"), "-o", to, "--overwrite", "--dry-run", "--json"];
    let named = corer.run(&named).ends_with(0).json();
    assert!(planned("messages").is_some());
    assert_eq!(named["kinds"][0]["records"].as_u64(), planned("messages"));
}

#[test]
fn info_counts_what_can_be_taken_out() {
    let info = Corer::new().unlock(&["info", "-b", &sample("ios18-encrypted"), "--json"]).ends_with(0).json();
    let held = info["inside"]["held"].as_array().unwrap();
    let count = |kind: &str| held.iter().find(|held| held["kind"] == kind).unwrap()["count"].as_u64();
    assert_eq!((count("Voicemail"), count("Contacts"), count("Health")), (Some(3), Some(7), None));
    assert!(count("Messages").unwrap() > 30 && count("Call history").unwrap() >= 15);
}

/// A folder of domains in which a message and a chat of WhatsApp lost the film beside their picture, and what apps make of files.
#[test]
fn files_that_no_record_names_are_told_and_none_that_one_names() {
    let (corer, tree) = (Corer::new(), tempfile::tempdir().unwrap());
    let (backup, folder) = (sample("ios18"), tree.path().to_str().unwrap());
    let domains =
        ["HomeDomain/Library/SMS/**", "MediaDomain/**", "AppDomainGroup-group.net.whatsapp.WhatsApp.shared/**"];
    corer.run(&[&["files", "get"], &domains[..], &["-b", &backup, "-o", folder, "--overwrite"]].concat()).ends_with(0);
    let attachments = "MediaDomain/Library/SMS/Attachments";
    let media = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared/Message/Media/1@s.whatsapp.net";
    let left = [format!("{attachments}/d2/12/IMG_1.MOV"), format!("{media}/a/b/lost.jpg")];
    for path in left.iter().chain(&[format!("{media}/a/b/lost.thumb"), format!("{attachments}/d2/12/p-preview.ktx")]) {
        let place = tree.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, "content").unwrap();
    }
    for (kind, expected) in [("messages", &left[0]), ("whatsapp", &left[1])] {
        let out = corer.home.path().join(kind);
        let out = out.to_str().unwrap();
        let answer = corer.run(&[kind, "-b", folder, "-o", out]);
        let report: Value = serde_json::from_slice(&std::fs::read(format!("{out}/report.json")).unwrap()).unwrap();
        let found: Vec<String> = report["kinds"][0]["of_no_record"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| format!("{}/{}", file["domain"].as_str().unwrap(), file["path"].as_str().unwrap()))
            .collect();
        assert_eq!(found, std::slice::from_ref(expected));
        assert!(answer.stderr.contains("1 file is named by no record"), "{}", answer.stderr);
        // Of a part nobody knows.
        let part = format!("{out}-part");
        corer.run(&[kind, "-b", folder, "-o", &part, "--since", "2001-01-02"]);
        assert!(!std::fs::read_to_string(format!("{part}/report.json")).unwrap().contains("of_no_record"));
    }
}
