//! `contacts.jsonl`: one JSON record a line, for programs. `docs/formats/contacts.md` describes it.
//!
//! The first record is a header and the last a completion with counts, so that a file which was cut off shows. The groups
//! come before the contacts.

use std::borrow::Cow;
use std::io::{self, Write};

use corer_schemas::contacts::{Account, Contact, Day, Group, Labelled, Other, Photo, PostalAddress, Profile};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::fields::title;
use super::totals::Totals;
use crate::clock::exact;
use crate::output::ExportInfo;
use crate::saved::{Kept, words};
use crate::write::jsonl;

/// The name of this layout. It changes only when something is taken away or changes its meaning.
const SCHEMA: &str = "corer/contacts/1";

#[derive(Serialize)]
struct GroupRecord<'a> {
    id: i64,
    name: &'a str,
    account: Option<AccountRecord<'a>>,
    members: u64,
}

#[derive(Serialize)]
struct AccountRecord<'a> {
    name: &'a str,
    user: Option<&'a str>,
}

#[derive(Serialize)]
struct ContactRecord<'a> {
    id: i64,
    cards: &'a [i64],
    guid: Option<&'a str>,
    title: String,
    is_organization: bool,
    is_me: bool,
    name: NameRecord<'a>,
    nicknames: &'a [String],
    organization: Option<&'a str>,
    organization_phonetic: Option<&'a str>,
    department: Option<&'a str>,
    job_title: Option<&'a str>,
    phones: Vec<Value<'a, &'a str>>,
    emails: Vec<Value<'a, &'a str>>,
    addresses: Vec<Value<'a, AddressRecord<'a>>>,
    urls: Vec<Value<'a, &'a str>>,
    birthday: Option<String>,
    dates: Vec<Value<'a, String>>,
    related: Vec<Value<'a, &'a str>>,
    messengers: Vec<Value<'a, ProfileRecord<'a>>>,
    profiles: Vec<Value<'a, ProfileRecord<'a>>>,
    notes: &'a [String],
    others: Vec<OtherRecord<'a>>,
    groups: &'a [String],
    accounts: Vec<AccountRecord<'a>>,
    created: Option<String>,
    modified: Option<String>,
    photo: Option<PhotoRecord<'a>>,
    more_photos: &'a [PhotoRecord<'a>],
}

#[derive(Serialize)]
struct NameRecord<'a> {
    prefix: Option<&'a str>,
    first: Option<&'a str>,
    middle: Option<&'a str>,
    last: Option<&'a str>,
    suffix: Option<&'a str>,
    maiden: Option<&'a str>,
    first_phonetic: Option<&'a str>,
    middle_phonetic: Option<&'a str>,
    last_phonetic: Option<&'a str>,
    display: Option<&'a str>,
}

/// A value: its label in plain words, and as it is stored.
#[derive(Serialize)]
struct Value<'a, T> {
    label: Option<String>,
    stored_label: Option<&'a str>,
    value: T,
}

#[derive(Serialize)]
struct AddressRecord<'a> {
    street: Option<&'a str>,
    sub_locality: Option<&'a str>,
    city: Option<&'a str>,
    sub_area: Option<&'a str>,
    state: Option<&'a str>,
    postal_code: Option<&'a str>,
    country: Option<&'a str>,
    country_code: Option<&'a str>,
    others: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct ProfileRecord<'a> {
    service: Option<&'a str>,
    username: Option<&'a str>,
    url: Option<&'a str>,
    others: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct OtherRecord<'a> {
    name: &'a str,
    label: Option<String>,
    value: &'a str,
}

/// A picture that has been saved.
#[derive(Debug, Serialize)]
pub struct PhotoRecord<'a> {
    path: Cow<'a, str>,
    mime: &'static str,
    size: usize,
    crop: Option<CropRecord>,
}

