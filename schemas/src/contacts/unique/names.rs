//! What two names say about whether they are one person's.

use std::borrow::Cow;

use super::facts::{firm, split, words};
use super::nicknames::is_short_for;
use super::signs::{bare, signs};
use super::titles::{BETWEEN, GENERATIONS, RELATIVES, TITLES, TOGETHER, WIVES};
use crate::contacts::Contact;
use crate::handles::needs_no_space;

/// How a contact is called.
pub(super) struct ContactName {
    kind: NameKind,
    /// The signs that carry meaning.
    signs: String,
}

/// As what a contact is called.
enum NameKind {
    /// Not at all.
    Nobody,
    /// As a firm: its name, and that of somebody there.
    Firm(Vec<String>, Vec<String>),
    /// As a person.
    Person(Person),
}

/// The name of a person.
#[derive(Default, Clone)]
pub(super) struct Person {
    given: Vec<String>,
    family: Vec<String>,
    maiden: Vec<String>,
    nicknames: Vec<Vec<String>>,
    titles: Vec<String>,
    suffixes: Vec<String>,
}

/// What two names are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameMatch {
    /// The same, of two words at least.
    Same,
    /// The same words with other signs.
    Signs,
    /// One is a part, a nickname or a short form of the other.
    Part,
    /// One of the two has none.
    None,
    /// They may be one person's; why that is not sure.
    Doubtful(&'static str),
    /// Names of two.
    Other,
}

impl ContactName {
    pub(super) fn of(contact: &Contact) -> Self {
        let person = Person::of(contact);
        let mut firm = firm(contact.organization.as_deref().unwrap_or_default());
        if firm.is_empty() && contact.is_organization {
            firm = words(&contact.title().unwrap_or_default());
        }
        let is_firm = !firm.is_empty() && (contact.is_organization || person.is_nobody());
        let mut signs = signs_of_name(contact);
        if is_firm && let Some(firm) = &contact.organization {
            signs.push_str(&self::signs(firm));
        }
        let kind = match (is_firm, person.is_nobody()) {
            (true, _) => NameKind::Firm(firm, split(&person.all())),
            (false, true) => NameKind::Nobody,
            (false, false) => NameKind::Person(person),
        };
        Self { kind, signs }
    }

    /// The words of the name.
    pub(super) fn words(&self) -> Vec<String> {
        self.kind.words()
    }

    /// What two names are to each other. A sign on one of two is as good as none; signs that differ tell people apart.
    pub(super) fn compare_to(&self, other: &Self) -> NameMatch {
        let differ = !self.signs.is_empty() && !other.signs.is_empty() && self.signs != other.signs;
        match self.kind.compare_to(&other.kind) {
            NameMatch::Same if differ => NameMatch::Signs,
            NameMatch::Part if differ => NameMatch::Doubtful("the signs in their names differ"),
            NameMatch::Other if !self.signs.is_empty() || !other.signs.is_empty() => {
                let (one, two) = (bare(&self.words()), bare(&other.words()));
                match one.is_empty() || two.is_empty() {
                    true => NameMatch::Doubtful("one has nothing but signs for a name"),
                    false if one == two => NameMatch::Doubtful("the signs in their names differ"),
                    false => NameMatch::Other,
                }
            }
            names => names,
        }
    }
}

/// The signs of a name, or of what stands for it where there is none.
fn signs_of_name(contact: &Contact) -> String {
    let name = &contact.name;
    let parts = [&name.prefix, &name.first, &name.middle, &name.last, &name.suffix];
    if parts[1..4].iter().any(|part| part.is_some()) {
        return parts.into_iter().flatten().map(|part| signs(part)).collect();
    }
    match contact.nicknames.is_empty() {
        true => signs(name.display.as_deref().unwrap_or_default()),
        false => contact.nicknames.iter().map(|name| signs(name)).collect(),
    }
}

impl NameKind {
    fn words(&self) -> Vec<String> {
        match self {
            Self::Nobody => Vec::new(),
            Self::Firm(firm, _) => firm.clone(),
            Self::Person(person) => person.all(),
        }
    }

