//! Moments as Apple's databases store them: counted from 2001-01-01 00:00 UTC.

use serde::{Deserialize, Serialize};

use jiff::Timestamp;

/// Seconds between 1970-01-01 and 2001-01-01, both UTC.
const UNIX_TO_APPLE: i64 = 978_307_200;

/// Values of at least this size (in absolute terms) count nanoseconds, smaller ones seconds: `sms.db` changed its
/// unit with iOS 11, and a long-lived database holds both. 10^12 s would be the year 33658.
const NANOSECONDS_FROM: i64 = 1_000_000_000_000;

/// A moment, in nanoseconds since 2001-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppleTime(i64);

impl AppleTime {
    /// Takes a value that counts whole seconds or nanoseconds since 2001, told apart by its size.
    /// Zero means "not set" in these databases and gives `None`, as does a moment too far away to express.
    pub fn from_seconds_or_nanoseconds(value: i64) -> Option<Self> {
        match value {
            0 => None,
            v if v.unsigned_abs() >= NANOSECONDS_FROM.unsigned_abs() => Some(Self(v)),
            v => v.checked_mul(1_000_000_000).map(Self),
        }
    }

    /// Takes seconds since 2001, as most other databases store them. `None` for a value that is no moment.
    ///
    /// A number of this kind is exact to a tenth of a microsecond in our years: what it seems to say below a microsecond is
    /// how the number is stored (.123000001), not when something was.
    pub fn from_seconds(value: f64) -> Option<Self> {
        let microseconds = (value * 1e6).round();
        // The bounds of i64 in nanoseconds as f64; NaN fails the test too.
        (microseconds.abs() < 9.2e15).then(|| Self(microseconds as i64 * 1_000))
    }

    /// Takes seconds since 1970.
    pub fn from_unix_seconds(value: i64) -> Option<Self> {
        value.checked_sub(UNIX_TO_APPLE)?.checked_mul(1_000_000_000).map(Self)
    }

    /// Takes a [`Timestamp`]. `None` for one that is too far away to express.
    pub fn from_timestamp(moment: Timestamp) -> Option<Self> {
        let seconds = Self::from_unix_seconds(moment.as_second())?;
        seconds.0.checked_add(i64::from(moment.subsec_nanosecond())).map(Self)
    }

    /// Nanoseconds since 2001-01-01 00:00 UTC.
    pub fn nanoseconds(self) -> i64 {
        self.0
    }

    /// The same moment as a [`Timestamp`]. `None` outside of the years that can be written (-9999 to 9999).
    pub fn timestamp(self) -> Option<Timestamp> {
        let seconds = self.0.div_euclid(1_000_000_000).checked_add(UNIX_TO_APPLE)?;
        let nanoseconds = i32::try_from(self.0.rem_euclid(1_000_000_000)).ok()?;
        Timestamp::new(seconds, nanoseconds).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_units_of_sms_db_give_the_same_moment() {
        let seconds = AppleTime::from_seconds_or_nanoseconds(500_000_000).unwrap();
        let nanoseconds = AppleTime::from_seconds_or_nanoseconds(500_000_000_000_000_000).unwrap();
        assert_eq!(seconds, nanoseconds);
        assert_eq!(seconds.timestamp().unwrap().to_string(), "2016-11-05T00:53:20Z");
    }

    #[test]
    fn fractions_of_a_second_are_those_that_were_meant() {
        for (seconds, nanoseconds) in [
            (573_397_533.123, 573_397_533_123_000_000),
            (490_367_133.000_001, 490_367_133_000_001_000),
            (-0.25, -250_000_000),
            (700_000_000.999_999, 700_000_000_999_999_000),
        ] {
            assert_eq!(AppleTime::from_seconds(seconds).map(AppleTime::nanoseconds), Some(nanoseconds));
        }
    }

    #[test]
    fn absurd_values_are_no_moment() {
        assert_eq!(AppleTime::from_seconds_or_nanoseconds(0), None);
        assert_eq!(AppleTime::from_seconds(f64::NAN), None);
        assert_eq!(AppleTime::from_seconds(1e300), None);
        assert_eq!(AppleTime::from_unix_seconds(i64::MIN), None);
    }
}
