//! Reading contacts back from the files of an older corer: its records, else its table, else its cards.

use std::collections::HashMap;
use std::path::Path;

use corer_schemas::contacts::{Account, Contact, Day, Label, Labelled, Name, Other, Picture, PostalAddress, Profile};
use corer_schemas::{Entry, EntryKind, Presence};
use serde::Deserialize;

use super::vcard::read_back;
use super::{CARDS, RECORDS, TABLE};
use crate::saved::adopt::{json_lines, moment, table};
use crate::saved::{FOLDER, is_there};

/// A record of `contacts.jsonl`, as far as it says more than nothing.
#[derive(Deserialize)]
struct Record {
    id: i64,
    cards: Vec<i64>,
    guid: Option<String>,
    is_organization: bool,
    is_me: bool,
    name: NameRecord,
    nicknames: Vec<String>,
    organization: Option<String>,
    organization_phonetic: Option<String>,
    department: Option<String>,
    job_title: Option<String>,
    phones: Vec<Value<String>>,
    emails: Vec<Value<String>>,
    addresses: Vec<Value<AddressRecord>>,
    urls: Vec<Value<String>>,
    birthday: Option<String>,
    dates: Vec<Value<String>>,
    related: Vec<Value<String>>,
    messengers: Vec<Value<ProfileRecord>>,
    profiles: Vec<Value<ProfileRecord>>,
    notes: Vec<String>,
    others: Vec<OtherRecord>,
    groups: Vec<String>,
    accounts: Vec<Account>,
    created: Option<String>,
    modified: Option<String>,
    photo: Option<PhotoRecord>,
    more_photos: Vec<PhotoRecord>,
}

#[derive(Deserialize)]
struct NameRecord {
    #[serde(rename = "first_phonetic")]
    first_spoken: Option<String>,
    #[serde(rename = "middle_phonetic")]
    middle_spoken: Option<String>,
    #[serde(rename = "last_phonetic")]
    last_spoken: Option<String>,
    prefix: Option<String>,
    first: Option<String>,
    middle: Option<String>,
    last: Option<String>,
    suffix: Option<String>,
    maiden: Option<String>,
    display: Option<String>,
}

#[derive(Deserialize)]
struct Value<T> {
    stored_label: Option<String>,
    value: T,
}

#[derive(Deserialize)]
struct AddressRecord {
    street: Option<String>,
    sub_locality: Option<String>,
    city: Option<String>,
    sub_area: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    country_code: Option<String>,
    others: Vec<Part>,
}

