//! What a contact is.

use serde::{Deserialize, Serialize};

use super::day::Day;
use super::label::Label;
use super::name::Name;
use super::photos::Picture;
use crate::handles::{caseless, folded};
use crate::time::AppleTime;

/// Somebody in the address book: one card, or several that are linked.
///
/// Texts are as they are stored: of any length, with line breaks and whatever else was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// The row number of the card that gives the name.
    pub id: i64,
    /// The row numbers of all cards that it was made of, the one that gives the picture first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<i64>,
    /// What the card is called across backups, where it says so (iOS 7 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// The same of the other cards that it was made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_guids: Vec<String>,
    /// What the person is called.
    pub name: Name,
    /// Whether this is an organisation and no person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_organization: bool,
    /// Whether this is the owner of the device.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_me: bool,
    /// Other names for everyday use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nicknames: Vec<String>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// How the organisation is spoken or sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_phonetic: Option<String>,
    /// The department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// What the person does there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Telephone numbers, as typed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Labelled<String>>,
    /// Mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Labelled<String>>,
    /// Postal addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Labelled<PostalAddress>>,
    /// Web addresses, as typed: of any scheme.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<Labelled<String>>,
    /// Days to remember other than the birthday.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Labelled<Day>>,
    /// Names of relatives and others; the label says what they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Labelled<String>>,
    /// Names in instant messengers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messengers: Vec<Labelled<Profile>>,
    /// Profiles in social networks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<Labelled<Profile>>,
    /// The birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Day>,
    /// Free text; linked cards each have their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Everything else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Other>,
    /// The names of the groups it is in, and of the groups that those are in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// The accounts that it comes from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Account>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<AppleTime>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<AppleTime>,
    /// The pictures of its cards, the one that is shown first; nothing where nobody has asked for them yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
}

impl Contact {
    /// What the contact is called, on one line: the name, the organisation, or whatever else there is; `None` for a card
    /// that has no name of any kind.
    pub fn title(&self) -> Option<String> {
        self.name.shown(self.is_organization, self.nicknames.first(), self.organization.as_ref())
    }

    /// What an account calls the contact, where that is more than any name that is known.
    pub fn displayed(&self) -> Option<&str> {
        let display = self.name.displayed()?;
        let called = caseless(display);
        let known = self.title().into_iter().chain(self.organization.clone()).chain(self.nicknames.iter().cloned());
        known.map(|name| caseless(&name)).all(|name| name != called).then_some(display)
    }

    /// By what contacts are put in order: family name, then the rest, whatever the case and accents; the title of what has
    /// no name.
    fn filing(&self) -> (String, String) {
        let title = folded(&self.title().unwrap_or_default());
        match self.filed_under() {
            Some(last) => (folded(last), title),
            None => (title.clone(), title),
        }
    }

    /// The family name, where the contact is filed under it and not under its title.
    fn filed_under(&self) -> Option<&str> {
        self.name.last.as_deref().filter(|last| !self.is_organization && !last.trim().is_empty())
    }

    /// The letter under which it is found in an alphabet, `#` for none.
    pub fn letter(&self) -> String {
        let filed = self.filed_under().map_or_else(|| folded(&self.title().unwrap_or_default()), folded);
        match filed.chars().next().filter(|first| first.is_alphabetic()) {
            Some(first) => first.to_uppercase().to_string(),
            None => "#".to_owned(),
        }
    }

    /// Puts contacts in the order of an address book: by letter, those without one at the end; equal ones by row.
    pub fn sort(contacts: &mut [Self]) {
        contacts.sort_by_cached_key(Self::place);
    }

    /// By what contacts are put into the order of an address book.
    pub fn place(&self) -> (bool, (String, String), i64) {
        let filing = self.filing();
        let has_letter = filing.0.chars().next().is_some_and(char::is_alphabetic);
        (!has_letter, filing, self.id)
    }

    /// Every telephone number and mail address.
    pub fn handles(&self) -> impl Iterator<Item = &str> {
        self.phones.iter().chain(&self.emails).map(|handle| handle.value.as_str())
    }

    /// Everything by which somebody may look for it.
    pub fn found_by(&self) -> Vec<String> {
        let mut all: Vec<String> = self.title().into_iter().collect();
        all.extend(self.name.others());
        all.extend(self.nicknames.iter().cloned());
        all.extend(self.organization.clone());
        all.extend(self.others.iter().filter(|other| other.name == Other::NAME).map(|other| other.value.clone()));
        all.extend(self.handles().map(str::to_owned));
        all
    }
}

/// A value and what it was labelled with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled<T> {
    /// The label; `None` for a value without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// The value.
    pub value: T,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostalAddress {
    /// Street and number; may have several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// A part of the town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_locality: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The county.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_area: Option<String>,
    /// The state or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// The country, as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The country by its ISO code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Parts of a kind that is not known: name and text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(String, String)>,
}

/// Somebody's name in a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The service, as stored: `LinkedIn`, `Jabber`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The address of the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What else is stored: name and text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(String, String)>,
}

/// A field that has no place of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// What it is called: `Property 99`, the name of a column.
    pub name: String,
    /// Its label, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What it says.
    pub value: String,
}

impl Other {
    /// What the name of a linked card is called that is not the one shown.
    pub const NAME: &str = "Name";
    /// What the organisation of a linked card is called that is not the one shown.
    pub const ORGANIZATION: &str = "Organisation";
    /// What the department of such a card is called.
    pub const DEPARTMENT: &str = "Department";
    /// What the job on such a card is called.
    pub const JOB_TITLE: &str = "Job title";
    /// What an account calls the contact, where a linked card says it.
    pub const DISPLAY_NAME: &str = "Display name";

    /// What a linked card says of what a contact has but once: names, work, and the birthday.
    pub const SECOND: [&str; 11] = [
        Self::NAME,
        Self::ORGANIZATION,
        Self::PHONETIC_ORGANIZATION,
        Self::DEPARTMENT,
        Self::JOB_TITLE,
        Self::DISPLAY_NAME,
        Self::BIRTHDAY,
        Self::MAIDEN_NAME,
        Self::PHONETIC_FIRST_NAME,
        Self::PHONETIC_MIDDLE_NAME,
        Self::PHONETIC_LAST_NAME,
    ];

    /// What the birthday on a linked card is called that is not the one shown.
    pub const BIRTHDAY: &str = "Birthday";
    /// What the name at birth on such a card is called.
    pub const MAIDEN_NAME: &str = "Maiden name";
    /// What the spoken organisation on such a card is called.
    pub const PHONETIC_ORGANIZATION: &str = "Phonetic organisation";
    /// What the spoken given name on such a card is called.
    pub const PHONETIC_FIRST_NAME: &str = "Phonetic first name";
    /// What further spoken names on such a card are called.
    pub const PHONETIC_MIDDLE_NAME: &str = "Phonetic middle name";
    /// What the spoken family name on such a card is called.
    pub const PHONETIC_LAST_NAME: &str = "Phonetic last name";

    pub(super) fn new(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), label: None, value: value.into() }
    }
}

/// Where contacts come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Account {
    /// What it is called: `iCloud`, `Gmail`, `On the device`.
    pub name: String,
    /// Who is signed in there, where that is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A group of contacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The row number.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The account it lies in.
    pub account: Option<Account>,
    /// How many cards are in it.
    pub members: u64,
}
