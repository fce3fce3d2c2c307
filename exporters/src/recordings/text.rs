//! Voice memos as lines for the terminal.

use corer_schemas::recordings::{Recording, State};
use corer_schemas::sound::Sound;
use jiff::tz::TimeZone;

use super::captions::paragraphs;
use super::labels::{state, title};
use crate::clock::{Moment, stopwatch};

/// One voice memo: a line with when, how long and what, and what is said below it.
pub fn lines(recording: &Recording, zone: &TimeZone) -> Vec<String> {
    let when = recording.date.and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date".to_owned(), |moment| moment.short());
    let long = recording.duration.map(stopwatch).unwrap_or_default();
    let mut line = format!("{when:16}  {long:>8}  {}", title(recording));
    let folder = recording.folder.as_ref().map(|folder| format!("in {folder}"));
    let favorite = (recording.favorite == Some(true)).then(|| "(favourite)".to_owned());
    let mark = (recording.state != State::Kept).then(|| format!("({})", state(recording.state)));
    let gone = match &recording.sound {
        Sound::Missing { why, .. } => Some(format!("[{why}]")),
        Sound::Stored(_) => None,
    };
    let more = [folder, favorite, mark, gone].into_iter().flatten().chain(recording.odd.iter().cloned());
    more.for_each(|more| line.extend(["  ", &more]));
    let said = recording.transcript.iter().flat_map(paragraphs);
    std::iter::once(line).chain(said.map(|said| format!("{:28}{said}", ""))).collect()
}
