//! Calendars as pages: one to begin with, and one of each year, with a grid and a list of each month.

mod entry;
mod month;

use std::collections::BTreeMap;

use askama::Template;
use corer_schemas::calendars::{Calendar, Event, Nature};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::ics::is_color;
use super::labels::{calendar_name, title};
use super::series::occurrences;
use super::totals::Totals;
use super::when::{end, start};
use super::{Context, START};
use crate::clock::date_in_words;
use crate::output::{OutputError, SafePath};
use crate::page::{Html, LinkTarget, Links, Shell, complete_page, plural, relative};
use crate::saved::Kept;

/// What these pages add to the style of all pages.
const STYLE: &str = include_str!("style.css");

/// Where the files of calendars lie, by their number.
pub(super) type Written = BTreeMap<Option<i64>, SafePath>;

/// A calendar, and how many events are in it.
type Counted<'c> = (Option<&'c Calendar>, u64);

/// Events that are to be drawn, in the order of time.
#[derive(Default)]
pub(super) struct Pages(Vec<Kept<Event>>);

/// An occurrence, as clocks of the reader show it.
struct Drawn<'e> {
    event: &'e Kept<Event>,
    from: DateTime,
    to: DateTime,
    /// Whether it is the first of its event on the page, which has all that is told.
    is_first: bool,
}

#[derive(Template)]
#[template(path = "calendars/start.html")]
struct StartPage<'a> {
    facts: String,
    calendars: Vec<CalendarLine<'a>>,
    years: Vec<YearLine>,
    birthdays: Vec<(String, &'a str)>,
    undated: Vec<Html>,
    endless: Option<String>,
    gaps: Option<String>,
    zone: &'a str,
    backup: &'a str,
}

struct CalendarLine<'a> {
    name: &'a str,
    color: Option<&'a str>,
    facts: Vec<String>,
    href: Option<String>,
}

struct YearLine {
    year: i16,
    events: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "calendars/year.html")]
struct YearPage<'a> {
    title: String,
    facts: String,
    months: Vec<(String, String, Html)>,
    start: Option<String>,
    before: Option<(i16, String)>,
    after: Option<(i16, String)>,
    zone: &'a str,
    backup: &'a str,
}

impl Pages {
    pub(super) fn add(&mut self, event: Kept<Event>) {
        self.0.push(event);
    }

    /// Writes all pages, one after another.
    ///
    /// # Errors
    /// Those of `write`, which is told the name and the content of each.
    pub(super) fn write(
        &self,
        last: Option<Date>,
        files: &Written,
        totals: Totals,
        gaps: u64,
        context: &Context,
        write: &dyn Fn(&str, &str) -> Result<(), OutputError>,
    ) -> Result<(), OutputError> {
        let links = PageLinks;
        let last = last.or_else(|| self.after_all(&context.zone)).unwrap_or(Date::MAX);
        let (years, is_endless) = self.years(last, &context.zone);
        let endless = is_endless
            .then(|| format!("Series without an end are drawn to {}, each at most 1,000 times.", date_in_words(last)));
        write(START, &self.start_page(&years, files, (totals, gaps), endless, context))?;
        let known: Vec<i16> = years.keys().copied().collect();
        for (place, (year, drawn)) in years.into_iter().enumerate() {
            let beside = |place: Option<usize>| {
                let year = *known.get(place?)?;
                Some((year, links.href(LinkTarget::CalendarYear { year })?))
            };
            let (before, after) = (beside(place.checked_sub(1)), beside(Some(place + 1)));
            write(&name_of(year), &year_page(year, drawn, before, after, context))?;
        }
        Ok(())
    }

    /// A year after everything that has a date.
    fn after_all(&self, zone: &TimeZone) -> Option<Date> {
        let latest = self.0.iter().filter_map(|event| start(event)).map(|start| start.here(zone).date()).max();
        latest?.checked_add(1.year()).ok()
    }

    /// What takes place in each year, and whether anything goes on without an end. Birthdays stand apart.
    fn years(&self, last: Date, zone: &TimeZone) -> (BTreeMap<i16, Vec<Drawn<'_>>>, bool) {
        let mut years: BTreeMap<i16, Vec<Drawn<'_>>> = BTreeMap::new();
        let mut is_endless = false;
        for event in self.0.iter().filter(|event| event.nature != Nature::Birthday) {
            let found = occurrences(event, last);
            is_endless |= found.goes_on;
            let begin = start(event).map(|start| start.here(zone));
            let length = begin.zip(end(event)).map(|(begin, end)| begin.duration_until(end.here(zone)));
            let mut in_year = None;
            for when in found.starts {
                let from = when.here(zone);
                let to = length.and_then(|length| from.checked_add(length).ok()).unwrap_or(from);
                let is_first = in_year.replace(from.year()) != Some(from.year());
                years.entry(from.year()).or_default().push(Drawn { event, from, to, is_first });
            }
        }
        years.values_mut().for_each(|drawn| drawn.sort_by_key(|drawn| (drawn.from, drawn.event.id)));
        (years, is_endless)
    }

