//! Time zones and dates, as typed and as shown.

use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::cli::failure::Failure;
use crate::cli::terminal::console::Console;

/// The zone that times are read and shown in.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
}

/// Which end of a span of time a date stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `--since`: from the first moment of the day on.
    Since,
    /// `--until`: to the last moment of the day, so before the first one of the next day.
    Until,
}

impl Zone {
    /// The zone called `name` (`Europe/Berlin`, `UTC`, `+02:00`), or else the one of this computer.
    ///
    /// # Errors
    /// A usage failure for a name that no zone has.
    pub fn resolve(name: Option<&str>, console: &Console) -> Result<Self, Failure> {
        let zone = match name {
            Some(name) => DateTimeParser::new().parse_time_zone(name).map_err(|_| unknown(name))?,
            None => TimeZone::try_system().unwrap_or_else(|_| {
                console.detail("The time zone of this computer could not be found out; times are in UTC.");
                TimeZone::UTC
            }),
        };
        Ok(Self { zone })
    }

    /// A zone that is known.
    pub fn of(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// UTC, for tests.
    #[cfg(test)]
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC }
    }

    /// The zone itself.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The zone's name as `--tz` takes it.
    pub fn name(&self) -> String {
        self.zone
            .iana_name()
            .map_or_else(|| Timestamp::UNIX_EPOCH.to_zoned(self.zone.clone()).offset().to_string(), str::to_owned)
    }

    /// A moment as people read it, to the minute: `2024-01-31 14:05`.
    pub fn minute(&self, moment: Timestamp) -> String {
        self.local(moment).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The day of a moment: `2024-01-31`.
    pub fn day(&self, moment: Timestamp) -> String {
        self.local(moment).strftime("%Y-%m-%d").to_string()
    }

    /// A moment for data, with the zone's offset: `2024-01-31T14:05:09+01:00`.
    pub fn rfc3339(&self, moment: Timestamp) -> String {
        self.local(moment).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    fn local(&self, moment: Timestamp) -> Zoned {
        moment.to_zoned(self.zone.clone())
    }

    /// The moment that was typed: RFC 3339, or a date or a date and time in this zone.
    ///
    /// # Errors
    /// A usage failure that shows the forms.
    pub fn moment(&self, typed: &str, end: End) -> Result<Timestamp, Failure> {
        let typed = typed.trim();
        if let Ok(moment) = typed.parse::<Timestamp>() {
            return Ok(moment);
        }
        local(typed, end).and_then(|local| local.to_zoned(self.zone.clone())).map(|zoned| zoned.timestamp()).map_err(
            |_| {
                Failure::usage(format!("\"{typed}\" is not a date that corer understands."))
                    .hint("Type a day such as 2024-01-31, or a moment such as 2024-01-31T18:30:00+01:00.")
            },
        )
    }
}

/// What was typed as a clock shows it: a date, or a date and time. `None` for a moment of its own zone.
pub fn clock(typed: &str, end: End) -> Option<DateTime> {
    let typed = typed.trim();
    if typed.parse::<Timestamp>().is_ok() { None } else { local(typed, end).ok() }
}

fn local(typed: &str, end: End) -> Result<DateTime, jiff::Error> {
    match DateTimeParser::new().parse_date(typed) {
        // A text with a time is a date for this parser too; the time must not be lost.
        Ok(day) if !typed.contains(':') => first_moment(day, end),
        _ => typed.parse::<DateTime>(),
    }
}

fn first_moment(day: Date, end: End) -> Result<DateTime, jiff::Error> {
    let day = if end == End::Until { day.checked_add(1.day())? } else { day };
    Ok(day.at(0, 0, 0, 0))
}

fn unknown(name: &str) -> Failure {
    Failure::usage(format!("There is no time zone \"{name}\"."))
        .hint("Type a name such as Europe/Berlin, America/New_York or UTC, or an offset such as +02:00.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> Zone {
        Zone { zone: TimeZone::get("Europe/Berlin").unwrap() }
    }

    fn utc(zone: &Zone, typed: &str, end: End) -> String {
        zone.moment(typed, end).unwrap().to_string()
    }

    #[test]
    fn a_day_begins_and_ends_in_the_zone() {
        assert_eq!(utc(&berlin(), "2024-01-31", End::Since), "2024-01-30T23:00:00Z");
        assert_eq!(utc(&berlin(), "2024-01-31", End::Until), "2024-01-31T23:00:00Z");
        // The day the clocks go forward has 23 hours.
        assert_eq!(utc(&berlin(), "2024-03-31", End::Since), "2024-03-30T23:00:00Z");
        assert_eq!(utc(&berlin(), "2024-03-31", End::Until), "2024-03-31T22:00:00Z");
    }

    #[test]
    fn exact_moments_are_taken_as_typed() {
        assert_eq!(utc(&berlin(), "2024-01-31T18:30:00+05:00", End::Until), "2024-01-31T13:30:00Z");
        assert_eq!(utc(&berlin(), "2024-01-31T18:30:00Z", End::Since), "2024-01-31T18:30:00Z");
        assert_eq!(utc(&berlin(), "2024-01-31 18:30", End::Until), "2024-01-31T17:30:00Z");
    }

    #[test]
    fn nonsense_is_wrong_usage() {
        for typed in ["", "yesterday", "2024-02-30", "31.01.2024", "2024-01-31T25:00:00Z"] {
            assert_eq!(berlin().moment(typed, End::Since).unwrap_err().exit().code(), 2, "{typed}");
        }
        assert_eq!(unknown("Mars/Base").exit().code(), 2);
    }

    #[test]
    fn moments_are_shown_in_the_zone() {
        let moment: Timestamp = "2024-01-31T13:05:09Z".parse().unwrap();
        assert_eq!(berlin().minute(moment), "2024-01-31 14:05");
        assert_eq!(berlin().rfc3339(moment), "2024-01-31T14:05:09+01:00");
        assert_eq!(berlin().name(), "Europe/Berlin");
    }
}
