//! What a contact says about somebody beside names and numbers, and what of it cannot be true of one person.

use super::signs::signs;
use crate::contacts::{Contact, Day, PostalAddress};
use crate::handles::folded;

/// What firms are, which is left out where they are compared.
const FORMS: [&str; 30] = [
    "ab",
    "ag",
    "aps",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "ev",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "ltd",
    "nv",
    "oy",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sas",
    "se",
    "spa",
    "srl",
    "the",
    "ug",
];

/// What a contact says about somebody.
pub(super) struct Facts {
    firm: String,
    /// What kind of firm it is.
    form: Vec<&'static str>,
    signs_of_firm: String,
    department: String,
    job: String,
    birthday: Option<Day>,
    places: Vec<PostalPlace>,
}

/// A postal address: street, town, postal code; state, country, its code.
struct PostalPlace([String; 6]);

impl Facts {
    pub(super) fn of(contact: &Contact) -> Self {
        let words = |text: &Option<String>| split(&words(text.as_deref().unwrap_or_default())).join(" ");
        Self {
            firm: firm(contact.organization.as_deref().unwrap_or_default()).join(" "),
            form: form(contact.organization.as_deref().unwrap_or_default()),
            signs_of_firm: signs(contact.organization.as_deref().unwrap_or_default()),
            department: words(&contact.department),
            job: words(&contact.job_title),
            birthday: contact.birthday.clone(),
            places: contact.addresses.iter().map(|address| PostalPlace::of(&address.value)).collect(),
        }
    }

    /// What differs between two contacts that would be the same were they one.
    pub(super) fn contradiction(&self, other: &Self) -> Option<&'static str> {
        let differ = |one: &String, other: &String| !one.is_empty() && !other.is_empty() && one != other;
        let birthdays = self.birthday.as_ref().zip(other.birthday.as_ref());
        let places = || self.places.iter().any(|one| other.places.iter().any(|other| one.may_be(other)));
        let has_places = !self.places.is_empty() && !other.places.is_empty();
        [
            (differ(&self.firm, &other.firm), "their firms differ"),
            (forms_differ(&self.form, &other.form), "their firms are of different kinds"),
            (differ(&self.signs_of_firm, &other.signs_of_firm), "the signs in the names of their firms differ"),
            (differ(&self.department, &other.department), "their departments differ"),
            (differ(&self.job, &other.job), "their jobs differ"),
            (birthdays.is_some_and(|(one, other)| !one.may_be(other)), "their birthdays differ"),
            (has_places && !places(), "their postal addresses differ"),
        ]
        .into_iter()
        .find_map(|(differs, why)| differs.then_some(why))
    }

    /// Whether another contact, which contradicts none of these, says all of them too.
    pub(super) fn are_known_to(&self, other: &Self) -> bool {
        let is_known = |one: &String, other: &String| one.is_empty() || !other.is_empty();
        is_known(&self.firm, &other.firm)
            && is_known(&self.department, &other.department)
            && is_known(&self.job, &other.job)
            && (self.birthday.is_none() || other.birthday.is_some())
            && (self.places.is_empty() || !other.places.is_empty())
    }
}

impl PostalPlace {
    fn of(address: &PostalAddress) -> Self {
        let parts = [
            &address.street,
            &address.city,
            &address.postal_code,
            &address.state,
            &address.country,
            &address.country_code,
        ];
        Self(parts.map(|part| split(&words(part.as_deref().unwrap_or_default())).join(" ")))
    }

    /// Whether both may be one place: what both say is the same, and they say something. Countries, which people write in
    /// many ways, count where nothing else does.
    fn may_be(&self, other: &Self) -> bool {
        let both = |from: usize, to: usize| {
            let pairs = self.0.iter().zip(&other.0).take(to).skip(from);
            pairs.filter(|(one, other)| !one.is_empty() && !other.is_empty()).map(|(one, other)| one == other)
        };
        if both(0, 3).next().is_some() { both(0, 3).all(|same| same) } else { both(3, 6).all(|same| same) }
    }
}

/// The words of a firm's name without what says what kind of firm it is, if anything is left then; its signs where it has
/// no words.
pub(super) fn firm(name: &str) -> Vec<String> {
    let all = words(&name.replace('.', ""));
    let plain: Vec<String> = all.iter().filter(|word| !FORMS.contains(&word.as_str())).cloned().collect();
    match (plain.is_empty(), all.is_empty()) {
        (false, _) => split(&plain),
        (true, false) => split(&all),
        (true, true) => Some(signs(name)).filter(|signs| !signs.is_empty()).into_iter().collect(),
    }
}

/// What kind of firm a name says that it is.
fn form(name: &str) -> Vec<&'static str> {
    let all = words(&name.replace('.', ""));
    let known = |word: &String| FORMS.iter().copied().find(|form| *form == word.as_str());
    let forms = all.iter().filter_map(known).filter(|form| *form != "the");
    let short = |form| match form {
        "company" => "co",
        "corporation" => "corp",
        "incorporated" => "inc",
        "limited" => "ltd",
        form => form,
    };
    let mut forms: Vec<&'static str> = forms.map(short).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Whether each says something that the other does not.
fn forms_differ(one: &[&str], other: &[&str]) -> bool {
    let lacks = |one: &[&str], other: &[&str]| one.iter().any(|form| !other.contains(form));
    lacks(one, other) && lacks(other, one)
}

/// The words, those with a hyphen as if there were a space.
pub(super) fn split(words: &[String]) -> Vec<String> {
    words.iter().flat_map(|word| word.split('-')).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a text as they are compared: without case, accents and punctuation around them.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = folded(text);
    let words = text.split(|c: char| c.is_whitespace() || ",;()\"“”„".contains(c));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && !"&+/".contains(c)));
    words.filter(|word| !word.is_empty()).map(plain).collect()
}

/// A word in which `ue` and the folded `ü` are one.
fn plain(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}
