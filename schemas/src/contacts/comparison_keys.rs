//! When values of two cards are one value: equal but for case and for punctuation that means nothing.
//!
//! A key keeps everything else: the meaning of the label, what is dialled after a pause, an extension, accents, and every
//! letter. A value without a label is not the same as one with. Digits of another script are other letters, and so is a
//! national number beside the international one: both stand there.

use super::label::Label;
use super::model::{Labelled, Other, PostalAddress, Profile};
use crate::handles::caseless;

/// Texts with fewer digits are no telephone numbers: their punctuation may mean something.
const FEWEST_DIGITS: usize = 3;

/// The key of a labelled value whose own key this is. Apple's label and the same word, typed, are one.
pub(super) fn labelled<T>(labelled: &Labelled<T>, key: impl Fn(&T) -> String) -> String {
    joined([label(labelled.label.as_ref()), Some(key(&labelled.value))])
}

/// The key of a telephone number: spaces, brackets, dashes, dots and hidden marks are nothing.
pub(super) fn number(number: &str) -> String {
    if number.chars().filter(|c| c.is_numeric()).count() < FEWEST_DIGITS {
        return caseless(number);
    }
    caseless(&number.chars().filter(|c| !is_between(*c)).collect::<String>())
}

/// The key of a web address. Case counts behind the host: `bit.ly/aB` is not `bit.ly/Ab`.
pub(super) fn address(address: &str) -> String {
    let address = address.trim();
    let begin = address.find("://").map_or(0, |at| at + "://".len());
    let host = address.get(begin..).and_then(|rest| rest.find(['/', '?', '#', '@']));
    match host.and_then(|host| address.split_at_checked(begin + host)) {
        Some((host, rest)) if !rest.starts_with('@') => format!("{}{rest}", host.to_lowercase()),
        Some(_) => address.to_owned(),
        None => address.to_lowercase(),
    }
}

/// The key of a note: what stands at its ends is nothing, and neither is the kind of its line ends.
pub(super) fn note(note: &str) -> String {
    note.trim().replace("\r\n", "\n").replace('\r', "\n")
}

/// The key of a postal address.
pub(super) fn postal(address: &PostalAddress) -> String {
    let PostalAddress { street, sub_locality, city, sub_area, state, postal_code, country, country_code, others } =
        address;
    let parts = [street, sub_locality, city, sub_area, state, postal_code, country, country_code];
    let parts = parts.map(|part| part.as_deref().map(caseless).filter(|part| !part.is_empty()));
    joined(parts.into_iter().chain(pairs(others)))
}

/// The key of a name in a service.
pub(super) fn profile(profile: &Profile) -> String {
    let Profile { service, username, url, others } = profile;
    let parts = [service.as_deref().map(caseless), username.as_deref().map(caseless), url.as_deref().map(address)];
    joined(parts.into_iter().chain(pairs(others)))
}

/// The key of a field without a place of its own.
pub(super) fn other(other: &Other) -> String {
    joined([Some(other.name.clone()), label(other.label.as_ref()), Some(other.value.trim().to_owned())])
}

fn label(label: Option<&Label>) -> Option<String> {
    label.map(|label| caseless(&label.words()))
}

fn pairs(others: &[(String, String)]) -> impl Iterator<Item = Option<String>> {
    others.iter().flat_map(|(name, value)| [Some(name.clone()), Some(value.clone())])
}

/// One text of parts, of which none can be taken for another or for none.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().map(|part| part.map_or_else(|| "-".to_owned(), |part| format!("{}:{part}", part.len()))).collect()
}

/// What stands between the digits of a number and means nothing. A slash is not among it: `123/4` may be two numbers.
fn is_between(c: char) -> bool {
    c.is_whitespace()
        || "-()[].·\u{ad}\u{feff}\u{2212}\u{ff0d}".contains(c)
        || ('\u{200b}'..='\u{2015}').contains(&c)
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2060}'..='\u{2069}').contains(&c)
}

#[cfg(test)]
mod tests;
