//! One row of `ABPerson` with its values.

use rusqlite::Row;

use super::day::Day;
use super::model::{Contact, Labelled, Other, PostalAddress, Profile};
use super::name::Name;
use super::property::Property;
use super::tables::Value;
use crate::database::{Schema, integer, real, some_text, truth};
use crate::time::AppleTime;

/// The columns that are read, in the order in which [`Columns::card`] takes them.
const KNOWN: [&str; 30] = [
    "Prefix",
    "First",
    "Middle",
    "Last",
    "Suffix",
    "PreviousFamilyName",
    "FirstPhonetic",
    "MiddlePhonetic",
    "LastPhonetic",
    "DisplayName",
    "CompositeNameFallback",
    "Nickname",
    "Organization",
    "OrganizationPhonetic",
    "Department",
    "JobTitle",
    "Note",
    "Birthday",
    "AlternateBirthday",
    "FirstPronunciation",
    "MiddlePronunciation",
    "LastPronunciation",
    "OrganizationPronunciation",
    "Kind",
    "CreationDate",
    "ModificationDate",
    "guid",
    "StoreID",
    "PersonLink",
    "IsPreferredName",
];

/// Columns that say nothing about the person: how the device sorts, syncs and draws the card.
const INTERNAL: [&str; 31] = [
    "ROWID",
    "FirstSort",
    "LastSort",
    "FirstSortSection",
    "LastSortSection",
    "FirstSortLanguageIndex",
    "LastSortLanguageIndex",
    "ExternalIdentifier",
    "ExternalModificationTag",
    "ExternalUUID",
    "ExternalRepresentation",
    "ImageURI",
    "PhonemeData",
    "MapsData",
    "PreferredLikenessSource",
    "PreferredPersonaIdentifier",
    "PreferredChannel",
    "DowntimeWhitelist",
    "ImageType",
    "ImageHash",
    "MemojiMetadata",
    "Wallpaper",
    "DisplayFlags",
    "WatchWallpaperImageData",
    "WallpaperMetadata",
    "ImageBackgroundColorsData",
    "SensitiveContentConfiguration",
    "WallpaperURI",
    "ImageSyncFailedTime",
    "WallpaperSyncFailedTime",
    "CardType",
];

/// A card, and what links it to others.
#[derive(Debug)]
pub(crate) struct Card {
    /// What it says.
    pub(crate) contact: Contact,
    /// What other cards of the same person have in common with it.
    pub(crate) link: Option<i64>,
    /// Whether its name is the one to show among linked cards.
    pub(crate) gives_name: bool,
    /// Whether its picture is.
    pub(crate) gives_picture: bool,
    /// The collection it lies in.
    pub(super) store: Option<i64>,
}

/// What is read of each row: the known columns, and those that a later iOS has added.
pub(super) struct Columns {
    names: Vec<String>,
}

impl Columns {
    /// The columns of a database.
    pub(super) fn of(schema: &Schema) -> Self {
        let is_known =
            |column: &&String| !KNOWN.iter().chain(&INTERNAL).any(|known| known.eq_ignore_ascii_case(column));
        let added = schema.columns_of("ABPerson").iter().filter(is_known).cloned();
        Self { names: KNOWN.map(str::to_owned).into_iter().chain(added).collect() }
    }

    /// Whether a database has a table of people.
    pub(super) fn are_in(schema: &Schema) -> bool {
        schema.has_any_column("ABPerson", &KNOWN)
    }

    /// Their names.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads a row whose columns follow from 1 on.
    pub(super) fn card(&self, row: &Row<'_>, id: i64, values: Vec<Value>) -> Card {
        let mut cells = Cells { row, at: 0 };
        // Fields are filled in the order they are written here, which is that of the columns.
        let mut contact = Contact {
            id,
            cards: vec![id],
            name: Name {
                prefix: cells.text(),
                first: cells.text(),
                middle: cells.text(),
                last: cells.text(),
                suffix: cells.text(),
                maiden: cells.text(),
                first_phonetic: cells.text(),
                middle_phonetic: cells.text(),
                last_phonetic: cells.text(),
                display: cells.text(),
                fallback: cells.text(),
            },
            nicknames: cells.text().into_iter().collect(),
            organization: cells.text(),
            organization_phonetic: cells.text(),
            department: cells.text(),
            job_title: cells.text(),
            notes: cells.text().into_iter().collect(),
            birthday: cells.text().and_then(|day| Day::read(&day)),
            ..Contact::default()
        };
        let named = [
            "Birthday in another calendar",
            "Pronunciation of first name",
            "Pronunciation of middle name",
            "Pronunciation of last name",
            "Pronunciation of organisation",
        ];
        contact.others.extend(named.iter().filter_map(|name| cells.text().map(|text| Other::new(name, text))));
        contact.is_organization = cells.integer() == Some(1);
        contact.created = cells.moment();
        contact.modified = cells.moment();
        contact.guid = cells.text();
        let card = Card {
            contact,
            store: cells.integer(),
            // -1 stands for no link.
            link: cells.integer().filter(|link| *link > 0),
            gives_name: cells.truth(),
            gives_picture: false,
        };
        let Card { mut contact, .. } = card;
        for column in self.names.iter().skip(KNOWN.len()) {
            contact.others.extend(cells.text().map(|text| Other::new(column, text)));
        }
        values.into_iter().for_each(|value| take(&mut contact, value));
        Card { contact, ..card }
    }
}

