//! Calls as lines for the terminal.

use corer_schemas::calls::Call;
use jiff::tz::TimeZone;

use super::labels::{direction, numbers, outcome, own_notes, service, who};
use crate::clock::{Moment, stopwatch};

/// One call on one line: when, how, how long, with what, with whom, from where.
pub fn line(call: &Call, zone: &TimeZone) -> String {
    let when = call.date.and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date".to_owned(), |moment| moment.short());
    let how = format!("{}, {}", direction(call), outcome(call));
    // Nobody talked: no time is easier to see than none of it.
    let long = call.duration.filter(|seconds| *seconds > 0.0).map(stopwatch).unwrap_or_default();
    let mut line = format!("{when:16}  {how:28}  {long:>8}  {:14}  {}", service(call), who(call));
    let more = numbers(call).into_iter().map(str::to_owned).chain(call.location.clone()).chain(own_notes(call));
    more.for_each(|more| line.extend(["  ", &more]));
    line
}
