//! Labels: Apple's own, which are stored as `_$!<Mobile>!$_` and shown in the language of the device, and those that
//! somebody typed.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What stands around a label of Apple's.
const MARKS: (&str, &str) = ("_$!<", ">!$_");

/// Labels whose words are not those of their name.
const WORDS: [(&str, &str); 7] = [
    ("HomeFAX", "home fax"),
    ("WorkFAX", "work fax"),
    ("OtherFAX", "other fax"),
    ("HomePage", "home page"),
    ("iPhone", "iPhone"),
    ("AppleWatch", "Apple Watch"),
    ("iCloud", "iCloud"),
];

/// What a value is labelled with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Label(String);

impl Label {
    /// Takes a label as it is stored.
    pub fn new(stored: impl Into<String>) -> Self {
        Self(stored.into())
    }

    /// The label as it is stored.
    pub fn stored(&self) -> &str {
        &self.0
    }

    /// The name of a label of Apple's, like `Mobile`; `None` for what somebody typed.
    pub fn apple(&self) -> Option<&str> {
        self.0.strip_prefix(MARKS.0)?.strip_suffix(MARKS.1).filter(|name| !name.is_empty())
    }

    /// The label in plain words: Apple's in English, any other as it was typed.
    pub fn words(&self) -> Cow<'_, str> {
        let Some(name) = self.apple() else { return Cow::Borrowed(&self.0) };
        match WORDS.iter().find(|(known, _)| *known == name) {
            Some((_, words)) => Cow::Borrowed(words),
            None => Cow::Owned(split(name)),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words())
    }
}

/// `YoungestBrother` as `youngest brother`. What is not a word of English letters stays as it is.
fn split(name: &str) -> String {
    if !name.chars().all(|c| c.is_ascii_alphabetic()) {
        return name.to_owned();
    }
    let mut words = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apples_labels_become_words_and_others_stay() {
        for (stored, words) in [
            ("_$!<Mobile>!$_", "mobile"),
            ("_$!<WorkFAX>!$_", "work fax"),
            ("_$!<HomePage>!$_", "home page"),
            ("_$!<YoungerSister>!$_", "younger sister"),
            ("iPhone", "iPhone"),
            ("TextNow", "TextNow"),
            ("Cabin; by the <sea>", "Cabin; by the <sea>"),
            ("_$!<>!$_", "_$!<>!$_"),
            ("_$!<Mobile", "_$!<Mobile"),
            ("_$!<Ünïcode X>!$_", "Ünïcode X"),
        ] {
            assert_eq!(Label::new(stored).words(), words);
        }
        assert_eq!(Label::new("TextNow").apple(), None);
    }
}
