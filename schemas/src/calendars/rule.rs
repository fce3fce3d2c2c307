//! How an event repeats: a row of `Recurrence`.
//!
//! `frequency` is 1 for days, 2 for weeks, 3 for months and 4 for years. `specifier` has parts with `;` between them: `D=` weekdays
//! (`0MO` every Monday, `+1MO` the first one, `-1FR` the last Friday), `M=` days of the month, `O=` months, `S=` which of all that
//! come out (icalPal). `week_start` counts days as EventKit does, from 1 for Sunday. Whatever else a rule says is not understood,
//! and is kept to be told.

use serde::{Deserialize, Serialize};

use crate::time::AppleTime;

/// More numbers than this in a part make no sense.
const MOST: usize = 366;

/// How an event repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// How often; `None` for a number that has no meaning.
    pub frequency: Option<Frequency>,
    /// Every how many of them; 1 where nothing sensible is stored.
    pub interval: u32,
    /// How many times in all.
    pub count: Option<u32>,
    /// Until when, that moment included.
    pub until: Option<AppleTime>,
    /// The day with which a week begins.
    pub week_start: Option<Weekday>,
    /// On these days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// On these days of the month, from the end where less than zero.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub month_days: Vec<i16>,
    /// In these months.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<i16>,
    /// Which of those that come out in a period, from the end where less than zero.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<i16>,
    /// The specifier, as stored.
    pub specifier: Option<String>,
    /// What of the rule is not understood, as stored: `W=7`. It may take place less often than the rest says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

/// How often an event repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// By days.
    Daily,
    /// By weeks.
    Weekly,
    /// By months.
    Monthly,
    /// By years.
    Yearly,
}

/// A day of the week, every one or one of those in a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Which one, from the end where less than zero; 0 for every one.
    pub nth: i16,
    /// The day.
    pub weekday: Weekday,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Weekday {
    /// Monday.
    Mo,
    /// Tuesday.
    Tu,
    /// Wednesday.
    We,
    /// Thursday.
    Th,
    /// Friday.
    Fr,
    /// Saturday.
    Sa,
    /// Sunday.
    Su,
}

impl Weekday {
    /// All of them, from Monday on.
    pub const ALL: [Self; 7] = [Self::Mo, Self::Tu, Self::We, Self::Th, Self::Fr, Self::Sa, Self::Su];

    /// The two letters of calendars.
    pub fn letters(self) -> &'static str {
        match self {
            Self::Mo => "MO",
            Self::Tu => "TU",
            Self::We => "WE",
            Self::Th => "TH",
            Self::Fr => "FR",
            Self::Sa => "SA",
            Self::Su => "SU",
        }
    }

    fn of_letters(letters: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|day| day.letters() == letters)
    }

    /// By EventKit's number: 1 for Sunday, 7 for Saturday.
    fn of_number(number: i64) -> Option<Self> {
        let place = usize::try_from(number.checked_add(5)?).ok()? % 7;
        Self::ALL.get(place).copied().filter(|_| (1..=7).contains(&number))
    }
}

/// The columns of a rule, as stored.
#[derive(Debug, Clone, Default)]
pub(super) struct Stored {
    pub(super) frequency: Option<i64>,
    pub(super) interval: Option<i64>,
    pub(super) count: Option<i64>,
    pub(super) until: Option<AppleTime>,
    pub(super) week_start: Option<i64>,
    pub(super) specifier: Option<String>,
    pub(super) months_mask: Option<i64>,
}

