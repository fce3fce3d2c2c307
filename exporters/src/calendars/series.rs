//! When the occurrences of a series begin, as RFC 5545 (3.3.10) reckons: in what clocks of its zone show, period by period.

use std::collections::{BTreeSet, HashSet};

use corer_schemas::calendars::{Event, Frequency, Rule, Weekday};
use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan};

use super::when::{Frame, When, start};

/// As many of one series are drawn.
pub(super) const MOST: usize = 1000;

/// So many days that are looked at without an occurrence end a series: 30 February never comes.
const EMPTY_DAYS: u32 = 25_000;

/// The occurrences of an event.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Occurrences {
    /// When they begin, the earliest first.
    pub(super) starts: Vec<When>,
    /// Whether there are more than are drawn.
    pub(super) goes_on: bool,
}

/// When an event takes place: once, or as its rules say without its exceptions and what was changed. A series that does not end
/// is drawn to `last`, a date where its own clock is.
pub(super) fn occurrences(event: &Event, last: Date) -> Occurrences {
    let Some(first) = start(event) else { return Occurrences::default() };
    let frame = Frame::of(event);
    let mut all = BTreeSet::from([first.clock()]);
    let mut goes_on = false;
    for rule in &event.rules {
        let end = if rule.ends() { Date::MAX } else { last };
        let until = rule.until.and_then(|until| frame.at(until));
        let drawn = Drawn { rule, frame: &frame, first: first.clock(), end, until };
        goes_on |= drawn.add(&mut all) || !rule.ends();
    }
    let left_out = |time| frame.at(time).map(|time| time.clock());
    let left_out: HashSet<DateTime> =
        event.exceptions.iter().chain(&event.changed).copied().filter_map(left_out).collect();
    goes_on |= all.len() > MOST;
    let kept = all.into_iter().take(MOST).filter(|clock| !left_out.contains(clock));
    Occurrences { starts: kept.filter_map(|clock| frame.showing(clock)).collect(), goes_on }
}

/// A rule that is being drawn.
struct Drawn<'r> {
    rule: &'r Rule,
    frame: &'r Frame,
    first: DateTime,
    end: Date,
    until: Option<When>,
}

