//! What is attached to notes, in every format: once each, whatever lies in what, and with what is missing of it named.

use std::io::Cursor;
use std::ops::ControlFlow;

use corer_exporters::notes::{Format, NotesExporter};
use corer_exporters::output::{KindReport, SafePath, Tree, TreeOptions};
use corer_exporters::saved::Present;
use corer_exporters::write::{Context, Exporter, FileSource};
use corer_schemas::notes::{
    Attachment, AttachmentKind, Body, FileRole, Note, NoteFile, Paragraph, Place, Span, Style, Table,
};
use corer_schemas::{Entry, Opened, Presence, Reading, SourceError};
use jiff::tz::TimeZone;

use crate::common::{about, entry, listing};
use crate::notes::note;

/// Every file holds a few bytes, but for those whose path ends in `locked`.
struct Few;

impl FileSource for Few {
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        if entry.path.ends_with("locked") {
            return Err(SourceError::Locked);
        }
        Ok(Opened { reader: Box::new(Cursor::new(b"bytes".to_vec())), plain: None, len: Some(5) })
    }
}

/// What a folder of notes holds, and the report.
pub fn export(notes: Vec<Note>) -> (Vec<(String, String)>, KindReport) {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), TreeOptions::default()).unwrap();
    let formats = vec![Format::Markdown, Format::Html, Format::Txt, Format::Jsonl];
    let context = Context { about: about(), zone: TimeZone::UTC, base: SafePath::root(), formats };
    let notes = Reading { records: notes, skipped: Vec::new() };
    let report = NotesExporter.export(&Present(&notes), &Few, &context, &tree, &|_| ControlFlow::Continue(())).unwrap();
    tree.finish().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (listing(folder.path()).into_iter().map(|(name, bytes)| (name, text(bytes))).collect(), report)
}

/// The pages of one note: Markdown, HTML, text.
fn pages(note: Note) -> Vec<(String, String)> {
    let is_page = |name: &str| {
        [".md", ".html", ".txt"].iter().any(|end| name.ends_with(end))
            && !name.starts_with("index")
            && !name.contains("attachments/")
    };
    let pages: Vec<_> = export(vec![note]).0.into_iter().filter(|(name, _)| is_page(name)).collect();
    assert_eq!(pages.len(), 3, "{:?}", pages.iter().map(|(name, _)| name).collect::<Vec<_>>());
    pages
}

fn naming(identifier: &str) -> Span {
    let style = Style { attachment: Some(identifier.into()), ..Style::default() };
    Span { text: "\u{fffc}".into(), style }
}

fn line(spans: Vec<Span>) -> Paragraph {
    Paragraph { spans, ..Paragraph::default() }
}

fn says(text: &str) -> Paragraph {
    line(vec![Span { text: text.into(), style: Style::default() }])
}

fn table(identifier: &str, cells: Vec<Vec<Paragraph>>) -> Attachment {
    let rows = cells.into_iter().map(|cell| vec![cell]).collect();
    let table = Some(Table { rows, right_to_left: false });
    Attachment { table, ..Attachment::new(identifier.into(), AttachmentKind::Table) }
}

fn file(role: FileRole, name: &str, place: Place) -> NoteFile {
    NoteFile { role, name: name.into(), place, lock: None }
}

fn stored(path: &str) -> Place {
    Place::Stored(Entry { path: path.into(), ..entry(1, Presence::Present) })
}

fn missing(why: &str) -> Place {
    Place::Missing { why: why.into(), expected: false }
}

