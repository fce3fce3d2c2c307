//! An age as people type it: `12h`, `7d`, `4w`.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

/// How old something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(SignedDuration);

impl Age {
    /// Whether something that happened at `then` is younger. A moment in the future is: some clock is wrong.
    pub fn is_younger(self, then: Timestamp, now: Timestamp) -> bool {
        now.duration_since(then) < self.0
    }
}

impl FromStr for Age {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let wrong = || "an age is a number with h, d or w: 12h, 7d, 4w".to_owned();
        let typed = typed.trim();
        let unit = typed.chars().next_back().ok_or_else(wrong)?;
        let hours = match unit.to_ascii_lowercase() {
            'h' => 1,
            'd' => 24,
            'w' => 7 * 24,
            _ => return Err(wrong()),
        };
        let number: u32 = typed.strip_suffix(unit).and_then(|number| number.trim().parse().ok()).ok_or_else(wrong)?;
        Ok(Self(SignedDuration::from_hours(i64::from(number).saturating_mul(hours))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_as_people_type_them() {
        let age = |typed: &str| typed.parse::<Age>().map(|Age(duration)| duration.as_hours());
        assert_eq!((age("12h"), age("7d"), age(" 4 W")), (Ok(12), Ok(168), Ok(672)));
        for wrong in ["", "7", "d", "-1d", "7m", "1.5d", "7 days", "é"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_week_ago_is_not_younger_than_a_week() {
        let age: Age = "7d".parse().unwrap();
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        assert!(!age.is_younger(at(0), at(7 * 86_400)));
        assert!(age.is_younger(at(1), at(7 * 86_400)));
        assert!(age.is_younger(at(9 * 86_400), at(7 * 86_400)));
    }
}
