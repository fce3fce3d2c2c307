//! The moments in the columns of messages.
//!
//! They count from 2001 in seconds or nanoseconds, those of text messages up to iOS 5 from 1970 in seconds. What stands
//! there and is no such number is said: a message without its date is another thing than one that never had any.

use rusqlite::types::ValueRef;

use crate::time::AppleTime;

/// From this number on it counts nanoseconds, as a real as well.
const NANOSECONDS_FROM: f64 = 1e12;
/// The bound of what fits, in nanoseconds.
const BOUND: f64 = 9.2e18;
/// How much of a text is said, in characters.
const SAID: usize = 40;

/// Reads a moment that counts from 2001. Nothing and zero are none.
///
/// # Errors
/// What stands there instead of a moment, in words.
pub(super) fn read(value: ValueRef<'_>) -> Result<Option<AppleTime>, String> {
    read_as(value, AppleTime::from_seconds_or_nanoseconds, |real| match real.abs() < NANOSECONDS_FROM {
        true if real.fract() != 0.0 => AppleTime::from_seconds(real),
        // Casting a number that is none would give zero.
        _ => (real.abs() < BOUND).then_some(real as i64).and_then(AppleTime::from_seconds_or_nanoseconds),
    })
}

/// Reads a moment that counts seconds from 1970.
///
/// # Errors
/// As for [`read`].
pub(super) fn read_unix(value: ValueRef<'_>) -> Result<Option<AppleTime>, String> {
    read_as(value, AppleTime::from_unix_seconds, |real| {
        (real.abs() < BOUND).then_some(real as i64).and_then(AppleTime::from_unix_seconds)
    })
}

fn read_as(
    value: ValueRef<'_>,
    of_integer: impl Fn(i64) -> Option<AppleTime>,
    of_real: impl Fn(f64) -> Option<AppleTime>,
) -> Result<Option<AppleTime>, String> {
    let integer = |number: i64| match number {
        // Where a device could not express a moment, it wrote the end of all numbers.
        i64::MIN | i64::MAX => None,
        number => of_integer(number),
    };
    let found = match value {
        ValueRef::Null | ValueRef::Integer(0) => return Ok(None),
        ValueRef::Real(0.0) => return Ok(None),
        ValueRef::Integer(number) => integer(number),
        ValueRef::Real(number) => of_real(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
            match text.parse() {
                Ok(0) => return Ok(None),
                Ok(number) => integer(number),
                Err(_) => text.parse().ok().filter(|number: &f64| *number != 0.0).and_then(of_real),
            }
        }
        ValueRef::Blob(_) => None,
    };
    found.map(Some).ok_or_else(|| format!("{} is no moment", in_words(value)))
}

fn in_words(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => {
            // A character has four bytes at most.
            let start = bytes.get(..bytes.len().min(4 * SAID)).unwrap_or_default();
            let text: String = String::from_utf8_lossy(start).chars().take(SAID).collect();
            format!("\u{201c}{text}\u{201d}")
        }
        ValueRef::Blob([]) => "an empty blob".to_owned(),
        ValueRef::Blob(bytes) => {
            let start: String = bytes.iter().take(SAID / 2).map(|byte| format!("{byte:02x}")).collect();
            format!("a blob of {} bytes ({start})", bytes.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_and_zero_are_no_moment_and_no_damage() {
        for value in [ValueRef::Null, ValueRef::Integer(0), ValueRef::Real(-0.0), ValueRef::Text(b" 0 ")] {
            assert_eq!((read(value), read_unix(value)), (Ok(None), Ok(None)), "{value:?}");
        }
    }

    #[test]
    fn what_is_no_moment_is_said() {
        let said = |value| read(value).unwrap_err();
        assert_eq!(said(ValueRef::Integer(473_385_600_000)), "473385600000 is no moment");
        assert_eq!(said(ValueRef::Integer(i64::MAX)), "9223372036854775807 is no moment");
        assert_eq!(said(ValueRef::Text(b"abc")), "\u{201c}abc\u{201d} is no moment");
        assert_eq!(said(ValueRef::Text(b"")), "\u{201c}\u{201d} is no moment");
        assert_eq!(said(ValueRef::Text(b"inf")), "\u{201c}inf\u{201d} is no moment");
        assert_eq!(said(ValueRef::Blob(b"\x01\xff")), "a blob of 2 bytes (01ff) is no moment");
        for real in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 9.3e9, 9.3e18] {
            assert!(read(ValueRef::Real(real)).is_err(), "{real}");
        }
        assert!(said(ValueRef::Text(&[b'x'; 1_000_000])).len() < 100);
        assert!(said(ValueRef::Blob(&[0; 1_000_000])).len() < 100);
        for value in [ValueRef::Integer(i64::MIN), ValueRef::Integer(i64::MAX / 2), ValueRef::Real(1e300)] {
            assert!(read_unix(value).is_err(), "{value:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_number_is_the_same_moment_however_it_is_stored(
            seconds in prop_oneof![-9_000_000_000_i64..=-1, 1..=9_000_000_000_i64],
        ) {
            let expected = Ok(AppleTime::from_seconds_or_nanoseconds(seconds));
            prop_assert_eq!(&read(ValueRef::Integer(seconds)), &expected);
            prop_assert_eq!(&read(ValueRef::Real(seconds as f64)), &expected);
            prop_assert_eq!(&read(ValueRef::Text(format!(" {seconds}\n").as_bytes())), &expected);
            prop_assert_eq!(&read(ValueRef::Text(format!("{seconds}.0").as_bytes())), &expected);
            if seconds.abs() >= 1000 {
                prop_assert_eq!(&read(ValueRef::Integer(seconds * 1_000_000_000)), &expected);
            }
        }
    }
}