#[test]
fn what_is_named_in_each_letter_is_written_once() {
    let cells = (0..100).map(|number| vec![says(&format!("cell {number} {}", "x".repeat(1_000)))]).collect();
    let mut gallery = Attachment::new("G".into(), AttachmentKind::Scan);
    gallery.title = Some("pages ".repeat(10_000));
    let mut tag = Attachment::new("H".into(), AttachmentKind::Hashtag);
    tag.text = Some(format!("#{}", "y".repeat(100_000)));
    let mut attachments = vec![table("T", cells), gallery, tag];
    for page in 0..50 {
        let mut inner = Attachment::new(format!("P{page}"), AttachmentKind::Image);
        inner.parent = Some("G".into());
        inner.title = Some(format!("page {page}"));
        attachments[1].children.push(inner.identifier.clone());
        attachments.push(inner);
    }
    let all = ["T", "G", "H"].map(naming).to_vec();
    let mut note = note((0..2_000).map(|_| line(all.clone())).collect());
    note.attachments = attachments;
    for (name, page) in pages(note) {
        assert_eq!(page.matches("cell 99 ").count(), 1, "{name}");
        assert_eq!(page.matches("page 49").count(), 1, "{name}");
        assert!(page.len() < 3_000_000, "{name} {}", page.len());
        assert!(page.contains("see above"), "{name}");
    }
}

#[test]
fn tables_in_tables_stand_below_each_other() {
    let mut note = note(vec![line(vec![naming("T0")])]);
    // Each is in the one before, the first is in the last, and each is in itself.
    note.attachments = (0..500)
        .map(|number| {
            let cell = vec![line(vec![naming(&format!("T{}", (number + 1) % 500)), naming(&format!("T{number}"))])];
            table(&format!("T{number}"), vec![cell, vec![says(&format!("cell {number}."))]])
        })
        .collect();
    for (name, page) in pages(note) {
        for number in [0, 1, 250, 499] {
            assert_eq!(page.matches(&format!("cell {number}.")).count(), 1, "{name}");
        }
        assert!(page.contains("see below"), "{name}");
    }
}

#[test]
fn what_is_in_others_is_written_however_deep() {
    let mut note = note(vec![line(vec![naming("A0")])]);
    note.attachments = (0..2_000)
        .map(|number| {
            let mut own = Attachment::new(format!("A{number}"), AttachmentKind::Audio);
            own.title = Some(format!("sound {number}."));
            own.parent = (number > 0).then(|| format!("A{}", number - 1));
            own.children = vec![format!("A{}", (number + 1) % 2_000)];
            own.files = vec![file(FileRole::Original, "a.m4a", missing("gone"))];
            own.recognised = (number == 3).then(|| "what was said".into());
            own
        })
        .collect();
    for (name, page) in pages(note) {
        for number in [0, 1, 2, 17, 1_999] {
            assert!(page.contains(&format!("sound {number}.")), "{name} {number}");
        }
        assert_eq!(page.matches("what was said").count(), 1, "{name}");
    }
}

#[test]
fn a_small_picture_does_not_pass_for_the_file() {
    let mut picture = Attachment::new("P".into(), AttachmentKind::Image);
    picture.title = Some("beach.jpg".into());
    picture.files = vec![
        file(FileRole::Original, "beach.jpg", missing("only in iCloud, not in the backup")),
        file(FileRole::Preview, "preview.png", stored("preview")),
    ];
    let mut document = Attachment::new("D".into(), AttachmentKind::Pdf);
    document.files = vec![file(FileRole::Preview, "preview.png", stored("other"))];
    let mut broken = Attachment::new("B".into(), AttachmentKind::Image);
    broken.files = vec![file(FileRole::Original, "b.jpg", stored("locked"))];
    let mut whole = Attachment::new("W".into(), AttachmentKind::Image);
    whole.title = Some("whole.jpg".into());
    whole.files = vec![file(FileRole::Original, "whole.jpg", stored("whole"))];
    let mut note = note(["P", "D", "B", "W"].map(|own| line(vec![naming(own)])).to_vec());
    note.attachments = vec![picture, document, broken, whole];
    for (name, page) in pages(note) {
        let page = page.replace('\\', "");
        for wanted in [
            "beach.jpg\u{201d}: only a small picture of it is in this backup: only in iCloud, not in the backup]",
            "[PDF: only a small picture of it is in this backup: the file itself is not in it]",
            "[picture: it cannot be read: ",
        ] {
            assert!(page.contains(wanted), "{name}: {wanted} {page}");
        }
        assert_eq!(page.matches("only a small picture").count(), 2, "{name}");
        assert!(page.contains("attachments/preview") && page.contains("attachments/whole.jpg"), "{name}");
    }
}

