//! `corer notes`, end to end: what is shown and written, what an update keeps, and locked notes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Answer, Corer, sample, shared};

fn notes(answer: &Answer) -> Vec<Value> {
    answer.json_lines().into_iter().filter(|record| record["type"] == "note").collect()
}

fn titles(notes: &[Value]) -> Vec<&str> {
    notes.iter().map(|note| note["title"].as_str().unwrap()).collect()
}

const STORY: [&str; 4] = ["Waffles", "Kyoto 京都", "Packing for Lisbon", "Thrown away"];

#[test]
fn every_generation_has_the_notes_of_its_life() {
    let corer = Corer::new();
    for (backup, count) in [("ios5", 1), ("ios9", 2), ("ios10.1-encrypted", 2), ("ios18", 4)] {
        let found = notes(&corer.unlock(&["notes", "-b", &sample(backup), "--json"]).ends_with(0));
        assert_eq!(titles(&found), STORY[..count], "{backup}");
        // Of old, notes were HTML: what looks like markup was.
        let last = if backup == "ios5" { "Not too hot!" } else { "<i>Not too hot!</i>" };
        assert_eq!(found[0]["text"], format!("Waffles\n4 eggs, 3 dl milk & cardamom\n{last}\n"), "{backup}");
    }
}

#[test]
fn notes_become_markdown_in_their_folders() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer
        .run(&["notes", "-b", &sample("ios18"), "-f", "markdown,html,txt,jsonl", "-o", out.to_str().unwrap()])
        .ends_with(0);
    let files = files(&out);
    let find =
        |name: &str| files.iter().find(|file| file.ends_with(name)).unwrap_or_else(|| panic!("{name} {files:?}"));
    let packing = fs::read_to_string(find("Packing for Lisbon.md")).unwrap();
    assert!(
        packing.contains(
            "\n# Packing for Lisbon\n\n- [x] Passport\n- [ ] Sun hat\n\n![hat.jpg](../../attachments/hat.jpg)\n"
        ),
        "{packing}"
    );
    assert!(
        packing.starts_with("---\ntitle: \"Packing for Lisbon\"\ncreated: 2019-05-01T08:00:00+00:00\n")
            && packing.contains("pinned: true")
    );
    let waffles = fs::read_to_string(find("Waffles.md")).unwrap();
    assert!(waffles.contains("milk & cardamom\\\n\\<i\\>Not too hot!\\</i\\>\n"), "{waffles}");
    let gone = find("Thrown away.md");
    assert!(fs::read_to_string(gone).unwrap().contains("deleted: \"recently deleted\""));
    assert!(fs::read(find("attachments/hat.jpg")).unwrap().starts_with(b"\xff\xd8"));
    let page = fs::read_to_string(find("Kyoto 京都.html")).unwrap();
    assert!(page.contains("<h1") && page.contains("<ul class=\"dots\">") && page.contains("<ol class=\"numbers\">"));
    let start = fs::read_to_string(out.join("index.html")).unwrap();
    assert_eq!(start.matches("<li data-text=").count(), 4);
    assert!(start.contains("fold(field.value)") && start.contains("Sun hat"));
    for href in start.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(href.ends_with(".html") || href.starts_with('#'), "{href}");
    }
    let records = fs::read_to_string(out.join("notes.jsonl")).unwrap();
    assert_eq!(records.lines().count(), 6);
}

