//! What is said of a voicemail: the same words in every format for people.

use corer_schemas::voicemail::{State, Voicemail};
use jiff::tz::TimeZone;

use crate::saved::{Kept, words};

/// Who left it: a name, else a number.
pub(super) fn who(voicemail: &Voicemail) -> &str {
    let greeting = voicemail.line.as_deref().filter(|_| voicemail.state == State::Unlisted);
    let number = voicemail.sender.as_deref().or(voicemail.callback.as_deref());
    voicemail.name.as_deref().or(number).or(greeting).unwrap_or("No number")
}

/// The number of somebody who goes by a name.
pub(super) fn number(voicemail: &Voicemail) -> Option<&str> {
    voicemail.name.as_ref()?;
    voicemail.sender.as_deref().or(voicemail.callback.as_deref())
}

/// Where it stands.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Kept => "kept",
        State::Trashed => "in the trash",
        State::Deleted => "deleted",
        State::Unlisted => "not in the list",
    }
}

/// What else there is to say, in a few words each: of where it was found, and what of it makes no sense.
pub(super) fn notes(voicemail: &Kept<Voicemail>, zone: &TimeZone) -> Vec<String> {
    let words = |earlier: &Voicemail| match &earlier.transcript {
        Some(transcript) => format!("\u{201c}{}\u{201d}", transcript.text),
        None => "without words".to_owned(),
    };
    words::notes(voicemail, zone, words).into_iter().chain(voicemail.odd.iter().cloned()).collect()
}
