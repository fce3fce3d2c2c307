//! What is said of a voicemail: the same words in every format for people.

use corer_schemas::voicemail::{State, Voicemail};

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