    /// What two names are to each other.
    fn compare_to(&self, other: &Self) -> NameMatch {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Nobody) => NameMatch::None,
            (Self::Firm(one, of_one), Self::Firm(other, of_other)) => match (one == other, of_one == of_other) {
                (true, true) => NameMatch::Same,
                (true, false) if of_one.is_empty() || of_other.is_empty() => {
                    NameMatch::Doubtful("one names somebody there")
                }
                (false, _) if is_part(one, other) || is_part(other, one) => {
                    NameMatch::Doubtful("one firm's name is a part of the other's")
                }
                _ => NameMatch::Other,
            },
            (Self::Person(one), Self::Person(other)) => one.compare_to(other),
            (Self::Firm(..), Self::Person(_)) | (Self::Person(_), Self::Firm(..)) => {
                NameMatch::Doubtful("one is a firm and the other a person")
            }
        }
    }
}

impl Person {
    fn of(contact: &Contact) -> Self {
        let name = &contact.name;
        let part = |part: &Option<String>| words(part.as_deref().unwrap_or_default());
        let mut own = Self {
            given: [part(&name.first), part(&name.middle)].concat(),
            family: part(&name.last),
            maiden: part(&name.maiden),
            nicknames: contact.nicknames.iter().map(|name| words(name)).filter(|name| !name.is_empty()).collect(),
            titles: part(&name.prefix),
            suffixes: part(&name.suffix),
        };
        if own.given.is_empty() && own.family.is_empty() && own.nicknames.is_empty() && contact.organization.is_none() {
            own.given = words(name.display.as_deref().unwrap_or_default());
        }
        if own.is_nobody() && contact.organization.is_none() {
            own.given.extend(Some(signs_of_name(contact)).filter(|signs| !signs.is_empty()));
        }
        own.sort_out();
        // The whole name in one field, family name first if a comma says so.
        let typed = name.first.as_deref().or(name.display.as_deref()).filter(|_| own.family.is_empty());
        if let Some((family, given)) = typed.and_then(|name| name.split_once(',')) {
            let (family, given) = (words(family), words(given));
            if !family.is_empty() && !given.is_empty() {
                (own.family, own.given) = (family, given);
                own.sort_out();
            }
        }
        if own.family.is_empty() && own.given.len() > 1 {
            own.family.extend(own.given.pop());
        }
        own
    }

    /// Moves titles and suffixes that stand in the name to their places.
    fn sort_out(&mut self) {
        for part in [&mut self.given, &mut self.family] {
            while part.len() > 1 && part.first().is_some_and(|word| TITLES.contains(&word.as_str())) {
                self.titles.push(part.remove(0));
            }
            while part.len() > 1 && part.last().is_some_and(|word| GENERATIONS.contains(&word.as_str())) {
                self.suffixes.extend(part.pop());
            }
        }
        for word in self.titles.iter_mut().chain(&mut self.suffixes) {
            word.retain(char::is_alphanumeric);
        }
        self.suffixes.iter_mut().for_each(|word| match word.as_str() {
            "junior" | "jun" | "jnr" => "jr".clone_into(word),
            "senior" | "snr" => "sr".clone_into(word),
            _ => {}
        });
    }

    fn is_nobody(&self) -> bool {
        self.given.is_empty() && self.family.is_empty() && self.nicknames.is_empty()
    }

    /// The words of the name, or of the nickname where there is nothing else.
    fn all(&self) -> Vec<String> {
        let all = [self.given.as_slice(), &self.family].concat();
        if all.is_empty() { self.nicknames.first().cloned().unwrap_or_default() } else { all }
    }

    fn compare_to(&self, other: &Self) -> NameMatch {
        self.joined_as(other).joined_beside(&other.joined_as(self))
    }

