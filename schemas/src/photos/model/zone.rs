//! The time zone of the place where an asset was taken.

use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// The farthest that a clock was ever from UTC, in seconds: Manila was 15:56 behind until 1844.
const FARTHEST: i64 = 16 * 3600;

/// The longest name of a zone that is looked up, in bytes.
const LONGEST: usize = 64;

/// The time zone of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Zone {
    /// Seconds east of UTC at the moment taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i32>,
    /// The same, as the device worked it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inferred: Option<i32>,
    /// The name, as stored: an IANA name such as `Europe/Lisbon`, or `GMT-0400`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Zone {
    /// The zone: as a fixed distance from UTC where one is known, because a name is of today's rules and the distance was
    /// right then.
    pub fn time_zone(&self) -> Option<TimeZone> {
        let distance = self.offset.or(self.inferred).and_then(|seconds| sound(i64::from(seconds)));
        let fixed = distance.and_then(|seconds| Offset::from_seconds(seconds).ok()).map(TimeZone::fixed);
        fixed.or_else(|| named(self.name.as_deref()?))
    }
}

/// A distance from UTC that a clock can have.
pub(in crate::photos) fn sound(seconds: i64) -> Option<i32> {
    i32::try_from(seconds).ok().filter(|_| seconds.abs() <= FARTHEST)
}

/// The zone of a name.
fn named(name: &str) -> Option<TimeZone> {
    // Names of the zone database that are the computer's own or nowhere's.
    const NOWHERE: [&str; 4] = ["localtime", "posixrules", "factory", "etc/unknown"];
    let is_plain = name.len() <= LONGEST && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+-/:".contains(&b));
    if !is_plain || NOWHERE.contains(&&*name.to_ascii_lowercase()) {
        return None;
    }
    match distance(name) {
        Some(seconds) => Some(TimeZone::fixed(Offset::from_seconds(sound(seconds)?).ok()?)),
        None => TimeZone::get(name).ok(),
    }
}

/// The seconds of `GMT-0400`, `GMT+05:30`, `UTC+1`.
fn distance(name: &str) -> Option<i64> {
    let rest = name.strip_prefix("GMT").or_else(|| name.strip_prefix("UTC"))?;
    let (sign, digits) = match rest.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(offset: Option<i32>, inferred: Option<i32>, name: &str) -> Option<i32> {
        let zone = Zone { offset, inferred, name: (!name.is_empty()).then(|| name.to_owned()) };
        let moment = "2016-01-01T07:30:00Z".parse().unwrap();
        zone.time_zone().map(|zone| zone.to_offset(moment).seconds())
    }

    #[test]
    fn what_the_camera_noted_counts_before_what_was_worked_out_and_the_name() {
        assert_eq!(zone(Some(-14_400), Some(3_600), "Asia/Tokyo"), Some(-14_400));
        assert_eq!(zone(None, Some(-28_800), "Asia/Tokyo"), Some(-28_800));
        assert_eq!(zone(None, None, "America/Los_Angeles"), Some(-28_800));
        for (name, seconds) in [("GMT-0400", -14_400), ("GMT+05:30", 19_800), ("UTC+1", 3_600), ("GMT", 0)] {
            assert_eq!(zone(None, None, name), Some(seconds), "{name}");
        }
    }

    #[test]
    fn what_no_clock_has_is_no_zone() {
        for seconds in [100_000, -100_000, i32::MAX, i32::MIN] {
            assert_eq!(zone(Some(seconds), None, ""), None);
        }
        for name in
            ["", "Nowhere/Land", "../../etc/passwd", "/etc/localtime", "localtime", "GMT+99", "GMT+", "Etc/Unknown"]
        {
            assert_eq!(zone(None, None, name), None, "{name}");
        }
        assert_eq!(zone(None, None, &"A".repeat(100_000)), None);
    }
}
