//! Zones as calendars write them: `VTIMEZONE`, with the changes of clocks from the first time that is used on.
//!
//! The IANA database lists every change. Those that come every year on the same Sunday become one rule each, which the last one
//! leaves open; whatever fits into none stands by itself.

use std::io;

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::time;
use crate::calendars::when::When;
use crate::write::content_lines::Lines;

/// Rules of this year are taken to go on for ever.
const LAST_YEAR: i16 = 2099;

/// Zones are told from here on at least, in seconds since 1970: for the rules that go on for ever, some years must be seen.
const TOLD_FROM: i64 = 3_786_912_000;

/// A change of clocks, or one that comes every year.
struct Observance {
    from: Offset,
    to: Offset,
    name: String,
    is_summer: bool,
    /// When it first happens, as clocks show just before.
    first: DateTime,
    weekday: Weekday,
    /// Between which days of the month it happens.
    days: (i8, i8),
    /// Whether it has always been the last such day of the month.
    is_last: bool,
    last: Timestamp,
    last_year: i16,
    times: u32,
}

/// Writes a zone, for times from `since` on.
pub(super) fn write(lines: &mut Lines<'_>, zone: &TimeZone, since: Timestamp) -> io::Result<()> {
    let Some(name) = zone.iana_name() else { return Ok(()) };
    lines.fixed("BEGIN:VTIMEZONE")?;
    lines.fixed(&format!("TZID:{name}"))?;
    for observance in observances(zone, since) {
        observance.write(lines)?;
    }
    lines.fixed("END:VTIMEZONE")
}

fn observances(zone: &TimeZone, since: Timestamp) -> Vec<Observance> {
    let since = Timestamp::from_second(TOLD_FROM).map_or(since, |latest| since.min(latest));
    let at_or_before = zone.preceding(since).next().map(|change| change.timestamp());
    let mut found: Vec<Observance> = Vec::new();
    // Without a change before, the zone has always been so.
    let begin = at_or_before.or_else(|| since.checked_sub(jiff::SignedDuration::from_hours(24 * 366)).ok());
    let Some(begin) = begin else { return found };
    let first = std::iter::once(begin);
    let following = zone.following(begin).map(|change| change.timestamp());
    for moment in first.chain(following.filter(|moment| *moment > begin)) {
        let Some(next) = Observance::at(zone, moment) else { continue };
        if next.first.year() > LAST_YEAR {
            break;
        }
        match found.iter_mut().rev().find(|own| own.is_followed_by(&next)) {
            Some(own) => own.go_on(&next),
            None => found.push(next),
        }
    }
    found
}

impl Observance {
    fn at(zone: &TimeZone, moment: Timestamp) -> Option<Self> {
        let before = moment.checked_sub(jiff::SignedDuration::from_nanos(1)).ok()?;
        let from = zone.to_offset(before);
        let info = zone.to_offset_info(moment);
        let first = from.to_datetime(moment);
        Some(Self {
            from,
            to: info.offset(),
            name: info.abbreviation().to_owned(),
            is_summer: info.dst().is_dst(),
            first,
            weekday: first.weekday(),
            days: (first.day(), first.day()),
            is_last: first.day() + 7 > first.date().days_in_month(),
            last: moment,
            last_year: first.year(),
            times: 1,
        })
    }

    fn is_followed_by(&self, next: &Self) -> bool {
        let own = |all: &Self| (all.from, all.to, all.is_summer, all.weekday, all.first.month(), all.first.time());
        let days = (self.days.0.min(next.days.0), self.days.1.max(next.days.1));
        own(self) == own(next)
            && self.name == next.name
            && self.last_year + 1 == next.last_year
            && (days.1 - days.0 <= 6 || self.is_last && next.is_last)
    }

    fn go_on(&mut self, next: &Self) {
        self.days = (self.days.0.min(next.days.0), self.days.1.max(next.days.1));
        self.is_last &= next.is_last;
        self.last = next.last;
        self.last_year = next.last_year;
        self.times += 1;
    }

