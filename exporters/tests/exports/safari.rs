//! What Safari keeps as files: as documented, and bookmarks as others read them, whatever stands in them.

use std::fs;
use std::ops::ControlFlow;

use corer_exporters::output::{SafePath, Tree, TreeOptions as Writing};
use corer_exporters::safari::{Format, SafariExporter};
use corer_exporters::saved::Present;
use corer_exporters::write::{Context, Exporter, FileSource};
use corer_schemas::safari::{Cleared, Mark, MarkKind, Origin, SafariRecord, Tab, TabKind, Visit};
use corer_schemas::{AppleTime, Entry, Opened, Reading, Skipped, SourceError};
use html5ever::tendril::TendrilSink as _;
use jiff::tz::TimeZone;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;

use crate::calls::{about, valid};

/// No file at all.
struct Nothing;

impl FileSource for Nothing {
    fn open(&self, _: &Entry) -> Result<Opened, SourceError> {
        Err(SourceError::Locked)
    }
}

const HOSTILE: &str = "</a></h2><script>x</script>\r\n=1+1 \"' \u{202e}&amp;";

fn mark(id: i64, kind: MarkKind, path: &[&str], title: &str) -> Mark {
    Mark {
        id,
        uuid: Some(format!("uuid {id}")),
        kind,
        special: None,
        folder: None,
        path: path.iter().map(|name| (*name).to_owned()).collect(),
        title: Some(title.to_owned()),
        url: (kind != MarkKind::Folder).then(|| format!("https://{id}.example/")),
        added: None,
        changed: AppleTime::from_seconds(7e8),
        viewed: None,
        preview: None,
        is_read: None,
        place: Some(id),
        is_deleted: false,
        is_hidden: false,
        odd: Vec::new(),
    }
}

fn hostile() -> Vec<SafariRecord> {
    let text = || Some(HOSTILE.to_owned());
    let (date, odd) = (AppleTime::from_seconds(6e8), vec![HOSTILE.to_owned()]);
    let visit = Visit {
        id: 1,
        url: Some("javascript:alert(1)".to_owned()),
        title: text(),
        date,
        visits: Some(-1),
        origin: Origin::Unknown(7),
        redirected_from: text(),
        redirected_to: text(),
        failed: true,
        profile: text(),
        odd: odd.clone(),
    };
    let cleared = Cleared { id: 2, url: None, from: date, until: None, profile: None, odd: odd.clone() };
    let reading = Mark { preview: text(), url: text(), ..mark(3, MarkKind::Reading, &[HOSTILE], HOSTILE) };
    let tab = Tab {
        id: None,
        uuid: text(),
        kind: TabKind::Tab,
        title: text(),
        url: text(),
        viewed: date,
        closed: date,
        is_private: true,
        is_pinned: true,
        group: text(),
        profile: text(),
        device: text(),
        odd,
    };
    let deleted = Mark { is_deleted: true, ..mark(5, MarkKind::Bookmark, &[], "gone") };
    let marks = [reading, mark(4, MarkKind::Unknown(9), &[], HOSTILE), deleted].map(SafariRecord::Mark);
    [SafariRecord::Visit(visit), SafariRecord::Cleared(cleared), SafariRecord::Tab(tab)]
        .into_iter()
        .chain(marks)
        .collect()
}

fn context(formats: &[Format]) -> Context<Format> {
    Context { about: about(), zone: TimeZone::UTC, base: SafePath::root(), formats: formats.to_vec() }
}