#[test]
fn notes_without_a_text_name_what_is_attached() {
    let mut picture = Attachment::new("P".into(), AttachmentKind::Image);
    picture.title = Some("secret.jpg".into());
    picture.files = vec![file(FileRole::Original, "secret.jpg", missing("it is locked with its note"))];
    let mut note = note(Vec::new());
    note.body = Body::Missing { why: "it is locked".into(), expected: false };
    note.attachments = vec![picture];
    for (name, page) in pages(note) {
        assert!(page.contains("secret.jpg\u{201d}: it is locked with its note"), "{name} {page}");
    }
}

#[test]
fn cards_lead_to_where_they_led() {
    let card = |identifier: &str, kind, target: &str| Attachment {
        target: Some(target.into()),
        title: Some(format!("card {identifier}")),
        ..Attachment::new(identifier.into(), kind)
    };
    let mut place = Attachment::new("C".into(), AttachmentKind::Map);
    place.place = Some((1.5, -2.25));
    let mut note = note(["A", "B", "C", "D"].map(|own| line(vec![naming(own)])).to_vec());
    note.attachments = vec![
        card("A", AttachmentKind::Map, "https://maps.apple.com/?q=a"),
        card("B", AttachmentKind::Event, "https://b.example/event"),
        place,
        card("D", AttachmentKind::Contact, "addressbook://d"),
    ];
    for (name, page) in pages(note) {
        let page = page.replace('\\', "");
        for wanted in ["https://maps.apple.com/?q=a", "https://b.example/event", "ll=1.5,-2.25", "addressbook://d"] {
            assert!(page.contains(wanted), "{name}: {wanted} {page}");
        }
        assert!(!page.contains("href=\"addressbook"), "{name}");
    }
}

#[test]
fn no_two_notes_and_no_file_share_a_place() {
    let named = |number: usize, account: &str, title: &str| {
        let mut own = note(vec![says(&format!("note {number}."))]);
        (own.identifier, own.id, own.page.path) =
            (Some(format!("N-{number}")), Some(number as i64), format!("page {number}"));
        (own.account, own.title) = (Some(account.into()), Some(title.into()));
        own
    };
    let long = "\u{1f388}".repeat(80);
    let titles = [
        ("attachments", "beach"),
        ("Attachments", "beach"),
        ("report.json", "x"),
        ("report.txt", "x"),
        ("SHA256SUMS", "x"),
        ("notes.jsonl", "x"),
        ("index.html", "x"),
        ("A", long.as_str()),
        ("A", &long),
        ("A", &format!("{long}.md")),
        ("A", "x"),
        ("A", "X"),
        ("A", "x.md"),
        ("A", "x.html"),
        ("A", "x.html.html"),
        ("A", "con"),
    ];
    let mut notes: Vec<Note> =
        titles.iter().enumerate().map(|(number, (account, title))| named(number, account, title)).collect();
    let mut beach = Attachment::new("B".into(), AttachmentKind::File);
    beach.files = vec![file(FileRole::Original, "beach.md", stored("beach.md"))];
    notes[0].attachments = vec![beach];
    let (files, report) = export(notes);
    assert_eq!(report.exported, 16);
    for ending in [".md", ".html", ".txt"] {
        for number in 0..16 {
            let says = format!("note {number}.");
            let is_page = |(name, text): &&(String, String)| {
                name.ends_with(ending) && name != "index.html" && text.contains(&says)
            };
            assert_eq!(files.iter().filter(is_page).count(), 1, "{says} {ending}");
        }
    }
    assert!(files.iter().any(|(name, text)| name == "attachments/beach.md" && text == "bytes"));
}
