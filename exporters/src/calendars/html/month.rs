//! One month: a grid of its days, and the list of what takes place.

use askama::Template;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::entry;
use super::{Drawn, color};
use crate::calendars::labels::title;
use crate::clock::day_in_words;
use crate::page::Html;

/// So many titles stand on a day of the grid; the others are counted.
const MOST: usize = 3;

/// So much of a title stands there, in characters.
const CHARS: usize = 40;

#[derive(Template)]
#[template(path = "calendars/month.html")]
struct Month<'a> {
    /// Weeks from Monday on; days of other months are empty.
    weeks: Vec<Vec<Option<Cell<'a>>>>,
    days: Vec<(String, Vec<Html>)>,
}

struct Cell<'a> {
    day: i8,
    events: Vec<Short<'a>>,
    more: usize,
}

/// What the grid says of an occurrence.
struct Short<'a> {
    number: usize,
    title: String,
    color: Option<&'a str>,
}

/// The month that begins on a day. `number` counts the occurrences of the page.
pub(super) fn html(first: Date, drawn: &[Drawn<'_>], number: &mut usize, zone: &TimeZone) -> Html {
    let numbered: Vec<(usize, &Drawn<'_>)> =
        drawn.iter().enumerate().map(|(place, one)| (*number + place, one)).collect();
    *number += drawn.len();
    let mut days: Vec<(String, Vec<Html>)> = Vec::new();
    for (number, one) in &numbered {
        let day = day_in_words(one.from.date());
        let html = entry::html(one, *number, zone);
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, entries)) => entries.push(html),
            None => days.push((day, vec![html])),
        }
    }
    Html::of(&Month { weeks: weeks(first, &numbered), days })
}

fn weeks<'a>(first: Date, numbered: &[(usize, &Drawn<'a>)]) -> Vec<Vec<Option<Cell<'a>>>> {
    let mut by_day: Vec<Cell<'a>> =
        (1..=first.days_in_month()).map(|day| Cell { day, events: Vec::new(), more: 0 }).collect();
    for (number, one) in numbered {
        // What takes several days stands on each of them, as far as the month goes.
        let from = usize::try_from(one.from.day()).unwrap_or(1) - 1;
        let days = one.from.date().until(one.to.date()).map_or(0, |span| span.get_days());
        for cell in by_day.iter_mut().skip(from).take(usize::try_from(days).unwrap_or(0) + 1) {
            match cell.events.len() < MOST {
                true => cell.events.push(Short {
                    number: *number,
                    title: title(one.event).chars().take(CHARS).collect(),
                    color: one.event.calendar.as_ref().and_then(color),
                }),
                false => cell.more += 1,
            }
        }
    }
    let before = usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or(0);
    let mut cells: Vec<Option<Cell<'a>>> = (0..before).map(|_| None).collect();
    cells.extend(by_day.into_iter().map(Some));
    let mut weeks: Vec<Vec<Option<Cell<'a>>>> = Vec::new();
    for cell in cells {
        match weeks.last_mut().filter(|week| week.len() < 7) {
            Some(week) => week.push(cell),
            None => weeks.push(vec![cell]),
        }
    }
    weeks
}
