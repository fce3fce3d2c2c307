//! Rules as calendars write them: `FREQ=WEEKLY;BYDAY=TU,TH`.

use corer_schemas::calendars::{Frequency, Rule};

use super::super::when::{Frame, When};
use super::time;

/// A rule of an event whose times are told so; `None` where it says no frequency.
pub(in super::super) fn rule(rule: &Rule, frame: &Frame) -> Option<String> {
    let frequency = match rule.frequency? {
        Frequency::Daily => "DAILY",
        Frequency::Weekly => "WEEKLY",
        Frequency::Monthly => "MONTHLY",
        Frequency::Yearly => "YEARLY",
    };
    let mut text = format!("FREQ={frequency}");
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!(";{name}={value}"));
        }
    };
    add("INTERVAL", if rule.interval > 1 { rule.interval.to_string() } else { String::new() });
    // A rule may have one of both.
    match rule.count {
        Some(count) => add("COUNT", count.to_string()),
        None => add("UNTIL", rule.until.and_then(|until| frame.at(until)).map(|until| end(&until)).unwrap_or_default()),
    }
    add("WKST", rule.week_start.map(|day| day.letters().to_owned()).unwrap_or_default());
    add("BYMONTH", list(&rule.months));
    add("BYMONTHDAY", list(&rule.month_days));
    let day = |day: &corer_schemas::calendars::Day| match day.nth {
        0 => day.weekday.letters().to_owned(),
        nth => format!("{nth}{}", day.weekday.letters()),
    };
    add("BYDAY", rule.days.iter().map(day).collect::<Vec<_>>().join(","));
    add("BYSETPOS", list(&rule.positions));
    Some(text)
}

/// The end of a rule is told in UTC wherever the event has a zone.
fn end(until: &When) -> String {
    match until {
        When::Zoned(moment, ..) => time(&When::Utc(*moment)),
        other => time(other),
    }
}

fn list(numbers: &[i16]) -> String {
    numbers.iter().map(i16::to_string).collect::<Vec<_>>().join(",")
}
