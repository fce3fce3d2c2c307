//! Voicemails as lines for the terminal.

use corer_schemas::voicemail::{Sound, State, Voicemail};
use jiff::tz::TimeZone;

use super::labels::{number, state, who};
use crate::clock::{Moment, stopwatch};

/// One voicemail: a line with when, how long and who, and the words below it.
pub fn lines(voicemail: &Voicemail, zone: &TimeZone) -> Vec<String> {
    let when = voicemail.date.and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date".to_owned(), |moment| moment.short());
    let long = voicemail.duration.map(stopwatch).unwrap_or_default();
    let mut line = format!("{when:16}  {long:>8}  {}", who(voicemail));
    let mark = (voicemail.state != State::Kept).then(|| format!("({})", state(voicemail.state)));
    let sound = match &voicemail.sound {
        Sound::Missing { why, .. } if voicemail.state != State::Deleted => Some(format!("[{why}]")),
        Sound::Missing { .. } | Sound::Stored(_) => None,
    };
    let number = number(voicemail).map(str::to_owned);
    let more = [number, mark, sound].into_iter().flatten().chain(voicemail.odd.iter().cloned());
    more.for_each(|more| line.extend(["  ", &more]));
    let words = voicemail.transcript.iter().flat_map(|transcript| transcript.text.lines());
    std::iter::once(line).chain(words.map(|words| format!("{:28}{words}", ""))).collect()
}
