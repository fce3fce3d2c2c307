//! What stands around the calls of a page: totals on the newest one, and the ways to the others.

use askama::Template;

use super::STYLE;
use super::rows::{Rows, month_anchor, name};
use crate::calls::totals::{CallSum, Person, Sums};
use crate::clock::{date_in_words, lasting};
use crate::output::ExportInfo;
use crate::page::{Html, LinkTarget, Links, Shell, complete_page, count, plural};

/// Which page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Its number, from 0 for the oldest calls.
    pub page: usize,
    /// Whether there are no newer calls than its own.
    pub is_newest: bool,
}

#[derive(Template)]
#[template(path = "calls/page.html")]
struct Page<'a> {
    title: &'a str,
    facts: String,
    totals: Option<Totals>,
    rows: Html,
    older: Option<&'a str>,
    newer: Option<&'a str>,
    gaps: Option<String>,
    zone: &'a str,
    backup: &'a str,
}

struct Totals {
    people: Vec<TotalsLine>,
    months: Vec<TotalsLine>,
}

/// A line of a table of totals.
struct TotalsLine {
    name: String,
    more: Option<String>,
    href: Option<String>,
    calls: String,
    outgoing: String,
    incoming: String,
    missed: String,
    talk: String,
    last: Option<String>,
}

/// A page of calls. `sums` stand on the page of the newest calls alone.
pub fn page(
    rows: &Rows,
    sums: Option<&Sums>,
    skipped: u64,
    position: Position,
    links: &dyn Links,
    about: &ExportInfo,
) -> String {
    let span = rows.span().map(|(first, last)| format!("{} to {}", name(first), name(last)));
    let title = match (&sums, &span) {
        (None, Some(span)) => format!("Calls, {span}"),
        _ => "Calls".to_owned(),
    };
    let people = sums.map(Sums::by_person).unwrap_or_default();
    let facts = sums.map_or_else(|| plural(rows.len() as u64, "call"), |sums| facts(sums, people.len()));
    let link = |page| links.href(LinkTarget::Calls { page });
    let older = position.page.checked_sub(1).and_then(link);
    let newer = if position.is_newest { None } else { link(position.page + 1) };
    let content = Page {
        title: &title,
        facts,
        totals: sums.filter(|sums| sums.all.calls > 0).map(|sums| totals(sums, people, position.page, links)),
        rows: rows.newest_first(),
        older: older.as_deref(),
        newer: newer.as_deref(),
        gaps: (skipped > 0)
            .then(|| format!("{} could not be read; the report says which and why.", plural(skipped, "item"))),
        zone: &about.time_zone,
        backup: about.device.as_deref().unwrap_or(&about.backup),
    };
    complete_page(&Shell { title: &title, style: STYLE, script: None }, &content)
}

fn facts(sums: &Sums, people: usize) -> String {
    let people = match people {
        1 => "1 person".to_owned(),
        number => format!("{} people", count(number as u64)),
    };
    let mut facts = format!("{} with {people}", plural(sums.all.calls, "call"));
    match sums.span {
        Some((from, to)) if from == to => facts.push_str(&format!(", {}", date_in_words(from))),
        Some((from, to)) => facts.push_str(&format!(", {} to {}", date_in_words(from), date_in_words(to))),
        None => {}
    }
    if sums.all.seconds > 0.0 {
        facts.push_str(&format!(", {} of talk", lasting(sums.all.seconds)));
    }
    facts
}

fn totals(sums: &Sums, people: Vec<Person>, here: usize, links: &dyn Links) -> Totals {
    let href = |page| if page == here { Some(String::new()) } else { links.href(LinkTarget::Calls { page }) };
    let people = people.into_iter().chain(sums.withheld()).map(|person| TotalsLine {
        last: person.last.map(|moment| date_in_words(moment.date())),
        more: person.more,
        ..line(person.title, &person.sum)
    });
    let months = sums.by_month().map(|(month, sum, page)| TotalsLine {
        href: href(page).map(|page| format!("{page}#{}", month_anchor(Some(month)))),
        ..line(name(month), sum)
    });
    Totals { people: people.collect(), months: months.collect() }
}

fn line(name: String, sum: &CallSum) -> TotalsLine {
    TotalsLine {
        name,
        more: None,
        href: None,
        calls: count(sum.calls),
        outgoing: count(sum.outgoing),
        incoming: count(sum.incoming),
        missed: count(sum.missed),
        talk: if sum.seconds > 0.0 { lasting(sum.seconds) } else { String::new() },
        last: None,
    }
}
