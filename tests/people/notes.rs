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
    assert_eq!(start.matches("<li>").count(), 4);
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