#[test]
fn a_choice_is_by_folder_words_and_time() {
    let corer = Corer::new();
    let backup = sample("ios18");
    let chosen = |choice: &[&str]| {
        let answer = corer.run(&[&["notes", "-b", &backup, "--json"], choice].concat());
        notes(&answer).iter().map(|note| note["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(chosen(&["--text", "passport hat"]), ["Packing for Lisbon"]);
    assert_eq!(chosen(&["--since", "2019-01-01", "--until", "2020-01-01"]), ["Packing for Lisbon"]);
    assert_eq!(chosen(&["--folder", "recently deleted"]), ["Thrown away"]);
    corer.run(&["notes", "-b", &backup, "--tag", "nothing"]).ends_with(4);
    let shown = corer.run(&["notes", "-b", &backup, "--text", "temples"]).ends_with(0).stdout;
    assert!(shown.contains("Kyoto 京都") && shown.contains("    • 金閣寺"), "{shown}");
}

#[test]
fn an_update_keeps_names_and_what_is_lost() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    let run = |backup: &str, more: &[&str]| {
        corer.run(&[&["notes", "-b", backup, "-o", out.to_str().unwrap()], more].concat()).ends_with(0);
    };
    run(&sample("ios18"), &[]);
    let before = files(&out);
    let content = |paths: &[PathBuf]| paths.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>();
    let bytes = content(&before);
    run(&sample("ios18"), &["--update"]);
    assert_eq!((files(&out), content(&before)), (before, bytes));
}

#[test]
fn locked_notes_of_a_real_device_say_that_they_are() {
    let Some(store) = shared("ios15.3.1/AppDomainGroup-group.com.apple.notes/NoteStore.sqlite") else { return };
    let corer = Corer::new();
    let found = notes(&corer.run(&["notes", "-b", &store, "--json"]).ends_with(0));
    let locked: Vec<_> = found.iter().filter(|note| note["lock"].is_object()).collect();
    assert_eq!((found.len(), locked.len()), (7, 4));
    for note in locked {
        assert_eq!((note["lock"]["scheme"].as_str(), note["lock"]["open"].as_bool()), (Some("classic"), Some(false)));
        assert_eq!((note["lock"]["hint"].as_str(), &note["text"]), (Some("Who’s Password?"), &Value::Null));
        assert!(note["unread"].as_str().unwrap().contains("password of notes"));
    }
    let file = corer.home.path().join("password");
    fs::write(&file, "wrong\n").unwrap();
    let answer = corer.run(&["notes", "-b", &store, "--note-password-file", file.to_str().unwrap()]).ends_with(0);
    assert!(answer.stderr.contains("do not open with the passwords"), "{answer:?}");
}

/// The two locked notes with a picture each that the tests of the reader open, as a folder of files.
fn locked(folder: &Path) -> Option<()> {
    let tables = fs::read_to_string(shared("ddl/NoteStore-iOS17.3.sql")?).unwrap();
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/src/notes/lock/sealed");
    let group = folder.join("AppDomainGroup-group.com.apple.notes");
    for (path, picture) in [("M-1/M-1", "older.picture"), ("M-2/1_G/M-2", "newer.picture")] {
        let path = group.join("Accounts/A/Media").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(made.join(picture), path).unwrap();
    }
    let database = rusqlite::Connection::open(group.join("NoteStore.sqlite")).unwrap();
    database.execute_batch(&(tables + &fs::read_to_string(made.join("store.sql")).unwrap())).unwrap();
    Some(())
}

#[test]
fn folders_without_notes_are_in_the_report() {
    let corer = Corer::new();
    let home = corer.home.path();
    let backup = home.join("backup");
    let Some(()) = locked(&backup) else { return };
    let store = backup.join("AppDomainGroup-group.com.apple.notes/NoteStore.sqlite");
    let sql = "INSERT INTO Z_PRIMARYKEY VALUES (43, 'ICFolder', 0, 0);
        INSERT INTO ZICCLOUDSYNCINGOBJECT (Z_PK, Z_ENT, ZTITLE2, ZFOLDERTYPE) VALUES (50, 43, 'Later', 0);
        INSERT INTO ZICCLOUDSYNCINGOBJECT (Z_PK, Z_ENT, ZTITLE2, ZSMARTFOLDERQUERYJSON) VALUES (51, 43, 'Sea', '{\"tag\":1}')";
    rusqlite::Connection::open(&store).unwrap().execute_batch(sql).unwrap();
    let out = home.join("out");
    corer.run(&["notes", "-b", backup.to_str().unwrap(), "-o", out.to_str().unwrap()]).ends_with(0);
    let report = fs::read_to_string(out.join("report.txt")).unwrap();
    assert!(report.contains("Empty folders: Later.") && report.contains("Sea ({\"tag\":1})"), "{report}");
}

#[test]
fn locked_notes_and_their_pictures_stay_open_once_they_were() {
    let corer = Corer::new();
    let home = corer.home.path();
    let backup = home.join("backup");
    let Some(()) = locked(&backup) else { return };
    fs::write(home.join("password"), "Zoë’s 🔑\n").unwrap();
    for formats in ["markdown,jsonl", "jsonl"] {
        let out = home.join(formats);
        let run = |more: &[&str]| {
            let args = ["notes", "-b", backup.to_str().unwrap(), "-f", formats, "-o", out.to_str().unwrap()];
            corer.run(&[&args, more].concat()).ends_with(0);
            let records = fs::read_to_string(out.join("notes.jsonl")).unwrap();
            let records: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let text = |title: &str| records.iter().find(|record| record["title"] == title).unwrap()["text"].clone();
            assert_eq!(
                (text("Old").as_str(), text("New").as_str()),
                (Some("Old\nway\u{fffc}\n"), Some("New\nway\u{fffc}\n"))
            );
            for (name, way) in [("house.jpg", "older"), ("plan.jpg", "newer")] {
                let picture = fs::read_to_string(out.join("attachments").join(name)).unwrap();
                assert_eq!(picture, format!("the picture of the {way} way"));
            }
            // A key opens more than one export.
            assert!(!fs::read_to_string(out.join(".corer/memory.jsonl")).unwrap_or_default().contains("proven"));
        };
        run(&["--note-password-file", home.join("password").to_str().unwrap()]);
        run(&["--update"]);
        run(&["--update"]);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with(".corer") => {}
                true => waiting.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}