impl<'a> PhotoRecord<'a> {
    /// The record of a picture that lies at a path.
    pub fn of(photo: &Photo, path: impl Into<Cow<'a, str>>) -> Self {
        Self {
            path: path.into(),
            mime: photo.image.mime(),
            size: photo.bytes.len(),
            crop: photo.crop.map(|crop| CropRecord { x: crop.x, y: crop.y, width: crop.width }),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &str {
        &self.path
    }
}

#[derive(Debug, Serialize)]
struct CropRecord {
    x: i64,
    y: i64,
    width: i64,
}

/// Writes the first record.
///
/// # Errors
/// Those of `to`.
pub fn header(to: &mut dyn Write, about: &ExportInfo) -> io::Result<()> {
    jsonl::header(to, SCHEMA, about, None)
}

/// Writes the record of a group.
///
/// # Errors
/// Those of `to`.
pub fn group(to: &mut dyn Write, group: &Group) -> io::Result<()> {
    let account = group.account.as_ref().map(account);
    let group = GroupRecord { id: group.id, name: &group.name, account, members: group.members };
    jsonl::record(to, "group", &group)
}

/// Writes the record of a contact, in times of `zone`; `photo` is its picture and where that has been saved, `more` are the
/// others of its cards.
///
/// # Errors
/// Those of `to`.
pub fn contact(
    to: &mut dyn Write,
    contact: &Kept<Contact>,
    photo: Option<(&Photo, &str)>,
    more: &[PhotoRecord<'_>],
    zone: &TimeZone,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Whole<'a> {
        #[serde(flatten)]
        contact: ContactRecord<'a>,
        #[serde(flatten)]
        remembered: words::Fields<ContactRecord<'a>>,
    }
    let own = record(contact, photo, more, zone);
    if contact.is_plain() {
        return jsonl::record(to, "contact", &own);
    }
    let remembered = words::fields(contact, zone, |earlier| record(earlier, None, &[], zone));
    jsonl::record(to, "contact", &Whole { contact: own, remembered })
}

fn record<'a>(
    contact: &'a Contact,
    photo: Option<(&'a Photo, &'a str)>,
    more: &'a [PhotoRecord<'a>],
    zone: &TimeZone,
) -> ContactRecord<'a> {
    let name = &contact.name;
    ContactRecord {
        id: contact.id,
        cards: &contact.cards,
        guid: contact.guid.as_deref(),
        title: title(contact),
        is_organization: contact.is_organization,
        is_me: contact.is_me,
        name: NameRecord {
            prefix: name.prefix.as_deref(),
            first: name.first.as_deref(),
            middle: name.middle.as_deref(),
            last: name.last.as_deref(),
            suffix: name.suffix.as_deref(),
            maiden: name.maiden.as_deref(),
            first_phonetic: name.first_phonetic.as_deref(),
            middle_phonetic: name.middle_phonetic.as_deref(),
            last_phonetic: name.last_phonetic.as_deref(),
            display: name.display.as_deref(),
        },
        nicknames: &contact.nicknames,
        organization: contact.organization.as_deref(),
        organization_phonetic: contact.organization_phonetic.as_deref(),
        department: contact.department.as_deref(),
        job_title: contact.job_title.as_deref(),
        phones: values(&contact.phones, String::as_str),
        emails: values(&contact.emails, String::as_str),
        addresses: values(&contact.addresses, address),
        urls: values(&contact.urls, String::as_str),
        birthday: contact.birthday.as_ref().map(Day::iso),
        dates: values(&contact.dates, Day::iso),
        related: values(&contact.related, String::as_str),
        messengers: values(&contact.messengers, profile),
        profiles: values(&contact.profiles, profile),
        notes: &contact.notes,
        others: contact.others.iter().map(other).collect(),
        groups: &contact.groups,
        accounts: contact.accounts.iter().map(account).collect(),
        created: exact(contact.created, zone),
        modified: exact(contact.modified, zone),
        photo: photo.map(|(photo, path)| PhotoRecord::of(photo, path)),
        more_photos: more,
    }
}

/// Writes the last record.
///
/// # Errors
/// Those of `to`.
pub fn completion(to: &mut dyn Write, totals: Totals) -> io::Result<()> {
    jsonl::completion(to, &totals)
}

fn values<'a, T, V>(values: &'a [Labelled<T>], value: impl Fn(&'a T) -> V) -> Vec<Value<'a, V>> {
    let one = |labelled: &'a Labelled<T>| Value {
        label: labelled.label.as_ref().map(|label| label.words().into_owned()),
        stored_label: labelled.label.as_ref().map(|label| label.stored()),
        value: value(&labelled.value),
    };
    values.iter().map(one).collect()
}

fn parts(parts: &[(String, String)]) -> Vec<Part<'_>> {
    parts.iter().map(|(name, value)| Part { name, value }).collect()
}

fn address(address: &PostalAddress) -> AddressRecord<'_> {
    AddressRecord {
        street: address.street.as_deref(),
        sub_locality: address.sub_locality.as_deref(),
        city: address.city.as_deref(),
        sub_area: address.sub_area.as_deref(),
        state: address.state.as_deref(),
        postal_code: address.postal_code.as_deref(),
        country: address.country.as_deref(),
        country_code: address.country_code.as_deref(),
        others: parts(&address.others),
    }
}

fn profile(profile: &Profile) -> ProfileRecord<'_> {
    ProfileRecord {
        service: profile.service.as_deref(),
        username: profile.username.as_deref(),
        url: profile.url.as_deref(),
        others: parts(&profile.others),
    }
}

fn other(other: &Other) -> OtherRecord<'_> {
    let label = other.label.as_ref().map(|label| label.words().into_owned());
    OtherRecord { name: &other.name, label, value: &other.value }
}

fn account(account: &Account) -> AccountRecord<'_> {
    AccountRecord { name: &account.name, user: account.user.as_deref() }
}