#[test]
fn records_are_as_the_schema_says_and_nothing_gets_out_of_its_place() {
    let safari = Reading { records: hostile(), skipped: vec![Skipped::part("some tabs of CloudTabs.db", "damaged")] };
    let formats = [Format::Html, Format::Bookmarks, Format::Csv, Format::Jsonl];
    let mut lines = Vec::new();
    let report = SafariExporter.stream(&Present(&safari), Format::Jsonl, &context(&formats), &mut lines).unwrap();
    let schema = include_str!("../../../docs/formats/safari.schema.json");
    assert_eq!(valid(schema, &String::from_utf8(lines).unwrap()).len(), 8);
    assert_eq!((report.found, report.exported, report.is_incomplete(false)), (6, 6, true));
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let going_on = |_| ControlFlow::Continue(());
    let report = SafariExporter.export(&Present(&safari), &Nothing, &context(&formats), &tree, &going_on).unwrap();
    tree.finish().unwrap();
    assert!(report.notes.iter().any(|note| note.contains("without 2 bookmarks")), "{:?}", report.notes);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    // Not everything that imports bookmarks knows others.
    let marks = read("bookmarks.html");
    let escapes = marks.split('&').skip(1);
    let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    assert!(escapes.into_iter().all(|it| known.iter().any(|known| it.starts_with(known))), "{marks}");
    assert!(!marks.contains("<script") && marks.contains("&lt;script&gt;") && marks.contains("&amp;amp;"), "{marks}");
    for page in ["safari.html", "history-1.html"] {
        let page = read(page);
        assert!(
            !page.contains("<script>x") && !page.contains("href=\"javascript") && page.contains("&#60;script"),
            "{page}"
        );
    }
    assert_eq!(read("safari.jsonl").lines().count(), 8);
    let mut table = csv::Reader::from_path(folder.path().join("safari.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().collect::<Result<_, _>>().unwrap();
    assert!(rows.len() == 6 && rows.iter().all(|row| row.len() == 10));
}

#[test]
fn a_long_history_is_on_pages_of_a_thousand() {
    let visit = |id: i64| {
        let Some(SafariRecord::Visit(visit)) = hostile().into_iter().next() else { panic!("no visit") };
        SafariRecord::Visit(Visit { id, ..visit })
    };
    let safari = Reading { records: (0..2_001).map(visit).collect(), skipped: Vec::new() };
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let going_on = |_| ControlFlow::Continue(());
    SafariExporter.export(&Present(&safari), &Nothing, &context(&[Format::Html]), &tree, &going_on).unwrap();
    tree.finish().unwrap();
    let rows = |page: usize| {
        let page = fs::read_to_string(folder.path().join(format!("history-{page}.html"))).unwrap();
        page.matches("<li>").count()
    };
    assert_eq!([rows(1), rows(2), rows(3)], [1_000, 1_000, 1]);
}

#[test]
fn an_export_stops_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::in_folder(folder.path(), Writing::default()).unwrap();
    let safari = Reading { records: hostile(), skipped: Vec::new() };
    let context = context(&[Format::Csv]);
    let stopped = SafariExporter.export(&Present(&safari), &Nothing, &context, &tree, &|_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(corer_exporters::output::ExportError::Interrupted)));
    assert!(!folder.path().join("safari.csv").exists());
}

/// A bookmark as another parser finds it: the folders that it is in, its title and its address. Of a folder the address is empty.
type Found = (Vec<String>, String, String);

/// Reads a file of bookmarks as a browser takes it apart.
fn bookmarks(marks: Vec<Mark>) -> Vec<Found> {
    let safari = Reading { records: marks.into_iter().map(SafariRecord::Mark).collect(), skipped: Vec::new() };
    let mut file = Vec::new();
    SafariExporter.stream(&Present(&safari), Format::Bookmarks, &context(&[]), &mut file).unwrap();
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).from_utf8().one(&file[..]);
    let (mut found, mut path) = (Vec::new(), Vec::new());
    walk(&dom.document, &mut path, &mut None, &mut found);
    found
}

fn walk(node: &Handle, path: &mut Vec<String>, heading: &mut Option<String>, found: &mut Vec<Found>) {
    let mut is_inner = false;
    if let NodeData::Element { name, attrs, .. } = &node.data {
        match &*name.local {
            "a" => {
                let href = attrs.borrow().iter().find(|it| &*it.name.local == "href").map(|it| it.value.to_string());
                found.push((path.clone(), text(node), href.unwrap()));
            }
            "h3" => {
                found.push((path.clone(), text(node), String::new()));
                *heading = Some(text(node));
            }
            "dl" => {
                is_inner = heading.is_some();
                path.extend(heading.take());
            }
            _ => {}
        }
    }
    for child in node.children.borrow().iter() {
        walk(child, path, heading, found);
    }
    if is_inner {
        path.pop();
    }
}

