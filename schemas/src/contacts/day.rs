//! Days: birthdays, with or without a year, and other dates.
//!
//! They are stored as seconds since 2001 at noon or midnight UTC, in a column of text; other programs have written
//! `1990-05-17`, `--05-17` and `1990-05-17 12:00:00 +0000`. The year 1604, the first leap year of the Gregorian calendar,
//! stands for no year. What is no day at all is kept as it is.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::time::AppleTime;

/// The year that stands for none.
const NO_YEAR: i16 = 1604;

/// A day, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Day {
    /// A day of a year.
    Full(Date),
    /// A day of every year: month and day of it, valid in a leap year.
    Yearly(i8, i8),
    /// What is stored and is no day that corer understands.
    Text(String),
}

impl Day {
    /// Reads what is stored. `None` when that is nothing.
    pub(super) fn read(stored: &str) -> Option<Self> {
        let stored = stored.trim();
        if stored.is_empty() {
            return None;
        }
        let day = match stored.parse::<f64>() {
            Ok(seconds) => of_seconds(seconds),
            Err(_) => of_text(stored),
        };
        Some(day.unwrap_or_else(|| Self::Text(stored.to_owned())))
    }

    /// The day as ISO 8601 writes it: `1990-05-17`, `--05-17` without a year; other text as it is stored.
    pub fn iso(&self) -> String {
        match self {
            Self::Full(date) => date.to_string(),
            Self::Yearly(month, day) => format!("--{month:02}-{day:02}"),
            Self::Text(text) => text.clone(),
        }
    }

    /// Whether both may be one day: equal, or equal but for a year that one does not know.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        let yearly = |day: &Self| match day {
            Self::Full(date) => Some((date.month(), date.day())),
            Self::Yearly(month, day) => Some((*month, *day)),
            Self::Text(_) => None,
        };
        match (self, other) {
            (Self::Full(one), Self::Full(other)) => one == other,
            (Self::Text(_), _) | (_, Self::Text(_)) => self == other,
            _ => yearly(self) == yearly(other),
        }
    }
}

impl From<String> for Day {
    fn from(stored: String) -> Self {
        Self::read(&stored).unwrap_or(Self::Text(stored))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.iso()
    }
}

fn of_seconds(seconds: f64) -> Option<Day> {
    // Years far outside of a life do not fit into nanoseconds, 1604 does not either: count in days.
    let days = (seconds / 86_400.0).floor();
    if !(-4.0e6..4.0e6).contains(&days) {
        return None;
    }
    let start = AppleTime::from_unix_seconds(978_307_200)?.timestamp()?.to_zoned(TimeZone::UTC).date();
    // In range of the check above.
    let date = start.checked_add(jiff::Span::new().try_days(days as i64).ok()?).ok()?;
    Some(of_date(date))
}

fn of_text(stored: &str) -> Option<Day> {
    if let Some(yearly) = stored.strip_prefix("--") {
        let (month, day) = yearly.split_once('-').or_else(|| yearly.split_at_checked(2))?;
        return Date::new(NO_YEAR, month.parse().ok()?, day.parse().ok()?).ok().map(of_date);
    }
    let (date, rest) = stored.split_at_checked(10)?;
    let is_alone = rest.is_empty() || rest.starts_with([' ', 'T']);
    let is_plain = date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    date.parse::<Date>().ok().filter(|_| is_alone && is_plain).map(of_date)
}

fn of_date(date: Date) -> Day {
    if date.year() == NO_YEAR { Day::Yearly(date.month(), date.day()) } else { Day::Full(date) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_however_they_are_stored() {
        for (stored, iso) in [
            ("-335361600.0", "1990-05-17"),
            ("0", "2001-01-01"),
            ("-1", "2000-12-31"),
            ("-12523032000.0", "--02-29"),
            ("1990-04-01", "1990-04-01"),
            ("1990-04-01 12:00:00 +0000", "1990-04-01"),
            ("1604-02-29", "--02-29"),
            ("--02-29", "--02-29"),
            ("--0229", "--02-29"),
            (" 1990-04-01 ", "1990-04-01"),
            ("1990-13-01", "1990-13-01"),
            ("--13-99", "--13-99"),
            ("1e300", "1e300"),
            ("NaN", "NaN"),
            ("in spring", "in spring"),
            ("ééééééé", "ééééééé"),
        ] {
            assert_eq!(Day::read(stored).unwrap().iso(), iso, "{stored}");
        }
        assert_eq!(Day::read(" "), None);
        assert!(matches!(Day::read("--13-99"), Some(Day::Text(_))));
    }

    #[test]
    fn a_day_without_a_year_may_be_one_with() {
        let may_be = |one: &str, other: &str| Day::read(one).unwrap().may_be(&Day::read(other).unwrap());
        assert!(may_be("--05-17", "1990-05-17") && may_be("1990-05-17", "--05-17"));
        assert!(!may_be("1991-05-17", "1990-05-17") && !may_be("--05-18", "1990-05-17") && !may_be("x", "--05-17"));
    }
}
