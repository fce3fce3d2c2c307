//! What Safari keeps as lines for the terminal.

use corer_schemas::identity::Identified as _;
use corer_schemas::safari::SafariRecord;
use jiff::tz::TimeZone;

use super::labels::{kind, own_notes, place, title};
use crate::clock::Moment;

/// One record: a line with when, what and which, and its address below it where it has a title.
pub fn lines(record: &SafariRecord, zone: &TimeZone) -> Vec<String> {
    let when = record.moment().and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date".to_owned(), |moment| moment.short());
    let mut line = format!("{when:16}  {:12}  {}", kind(record), title(record));
    let place = Some(place(record)).filter(|place| !place.is_empty()).map(|place| format!("in {place}"));
    let notes = own_notes(record).into_iter().map(|note| format!("({note})"));
    place.into_iter().chain(notes).for_each(|more| line.extend(["  ", &more]));
    let url = record.named().0.filter(|url| *url != title(record)).map(|url| format!("{:32}{url}", ""));
    std::iter::once(line).chain(url).collect()
}
