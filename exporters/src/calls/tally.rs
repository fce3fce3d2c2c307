//! Counting calls: all of them, by person, by month.

use std::collections::{BTreeMap, HashMap};

use corer_schemas::Skipped;
use corer_schemas::calls::{Call, Direction};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::words::{is_missed, name};
use crate::clock::Moment;
use crate::output::KindReport;
use crate::output::report::Item;

/// What an export holds: the content of the last record of `calls.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Calls.
    pub calls: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

/// A sum of calls.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sum {
    pub(super) calls: u64,
    pub(super) outgoing: u64,
    pub(super) incoming: u64,
    pub(super) missed: u64,
    pub(super) seconds: f64,
}

impl Sum {
    fn add(&mut self, call: &Call) {
        self.calls += 1;
        self.outgoing += u64::from(call.direction == Direction::Outgoing);
        self.incoming += u64::from(call.direction == Direction::Incoming);
        self.missed += u64::from(is_missed(call));
        self.seconds += call.duration.unwrap_or_default();
    }
}

/// The calls with one person.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) title: String,
    /// The first number or address of somebody who goes by a name.
    pub(super) address: Option<String>,
    pub(super) sum: Sum,
    pub(super) last: Option<Moment>,
}

/// Sums of calls by person and by month. Calls with several people count for each of them.
#[derive(Debug, Default)]
pub struct Sums {
    pub(super) all: Sum,
    pub(super) span: Option<(Date, Date)>,
    people: HashMap<String, Person>,
    months: BTreeMap<Date, (Sum, usize)>,
}

impl Sums {
    /// Counts a call in, which stands on page `page`.
    pub fn add(&mut self, call: &Call, zone: &TimeZone, page: usize) {
        self.all.add(call);
        let moment = call.date.and_then(|date| Moment::new(date, zone));
        let mut seen: Vec<&str> = Vec::new();
        for person in &call.participants {
            let title = name(person);
            if seen.contains(&title) {
                continue;
            }
            seen.push(title);
            let own = self.people.entry(title.to_owned()).or_insert_with(|| Person {
                title: title.to_owned(),
                address: Some(person.address.clone()).filter(|address| address != title),
                ..Person::default()
            });
            own.sum.add(call);
            own.last = moment.or(own.last);
        }
        let Some(date) = moment.map(|moment| moment.date()) else { return };
        let month = self.months.entry(date.first_of_month()).or_default();
        month.0.add(call);
        month.1 = page;
        self.span = Some(self.span.map_or((date, date), |(first, _)| (first, date)));
    }

    /// How many people there are.
    pub(super) fn people(&self) -> u64 {
        self.people.len() as u64
    }

    /// Everybody, those with the most calls first.
    pub(super) fn by_person(&self) -> Vec<&Person> {
        let mut people: Vec<&Person> = self.people.values().collect();
        people.sort_by(|a, b| b.sum.calls.cmp(&a.sum.calls).then_with(|| a.title.cmp(&b.title)));
        people
    }

    /// Every month with calls, the newest first: its first day, its sum, and the page of its last call.
    pub(super) fn by_month(&self) -> impl Iterator<Item = (Date, &Sum, usize)> {
        self.months.iter().rev().map(|(month, (sum, page))| (*month, sum, *page))
    }
}

/// The report of calls that were written.
pub(super) fn report(totals: Totals, skipped: Vec<Skipped>) -> KindReport {
    KindReport {
        found: totals.calls + totals.skipped,
        exported: totals.calls,
        skipped: skipped.into_iter().map(|Skipped { item, why }| Item { item, why }).collect(),
        ..KindReport::new("calls")
    }
}
