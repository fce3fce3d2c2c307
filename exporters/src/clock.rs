//! Moments in the reader's time zone, as data and as words.

use corer_schemas::AppleTime;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};

/// A moment in a time zone. Its digits are written by hand: a large export writes several million moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    timestamp: Timestamp,
    local: DateTime,
    offset: Offset,
}

impl Moment {
    /// The moment, in `zone`. `None` for one that no calendar can express.
    pub(crate) fn new(time: AppleTime, zone: &TimeZone) -> Option<Self> {
        let timestamp = time.timestamp()?;
        let offset = zone.to_offset(timestamp);
        Some(Self { timestamp, local: offset.to_datetime(timestamp), offset })
    }

    /// RFC 3339 with offset, and as many decimals as the moment has.
    pub(crate) fn exact(&self) -> String {
        let mut text = String::with_capacity(32);
        match self.local.year() {
            year @ 0..=9999 => push_digits(&mut text, i32::from(year), 4),
            year => text.push_str(&format!("{year:07}")),
        }
        text.push('-');
        push_digits(&mut text, i32::from(self.local.month()), 2);
        text.push('-');
        push_digits(&mut text, i32::from(self.local.day()), 2);
        text.push('T');
        self.push_time(&mut text, true);
        if self.local.subsec_nanosecond() != 0 {
            text.push('.');
            push_digits(&mut text, self.local.subsec_nanosecond(), 9);
            text.truncate(text.trim_end_matches('0').len());
        }
        self.push_offset(&mut text);
        text
    }

    /// The day.
    pub(crate) fn date(&self) -> Date {
        self.local.date()
    }

    /// `14:05`.
    pub(crate) fn time(&self) -> String {
        let mut text = String::with_capacity(8);
        self.push_time(&mut text, false);
        text
    }

    /// `14:05:33 +01:00`.
    pub(crate) fn exact_time(&self) -> String {
        let mut text = String::with_capacity(24);
        self.push_time(&mut text, true);
        text.push(' ');
        self.push_offset(&mut text);
        text
    }

    /// `Monday, 4 March 2019, 14:05:33 +01:00`.
    pub(crate) fn words(&self) -> String {
        format!("{}, {}", day_in_words(self.date()), self.exact_time())
    }

    /// `2019-03-04 14:05`, for lines in a terminal.
    pub(crate) fn short(&self) -> String {
        format!("{} {}", self.date(), self.time())
    }

    /// `2019-03-04 14:05:33`, as spreadsheets understand it.
    pub(crate) fn local(&self) -> String {
        let mut text = self.date().to_string();
        text.push(' ');
        self.push_time(&mut text, true);
        text
    }

    /// The moment itself.
    pub(crate) fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// Appends the moment as seen from another one: its time alone on the same day.
    pub(crate) fn push_near(&self, other: &Self, text: &mut String) {
        if self.date() != other.date() {
            text.push_str(&self.date().to_string());
            text.push(' ');
        }
        self.push_time(text, true);
    }

    /// The minute that clocks of the zone show, counted as if the zone were UTC, since 1970.
    pub(crate) fn local_minutes(&self) -> i64 {
        (self.timestamp.as_second() + i64::from(self.offset.seconds())).div_euclid(60)
    }

    /// `2019-03-04 14:05:33`, as spreadsheets read it: without a zone.
    pub(crate) fn plain(&self) -> String {
        let mut text = format!("{} ", self.date());
        self.push_time(&mut text, true);
        text
    }

    /// In a form of dates of another program, as `strftime` writes it.
    pub(crate) fn formatted(&self, pattern: &str) -> String {
        self.local.strftime(pattern).to_string()
    }

    fn push_time(&self, text: &mut String, seconds: bool) {
        push_digits(text, i32::from(self.local.hour()), 2);
        text.push(':');
        push_digits(text, i32::from(self.local.minute()), 2);
        if seconds {
            text.push(':');
            push_digits(text, i32::from(self.local.second()), 2);
        }
    }

    /// `+01:00`, and with seconds where a zone of long ago has them.
    fn push_offset(&self, text: &mut String) {
        let seconds = self.offset.seconds();
        text.push(if seconds < 0 { '-' } else { '+' });
        let seconds = seconds.abs();
        push_digits(text, seconds / 3600, 2);
        text.push(':');
        push_digits(text, seconds / 60 % 60, 2);
        if seconds % 60 != 0 {
            text.push(':');
            push_digits(text, seconds % 60, 2);
        }
    }
}

