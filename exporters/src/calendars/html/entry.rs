//! One occurrence in the list.

use askama::Template;
use corer_schemas::calendars::Event;
use jiff::tz::TimeZone;

use super::{Drawn, color};
use crate::calendars::labels::{
    alarms, availability, between, calendar_name, how_often, long, nature, notes, person, place, repeats, status, title,
};
use crate::page::{Html, Rich, safe_url};
use crate::saved::Kept;

#[derive(Template)]
#[template(path = "calendars/entry.html")]
struct Entry<'a> {
    number: Option<usize>,
    title: &'a str,
    is_cancelled: bool,
    exact: Option<String>,
    span: Option<String>,
    color: Option<&'a str>,
    facts: Vec<String>,
    more: Option<More<'a>>,
}

/// What is told of an event once.
struct More<'a> {
    text: Option<Html>,
    lines: Vec<(&'static str, String)>,
    links: Vec<(Option<&'a str>, &'a str)>,
}

/// An occurrence, whose number on the page is this.
pub(super) fn html(drawn: &Drawn<'_>, number: usize, zone: &TimeZone) -> Html {
    let span = between(drawn.event.all_day, drawn.from, Some(drawn.to));
    Html::of(&Entry {
        span: Some(span),
        ..entry(drawn.event, Some((number, drawn.from.to_string())), drawn.is_first, zone)
    })
}

/// An event that has no date.
pub(super) fn undated(event: &Kept<Event>, zone: &TimeZone) -> Html {
    Html::of(&entry(event, None, true, zone))
}

/// The most letters of a title where it stands again.
const LONGEST_AGAIN: usize = 200;

/// The beginning of a title that stands whole elsewhere on the page.
fn beginning(title: &str) -> &str {
    title.char_indices().nth(LONGEST_AGAIN).and_then(|(end, _)| title.get(..end)).unwrap_or(title)
}

fn entry<'a>(event: &'a Kept<Event>, at: Option<(usize, String)>, is_first: bool, zone: &TimeZone) -> Entry<'a> {
    let (number, exact) = at.unzip();
    let calendar = event.calendar.as_ref();
    let often = event.rules.iter().filter_map(how_often);
    let words = [nature(event), status(event)].into_iter().flatten().map(str::to_owned);
    let facts = std::iter::once(calendar_name(calendar).to_owned());
    let facts = facts.chain(event.place.as_ref().and_then(place)).chain(often).chain(words);
    // What is remembered of it, and what makes no sense, stands where the rest of it is told.
    let facts = facts.chain(is_first.then(|| notes(event, zone)).into_iter().flatten());
    let more = is_first.then(|| more(event, zone)).filter(|more| more.text.is_some() || !more.is_empty());
    Entry {
        number,
        title: if is_first { title(event) } else { beginning(title(event)) },
        is_cancelled: event.status == Some(3),
        exact,
        span: None,
        color: calendar.and_then(color),
        facts: facts.collect(),
        more,
    }
}

impl More<'_> {
    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.links.is_empty()
    }
}

fn more<'a>(event: &'a Kept<Event>, zone: &TimeZone) -> More<'a> {
    let address = event.place.as_ref().and_then(|place| place.coordinates);
    let travel = event.travel.as_ref();
    let attached = event.attachments.iter().filter_map(|file| file.name.as_deref().or(file.url.as_deref()));
    let lines = [
        ("Organizer", event.organizer.iter().map(|own| person(own, false)).collect::<Vec<_>>().join(", ")),
        ("Invited", event.attendees.iter().map(|own| person(own, true)).collect::<Vec<_>>().join(", ")),
        ("Repeats", repeats(event).join("; ")),
        ("Reminds", alarms(event, zone).join(", ")),
        ("Coordinates", address.map(|(latitude, longitude)| format!("{latitude}, {longitude}")).unwrap_or_default()),
        ("Travel", travel.and_then(|travel| travel.seconds).map(|time| long(time.unsigned_abs())).unwrap_or_default()),
        ("Shown as", availability(event).unwrap_or_default().to_owned()),
        ("Attached", attached.collect::<Vec<_>>().join(", ")),
        ("Categories", event.categories.join(", ")),
    ];
    let links = event.url.iter().chain(&event.conferences).map(|url| (safe_url(url), url.as_str()));
    More {
        text: event.notes.as_deref().map(|text| match Rich::is_needed(text) {
            true => Rich::new(text).html(),
            false => Html::text(text),
        }),
        lines: lines.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        links: links.collect(),
    }
}