    fn write(&self, lines: &mut Lines<'_>) -> io::Result<()> {
        let component = if self.is_summer { "DAYLIGHT" } else { "STANDARD" };
        lines.fixed(&format!("BEGIN:{component}"))?;
        lines.fixed(&format!("DTSTART:{}", time(&When::Floating(self.first))))?;
        lines.fixed(&format!("TZOFFSETFROM:{}", offset(self.from)))?;
        lines.fixed(&format!("TZOFFSETTO:{}", offset(self.to)))?;
        lines.text("TZNAME", &[], &self.name)?;
        if self.times > 1 {
            lines.fixed(&format!("RRULE:{}", self.rule()))?;
        }
        lines.fixed(&format!("END:{component}"))
    }

    fn rule(&self) -> String {
        let day = match self.weekday {
            Weekday::Monday => "MO",
            Weekday::Tuesday => "TU",
            Weekday::Wednesday => "WE",
            Weekday::Thursday => "TH",
            Weekday::Friday => "FR",
            Weekday::Saturday => "SA",
            Weekday::Sunday => "SU",
        };
        let nth = (self.days.0 - 1) / 7;
        let days = match (self.is_last, nth == (self.days.1 - 1) / 7) {
            (true, _) => format!("BYDAY=-1{day}"),
            (false, true) => format!("BYDAY={}{day}", nth + 1),
            (false, false) => {
                let first = (self.days.1 - 6).max(1);
                let days: Vec<String> = (first..=first + 6).map(|day| day.to_string()).collect();
                format!("BYMONTHDAY={};BYDAY={day}", days.join(","))
            }
        };
        let month = self.first.month();
        let until = match self.last_year {
            LAST_YEAR.. => String::new(),
            _ => format!(";UNTIL={}", time(&When::Utc(self.last))),
        };
        format!("FREQ=YEARLY;BYMONTH={month};{days}{until}")
    }
}

/// `+0100`, and with seconds where a zone of long ago has them.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let rest = if seconds.is_multiple_of(60) { String::new() } else { format!("{:02}", seconds % 60) };
    format!("{sign}{:02}{:02}{rest}", seconds / 3600, seconds / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(zone: &str, since: &str) -> String {
        let mut out = Vec::new();
        write(&mut Lines::new(&mut out), &TimeZone::get(zone).unwrap(), since.parse().unwrap()).unwrap();
        String::from_utf8(out).unwrap().replace("\r\n ", "")
    }

    #[test]
    fn a_zone_of_today_has_one_rule_for_each_half_of_the_year() {
        let oslo = written("Europe/Oslo", "2020-05-01T00:00:00Z");
        assert_eq!(oslo.matches("BEGIN:").count(), 3, "{oslo}");
        assert!(oslo.contains("DTSTART:20200329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"));
        let new_york = written("America/New_York", "2020-05-01T00:00:00Z");
        assert!(new_york.contains("BYMONTH=3;BYDAY=2SU") && new_york.contains("BYMONTH=11;BYDAY=1SU"), "{new_york}");
        let santiago = written("America/Santiago", "2024-05-01T00:00:00Z");
        assert!(santiago.contains("BYMONTHDAY=2,3,4,5,6,7,8;BYDAY=SU"), "{santiago}");
    }

    #[test]
    fn a_zone_that_is_used_late_is_told_as_it_goes_on() {
        for since in ["2099-05-01T00:00:00Z", "2150-05-01T00:00:00Z"] {
            let oslo = written("Europe/Oslo", since);
            assert_eq!((oslo.matches("BEGIN:").count(), oslo.matches("RRULE").count()), (3, 2), "{since}: {oslo}");
            assert_eq!(written("Etc/GMT+5", since).matches("BEGIN:STANDARD").count(), 1, "{since}");
        }
    }

    #[test]
    fn a_zone_without_changes_has_one_offset() {
        let tokyo = written("Asia/Tokyo", "2020-05-01T00:00:00Z");
        assert_eq!((tokyo.matches("BEGIN:STANDARD").count(), tokyo.matches("RRULE").count()), (1, 0), "{tokyo}");
        assert!(written("Etc/GMT+5", "2020-05-01T00:00:00Z").contains("TZOFFSETTO:-0500"));
    }
}