    /// The name with a hyphen between words that have one in another: `Anna Maria` beside `Anna-Maria`.
    fn joined_as(&self, other: &Self) -> Cow<'_, Self> {
        let words =
            other.given.iter().chain(&other.family).chain(&other.maiden).chain(other.nicknames.iter().flatten());
        let compounds: Vec<(&String, Vec<&str>)> =
            words.filter(|word| word.contains('-')).map(|word| (word, word.split('-').collect())).collect();
        if compounds.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        for part in [&mut own.given, &mut own.family, &mut own.maiden].into_iter().chain(&mut own.nicknames) {
            for (compound, words) in &compounds {
                if let Some(at) = part.windows(words.len()).position(|own| own == words.as_slice()) {
                    part.splice(at..at + words.len(), [(*compound).clone()]);
                }
            }
        }
        Cow::Owned(own)
    }

    fn joined_beside(&self, other: &Self) -> NameMatch {
        let names = match (self.is_together(), other.is_together()) {
            (false, false) => self.words_beside(other),
            _ if self.all() == other.all() => NameMatch::Same,
            _ if is_part(&self.family, &other.all()) || is_part(&other.family, &self.all()) => {
                NameMatch::Doubtful("one is several people")
            }
            _ => NameMatch::Other,
        };
        let differ = |one: &Vec<String>, other: &Vec<String>| !is_part(one, other) && !is_part(other, one);
        match names {
            NameMatch::Other => NameMatch::Other,
            _ if self.is_relative_of(other) || other.is_relative_of(self) => {
                NameMatch::Doubtful("one may be somebody of the other's")
            }
            _ if self.suffixes != other.suffixes => NameMatch::Doubtful("what follows their names differs"),
            _ if differ(&self.titles, &other.titles) => NameMatch::Doubtful("their titles differ"),
            _ if self.is_wife() != other.is_wife() => NameMatch::Doubtful("one may be the other's wife"),
            names => names,
        }
    }

    /// Whether it is the name of several people.
    fn is_together(&self) -> bool {
        let is_between = |words: &[String]| matches!(words, [_, between, _] if BETWEEN.contains(&between.as_str()));
        self.all().iter().any(|word| TOGETHER.contains(&word.as_str())) || self.given.windows(3).any(is_between)
    }

    /// Whether it says who somebody is to another, who may be the one of the other name.
    fn is_relative_of(&self, other: &Self) -> bool {
        let (all, others) = (self.all(), other.all());
        let is_known = |word: &String| others.contains(word) || other.nicknames.iter().flatten().any(|own| own == word);
        all.len() > 1 && all.iter().any(|word| RELATIVES.contains(&word.as_str()) && !is_known(word))
    }

    fn is_wife(&self) -> bool {
        self.titles.iter().any(|title| WIVES.contains(&title.as_str()))
    }

    /// The whole name without spaces, family name first, in a script that puts none between words.
    fn unspaced(&self) -> Option<String> {
        let whole = [self.family.as_slice(), &self.given].concat().concat();
        (whole.chars().count() > 1 && whole.chars().all(needs_no_space)).then_some(whole)
    }

    fn words_beside(&self, other: &Self) -> NameMatch {
        let (one, two) = (self.all(), other.all());
        if one.len() != two.len() && self.unspaced().is_some_and(|own| other.unspaced() == Some(own)) {
            return NameMatch::Same;
        }
        if split(&one) == split(&two) && self.given.is_empty() == other.given.is_empty() {
            return if one.len() > 1 && two.len() > 1 { NameMatch::Same } else { NameMatch::Part };
        }
        if self.is_only_nicknamed() || other.is_only_nicknamed() {
            return self.nicknamed(other);
        }
        match (self.family.is_empty(), other.family.is_empty()) {
            (false, false) if self.family == other.family => self.given_beside(other),
            (false, false) => self.families_differ(other),
            (true, true) => {
                if self.is_known_as(other) {
                    NameMatch::Doubtful("one may be the other's nickname")
                } else {
                    NameMatch::Other
                }
            }
            (true, false) => other.called_by_one(self),
            (false, true) => self.called_by_one(other),
        }
    }

    fn is_only_nicknamed(&self) -> bool {
        self.given.is_empty() && self.family.is_empty()
    }

    /// A nickname contradicts no name, but it does another nickname.
    fn nicknamed(&self, other: &Self) -> NameMatch {
        let knows = |one: &Self, other: &Self| {
            let is_known = |name: &Vec<String>| other.nicknames.contains(name) || *name == other.all();
            one.nicknames.iter().any(|name| is_known(name) || other.given.starts_with(name))
        };
        let is_known = knows(self, other) || knows(other, self);
        let both = !self.nicknames.is_empty() && !other.nicknames.is_empty();
        if both && !is_known { NameMatch::Doubtful("their nicknames differ") } else { NameMatch::Part }
    }

    /// Two of one family.
    fn given_beside(&self, other: &Self) -> NameMatch {
        match (self.given.split_first(), other.given.split_first()) {
            (None, _) | (_, None) => NameMatch::Doubtful("one may be the family of the other"),
            (Some((one, _)), Some((two, _))) if one != two && (is_initial(one, two) || is_initial(two, one)) => {
                NameMatch::Doubtful("one has an initial alone")
            }
            (Some((one, _)), Some((two, _))) if one != two => {
                if self.is_known_as(other) {
                    NameMatch::Part
                } else {
                    NameMatch::Other
                }
            }
            (Some((_, one)), Some((_, two))) => {
                let fits = |one: &[String], two: &[String]| {
                    one.iter().zip(two).all(|(one, two)| one == two || is_initial(one, two) || is_initial(two, one))
                };
                if fits(one, two) { NameMatch::Part } else { NameMatch::Doubtful("their middle names differ") }
            }
        }
    }

    fn families_differ(&self, other: &Self) -> NameMatch {
        let (mut one, mut two) = (self.all(), other.all());
        one.sort_unstable();
        two.sort_unstable();
        let is_maiden = |one: &Self, other: &Self| !one.maiden.is_empty() && one.maiden == other.family;
        let married = |one: &Self, other: &Self| {
            let parts = one.family.iter().flat_map(|word| word.split('-')).collect::<Vec<_>>();
            parts.len() > 1 && other.family.iter().all(|word| parts.contains(&word.as_str()))
        };
        match self.given.first() == other.given.first() {
            _ if one == two => NameMatch::Doubtful("the words of their names stand in another order"),
            true if self.given.is_empty() => NameMatch::Other,
            true if is_maiden(self, other) || is_maiden(other, self) => {
                NameMatch::Doubtful("one may be the other's maiden name")
            }
            true if married(self, other) || married(other, self) => NameMatch::Doubtful("their family names differ"),
            true if is_part(&one, &two) || is_part(&two, &one) => NameMatch::Doubtful("their family names differ"),
            _ => NameMatch::Other,
        }
    }

    /// Somebody with a family name, and a card of one word that stands where given names do.
    fn called_by_one(&self, other: &Self) -> NameMatch {
        let Some(word) = other.given.first() else { return NameMatch::Other };
        match self.given.first() {
            Some(own) if own == word || self.is_known_as(other) => NameMatch::Part,
            _ if self.family.contains(word) => NameMatch::Doubtful("one may be the family of the other"),
            Some(_) if self.given.contains(word) => NameMatch::Doubtful("one is a second name of the other"),
            None if self.is_known_as(other) => NameMatch::Part,
            _ => NameMatch::Other,
        }
    }

    /// Whether the first name of one is a nickname or short form of the other's.
    fn is_known_as(&self, other: &Self) -> bool {
        let knows = |one: &Self, other: &Self| {
            other
                .given
                .first()
                .is_some_and(|word| one.nicknames.iter().any(|name| name.first() == Some(word) && name.len() == 1))
        };
        let is_short = self.given.first().zip(other.given.first()).is_some_and(|(one, other)| is_short_for(one, other));
        is_short || knows(self, other) || knows(other, self)
    }
}

fn is_part(one: &[String], other: &[String]) -> bool {
    one.iter().all(|word| other.contains(word))
}

/// Whether a word is the first letter of another.
fn is_initial(one: &str, other: &str) -> bool {
    one.chars().count() == 1 && other.starts_with(one)
}
