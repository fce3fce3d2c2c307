//! Events as lines for the terminal.

use corer_schemas::calendars::Event;
use jiff::tz::TimeZone;

use super::labels::{calendar_name, how_often, nature, odd, place, span, status, title};
use super::when::start;

/// One event: a line with when, what, where and in which calendar.
pub fn lines(event: &Event, zone: &TimeZone) -> Vec<String> {
    let begin = start(event).map(|start| start.here(zone).date().to_string());
    let when = match (begin, span(event, zone)) {
        (Some(date), Some(span)) => format!("{date} {span}"),
        _ => "no date".to_owned(),
    };
    let mut line = format!("{when:22}  {}", title(event));
    let place = event.place.as_ref().and_then(place).map(|place| format!("at {place}"));
    let often = event.rules.iter().filter_map(how_often);
    let words = [nature(event), status(event).filter(|status| *status != "confirmed")].into_iter().flatten();
    let marks = words.map(|word| format!("({word})"));
    let calendar = std::iter::once(format!("[{}]", calendar_name(event.calendar.as_ref())));
    let more = place.into_iter().chain(often).chain(marks).chain(calendar).chain(odd(event));
    more.for_each(|more| line.extend(["  ", &more]));
    vec![line]
}