    fn start_page(
        &self,
        years: &BTreeMap<i16, Vec<Drawn<'_>>>,
        files: &Written,
        (totals, gaps): (Totals, u64),
        endless: Option<String>,
        context: &Context,
    ) -> String {
        let left_out = totals.suggestions_left_out;
        let facts = [
            Some(plural(totals.events, "event")),
            (totals.series > 0).then(|| format!("{} series among them", totals.series)),
            (left_out > 0).then(|| format!("{} left out", plural(left_out, "suggestion"))),
        ];
        let year = |(year, drawn): (&i16, &Vec<Drawn<'_>>)| YearLine {
            year: *year,
            events: plural(drawn.len() as u64, "event"),
            href: PageLinks.href(LinkTarget::CalendarYear { year: *year }),
        };
        let undated = self.0.iter().filter(|event| start(event).is_none());
        let page = StartPage {
            facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            calendars: self.calendars(files),
            years: years.iter().rev().map(year).collect(),
            birthdays: self.birthdays(),
            undated: undated.map(|event| entry::undated(event, &context.zone)).collect(),
            endless,
            gaps: (gaps > 0)
                .then(|| format!("{} could not be read; report.txt says which and why.", plural(gaps, "item"))),
            zone: &context.about.time_zone,
            backup: context.about.device.as_deref().unwrap_or(&context.about.backup),
        };
        complete_page(&Shell { title: "Calendars", style: STYLE, script: None }, &page)
    }

    fn calendars(&self, files: &Written) -> Vec<CalendarLine<'_>> {
        let mut found: BTreeMap<(&str, Option<i64>), Counted<'_>> = BTreeMap::new();
        for event in &self.0 {
            let calendar = event.calendar.as_ref();
            let key = (calendar_name(calendar), calendar.map(|calendar| calendar.id));
            found.entry(key).or_insert((calendar, 0)).1 += 1;
        }
        let lines = found.into_iter().map(|((name, id), (calendar, events))| CalendarLine {
            name,
            color: calendar.and_then(color),
            facts: std::iter::once(plural(events, "event")).chain(calendar.map(facts_of).unwrap_or_default()).collect(),
            href: PageLinks.href(LinkTarget::CalendarFile { calendar: id, saved: files.get(&id) }),
        });
        lines.collect()
    }

    /// Birthdays by day, with the year where it is known.
    fn birthdays(&self) -> Vec<(String, &str)> {
        let own = self.0.iter().filter(|event| event.nature == Nature::Birthday);
        let day = |event: &Event| start(event).map(|start| start.clock().date());
        let mut found: Vec<(Option<Date>, &Event)> = own.map(|event| (day(event), &event.record)).collect();
        found.sort_by_key(|(date, event)| (date.map(|date| (date.month(), date.day())), event.id));
        let words = |(date, event): (Option<Date>, &Event)| match date {
            Some(date) if event.no_year => date.strftime("%-d %B").to_string(),
            Some(date) => date_in_words(date),
            None => "no date".to_owned(),
        };
        found.into_iter().map(|found| (words(found), title(found.1))).collect()
    }
}

/// What there is to say of a calendar.
fn facts_of(calendar: &Calendar) -> Vec<String> {
    let subscribed = calendar.subscribed.as_ref().map(|from| format!("subscribed from {from}"));
    let owner = calendar.owner.as_ref().map(|owner| format!("of {owner}"));
    let off = calendar.disabled.then(|| "the account is switched off".to_owned());
    [calendar.account.clone(), owner, subscribed, off].into_iter().flatten().collect()
}

/// The colour of a calendar, without how opaque it is.
fn color(calendar: &Calendar) -> Option<&str> {
    calendar.color.as_deref().filter(|color| is_color(color)).and_then(|color| color.get(..7))
}

fn year_page(
    year: i16,
    drawn: Vec<Drawn<'_>>,
    before: Option<(i16, String)>,
    after: Option<(i16, String)>,
    context: &Context,
) -> String {
    let facts = plural(drawn.len() as u64, "event");
    let mut months: BTreeMap<i8, Vec<Drawn<'_>>> = BTreeMap::new();
    drawn.into_iter().for_each(|one| months.entry(one.from.month()).or_default().push(one));
    let mut number = 0;
    let months = months.into_iter().filter_map(|(month, drawn)| {
        let first = Date::new(year, month, 1).ok()?;
        let html = month::html(first, &drawn, &mut number, &context.zone);
        Some((format!("m{month:02}"), first.strftime("%B %Y").to_string(), html))
    });
    let page = YearPage {
        title: format!("Calendars, {year}"),
        facts,
        months: months.collect(),
        start: PageLinks.href(LinkTarget::Calendars),
        before,
        after,
        zone: &context.about.time_zone,
        backup: context.about.device.as_deref().unwrap_or(&context.about.backup),
    };
    complete_page(&Shell { title: &page.title.clone(), style: STYLE, script: None }, &page)
}

/// The pages of an export, which lie beside each other.
struct PageLinks;

impl Links for PageLinks {
    fn href(&self, place: LinkTarget<'_>) -> Option<String> {
        match place {
            LinkTarget::Calendars => Some(START.to_owned()),
            LinkTarget::CalendarYear { year } => Some(name_of(year)),
            place => Some(relative(&SafePath::root(), place.saved()?)),
        }
    }
}

fn name_of(year: i16) -> String {
    format!("calendars-{year}.html")
}
