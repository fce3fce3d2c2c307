//! The page to begin with: the folders, and the notes in each.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use askama::Template;
use corer_schemas::notes::Note;
use jiff::tz::TimeZone;

use super::super::labels;
use super::STYLE;
use crate::clock::{Moment, date_in_words};
use crate::output::{ExportInfo, SafePath};
use crate::page::{Shell, complete_page, plural, relative, with_folding};
use crate::saved::Kept;

/// How much of a text is shown, in characters.
const MOST_CHARS: usize = 120;
/// How much of the text of a note is searched, in bytes.
const MOST_SEARCHED: usize = 8_000;
/// How much of all texts is, in bytes: more would make the page slow on a phone.
const MOST_OF_ALL: usize = 16 << 20;

/// The script that searches; the page is complete without it.
static SCRIPT: LazyLock<String> = LazyLock::new(|| with_folding(include_str!("search.js")));

/// The notes of the page, as they come.
#[derive(Debug, Default)]
pub struct Start {
    folders: BTreeMap<Vec<String>, Vec<Line>>,
    count: u64,
    searched: usize,
}

#[derive(Debug)]
struct Line {
    href: String,
    title: String,
    date: Option<String>,
    exact: String,
    snippet: String,
    marks: Vec<&'static str>,
    /// What is searched of its text, and whether that is not all.
    text: String,
    is_cut: bool,
    order: (bool, Option<corer_schemas::AppleTime>),
}

#[derive(Template)]
#[template(path = "notes/start.html")]
struct Page<'a> {
    facts: String,
    folders: Vec<Folder<'a>>,
    gaps: Option<String>,
    zone: &'a str,
    backup: &'a str,
}

struct Folder<'a> {
    name: String,
    notes: Vec<&'a Line>,
}

impl Start {
    /// Adds a note whose file is at a place.
    pub(in crate::notes) fn add(&mut self, note: &Kept<Note>, path: &SafePath, zone: &TimeZone) {
        let moment = note.modified.or(note.created).and_then(|date| Moment::new(date, zone));
        let marks = [
            note.pinned.then_some("pinned"),
            labels::state(note.state),
            note.lock.as_ref().map(|_| "locked"),
            (!note.is_present()).then_some("from an earlier backup"),
        ];
        let (text, is_cut) = searched(note, MOST_SEARCHED.min(MOST_OF_ALL.saturating_sub(self.searched)));
        self.searched += text.len();
        let snippet = note.snippet.as_deref().unwrap_or_default();
        let line = Line {
            href: relative(&SafePath::root(), path),
            title: labels::title(note).to_owned(),
            date: moment.as_ref().map(|moment| date_in_words(moment.date())),
            exact: moment.map(|moment| moment.exact()).unwrap_or_default(),
            snippet: snippet.chars().take(MOST_CHARS).collect(),
            marks: marks.into_iter().flatten().collect(),
            text,
            is_cut,
            order: (!note.pinned, note.modified.or(note.created)),
        };
        let folder = note.account.iter().chain(&note.folder).cloned().collect();
        self.folders.entry(folder).or_default().push(line);
        self.count += 1;
    }

    /// The page.
    pub(in crate::notes) fn page(&self, skipped: u64, about: &ExportInfo) -> String {
        let folders = self.folders.iter().map(|(path, notes)| {
            let mut notes: Vec<&Line> = notes.iter().collect();
            notes.sort_by_key(|line| (line.order.0, std::cmp::Reverse(line.order.1)));
            let name = if path.is_empty() { "Notes".to_owned() } else { path.join(" › ") };
            Folder { name, notes }
        });
        let gaps = format!("{} could not be read; report.txt says which and why.", plural(skipped, "item"));
        let page = Page {
            facts: plural(self.count, "note"),
            folders: folders.collect(),
            gaps: (skipped > 0).then_some(gaps),
            zone: &about.time_zone,
            backup: about.device.as_deref().unwrap_or(&about.backup),
        };
        complete_page(&Shell { title: "Notes", style: STYLE, script: Some(&SCRIPT) }, &page)
    }
}

/// The words of a note that are searched: its text, its tags, its cells, and what was recognised in what is attached. And whether more of
/// them would be.
fn searched(note: &Note, most: usize) -> (String, bool) {
    let mut text = String::new();
    let attached = note.attachments.iter().flat_map(|own| {
        let cells = own.table.iter().flat_map(|table| table.rows.iter().flatten().flatten());
        let cells = cells.flat_map(|line| &line.spans).map(|span| span.text.as_str());
        [&own.title, &own.text, &own.recognised].into_iter().flatten().map(String::as_str).chain(cells)
    });
    let lines =
        note.paragraphs().iter().flat_map(|line| line.spans.iter().map(|span| span.text.as_str()).chain(["\n"]));
    for piece in
        note.tags.iter().map(String::as_str).chain(["\n"]).chain(lines).chain(attached.flat_map(|text| ["\n", text]))
    {
        let left = most.saturating_sub(text.len());
        let end = (0..=left.min(piece.len())).rev().find(|end| piece.is_char_boundary(*end)).unwrap_or_default();
        text.push_str(piece.get(..end).unwrap_or_default());
        if end < piece.len() {
            return (text, true);
        }
    }
    (text, false)
}
