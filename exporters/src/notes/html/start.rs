//! The page to begin with: the folders, and the notes in each.

use std::collections::BTreeMap;

use askama::Template;
use corer_schemas::notes::Note;
use jiff::tz::TimeZone;

use super::super::labels;
use super::STYLE;
use crate::clock::{Moment, date_in_words};
use crate::output::{ExportInfo, SafePath};
use crate::page::{Shell, complete_page, plural, relative};
use crate::saved::Kept;

/// How much of a text is shown, in characters.
const MOST_CHARS: usize = 120;

/// The notes of the page, as they come.
#[derive(Debug, Default)]
pub struct Start {
    folders: BTreeMap<Vec<String>, Vec<Line>>,
    count: u64,
}

#[derive(Debug)]
struct Line {
    href: String,
    title: String,
    date: Option<String>,
    exact: String,
    snippet: String,
    marks: Vec<&'static str>,
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
        let snippet = note.snippet.as_deref().unwrap_or_default();
        let line = Line {
            href: relative(&SafePath::root(), path),
            title: labels::title(note).to_owned(),
            date: moment.as_ref().map(|moment| date_in_words(moment.date())),
            exact: moment.map(|moment| moment.exact()).unwrap_or_default(),
            snippet: snippet.chars().take(MOST_CHARS).collect(),
            marks: marks.into_iter().flatten().collect(),
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
        complete_page(&Shell { title: "Notes", style: STYLE, script: None }, &page)
    }
}
