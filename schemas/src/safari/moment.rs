//! Moments as Safari stores them: seconds since 2001, and in some tables of some versions since 1970.

use crate::time::AppleTime;

/// Seconds from 1970 to 2001. Counted from 2001, a number above it is a moment after 2032-01-02.
const UNIX_FROM: f64 = 978_307_200.0;

/// The moment in a column, or else the value that is none, which is to be told. Nothing, and 0, is none.
pub(super) fn moment(stored: rusqlite::types::ValueRef<'_>) -> (Option<AppleTime>, Option<String>) {
    let Some(seconds) = crate::database::value::real(stored) else {
        return (None, crate::database::value::some_text(stored));
    };
    match of_seconds(seconds) {
        Some(date) => (Some(date), None),
        None => (None, (seconds != 0.0).then(|| seconds.to_string())),
    }
}

/// The moment that is so many seconds after either beginning, told apart by how many they are.
pub(super) fn of_seconds(seconds: f64) -> Option<AppleTime> {
    let since_2001 = if seconds > UNIX_FROM { seconds - UNIX_FROM } else { seconds };
    AppleTime::from_seconds(since_2001).filter(|date| seconds != 0.0 && date.timestamp().is_some())
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::*;

    #[test]
    fn both_beginnings_give_the_same_moment() {
        let text = |value| moment(value).0.unwrap().timestamp().unwrap().to_string();
        assert_eq!(text(ValueRef::Real(700_000_000.5)), "2023-03-08T20:26:40.5Z");
        assert_eq!(text(ValueRef::Real(1_678_307_200.5)), "2023-03-08T20:26:40.5Z");
        assert_eq!(text(ValueRef::Integer(1_678_307_200)), "2023-03-08T20:26:40Z");
        assert_eq!(text(ValueRef::Text(b"978307200")), "2032-01-02T00:00:00Z");
        assert_eq!(moment(ValueRef::Integer(0)), (None, None));
        assert_eq!(moment(ValueRef::Null), (None, None));
        assert_eq!(moment(ValueRef::Text(b"not-a-time")), (None, Some("not-a-time".to_owned())));
        assert!(moment(ValueRef::Real(1e300)).1.is_some());
    }
}