/// Writes the last `width` digits of a number that is not negative.
fn push_digits(text: &mut String, number: i32, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10_i32.pow(place) % 10;
        text.push(char::from_digit(digit.unsigned_abs(), 10).unwrap_or('0'));
    }
}

/// `Monday, 4 March 2019`.
pub(crate) fn day_in_words(date: Date) -> String {
    [weekday(date), ", ", &date_in_words(date)].concat()
}

/// `4 March 2019`.
pub(crate) fn date_in_words(date: Date) -> String {
    let mut text = String::with_capacity(32);
    let day = i32::from(date.day());
    push_digits(&mut text, day, if day < 10 { 1 } else { 2 });
    text.push(' ');
    text.push_str(month(date));
    text.push(' ');
    match date.year() {
        year @ 0..=9999 => push_digits(&mut text, i32::from(year), 4),
        year => text.push_str(&year.to_string()),
    }
    text
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn month(date: Date) -> &'static str {
    match date.month() {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// A moment as data, in `zone`.
pub(crate) fn exact(time: Option<AppleTime>, zone: &TimeZone) -> Option<String> {
    Moment::new(time?, zone).map(|moment| moment.exact())
}

/// A duration as a clock shows it, to the second: `0:05:12`. Calls of less than half a second took no time.
pub(crate) fn stopwatch(seconds: f64) -> String {
    let whole = whole(seconds);
    format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60)
}

/// A duration in words: `1 h 5 min`, `5 min 12 s`, `12 s`.
pub(crate) fn lasting(seconds: f64) -> String {
    let whole = whole(seconds);
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{} h {minutes} min", crate::page::count(hours)),
    }
}

/// Whole seconds. Casting saturates, and a duration is never negative.
fn whole(seconds: f64) -> u64 {
    seconds.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_exact_as_data_and_plain_in_words() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let time = AppleTime::from_seconds_or_nanoseconds(573_397_533_250_000_000).unwrap();
        let moment = Moment::new(time, &zone).unwrap();
        assert_eq!(moment.exact(), "2019-03-04T14:05:33.25+01:00");
        assert_eq!(moment.words(), "Monday, 4 March 2019, 14:05:33 +01:00");
        let summer = AppleTime::from_seconds_or_nanoseconds(583_765_200).unwrap();
        assert_eq!(exact(Some(summer), &zone).unwrap(), "2019-07-02T15:00:00+02:00");
        assert_eq!(exact(None, &zone), None);
        assert_eq!(moment.local(), "2019-03-04 14:05:33");
        assert_eq!((moment.time().as_str(), moment.short().as_str()), ("14:05", "2019-03-04 14:05"));
    }

    #[test]
    fn moments_of_any_year_are_written_as_calendars_do() {
        let zones =
            ["UTC", "America/St_Johns", "Africa/Monrovia", "Pacific/Kiritimati"].map(|z| TimeZone::get(z).unwrap());
        for zone in zones {
            for seconds in [-5.9e9, -978_307_200.0, -1.0, 1.0, 86_399.0, 6e8, 9e9] {
                let time = AppleTime::from_seconds(seconds + 0.5).unwrap();
                let expected = time.timestamp().unwrap().to_zoned(zone.clone());
                let moment = Moment::new(time, &zone).unwrap();
                let offset = if expected.offset().seconds() % 60 == 0 { "%:z" } else { "%::z" };
                assert_eq!(day_in_words(moment.date()), expected.strftime("%A, %-d %B %Y").to_string());
                assert_eq!(moment.exact(), expected.strftime(&format!("%Y-%m-%dT%H:%M:%S%.f{offset}")).to_string());
            }
        }
    }

    #[test]
    fn durations_are_easy_to_read() {
        let seconds = [0.0, 0.25, 59.6, 3_725.0, 360_000.0];
        assert_eq!(seconds.map(stopwatch), ["0:00:00", "0:00:00", "0:01:00", "1:02:05", "100:00:00"]);
        assert_eq!([0.0, 12.4, 312.0, 3_725.0].map(lasting), ["0 s", "12 s", "5 min 12 s", "1 h 2 min"]);
    }
}
