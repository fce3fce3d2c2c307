//! A page for each note, which looks like the note, and one to begin with, which has the folders.

mod blocks;
mod element;
mod inline;
mod start;

use askama::Template;
use corer_schemas::notes::Note;
use jiff::tz::TimeZone;

use super::content::Content;
use super::labels;
use super::markdown::Surroundings;
use crate::clock::{Moment, date_in_words};
use crate::output::{ExportInfo, SafePath};
use crate::page::{Html, Shell, complete_page, relative};
use crate::saved::Kept;

pub use start::Start;

/// What these pages add to the style of all pages.
const STYLE: &str = include_str!("style.css");

#[derive(Template)]
#[template(path = "notes/page.html")]
struct Page<'a> {
    title: &'a str,
    has_title: bool,
    start: String,
    place: String,
    when: Vec<When>,
    marks: Vec<String>,
    tags: &'a [String],
    people: Vec<String>,
    gap: Option<String>,
    body: Html,
    zone: &'a str,
    backup: &'a str,
}

/// A date of a note.
struct When {
    what: &'static str,
    exact: String,
    plain: String,
}

/// The page of a note.
pub fn page(note: &Kept<Note>, around: &Surroundings<'_>, about: &ExportInfo, zone: &TimeZone) -> String {
    let when = |what, date: Option<corer_schemas::AppleTime>| {
        let moment = Moment::new(date?, zone)?;
        let plain = format!("{}, {}", date_in_words(moment.date()), moment.time());
        Some(When { what, exact: moment.exact(), plain })
    };
    let others = note.shared_with.iter().filter(|person| !person.is_self);
    let place: Vec<&str> = note.account.iter().chain(&note.folder).map(String::as_str).collect();
    let title = labels::title(note);
    let begins = note.paragraphs().first().is_some_and(|line| {
        line.spans.iter().map(|span| span.text.as_str()).collect::<String>().trim() == title
            && line.kind == corer_schemas::notes::ParagraphKind::Title
    });
    let page = Page {
        title,
        has_title: begins,
        start: relative(around.folder, &SafePath::new(super::START)),
        place: place.join(" › "),
        when: [when("Created", note.created), when("changed", note.modified)].into_iter().flatten().collect(),
        marks: note.pinned.then(|| "pinned".to_owned()).into_iter().chain(labels::notes(note, zone)).collect(),
        tags: &note.tags,
        people: others.filter_map(|person| person.name.clone().or(person.address.clone())).collect(),
        gap: labels::gap(note),
        body: blocks::body(&Content::new(note, around.files), around),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    complete_page(&Shell { title, style: STYLE, script: None }, &page)
}
