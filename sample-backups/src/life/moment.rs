//! Moments of the story, and the ways in which Apple's databases write them.

use std::time::UNIX_EPOCH;

use plist::Date;

use crate::error::{Error, Result};

/// Seconds between 1970-01-01 and 2001-01-01, both UTC.
const UNIX_TO_APPLE: i64 = 978_307_200;

/// iOS 11 came out on 2017-09-19; from then on `sms.db` counts nanoseconds.
const NANOSECONDS_SINCE: i64 = 1_505_779_200;

/// A moment of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// Reads `2019-05-11T14:03:22Z`.
    ///
    /// # Errors
    /// When the text is no such moment after 1970.
    pub fn at(text: &str) -> Result<Self> {
        let wrong = || Error::Request(format!("not a moment: {text}"));
        let date = Date::from_xml_format(text).map_err(|_| wrong())?;
        let elapsed = std::time::SystemTime::from(date).duration_since(UNIX_EPOCH).map_err(|_| wrong())?;
        Ok(Self(elapsed.as_secs() as i64))
    }

    /// Takes seconds since 2001.
    pub fn of_apple(seconds: i64) -> Self {
        Self(seconds + UNIX_TO_APPLE)
    }

    /// Seconds since 1970.
    pub fn unix(self) -> i64 {
        self.0
    }

    /// Seconds since 2001, as most databases store them.
    pub fn apple(self) -> f64 {
        (self.0 - UNIX_TO_APPLE) as f64
    }

    /// What `sms.db` stores: seconds since 2001, from iOS 11 on nanoseconds.
    pub fn in_messages(self) -> i64 {
        let seconds = self.0 - UNIX_TO_APPLE;
        if self.0 < NANOSECONDS_SINCE { seconds } else { seconds * 1_000_000_000 }
    }

    /// The moment some seconds later.
    pub fn later(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }

    /// As RFC 3339 in UTC.
    pub fn rfc3339(self) -> String {
        let seconds = u64::try_from(self.0).unwrap_or(0);
        Date::from(UNIX_EPOCH + std::time::Duration::from_secs(seconds)).to_xml_format()
    }
}
