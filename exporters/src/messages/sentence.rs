//! Sentences of our own in which names stand that anybody may have chosen, in any script.
//!
//! A page lays out the sentence in its own direction and each name in the name's: a name in Arabic letters would turn the
//! words around it otherwise.

use std::borrow::Cow;
use std::fmt;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SentencePart<'a> {
    /// Words of ours.
    Words(Cow<'a, str>),
    /// What somebody else wrote.
    Name(Cow<'a, str>),
}

/// A sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sentence<'a>(pub(super) Vec<SentencePart<'a>>);

impl<'a> Sentence<'a> {
    /// Begins with a name.
    pub(super) fn of(name: impl Into<Cow<'a, str>>) -> Self {
        Self::default().name(name)
    }

    /// Begins with words.
    pub(super) fn saying(words: impl Into<Cow<'a, str>>) -> Self {
        Self::default().words(words)
    }

    /// Names in a row.
    pub(super) fn list(names: impl IntoIterator<Item = Cow<'a, str>>) -> Self {
        names.into_iter().fold(Self::default(), |list, name| match &*list.0 {
            [] => list.name(name),
            _ => list.words(", ").name(name),
        })
    }

    /// Goes on with words.
    pub(super) fn words(mut self, words: impl Into<Cow<'a, str>>) -> Self {
        self.0.push(SentencePart::Words(words.into()));
        self
    }

    /// Goes on with a name.
    pub(super) fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.0.push(SentencePart::Name(name.into()));
        self
    }

    /// Goes on with another sentence.
    pub(super) fn join(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The same by itself, each piece cut to so many bytes.
    pub(super) fn cut(self, most: usize) -> Sentence<'static> {
        let cut = |text: Cow<'a, str>| -> Cow<'static, str> {
            text.get(..text.floor_char_boundary(most)).unwrap_or_default().to_owned().into()
        };
        let bits = self.0.into_iter().map(|bit| match bit {
            SentencePart::Words(words) => SentencePart::Words(cut(words)),
            SentencePart::Name(name) => SentencePart::Name(cut(name)),
        });
        Sentence(bits.collect())
    }
}

/// As plain text.
impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|bit| match bit {
            SentencePart::Words(text) | SentencePart::Name(text) => f.write_str(text),
        })
    }
}
