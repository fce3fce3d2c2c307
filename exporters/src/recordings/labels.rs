//! What is said of a voice memo: the same words in every format for people.

use corer_schemas::recordings::{Recording, State};
use jiff::tz::TimeZone;

use crate::clock::Moment;
use crate::output::split_extension;
use crate::saved::{Kept, words};

/// How much of a file's name is the title, in characters.
const NAME_CHARS: usize = 60;

/// What it is called: its title, else its file.
pub(super) fn title(recording: &Recording) -> &str {
    let titled = recording.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let file = || recording.file.as_deref().map(|file| split_extension(file).0).filter(|stem| !stem.is_empty());
    titled.or_else(file).unwrap_or("Voice memo")
}

/// Where it stands.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Kept => "kept",
        State::Deleted => "recently deleted",
        State::Unlisted => "not in the list",
    }
}

/// What else there is to say, in a few words each: of where it was found, and what of it makes no sense.
pub(super) fn notes(recording: &Kept<Recording>, zone: &TimeZone) -> Vec<String> {
    let version = |earlier: &Recording| format!("\u{201c}{}\u{201d}", title(earlier));
    words::notes(recording, zone, version).into_iter().chain(recording.odd.iter().cloned()).collect()
}

/// What its files are called: `2024-01-31 10.15 Cliff Road`.
pub(super) fn stem(recording: &Recording, zone: &TimeZone) -> String {
    let moment = recording.date.and_then(|date| Moment::new(date, zone));
    let when = moment.map_or_else(|| "undated".to_owned(), |moment| moment.short().replace(':', "."));
    let title: String = title(recording).chars().take(NAME_CHARS).collect();
    format!("{when} {}", title.trim())
}
