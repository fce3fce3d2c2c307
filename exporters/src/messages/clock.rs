//! Moments in the reader's time zone, as data and as words.

use corer_schemas::AppleTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A moment in a time zone.
#[derive(Debug, Clone)]
pub(super) struct Moment(Zoned);

impl Moment {
    /// The moment, in `zone`. `None` for one that no calendar can express.
    pub(super) fn new(time: AppleTime, zone: &TimeZone) -> Option<Self> {
        Some(Self(time.timestamp()?.to_zoned(zone.clone())))
    }

    /// RFC 3339 with offset, and as many decimals as the moment has.
    pub(super) fn exact(&self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
    }

    /// The day.
    pub(super) fn date(&self) -> Date {
        self.0.date()
    }

    /// `14:05`.
    pub(super) fn time(&self) -> String {
        self.0.strftime("%H:%M").to_string()
    }

    /// `Monday, 4 March 2019, 14:05:33 +01:00`.
    pub(super) fn words(&self) -> String {
        self.0.strftime("%A, %-d %B %Y, %H:%M:%S %:z").to_string()
    }

    /// `2019-03-04 14:05`, for lines in a terminal.
    pub(super) fn short(&self) -> String {
        self.0.strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The moment itself.
    pub(super) fn timestamp(&self) -> Timestamp {
        self.0.timestamp()
    }
}

/// `Monday, 4 March 2019`.
pub(super) fn day_in_words(date: Date) -> String {
    date.strftime("%A, %-d %B %Y").to_string()
}

/// `4 March 2019`.
pub(super) fn date_in_words(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// A moment as data, in `zone`.
pub(super) fn exact(time: Option<AppleTime>, zone: &TimeZone) -> Option<String> {
    Moment::new(time?, zone).map(|moment| moment.exact())
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
    }
}