impl Drawn<'_> {
    /// Adds what comes out; whether it was cut off.
    fn add(&self, all: &mut BTreeSet<DateTime>) -> bool {
        let Some(frequency) = self.rule.frequency else { return false };
        let mut found = 0_u32;
        let mut empty = 0_u32;
        for number in 0_u32.. {
            let Some(period) = self.period(frequency, number) else { return false };
            let days = self.days(frequency, period);
            empty = if days.is_empty() { empty + length(frequency) } else { 0 };
            if empty > EMPTY_DAYS {
                return false;
            }
            for day in days {
                let clock = day.to_datetime(self.first.time());
                if clock < self.first {
                    continue;
                }
                if day > self.end || self.is_over(clock) || self.rule.count.is_some_and(|count| found >= count) {
                    return false;
                }
                found += 1;
                all.insert(clock);
                if found as usize > MOST {
                    return true;
                }
            }
            if period > self.end {
                return false;
            }
        }
        false
    }

    fn is_over(&self, clock: DateTime) -> bool {
        match (&self.until, self.frame.showing(clock)) {
            (Some(When::Zoned(until, ..) | When::Utc(until)), Some(When::Zoned(moment, ..) | When::Utc(moment))) => {
                moment > *until
            }
            (Some(until), _) => clock > until.clock(),
            (None, _) => false,
        }
    }

    /// The first day of a period, by its number.
    fn period(&self, frequency: Frequency, number: u32) -> Option<Date> {
        let steps = i64::from(number).checked_mul(i64::from(self.rule.interval))?;
        let first = self.first.date();
        match frequency {
            Frequency::Daily => first.checked_add(Span::new().try_days(steps).ok()?).ok(),
            Frequency::Weekly => {
                let start = self.rule.week_start.unwrap_or(Weekday::Mo);
                let back = (7 + place(first) - start as i64) % 7;
                first.checked_sub(back.days()).ok()?.checked_add(Span::new().try_days(steps.checked_mul(7)?).ok()?).ok()
            }
            Frequency::Monthly => first.first_of_month().checked_add(Span::new().try_months(steps).ok()?).ok(),
            Frequency::Yearly => first.first_of_year().checked_add(Span::new().try_years(steps).ok()?).ok(),
        }
    }

    /// The days of a period on which it takes place.
    fn days(&self, frequency: Frequency, period: Date) -> Vec<Date> {
        let days = match frequency {
            Frequency::Daily => self.plain(&mut std::iter::once(period)),
            Frequency::Weekly => self.plain(&mut period.series(1.day()).take(7)),
            Frequency::Monthly => self.of_span(period, period.last_of_month()),
            Frequency::Yearly => self.of_year(period),
        };
        self.at_positions(days)
    }

    /// Days of a day or a week.
    fn plain(&self, days: &mut dyn Iterator<Item = Date>) -> Vec<Date> {
        let is_weekly = self.rule.frequency == Some(Frequency::Weekly);
        let fits = |day: &Date| {
            let weekday = match self.rule.days.is_empty() {
                true => !is_weekly || place(*day) == place(self.first.date()),
                false => self.rule.days.iter().any(|asked| asked.weekday as i64 == place(*day)),
            };
            weekday && self.is_in_month(*day) && (self.rule.month_days.is_empty() || self.is_month_day(*day))
        };
        days.filter(fits).collect()
    }

    fn of_year(&self, year: Date) -> Vec<Date> {
        let Rule { days, month_days, months, .. } = self.rule;
        if days.is_empty() && month_days.is_empty() && months.is_empty() {
            let first = self.first.date();
            return Date::new(year.year(), first.month(), first.day()).into_iter().collect();
        }
        if months.is_empty() {
            return self.of_span(year, year.last_of_year());
        }
        let month = |month: i8| Date::new(year.year(), month, 1).ok();
        (1..=12).filter_map(month).flat_map(|month| self.of_span(month, month.last_of_month())).collect()
    }

    /// Days of a month or a year, within which weekdays are counted.
    fn of_span(&self, first: Date, last: Date) -> Vec<Date> {
        let Rule { days, month_days, .. } = self.rule;
        let fits = |day: &Date| {
            let is_day = match (days.is_empty(), month_days.is_empty()) {
                (true, true) => day.day() == self.first.day(),
                _ => {
                    (days.is_empty() || self.is_counted(*day, first, last))
                        && (month_days.is_empty() || self.is_month_day(*day))
                }
            };
            is_day && self.is_in_month(*day)
        };
        first.series(1.day()).take_while(|day| *day <= last).filter(fits).collect()
    }

    fn is_counted(&self, day: Date, first: Date, last: Date) -> bool {
        let gap = |from: Date, to: Date| i64::from(from.until(to).map(|span| span.get_days()).unwrap_or_default());
        let from_front = gap(first, day) / 7 + 1;
        let from_back = -(gap(day, last) / 7 + 1);
        self.rule.days.iter().any(|asked| {
            let nth = i64::from(asked.nth);
            asked.weekday as i64 == place(day) && (nth == 0 || nth == from_front || nth == from_back)
        })
    }

    fn is_month_day(&self, day: Date) -> bool {
        let (front, back) = (i16::from(day.day()), i16::from(day.day()) - i16::from(day.days_in_month()) - 1);
        self.rule.month_days.iter().any(|asked| *asked == front || *asked == back)
    }

    fn is_in_month(&self, day: Date) -> bool {
        self.rule.months.is_empty() || self.rule.months.contains(&i16::from(day.month()))
    }

    fn at_positions(&self, days: Vec<Date>) -> Vec<Date> {
        if self.rule.positions.is_empty() {
            return days;
        }
        let len = days.len();
        let is_asked = |place: usize| {
            let asked = |position: &i16| match usize::from(position.unsigned_abs()) {
                from_front if *position > 0 => from_front == place + 1,
                from_back => from_back + place == len,
            };
            self.rule.positions.iter().any(asked)
        };
        days.into_iter().enumerate().filter(|(place, _)| is_asked(*place)).map(|(_, day)| day).collect()
    }
}

/// How many days of a period are looked at.
fn length(frequency: Frequency) -> u32 {
    match frequency {
        Frequency::Daily => 1,
        Frequency::Weekly => 7,
        Frequency::Monthly => 31,
        Frequency::Yearly => 366,
    }
}