#[derive(Deserialize)]
struct ProfileRecord {
    service: Option<String>,
    username: Option<String>,
    url: Option<String>,
    others: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct OtherRecord {
    name: String,
    label: Option<String>,
    value: String,
}

#[derive(Deserialize)]
struct PhotoRecord {
    path: String,
}

/// The contacts of a folder that an older corer wrote. `None` where none of its files tells.
pub fn contacts(folder: &Path) -> Option<Vec<Contact>> {
    let records = json_lines(&folder.join(RECORDS), "contact");
    let records =
        records.map(|records: Vec<Record>| records.into_iter().map(|record| of_record(record, folder)).collect());
    let rows = || table(&folder.join(TABLE))?.iter().map(|row| of_row(row, folder)).collect();
    records.or_else(rows).or_else(|| read_back(&folder.join(CARDS)))
}

fn of_record(own: Record, folder: &Path) -> Contact {
    let photos: Vec<&str> = own.photo.iter().chain(&own.more_photos).map(|photo| photo.path.as_str()).collect();
    Contact {
        pictures: pictures(&photos, own.id, folder),
        id: own.id,
        cards: own.cards,
        guid: own.guid,
        name: own.name.into(),
        is_organization: own.is_organization,
        is_me: own.is_me,
        nicknames: own.nicknames,
        organization: own.organization,
        organization_phonetic: own.organization_phonetic,
        department: own.department,
        job_title: own.job_title,
        phones: values(own.phones, |text| text),
        emails: values(own.emails, |text| text),
        addresses: values(own.addresses, PostalAddress::from),
        urls: values(own.urls, |text| text),
        dates: values(own.dates, Day::from),
        related: values(own.related, |text| text),
        messengers: values(own.messengers, Profile::from),
        profiles: values(own.profiles, Profile::from),
        birthday: own.birthday.map(Day::from),
        notes: own.notes,
        others: own.others.into_iter().map(Other::from).collect(),
        groups: own.groups,
        accounts: own.accounts,
        created: moment(own.created.as_deref()),
        modified: moment(own.modified.as_deref()),
        ..Contact::default()
    }
}

fn values<V, T>(values: Vec<Value<V>>, read: impl Fn(V) -> T) -> Vec<Labelled<T>> {
    let one = |own: Value<V>| Labelled { label: own.stored_label.map(Label::new), value: read(own.value) };
    values.into_iter().map(one).collect()
}

impl From<NameRecord> for Name {
    fn from(own: NameRecord) -> Self {
        Self {
            prefix: own.prefix,
            first: own.first,
            middle: own.middle,
            last: own.last,
            suffix: own.suffix,
            maiden: own.maiden,
            first_phonetic: own.first_spoken,
            middle_phonetic: own.middle_spoken,
            last_phonetic: own.last_spoken,
            display: own.display,
            fallback: None,
        }
    }
}

impl From<AddressRecord> for PostalAddress {
    fn from(own: AddressRecord) -> Self {
        Self {
            street: own.street,
            sub_locality: own.sub_locality,
            city: own.city,
            sub_area: own.sub_area,
            state: own.state,
            postal_code: own.postal_code,
            country: own.country,
            country_code: own.country_code,
            others: parts(own.others),
        }
    }
}

impl From<ProfileRecord> for Profile {
    fn from(own: ProfileRecord) -> Self {
        Self { service: own.service, username: own.username, url: own.url, others: parts(own.others) }
    }
}

impl From<OtherRecord> for Other {
    fn from(own: OtherRecord) -> Self {
        Self { name: own.name, label: own.label.map(Label::new), value: own.value }
    }
}

fn parts(parts: Vec<Part>) -> Vec<(String, String)> {
    parts.into_iter().map(|part| (part.name, part.value)).collect()
}

/// The pictures that lie in the export.
fn pictures(paths: &[&str], card: i64, folder: &Path) -> Vec<Picture> {
    let there = paths.iter().filter(|path| is_there(folder, path));
    let picture = |path: &&str| {
        let length = folder.join(path).symlink_metadata().ok()?.len();
        let entry = Entry {
            id: 0,
            domain: FOLDER.to_owned(),
            path: (*path).to_owned(),
            kind: EntryKind::File,
            size_hint: Some(length),
            modified: None,
            created: None,
            presence: Presence::Present,
        };
        Some(Picture { card, number: Picture::number_of(length), crop: None, entry })
    };
    there.filter_map(picture).collect()
}

/// A contact of the table for people, which says less. `None` for a row of another table.
fn of_row(row: &HashMap<String, String>, folder: &Path) -> Option<Contact> {
    row.get("Name")?;
    let cell = |name: &str| row.get(name).cloned();
    let list = |name: &str, between: &str| -> Vec<String> {
        row.get(name).map(|cell| cell.split(between).map(str::to_owned).collect()).unwrap_or_default()
    };
    let labelled = |name: &str| -> Vec<Labelled<String>> {
        let cells = (1..).map_while(|number| Some((row.get(&format!("{name} {number}"))?, number)));
        let label = |number: usize| cell(&format!("{name} {number} label")).map(Label::new);
        cells.map(|(value, number)| Labelled { label: label(number), value: value.clone() }).collect()
    };
    let address = |street: String| PostalAddress { street: Some(street), ..PostalAddress::default() };
    let name = Name {
        prefix: cell("Prefix"),
        first: cell("First name"),
        middle: cell("Middle name"),
        last: cell("Last name"),
        suffix: cell("Suffix"),
        maiden: cell("Maiden name"),
        first_phonetic: cell("First name, spoken"),
        middle_phonetic: cell("Middle name, spoken"),
        last_phonetic: cell("Last name, spoken"),
        display: cell("Display name"),
        fallback: None,
    };
    let more = ["Messengers", "Profiles", "Other"];
    let other = |name: &str| cell(name).map(|value| Other { name: name.to_owned(), label: None, value });
    let photos = [cell("Photo").into_iter().collect(), list("More photos", "; ")].concat();
    let photos: Vec<&str> = photos.iter().map(String::as_str).collect();
    Some(Contact {
        pictures: pictures(&photos, 0, folder),
        is_organization: name.first.is_none() && name.last.is_none() && row.get("Name") == row.get("Organisation"),
        name,
        nicknames: list("Nickname", "; "),
        organization: cell("Organisation"),
        organization_phonetic: cell("Organisation, spoken"),
        department: cell("Department"),
        job_title: cell("Job title"),
        birthday: cell("Birthday").map(Day::from),
        phones: labelled("Phone"),
        emails: labelled("Mail"),
        addresses: map(labelled("Address"), address),
        urls: labelled("Web"),
        dates: map(labelled("Date"), Day::from),
        related: labelled("Related"),
        notes: list("Notes", "\n\n"),
        others: more.into_iter().filter_map(other).collect(),
        groups: list("Groups", "; "),
        created: moment(row.get("Created").map(String::as_str)),
        modified: moment(row.get("Changed").map(String::as_str)),
        ..Contact::default()
    })
}

fn map<T>(values: Vec<Labelled<String>>, read: impl Fn(String) -> T) -> Vec<Labelled<T>> {
    values.into_iter().map(|own| Labelled { label: own.label, value: read(own.value) }).collect()
}
