//! The calls of one page, as rows of a table.

use askama::Template;
use corer_schemas::calls::Call;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calls::labels::{direction, is_missed, notes, numbers, outcome, service, who};
use crate::clock::{Moment, date_in_words, lasting};
use crate::page::Html;
use crate::saved::Kept;

/// Calls that have been rendered, in the order of time.
#[derive(Debug, Default)]
pub struct Rows {
    rows: Vec<(Option<Date>, Html)>,
}

#[derive(Template)]
#[template(path = "calls/row.html")]
struct Row<'a> {
    class: &'static str,
    when: Option<When>,
    who: String,
    numbers: String,
    how: String,
    details: Vec<String>,
    seconds: Option<String>,
    notes: &'a [String],
}

struct When {
    exact: String,
    words: String,
    day: String,
    time: String,
}

#[derive(Template)]
#[template(path = "calls/month.html")]
struct Month {
    mark: String,
    name: String,
    is_first: bool,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Renders the next call.
    pub fn push(&mut self, call: &Kept<Call>, zone: &TimeZone) {
        let moment = call.date.and_then(|date| Moment::new(date, zone));
        let notes = notes(call, zone);
        let service = service(call);
        let details = std::iter::once(service).chain(call.location.clone()).chain(call.country.clone()).collect();
        let row = Row {
            class: if is_missed(call) { "missed" } else { direction(call) },
            when: moment.map(|moment| When {
                exact: moment.exact(),
                words: moment.words(),
                day: date_in_words(moment.date()),
                time: moment.time(),
            }),
            who: who(call),
            numbers: numbers(call).join(", "),
            how: format!("{}, {}", direction(call), outcome(call)),
            details,
            seconds: call.duration.filter(|seconds| *seconds >= 0.5).map(lasting),
            notes: &notes,
        };
        self.rows.push((moment.map(|moment| moment.date().first_of_month()), Html::of(&row)));
    }

    /// The first and the last month of these calls.
    pub(super) fn span(&self) -> Option<(Date, Date)> {
        let mut months = self.rows.iter().filter_map(|(month, _)| *month);
        let first = months.next()?;
        Some((first, months.next_back().unwrap_or(first)))
    }

    /// The rows, the newest first, with each month's name above its calls.
    pub(super) fn newest_first(&self) -> Html {
        let mut html = Html::default();
        let mut last = None;
        for (month, row) in self.rows.iter().rev() {
            if last != Some(*month) {
                let name = month.map_or_else(|| "Without a date".to_owned(), name);
                html.push(&Month { mark: month_anchor(*month), name, is_first: last.is_none() });
                last = Some(*month);
            }
            html.append(row);
        }
        html
    }
}

/// `March 2019`.
pub(super) fn name(month: Date) -> String {
    month.strftime("%B %Y").to_string()
}

/// Where a month begins on its page.
pub(super) fn month_anchor(month: Option<Date>) -> String {
    month.map_or_else(|| "undated".to_owned(), |month| month.strftime("m%Y-%m").to_string())
}