impl Rule {
    pub(super) fn of(stored: Stored) -> Self {
        let frequency = match stored.frequency {
            Some(1) => Some(Frequency::Daily),
            Some(2) => Some(Frequency::Weekly),
            Some(3) => Some(Frequency::Monthly),
            Some(4) => Some(Frequency::Yearly),
            _ => None,
        };
        let positive = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok()).filter(|n| *n > 0);
        let mut rule = Self {
            frequency,
            interval: positive(stored.interval).unwrap_or(1),
            count: positive(stored.count),
            until: stored.until,
            week_start: stored.week_start.and_then(Weekday::of_number),
            specifier: stored.specifier.filter(|specifier| !specifier.is_empty()),
            ..Self::default()
        };
        if frequency.is_none() {
            let number = stored.frequency.map_or_else(|| "none".to_owned(), |number| number.to_string());
            rule.unread.push(format!("frequency {number}"));
        }
        let odd = stored.interval.filter(|number| *number < 0 || *number > i64::from(u32::MAX));
        rule.unread.extend(odd.map(|number| format!("interval {number}")));
        let specifier = rule.specifier.clone().unwrap_or_default();
        specifier.split(';').filter(|part| !part.trim().is_empty()).for_each(|part| rule.part(part.trim()));
        let mask = stored.months_mask.filter(|mask| *mask != 0 && rule.months.is_empty());
        rule.unread.extend(mask.map(|mask| format!("by_month_months {mask}")));
        rule.drop_what_does_not_go_together();
        rule
    }

    /// Takes a part of a specifier: `D=0MO,0TU`.
    fn part(&mut self, part: &str) {
        let read = part.split_once('=').is_some_and(|(letter, values)| match letter {
            "D" => all(values, day).map(|days| self.days = days).is_some(),
            "M" => all(values, |value| number(value, 31)).map(|days| self.month_days = days).is_some(),
            "O" => {
                let month = |value: &str| number(value, 12).filter(|month| *month > 0);
                all(values, month).map(|months| self.months = months).is_some()
            }
            "S" => all(values, |value| number(value, 366)).map(|positions| self.positions = positions).is_some(),
            _ => false,
        });
        if !read {
            self.unread.push(part.to_owned());
        }
    }

    /// Calendars know neither the second Monday of a week nor a day of the month of one, and no choice among nothing.
    fn drop_what_does_not_go_together(&mut self) {
        let is_short = matches!(self.frequency, Some(Frequency::Daily | Frequency::Weekly));
        if is_short && self.days.iter().any(|day| day.nth != 0) {
            self.unread.push("which of the weekdays".to_owned());
            self.days.iter_mut().for_each(|day| day.nth = 0);
            self.days.dedup();
        }
        if self.frequency == Some(Frequency::Weekly) && !self.month_days.is_empty() {
            self.unread.push("days of the month".to_owned());
            self.month_days.clear();
        }
        if self.days.is_empty() && self.month_days.is_empty() && self.months.is_empty() && !self.positions.is_empty() {
            self.unread.push("which of them".to_owned());
            self.positions.clear();
        }
    }

    /// Whether it ends by itself.
    pub fn ends(&self) -> bool {
        self.count.is_some() || self.until.is_some()
    }
}

fn all<T>(values: &str, one: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let values: Option<Vec<T>> = values.split(',').take(MOST + 1).map(|value| one(value.trim())).collect();
    values.filter(|values| values.len() <= MOST)
}

fn number(text: &str, most: i16) -> Option<i16> {
    let number: i16 = text.parse().ok()?;
    Some(number).filter(|number| *number != 0 && (-most..=most).contains(number))
}

/// `0MO`, `+1MO`, `-1FR`, `MO`.
fn day(text: &str) -> Option<Day> {
    let (nth, letters) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let nth = if nth.is_empty() { 0 } else { nth.parse().ok()? };
    Some(Day { nth, weekday: Weekday::of_letters(letters)? }).filter(|_| (-53..=53).contains(&nth))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(frequency: i64, specifier: &str) -> Rule {
        Rule::of(Stored {
            frequency: Some(frequency),
            specifier: Some(specifier.to_owned()),
            interval: Some(1),
            ..Stored::default()
        })
    }

    fn days(days: &[(i16, Weekday)]) -> Vec<Day> {
        days.iter().map(|(nth, weekday)| Day { nth: *nth, weekday: *weekday }).collect()
    }

    #[test]
    fn every_letter_of_a_specifier_is_read() {
        let weekly = rule(2, "D=0TU,0TH");
        assert_eq!(weekly.days, days(&[(0, Weekday::Tu), (0, Weekday::Th)]));
        assert!(weekly.unread.is_empty());
        let monthly = rule(3, "D=+1MO,-1FR;S=1,-1");
        assert_eq!(monthly.days, days(&[(1, Weekday::Mo), (-1, Weekday::Fr)]));
        assert_eq!(monthly.positions, [1, -1]);
        let yearly = rule(4, "M=1,-1;O=2,12");
        assert_eq!((yearly.month_days, yearly.months), (vec![1, -1], vec![2, 12]));
    }

    #[test]
    fn what_is_not_understood_is_kept() {
        let odd = rule(2, "FREQ=WEEKLY;D=0XX;O=13;M=0;W=7;D=0MO;;");
        assert_eq!(odd.unread, ["FREQ=WEEKLY", "D=0XX", "O=13", "M=0", "W=7"]);
        assert_eq!(odd.days, days(&[(0, Weekday::Mo)]));
        assert_eq!(rule(9, "").unread, ["frequency 9"]);
        assert_eq!(rule(2, "D=+1MO").unread, ["which of the weekdays"]);
        assert_eq!(rule(3, "S=1").unread, ["which of them"]);
        assert_eq!(rule(2, "M=1").unread, ["days of the month"]);
        let masked = Rule::of(Stored { frequency: Some(4), months_mask: Some(8), ..Stored::default() });
        assert_eq!(masked.unread, ["by_month_months 8"]);
    }

    #[test]
    fn weeks_begin_as_eventkit_counts() {
        let start = |number| Rule::of(Stored { week_start: Some(number), ..Stored::default() }).week_start;
        assert_eq!(
            [start(0), start(1), start(2), start(7), start(8)],
            [None, Some(Weekday::Su), Some(Weekday::Mo), Some(Weekday::Sa), None]
        );
    }
}
