//! The times of an event as calendars tell them: days, what a clock shows, moments in a zone.
//!
//! A database stores seconds since 2001. Of whole days, and where the zone is `_float`, they are what a clock shows as if it were
//! UTC; with a zone they are a moment.

use corer_schemas::AppleTime;
use corer_schemas::calendars::{Event, Original};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// How the times of an event are told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Frame {
    /// Whole days, read in a zone.
    Days(TimeZone),
    /// What a clock shows, wherever it is.
    Floating,
    /// Moments in a zone of the IANA database.
    Zone(TimeZone),
    /// Moments whose zone is not told or not known.
    Utc,
}

/// A time that is told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum When {
    /// A day.
    Day(Date),
    /// What a clock shows.
    Floating(DateTime),
    /// A moment, what clocks of its zone show, and the zone.
    Zoned(Timestamp, DateTime, TimeZone),
    /// A moment.
    Utc(Timestamp),
}

impl Frame {
    /// Of an event.
    pub(super) fn of(event: &Event) -> Self {
        Self::new(event.all_day, event.is_floating(), event.start_zone.as_deref())
    }

    /// Of the series that an event belongs to.
    pub(super) fn of_series(original: &Original) -> Self {
        Self::new(original.all_day, original.is_floating(), original.zone.as_deref())
    }

    fn new(all_day: bool, is_floating: bool, name: Option<&str>) -> Self {
        let known = name.and_then(zone);
        match (all_day, is_floating) {
            (true, _) => Self::Days(known.unwrap_or(TimeZone::UTC)),
            (false, true) => Self::Floating,
            (false, false) => known.filter(|zone| *zone != TimeZone::UTC).map_or(Self::Utc, Self::Zone),
        }
    }

    /// A time that is stored.
    pub(super) fn at(&self, time: AppleTime) -> Option<When> {
        let moment = time.timestamp()?;
        Some(match self {
            Self::Days(zone) => When::Day(zone.to_datetime(moment).date()),
            Self::Floating => When::Floating(TimeZone::UTC.to_datetime(moment)),
            Self::Zone(zone) => When::Zoned(moment, zone.to_datetime(moment), zone.clone()),
            Self::Utc => When::Utc(moment),
        })
    }

    /// The time at which a clock shows this. What it skips in spring comes an hour later, what it shows twice is the first.
    pub(super) fn showing(&self, clock: DateTime) -> Option<When> {
        Some(match self {
            Self::Days(_) => When::Day(clock.date()),
            Self::Floating => When::Floating(clock),
            Self::Zone(zone) => {
                let moment = zone.to_ambiguous_timestamp(clock).compatible().ok()?;
                When::Zoned(moment, zone.to_datetime(moment), zone.clone())
            }
            Self::Utc => When::Utc(TimeZone::UTC.to_timestamp(clock).ok()?),
        })
    }
}

impl When {
    /// What a clock shows.
    pub(super) fn clock(&self) -> DateTime {
        match self {
            Self::Day(date) => date.to_datetime(jiff::civil::Time::midnight()),
            Self::Floating(clock) | Self::Zoned(_, clock, _) => *clock,
            Self::Utc(moment) => TimeZone::UTC.to_datetime(*moment),
        }
    }

    /// What a clock of the reader shows.
    pub(super) fn here(&self, reader: &TimeZone) -> DateTime {
        match self {
            Self::Day(_) | Self::Floating(_) => self.clock(),
            Self::Zoned(moment, ..) | Self::Utc(moment) => reader.to_datetime(*moment),
        }
    }

    /// As data, in the zone of the reader: a day, a time without a zone, or RFC 3339.
    pub(super) fn exact(&self, reader: &TimeZone) -> String {
        match self {
            Self::Day(date) => date.to_string(),
            Self::Floating(clock) => clock.to_string(),
            Self::Zoned(moment, ..) | Self::Utc(moment) => {
                let time = AppleTime::from_timestamp(*moment);
                crate::clock::exact(time, reader).unwrap_or_else(|| moment.to_string())
            }
        }
    }
}

/// When an event begins.
pub(super) fn start(event: &Event) -> Option<When> {
    Frame::of(event).at(event.start?)
}

/// When an event ends; of whole days, the last one. `None` where that is not told, or is before it begins.
pub(super) fn end(event: &Event) -> Option<When> {
    let (start, end) = (event.start?, event.end?);
    if end < start {
        return None;
    }
    match Frame::of(event) {
        Frame::Days(zone) => {
            // Midnight after the last day is its end, not the beginning of another one.
            let last = end.timestamp()?.checked_sub(jiff::SignedDuration::from_secs(i64::from(end > start))).ok()?;
            Some(When::Day(zone.to_datetime(last).date()))
        }
        frame @ Frame::Floating => frame.at(end),
        frame => event.end_zone.as_deref().and_then(zone).map(own_frame).unwrap_or(frame).at(end),
    }
}

fn own_frame(zone: TimeZone) -> Frame {
    if zone == TimeZone::UTC { Frame::Utc } else { Frame::Zone(zone) }
}

/// A zone by its name in the IANA database.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    if matches!(name, "UTC" | "GMT" | "Etc/UTC" | "Z") {
        return Some(TimeZone::UTC);
    }
    TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(start: f64, end: f64, zone: &str, all_day: bool) -> Event {
        Event {
            start: AppleTime::from_seconds(start),
            end: AppleTime::from_seconds(end),
            start_zone: Some(zone.to_owned()),
            all_day,
            ..Event::default()
        }
    }

    #[test]
    fn whole_days_end_on_their_last_one() {
        let day = 86_400.0;
        let last = |end| end_of(&event(day, end, "_float", true));
        fn end_of(event: &Event) -> String {
            end(event).unwrap().exact(&TimeZone::UTC)
        }
        assert_eq!(
            [last(2.0 * day - 1.0), last(2.0 * day), last(day), last(4.0 * day)],
            ["2001-01-02", "2001-01-02", "2001-01-02", "2001-01-04"]
        );
        assert_eq!(end(&event(day, 0.0, "_float", true)), None);
    }

    #[test]
    fn a_zone_tells_what_clocks_show_and_an_unknown_one_the_moment() {
        let oslo = event(700_000_000.0, 700_003_600.0, "Europe/Oslo", false);
        assert_eq!(start(&oslo).unwrap().clock().to_string(), "2023-03-08T21:26:40");
        assert_eq!(start(&oslo).unwrap().exact(&TimeZone::UTC), "2023-03-08T20:26:40+00:00");
        let unknown = event(700_000_000.0, 700_003_600.0, "Custom/Zone", false);
        assert!(matches!(start(&unknown), Some(When::Utc(_))));
        let floating = event(700_000_000.0, 700_003_600.0, "_float", false);
        assert_eq!(start(&floating).unwrap().exact(&TimeZone::UTC), "2023-03-08T20:26:40");
    }
}
