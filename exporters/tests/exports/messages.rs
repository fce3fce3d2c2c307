//! Conversations as files: all there, the same bytes every time, and as documented.

use std::fs;
use std::ops::ControlFlow;

use crate::common::{Memory, export_to, filter, listing, names, options, zone};
use corer_exporters::messages::jsonl;
use corer_exporters::messages::{export, text};
use corer_exporters::output::{self, ExportError, IfExists, SafePath, Tree};
use corer_exporters::saved::Kept;
use corer_schemas::messages::{AttachmentContent, Message, MessageKind};
use corer_schemas::{Absence, Skipped};
use serde_json::Value;
use tempfile::TempDir;

/// A few conversations with one of everything.
fn life() -> Memory {
    let mut life = Memory::default();
    let anna = life.chat("iMessage;-;+49170", None, &[("+49170", Some("Anna"))]);
    let group = life.chat("iMessage;+;chat1", Some("Lisbon"), &[("+49170", Some("Anna")), ("ben@example.org", None)]);
    let twin = life.chat("SMS;-;+49170", None, &[("+49170", Some("Anna"))]);
    let empty = life.chat("iMessage;-;nobody", None, &[("nobody@example.org", None)]);
    assert_eq!(empty, 4);

    life.say(anna, Some(0), "", "no date");
    life.say(anna, Some(0), "2018-12-31T23:59:59", "Happy new year");
    life.say(anna, None, "2019-01-01T00:00:01", "You too").subject = Some("Re".to_owned());
    life.say(anna, None, "2019-01-01T00:01:01", "first \u{fffc} then \u{fffc}");
    life.attach(anna, "photo.jpg", None, Some(b"\xff\xd8\xffpicture"));
    life.attach(anna, "copy.jpg", None, Some(b"\xff\xd8\xffpicture"));
    life.say(anna, Some(0), "2019-02-01T10:00:00", "");
    life.say(anna, Some(0), "2019-02-01T10:01:00", "Liked").kind = crate::common::tapback();
    life.say(anna, Some(0), "2019-02-01T10:02:00", "").kind = MessageKind::Unsupported { what: "type 77".to_owned() };
    life.say(anna, Some(0), "2019-02-01T10:03:00", "").kind = crate::common::app("com.example.Game");

    life.say(group, Some(1), "2019-02-02T10:00:00", "named it").kind = crate::common::announcement();
    for number in 0..2_500 {
        life.say(
            group,
            Some(number % 2),
            &format!("2019-03-01T{:02}:{:02}:{:02}", number / 3600, number / 60 % 60, number % 60),
            "x",
        );
    }
    life.attach(group, "photo.jpg", None, Some(b"\xff\xd8\xffpicture"));
    life.attach(group, "IMG_7", Some("image/png"), Some(b"other picture"));
    life.attach(group, "broken.mov", None, None);

    life.say(twin, Some(0), "2020-02-02T10:00:00", "from the other number");
    life.attach_absent(twin, "cloud.heic", Absence::InCloud);
    life.attach_absent(twin, "lost.heic", Absence::Lost);
    life.attach_content(twin, "gone.pdf", None, AttachmentContent::Unknown("no record in the backup".to_owned()));
    life.skipped.push((twin, Skipped::new("message 99", "its row is damaged")));
    life
}