fn text(node: &Handle) -> String {
    if let NodeData::Text { contents } = &node.data {
        return contents.borrow().to_string();
    }
    node.children.borrow().iter().map(text).collect()
}

#[test]
fn folders_of_one_name_stay_two_and_the_order_is_that_of_the_device() {
    let inside = |id: i64, folder: i64| Mark {
        folder: Some(format!("uuid {folder}")),
        ..mark(id, MarkKind::Bookmark, &["Same"], &format!("in {folder}"))
    };
    let top = mark(3, MarkKind::Bookmark, &[], "between");
    let favorites = Mark { special: Some(1), ..mark(1, MarkKind::Folder, &[], "Favorites") };
    let folders = [favorites, mark(2, MarkKind::Folder, &[], "Same"), mark(4, MarkKind::Folder, &[], "Same")];
    let marks = [inside(7, 4), inside(6, 2), top].into_iter().chain(folders);
    let titles: Vec<String> = bookmarks(marks.collect()).into_iter().map(|(_, title, _)| title).collect();
    assert_eq!(titles, ["Favorites", "Same", "in 2", "between", "Same", "in 4"]);
}

#[test]
fn bookmarks_without_their_folder_and_in_a_circle_are_all_there() {
    let circle = |id: i64, above: i64, depth: usize| Mark {
        folder: Some(format!("uuid {above}")),
        ..mark(id, MarkKind::Folder, &vec!["a"; depth], &format!("f{id}"))
    };
    let lost = mark(9, MarkKind::Bookmark, &["gone", "inner"], "lost");
    let found = bookmarks(vec![circle(1, 2, 32), circle(2, 1, 32), circle(3, 4, 1), circle(4, 3, 2), lost]);
    let titles: Vec<&str> = found.iter().map(|(_, title, _)| title.as_str()).collect();
    assert!(["f1", "f2", "f3", "f4", "lost"].iter().all(|title| titles.contains(title)), "{titles:?}");
    let lost = found.iter().find(|(_, title, _)| title == "lost").unwrap();
    assert_eq!(lost.0, ["gone", "inner"]);
}

/// Text as it is on one line.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn another_parser_finds_the_same_folders_titles_and_addresses(
        names in prop::collection::vec("[^\\x00]{0,12}|</?(a|dl|h3|p|!--|script)[ >]?.{0,4}", 1..6),
        titles in prop::collection::vec(".{0,20}|[<>&\"'=/a-z ]{0,20}", 1..6),
        path in "[!-~\u{e4}-\u{f6}]{0,30}",
    ) {
        let mut marks = Vec::new();
        let mut above: Vec<&str> = Vec::new();
        for (place, name) in (1..).zip(&names) {
            marks.push(Mark { folder: Some(format!("uuid {}", place - 1)), ..mark(place, MarkKind::Folder, &above, name) });
            above.push(name);
        }
        let url = format!("https://x.example/{path}");
        for (place, title) in (100..).zip(&titles) {
            let folder = Some(format!("uuid {}", names.len()));
            marks.push(Mark { url: Some(url.clone()), folder, ..mark(place, MarkKind::Bookmark, &above, title) });
        }
        let above: Vec<String> = above.iter().map(|name| one_line(name)).collect();
        let folders = (0..above.len()).map(|depth| (above[..depth].to_vec(), above[depth].clone(), String::new()));
        let title = |title: &String| if title.trim().is_empty() { url.clone() } else { one_line(title) };
        let links = titles.iter().map(|it| (above.clone(), title(it), url.clone()));
        prop_assert_eq!(bookmarks(marks), folders.chain(links).collect::<Vec<_>>());
    }
}
