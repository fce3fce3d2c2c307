//! What a contact is called.

use serde::{Deserialize, Serialize};

use crate::handles::caseless;

/// Names are cut here where they are shown on one line, in characters: they stand beside every message.
const LONGEST_NAME: usize = 200;

/// The parts of a name, as they are stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// `Dr.`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Further given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// `Jr.`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// The family name at birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maiden: Option<String>,
    /// How the given name is spoken or sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_phonetic: Option<String>,
    /// How further given names are spoken or sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_phonetic: Option<String>,
    /// How the family name is spoken or sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_phonetic: Option<String>,
    /// What an account calls the contact as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    /// What the device shows where it cannot make up a name itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
}

impl Name {
    /// `First Last`; the organisation on the card of one; else whatever other name there is.
    pub(super) fn shown(
        &self,
        is_organization: bool,
        nickname: Option<&String>,
        organization: Option<&String>,
    ) -> Option<String> {
        let person = || joined(&[&self.first, &self.last]).or_else(|| joined(&[&self.middle]));
        let organization = organization.cloned();
        let own = if is_organization { joined(&[&organization]).or_else(person) } else { person() };
        let others = [&nickname.cloned(), &organization, &self.display, &self.fallback];
        own.or_else(|| others.into_iter().find_map(one))
    }

    /// The other forms of the name: with its middle, and family name first.
    pub fn others(&self) -> Vec<String> {
        let whole = joined(&[&self.first, &self.middle, &self.last]);
        let turned = joined(&[&self.last, &self.first]);
        [whole, turned].into_iter().flatten().collect()
    }

    /// The name with all its parts on one line: `Dr. Ingrid Marie Solheim PhD`. `None` for a card without one.
    pub fn whole(&self) -> Option<String> {
        joined(&[&self.prefix, &self.first, &self.middle, &self.last, &self.suffix])
    }

    /// What an account calls the contact, where that says more than the parts of the name.
    pub fn displayed(&self) -> Option<&str> {
        self.display.as_deref().filter(|display| !display.trim().is_empty() && !self.says(display))
    }

    /// Whether a text is this name in one of its forms, whatever their case: `Anna Berg`, `Berg Anna`, `Berg, Anna`.
    pub(super) fn says(&self, text: &str) -> bool {
        let text = caseless(text);
        let family = |rest: &[&Option<String>]| Some(format!("{}, {}", one(&self.last)?, joined(rest)?));
        let forms = [
            self.full(),
            joined(&[&self.first, &self.last]),
            family(&[&self.first]),
            family(&[&self.first, &self.middle]),
        ];
        forms.into_iter().flatten().chain(self.others()).any(|form| caseless(&form) == text)
    }

    /// All parts on one line, however long. `None` for a card without a name.
    pub(super) fn full(&self) -> Option<String> {
        let parts = [&self.prefix, &self.first, &self.middle, &self.last, &self.suffix];
        let parts: Vec<&str> =
            parts.into_iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// Takes over the parts that another name has and this one lacks.
    pub(super) fn fill(&mut self, other: &Self) {
        for (own, other) in [
            (&mut self.prefix, &other.prefix),
            (&mut self.first, &other.first),
            (&mut self.middle, &other.middle),
            (&mut self.last, &other.last),
            (&mut self.suffix, &other.suffix),
            (&mut self.maiden, &other.maiden),
            (&mut self.first_phonetic, &other.first_phonetic),
            (&mut self.middle_phonetic, &other.middle_phonetic),
            (&mut self.last_phonetic, &other.last_phonetic),
            (&mut self.display, &other.display),
            (&mut self.fallback, &other.fallback),
        ] {
            if own.is_none() {
                own.clone_from(other);
            }
        }
    }
}

fn one(part: &Option<String>) -> Option<String> {
    joined(&[part])
}

/// The parts that are there on one line, without control characters and not too long. `None` when nothing is left.
fn joined(parts: &[&Option<String>]) -> Option<String> {
    let parts = parts.iter().filter_map(|part| part.as_deref());
    let words = parts.flat_map(|part| part.split(|c: char| c.is_whitespace() || c.is_control()));
    let mut name = String::new();
    for word in words.filter(|word| !word.is_empty()).take(LONGEST_NAME) {
        if !name.is_empty() {
            name.push(' ');
        }
        name.extend(word.chars().take(LONGEST_NAME));
    }
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => name.get(..end).map(|start| format!("{}…", start.trim_end())),
        None => Some(name).filter(|name| !name.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(first: &str, last: &str) -> Name {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Name { first: some(first), last: some(last), ..Name::default() }
    }

    #[test]
    fn a_person_goes_by_first_and_last_name() {
        let anna = Name { middle: Some("Maria".into()), ..names("Anna", " Kowalczyk\n") };
        let (nickname, firm) = ("Ania".to_owned(), "Fjord".to_owned());
        assert_eq!(anna.shown(false, Some(&nickname), Some(&firm)).as_deref(), Some("Anna Kowalczyk"));
        assert_eq!(anna.others(), ["Anna Maria Kowalczyk", "Kowalczyk Anna"]);
        assert_eq!(anna.whole().as_deref(), Some("Anna Maria Kowalczyk"));
        assert_eq!(anna.shown(true, Some(&nickname), Some(&firm)).as_deref(), Some("Fjord"));
        assert_eq!(names("", "Cher").shown(false, None, None).as_deref(), Some("Cher"));
    }

    #[test]
    fn a_card_without_a_name_goes_by_what_it_has() {
        let some = |text: &str| Some(text.to_owned());
        let mut name = Name { fallback: some("fallback"), ..Name::default() };
        let mut shown = vec![name.shown(false, None, None)];
        name.display = some("display");
        shown.push(name.shown(false, None, None));
        let (organization, nickname) = ("organisation".to_owned(), "nickname".to_owned());
        shown.push(name.shown(false, None, Some(&organization)));
        shown.push(name.shown(false, Some(&nickname), Some(&organization)));
        name.middle = some("middle");
        shown.push(name.shown(false, Some(&nickname), Some(&organization)));
        let expected = ["fallback", "display", "organisation", "nickname", "middle"];
        assert_eq!(shown.iter().flatten().collect::<Vec<_>>(), expected);
        assert_eq!(names(" ", "\u{7}").shown(false, None, None), None);
        assert_eq!(
            names("Liz", "").shown(true, None, None).as_deref(),
            Some("Liz"),
            "an organisation without its name"
        );
    }

    #[test]
    fn hostile_names_are_one_short_line() {
        let shown = |first: &str, last: &str| names(first, last).shown(false, None, None).unwrap();
        assert_eq!(shown("a\u{1b}[31m\r\nb", "c\0d"), "a [31m b c d");
        let long = shown(&"x".repeat(1_000_000), &"y ".repeat(1_000_000));
        assert_eq!(long.chars().count(), LONGEST_NAME + 1);
        assert!(long.ends_with('…'));
    }
}
