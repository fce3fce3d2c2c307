//! What Safari keeps as pages: bookmarks, the reading list and tabs on the page to begin with, and the history on pages of a
//! thousand visits, which are written as they come.

use askama::Template;
use corer_schemas::identity::Identified as _;
use corer_schemas::safari::{MarkKind, SafariRecord};
use jiff::tz::TimeZone;

use super::labels::{notes, place, title};
use super::totals::Totals;
use super::{Context, START};
use crate::clock::{Moment, date_in_words};
use crate::output::{ExportInfo, OutputError, Tree};
use crate::page::{Html, Shell, complete_page, count, plural, safe_url};
use crate::saved::Kept;

/// What these pages add to the style of all pages.
const STYLE: &str = include_str!("style.css");

/// How many visits are on a page.
const PAGE: usize = 1_000;

#[derive(Template)]
#[template(path = "safari/page.html")]
struct Page<'a> {
    heading: String,
    facts: String,
    gaps: Option<String>,
    /// Other pages: what each is called, and where it is.
    links: Vec<(String, String)>,
    sections: Vec<Section<'a>>,
    /// Whether there is nothing in any section.
    is_empty: bool,
    zone: &'a str,
    backup: &'a str,
}

struct Section<'a> {
    heading: &'static str,
    rows: Vec<&'a Html>,
}

#[derive(Template)]
#[template(path = "safari/row.html")]
struct Row<'a> {
    title: &'a str,
    /// Where a click leads; `None` for what is no page of the net.
    href: Option<&'a str>,
    url: Option<&'a str>,
    exact: Option<String>,
    when: Option<String>,
    place: Option<String>,
    preview: Option<&'a str>,
    notes: Vec<String>,
}

/// Pages that are being written.
#[derive(Default)]
pub(super) struct Pages {
    /// With the folders that each is in, and its place there.
    bookmarks: Vec<(Vec<String>, i64, Html)>,
    reading: Vec<Html>,
    /// With what each is in.
    tabs: Vec<(String, Html)>,
    /// Visits of the page that is being filled, the oldest first.
    visits: Vec<Html>,
    /// How many pages of visits are full.
    full: usize,
}

impl Pages {
    /// Adds a record, and writes a page of visits once it is full.
    pub(super) fn add(
        &mut self,
        record: &Kept<SafariRecord>,
        context: &Context,
        tree: &Tree,
    ) -> Result<(), OutputError> {
        let row = Html::of(&row(record, &context.zone));
        match &record.record {
            SafariRecord::Mark(mark) if mark.kind == MarkKind::Reading => self.reading.push(row),
            SafariRecord::Mark(mark) if mark.kind == MarkKind::Root => {}
            SafariRecord::Mark(mark) => {
                // A folder stands before what is in it.
                let own = mark.title.iter().filter(|_| mark.kind == MarkKind::Folder);
                let path = mark.path.iter().chain(own).cloned().collect();
                let place = if mark.kind == MarkKind::Folder { i64::MIN } else { mark.place.unwrap_or(i64::MAX) };
                self.bookmarks.push((path, place, row));
            }
            SafariRecord::Tab(_) => self.tabs.push((place(record), row)),
            SafariRecord::Visit(_) | SafariRecord::Cleared(_) => {
                if self.visits.len() >= PAGE {
                    self.write_visits(context, tree)?;
                }
                self.visits.push(row);
            }
        }
        Ok(())
    }

    fn write_visits(&mut self, context: &Context, tree: &Tree) -> Result<(), OutputError> {
        self.full += 1;
        let visits = std::mem::take(&mut self.visits);
        let mut links = vec![("Safari".to_owned(), START.to_owned())];
        if self.full > 1 {
            links.push(("Older".to_owned(), history_page(self.full - 1)));
        }
        let about = &context.about;
        let page = Page {
            heading: format!("Safari history, page {}", self.full),
            facts: format!("The newest first; on this page {}.", count(visits.len() as u64)),
            gaps: None,
            links,
            is_empty: false,
            sections: vec![Section { heading: "History", rows: visits.iter().rev().collect() }],
            zone: &about.time_zone,
            backup: backup(about),
        };
        let html = complete_page(&Shell { title: "Safari history", style: STYLE, script: None }, &page);
        tree.write(&context.base.join(&history_page(self.full)), html.as_bytes()).map(|_| ())
    }

    /// Writes what is left, and the page to begin with.
    pub(super) fn finish(mut self, totals: Totals, context: &Context, tree: &Tree) -> Result<(), OutputError> {
        if !self.visits.is_empty() {
            self.write_visits(context, tree)?;
        }
        self.bookmarks.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        self.tabs.reverse();
        self.tabs.sort_by(|one, other| one.0.cmp(&other.0));
        let counts = [
            (totals.bookmarks, plural(totals.bookmarks, "bookmark")),
            (totals.reading_list, format!("{} on the reading list", plural(totals.reading_list, "page"))),
            (totals.tabs, plural(totals.tabs, "tab")),
            (totals.visits, plural(totals.visits, "visit")),
            (totals.cleared, format!("{} from the history", plural(totals.cleared, "removal"))),
        ];
        let facts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
        let told = format!("{} could not be read; report.txt says which and why.", plural(totals.skipped, "item"));
        let pages = (1..=self.full).rev();
        let about = &context.about;
        let page = Page {
            heading: "Safari".to_owned(),
            facts: facts.collect::<Vec<_>>().join(" · "),
            gaps: (totals.skipped > 0).then_some(told),
            links: pages.map(|page| (format!("History, page {page}"), history_page(page))).collect(),
            is_empty: self.tabs.is_empty() && self.reading.is_empty() && self.bookmarks.is_empty(),
            sections: vec![
                Section { heading: "Tabs", rows: self.tabs.iter().map(|(_, row)| row).collect() },
                Section { heading: "Reading list", rows: self.reading.iter().rev().collect() },
                Section { heading: "Bookmarks", rows: self.bookmarks.iter().map(|(_, _, row)| row).collect() },
            ],
            zone: &about.time_zone,
            backup: backup(about),
        };
        let html = complete_page(&Shell { title: "Safari", style: STYLE, script: None }, &page);
        tree.write(&context.base.join(START), html.as_bytes()).map(|_| ())
    }
}

/// The name of a page of visits, by its number from 1 for the oldest.
fn history_page(number: usize) -> String {
    format!("history-{number}.html")
}

fn backup(about: &ExportInfo) -> &str {
    about.device.as_deref().unwrap_or(&about.backup)
}

fn row<'a>(record: &'a Kept<SafariRecord>, zone: &TimeZone) -> Row<'a> {
    let moment = record.moment().and_then(|date| Moment::new(date, zone));
    let url = record.named().0;
    let preview = match &record.record {
        SafariRecord::Mark(mark) => mark.preview.as_deref(),
        _ => None,
    };
    Row {
        title: title(record),
        href: url.filter(|url| safe_url(url).is_some()),
        url: url.filter(|url| *url != title(record)),
        exact: moment.as_ref().map(Moment::exact),
        when: moment.map(|moment| format!("{}, {}", date_in_words(moment.date()), moment.time())),
        place: Some(place(record)).filter(|place| !place.is_empty()),
        preview,
        notes: notes(record, zone),
    }
}