/// The cells of a row, one after the other.
struct Cells<'r, 's> {
    row: &'r Row<'s>,
    at: usize,
}

impl Cells<'_, '_> {
    fn next(&mut self) -> usize {
        self.at += 1;
        self.at
    }

    fn text(&mut self) -> Option<String> {
        let at = self.next();
        some_text(self.row, at)
    }

    fn integer(&mut self) -> Option<i64> {
        let at = self.next();
        integer(self.row, at)
    }

    fn truth(&mut self) -> bool {
        let at = self.next();
        truth(self.row, at)
    }

    /// Seconds since 2001; zero is no moment.
    fn moment(&mut self) -> Option<AppleTime> {
        let at = self.next();
        real(self.row, at).filter(|seconds| *seconds != 0.0).and_then(AppleTime::from_seconds)
    }
}

/// Puts a value where it belongs.
fn take(contact: &mut Contact, value: Value) {
    let Value { property, label, text, parts } = value;
    let property = Property::of(property);
    let has_parts = !parts.is_empty();
    match (property, text) {
        (Property::Address, None) if has_parts => {
            contact.addresses.push(Labelled { label, value: address(parts) });
        }
        (Property::Address, Some(text)) if !has_parts => {
            let value = PostalAddress { street: Some(text), ..PostalAddress::default() };
            contact.addresses.push(Labelled { label, value });
        }
        (Property::Messenger | Property::Profile, text) if has_parts != text.is_some() => {
            let value = profile(parts, text);
            let profiles = match property {
                Property::Messenger => &mut contact.messengers,
                _ => &mut contact.profiles,
            };
            profiles.push(Labelled { label, value });
        }
        (Property::Date, Some(text)) if !has_parts => {
            contact.dates.extend(Day::read(&text).map(|value| Labelled { label, value }));
        }
        (Property::Phone, Some(value)) if !has_parts => contact.phones.push(Labelled { label, value }),
        (Property::Email, Some(value)) if !has_parts => contact.emails.push(Labelled { label, value }),
        (Property::Url, Some(value)) if !has_parts => contact.urls.push(Labelled { label, value }),
        (Property::Related, Some(value)) if !has_parts => contact.related.push(Labelled { label, value }),
        (property, text) => {
            let text = text.into_iter().chain(parts.into_iter().map(|(name, text)| format!("{name}: {text}")));
            let value = text.collect::<Vec<_>>().join("; ");
            if !value.is_empty() {
                contact.others.push(Other { name: property.name(), label, value });
            }
        }
    }
}

fn address(parts: Vec<(String, String)>) -> PostalAddress {
    let mut address = PostalAddress::default();
    for (name, text) in parts {
        let place = match name.to_ascii_lowercase().as_str() {
            "street" => &mut address.street,
            "sublocality" => &mut address.sub_locality,
            "city" => &mut address.city,
            "subadministrativearea" => &mut address.sub_area,
            "state" => &mut address.state,
            "zip" => &mut address.postal_code,
            "country" => &mut address.country,
            "countrycode" => &mut address.country_code,
            _ => {
                address.others.push((name, text));
                continue;
            }
        };
        match place {
            None => *place = Some(text),
            Some(_) => address.others.push((name, text)),
        }
    }
    address
}

fn profile(parts: Vec<(String, String)>, text: Option<String>) -> Profile {
    let mut profile = Profile { username: text, ..Profile::default() };
    for (name, text) in parts {
        let place = match name.to_ascii_lowercase().as_str() {
            "service" => &mut profile.service,
            "username" => &mut profile.username,
            "url" => &mut profile.url,
            _ => {
                profile.others.push((name, text));
                continue;
            }
        };
        match place {
            None => *place = Some(text),
            Some(_) => profile.others.push((name, text)),
        }
    }
    profile
}