/// The place of a day in the week, from 0 for Monday.
fn place(day: Date) -> i64 {
    i64::from(day.weekday().to_monday_zero_offset())
}

#[cfg(test)]
mod tests {
    use corer_schemas::AppleTime;
    use corer_schemas::calendars::Day;
    use proptest::prelude::*;

    use super::*;

    fn series(start: &str, rule: Rule) -> Event {
        let zone = "Europe/Oslo";
        let moment = format!("{start}[{zone}]").parse::<jiff::Zoned>().unwrap().timestamp();
        Event {
            start: AppleTime::from_timestamp(moment),
            start_zone: Some(zone.to_owned()),
            rules: vec![Rule { interval: rule.interval.max(1), ..rule }],
            ..Event::default()
        }
    }

    fn drawn(event: &Event) -> Vec<String> {
        let found = occurrences(event, jiff::civil::date(2030, 1, 1));
        found.starts.iter().map(|when| when.here(&jiff::tz::TimeZone::UTC).to_string()).collect()
    }

    #[test]
    fn a_series_keeps_its_clock_when_summer_time_begins() {
        let rule = Rule { frequency: Some(Frequency::Weekly), count: Some(3), ..Rule::default() };
        assert_eq!(
            drawn(&series("2024-03-24T10:00", rule)),
            ["2024-03-24T09:00:00", "2024-03-31T08:00:00", "2024-04-07T08:00:00"]
        );
    }

    #[test]
    fn exceptions_and_changed_ones_are_left_out_and_counted() {
        let rule = Rule { frequency: Some(Frequency::Daily), count: Some(4), ..Rule::default() };
        let mut event = series("2024-06-01T10:00", rule);
        let later =
            |days: i64| AppleTime::from_timestamp(event.start.unwrap().timestamp().unwrap() + (days * 24).hours());
        let (second, third) = (later(1).unwrap(), later(2).unwrap());
        event.exceptions.push(second);
        event.changed.push(third);
        assert_eq!(drawn(&event), ["2024-06-01T08:00:00", "2024-06-04T08:00:00"]);
    }

    #[test]
    fn a_series_without_an_end_is_drawn_so_far_and_no_more_than_so_many() {
        let monthly = Rule {
            frequency: Some(Frequency::Monthly),
            days: vec![Day { nth: -1, weekday: Weekday::Fr }],
            ..Rule::default()
        };
        let found = occurrences(&series("2029-10-26T10:00", monthly), jiff::civil::date(2030, 1, 1));
        assert!(found.starts.len() == 3 && found.goes_on);
        let daily = Rule { frequency: Some(Frequency::Daily), ..Rule::default() };
        let found = occurrences(&series("2001-10-26T10:00", daily), jiff::civil::date(2030, 1, 1));
        assert!(found.starts.len() == MOST && found.goes_on);
        let never = Rule {
            frequency: Some(Frequency::Yearly),
            months: vec![2],
            month_days: vec![30],
            count: Some(5),
            ..Rule::default()
        };
        assert_eq!(drawn(&series("2024-02-01T10:00", never)).len(), 1);
        let rare = Rule { frequency: Some(Frequency::Daily), interval: u32::MAX, ..Rule::default() };
        assert_eq!(drawn(&series("2024-02-01T10:00", rare)).len(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_rule_ends_and_is_in_order(
            frequency in 0..4_usize,
            interval in 1..40_u32,
            days in prop::collection::vec((-5..6_i16, 0..7_usize), 0..4),
            month_days in prop::collection::vec(-31..32_i16, 0..4),
            months in prop::collection::vec(1..13_i16, 0..4),
            positions in prop::collection::vec(-5..6_i16, 0..3),
        ) {
            let frequency = [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly][frequency];
            let days = days.into_iter().map(|(nth, day)| Day { nth, weekday: Weekday::ALL[day] }).collect();
            let rule = Rule { frequency: Some(frequency), interval, days, month_days, months, positions, ..Rule::default() };
            let found = occurrences(&series("2019-10-26T02:30", rule), jiff::civil::date(2040, 1, 1));
            let clocks: Vec<_> = found.starts.iter().map(|start| start.clock()).collect();
            prop_assert!(clocks.len() <= MOST && clocks.is_sorted());
            prop_assert!(clocks.iter().all(|clock| clock.year() <= 2040));
        }
    }
}