fn records(jsonl: &[u8]) -> Vec<Value> {
    jsonl
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

#[test]
fn an_export_has_a_page_for_a_thousand_messages_and_each_content_once() {
    let folder = TempDir::new().unwrap();
    let report = export_to(folder.path(), &life(), &options(1));
    let expected = [
        "Anna-8d0bb4e9/index.html",
        "Anna/index.html",
        "Lisbon/index.html",
        "Lisbon/page-2.html",
        "Lisbon/page-3.html",
        "SHA256SUMS",
        "attachments/IMG_7-3ecf8afc.png",
        "attachments/photo-a1c7acbb.jpg",
        "index.html",
        "messages.jsonl",
    ];
    let found = names(folder.path());
    let without_hashes =
        |names: &[&str]| names.iter().map(|n| n.split('-').next().unwrap().to_owned()).collect::<Vec<_>>();
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(without_hashes(&found), without_hashes(&expected), "{found:?}");
    assert_eq!((report.found, report.exported), (2_511, 2_510));
    assert_eq!(report.skipped.len(), 2, "{report}");
    let expected: Vec<bool> = report.missing.iter().map(|missing| missing.expected).collect();
    assert_eq!(expected, [false, true, false], "{report}");
}

#[test]
fn the_bytes_do_not_depend_on_the_number_of_threads() {
    let life = life();
    let folders = [1, 2, 7].map(|jobs| {
        let folder = TempDir::new().unwrap();
        export_to(folder.path(), &life, &options(jobs));
        folder
    });
    let first = listing(folders[0].path());
    assert!(folders.iter().all(|folder| listing(folder.path()) == first));

    let archives = [1, 4].map(|jobs| {
        let place = TempDir::new().unwrap();
        let path = place.path().join("out.zip");
        let tree = Tree::in_archive(&path, output::TreeOptions::default()).unwrap();
        export(&life, &life.chats, &options(jobs), &tree, &|_| ControlFlow::Continue(())).unwrap();
        tree.finish().unwrap();
        fs::read(path).unwrap()
    });
    assert!(archives[0] == archives[1]);
}

#[test]
fn an_update_changes_nothing_that_is_there() {
    let (life, folder) = (life(), TempDir::new().unwrap());
    export_to(folder.path(), &life, &options(2));
    let before = listing(folder.path());
    let page = folder.path().join("Anna/index.html");
    let old = filetime::FileTime::from_unix_time(1_000_000_000, 0);
    filetime::set_file_mtime(&page, old).unwrap();
    fs::remove_file(folder.path().join("messages.jsonl")).unwrap();
    let update = output::TreeOptions { existing: IfExists::Update, ..output::TreeOptions::default() };
    let tree = Tree::in_folder(folder.path(), update).unwrap();
    export(&life, &life.chats, &options(2), &tree, &|_| ControlFlow::Continue(())).unwrap();
    tree.finish().unwrap();
    assert!(listing(folder.path()) == before);
    let found = fs::metadata(&page).unwrap();
    assert_eq!(filetime::FileTime::from_last_modification_time(&found), old);
}

#[test]
fn an_update_with_new_messages_writes_what_they_change_and_nothing_else() {
    let (mut life, folder) = (life(), TempDir::new().unwrap());
    let mut options = options(2);
    options.search = true;
    export_to(folder.path(), &life, &options);
    let old = filetime::FileTime::from_unix_time(1_000_000_000, 0);
    for name in names(folder.path()) {
        filetime::set_file_mtime(folder.path().join(name), old).unwrap();
    }
    life.say(2, Some(0), "2019-03-02T10:00:00", "one more");
    let update = output::TreeOptions { existing: IfExists::Update, ..output::TreeOptions::default() };
    let tree = Tree::in_folder(folder.path(), update).unwrap();
    export(&life, &life.chats, &options, &tree, &|_| ControlFlow::Continue(())).unwrap();
    tree.finish().unwrap();
    let is_new = |name: &String| {
        let found = fs::metadata(folder.path().join(name)).unwrap();
        filetime::FileTime::from_last_modification_time(&found) != old
    };
    let changed: Vec<String> = names(folder.path()).into_iter().filter(is_new).collect();
    // The last page has the message; the others say how many there are and to which day.
    let expected = [
        "Lisbon/index.html",
        "Lisbon/page-2.html",
        "Lisbon/page-3.html",
        "SHA256SUMS",
        "index.html",
        "messages.jsonl",
        "search/1.js",
        "search/index.js",
    ];
    let attachments = |name: &&String| !name.starts_with("attachments/");
    assert_eq!(changed.iter().filter(attachments).collect::<Vec<_>>(), expected);
}

#[test]
fn a_page_says_what_is_there_and_what_is_not() {
    let folder = TempDir::new().unwrap();
    export_to(folder.path(), &life(), &options(2));
    let page = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let anna = page("Anna/index.html");
    for part in [
        "<!doctype html>",
        "<html lang=\"en\">",
        "<title>Anna</title>",
        "Without a date",
        "<time datetime=2018-12-31>Monday, 31 December 2018</time>",
        "<time datetime=2019-01-01T00:00:01+01:00>00:00</time>",
        "<p class=subject dir=auto>Re</p>",
        "id=m-0000-0004",
        "id=month-2019-02",
        "href=\"#month-2019-02\"",
        "Empty message",
        "<bdi>Anna</bdi>: <bdi>Liked</bdi>",
        "cannot show (<bdi>type 77</bdi>)",
        "App: Game",
        "href=\"../index.html\"",
    ] {
        assert!(anna.contains(part), "{part}");
    }
    let first = anna.find("first</p>").unwrap();
    assert!(first < anna.find("src=\"../attachments/photo-").unwrap());
    assert_eq!(anna.matches("src=\"../attachments/photo-").count(), 2);

    let middle = page("Lisbon/page-2.html");
    assert_eq!(middle.matches("<li class=").count(), 1_000);
    for part in [
        "Page 2 of 3",
        "href=\"index.html\" rel=\"prev\"",
        "href=\"page-3.html\" rel=\"next\"",
        "<bdi>ben@example.org</bdi>",
    ] {
        assert!(middle.contains(part), "{part}");
    }
    assert!(middle.contains("href=\"index.html#month-2019-02\""));

    let last = page("Lisbon/page-3.html");
    assert!(last.contains("<bdi>broken.mov</bdi> <small>MediaDomain") || last.contains("bad padding"));
    let start = page("index.html");
    for part in [
        "3 conversations, 2,510 messages",
        "2,501",
        "from the other number",
        "4 attachments could not be saved and 1 item",
    ] {
        assert!(start.contains(part), "{part}");
    }
}

#[test]
fn records_are_ordered_complete_and_as_the_schema_says() {
    let folder = TempDir::new().unwrap();
    export_to(folder.path(), &life(), &options(2));
    let records = records(&fs::read(folder.path().join("messages.jsonl")).unwrap());
    let schema: Value = serde_json::from_str(include_str!("../../../docs/formats/messages.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for record in &records {
        let errors: Vec<String> = schema.iter_errors(record).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{record}: {errors:?}");
    }
    let kinds: Vec<&str> = records.iter().map(|r| r["type"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], kinds[1], kinds[2], *kinds.last().unwrap()), ("header", "chat", "message", "completion"));
    let chats: Vec<i64> = records.iter().filter(|r| r["type"] == "chat").map(|r| r["id"].as_i64().unwrap()).collect();
    assert_eq!(chats, [1, 2, 3], "one without a message is not listed");
    let ids: Vec<i64> = records.iter().filter(|r| r["type"] == "message").map(|r| r["id"].as_i64().unwrap()).collect();
    assert!(ids.len() == 2_510 && ids.is_sorted());
    let last = records.last().unwrap();
    assert_eq!(
        (&last["chats"], &last["messages"], &last["attachments_missing"]),
        (&3.into(), &2_510.into(), &4.into())
    );
    assert_eq!(last["chats_without_messages"], 1);
    let saved = &records[5]["attachments"];
    assert_eq!(saved[0]["path"], saved[1]["path"]);
    assert_eq!(saved[0]["size"], 10);
    assert_eq!(records[4]["date"], "2019-01-01T00:00:01+01:00");
}

#[test]
fn a_stream_holds_the_same_messages() {
    let life = life();
    let mut bytes = Vec::new();
    let report = jsonl::stream(&life, &life.chats, &options(1), &mut bytes).unwrap();
    let streamed = records(&bytes);
    let folder = TempDir::new().unwrap();
    let saved_report = export_to(folder.path(), &life, &options(2));
    let saved = records(&fs::read(folder.path().join("messages.jsonl")).unwrap());
    let texts = |records: &[Value]| records.iter().map(|r| (r["id"].clone(), r["text"].clone())).collect::<Vec<_>>();
    assert_eq!(texts(&streamed), texts(&saved));
    assert_eq!(streamed[5]["attachments"][0]["status"], "present");
    assert_eq!((report.found, report.missing), (saved_report.found, saved_report.missing));
}

#[test]
fn a_conversation_without_messages_is_left_out_when_something_was_asked_for() {
    let folder = TempDir::new().unwrap();
    let mut options = options(2);
    options.about.filters.push(filter("since", "2019-01-01"));
    options.base = SafePath::new("messages");
    export_to(folder.path(), &life(), &options);
    assert!(!folder.path().join("messages/nobody@example.org").exists());
    let records = records(&fs::read(folder.path().join("messages/messages.jsonl")).unwrap());
    assert_eq!(records.iter().filter(|r| r["type"] == "chat").count(), 3);
    assert!(records[5]["attachments"][0]["path"].as_str().unwrap().starts_with("attachments/photo-"));
    assert!(folder.path().join("messages").join(records[5]["attachments"][0]["path"].as_str().unwrap()).is_file());
}

#[test]
fn an_export_can_be_stopped_and_leaves_no_half_files() {
    let (life, folder) = (life(), TempDir::new().unwrap());
    let tree = Tree::in_folder(folder.path(), output::TreeOptions::default()).unwrap();
    let progress = |progress: corer_exporters::messages::Progress| {
        if progress.messages > 1_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let stopped = export(&life, &life.chats, &options(2), &tree, &progress);
    assert!(matches!(stopped, Err(ExportError::Interrupted)));
    drop(tree);
    assert!(names(folder.path()).iter().all(|name| !name.contains(".corer-") && !name.starts_with("Lisbon/")));
}

#[test]
fn the_terminal_shows_a_line_a_message_and_what_is_missing() {
    let life = life();
    assert_eq!(text::heading(&life.chats[1]), "Lisbon (Anna, ben@example.org)");
    let told = |chat: usize, messages: &[Message]| {
        let mut lines: Vec<String> = Vec::new();
        for message in messages {
            let message = Kept::present(message.clone());
            text::each_line(&life.chats[chat], &message, None, &zone(), &mut |line: &str| {
                lines.push(line.to_owned());
                Ok::<(), ()>(())
            })
            .unwrap();
        }
        lines
    };
    let lines = told(0, &life.messages[&1]);
    assert_eq!(lines[0], "no date           Anna: no date");
    assert_eq!(lines[2], "2019-01-01 00:00  Me: Re");
    assert_eq!(lines[3], "    You too");
    assert_eq!(lines[5], "    [photo.jpg]");
    assert_eq!(lines[7], "2019-02-01 10:00  Anna: (empty message)");
    assert_eq!(lines[8], "2019-02-01 10:01  Anna: Liked");
    let lines = told(2, &life.messages[&3][..1]);
    assert_eq!(lines[1], "    [cloud.heic: only in iCloud, not in the backup]");
}
