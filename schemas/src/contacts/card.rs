//! One row of `ABPerson` with its values.

use super::day::Day;
use super::model::{Contact, Other};
use super::name::Name;
use super::value::Value;
use crate::database::{Column as _, Row, Schema, columns, value};
use crate::time::AppleTime;

columns! {
    /// The columns that are read.
    pub(super) enum Column {
        Prefix = "Prefix",
        First = "First",
        Middle = "Middle",
        Last = "Last",
        Suffix = "Suffix",
        Maiden = "PreviousFamilyName",
        FirstPhonetic = "FirstPhonetic",
        MiddlePhonetic = "MiddlePhonetic",
        LastPhonetic = "LastPhonetic",
        Display = "DisplayName",
        Fallback = "CompositeNameFallback",
        Nickname = "Nickname",
        Organization = "Organization",
        OrganizationPhonetic = "OrganizationPhonetic",
        Department = "Department",
        JobTitle = "JobTitle",
        Note = "Note",
        Birthday = "Birthday",
        OtherBirthday = "AlternateBirthday",
        FirstSpoken = "FirstPronunciation",
        MiddleSpoken = "MiddlePronunciation",
        LastSpoken = "LastPronunciation",
        OrganizationSpoken = "OrganizationPronunciation",
        Kind = "Kind",
        Created = "CreationDate",
        Modified = "ModificationDate",
        Guid = "guid",
        Store = "StoreID",
        Link = "PersonLink",
        GivesName = "IsPreferredName",
    }
}

/// Columns whose text is kept under a name of its own.
const OTHERS: [(Column, &str); 5] = [
    (Column::OtherBirthday, "Birthday in another calendar"),
    (Column::FirstSpoken, "Pronunciation of first name"),
    (Column::MiddleSpoken, "Pronunciation of middle name"),
    (Column::LastSpoken, "Pronunciation of last name"),
    (Column::OrganizationSpoken, "Pronunciation of organisation"),
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

/// What is read of each row beside the known columns: those that a later iOS has added.
pub(super) struct Columns {
    added: Vec<String>,
}

impl Columns {
    /// The columns of a database.
    pub(super) fn of(schema: &Schema) -> Self {
        let is_known =
            |column: &&String| !Column::NAMES.iter().chain(&INTERNAL).any(|known| known.eq_ignore_ascii_case(column));
        Self { added: schema.columns_of("ABPerson").iter().filter(is_known).cloned().collect() }
    }

    /// Whether a database has a table of people.
    pub(super) fn are_in(schema: &Schema) -> bool {
        schema.has_any_column("ABPerson", Column::NAMES)
    }

    /// The names of those that were added.
    pub(super) fn added(&self) -> &[String] {
        &self.added
    }

    /// Reads a row, in which the added columns stand behind the known ones.
    pub(super) fn card(&self, row: Row<'_, Column>, id: i64, values: Vec<Value>) -> Card {
        let text = |column| row.some_text(column);
        let mut contact = Contact {
            id,
            cards: vec![id],
            name: name(row),
            nicknames: text(Column::Nickname).into_iter().collect(),
            organization: text(Column::Organization),
            organization_phonetic: text(Column::OrganizationPhonetic),
            department: text(Column::Department),
            job_title: text(Column::JobTitle),
            notes: text(Column::Note).into_iter().collect(),
            birthday: text(Column::Birthday).and_then(|day| Day::read(&day)),
            is_organization: row.integer(Column::Kind) == Some(1),
            created: moment(row.real(Column::Created)),
            modified: moment(row.real(Column::Modified)),
            guid: text(Column::Guid),
            ..Contact::default()
        };
        let others = OTHERS.iter().filter_map(|(column, name)| text(*column).map(|text| Other::new(name, text)));
        contact.others.extend(others);
        for (place, name) in self.added.iter().enumerate() {
            contact.others.extend(value::some_text(row.behind(place)).map(|text| Other::new(name, text)));
        }
        values.into_iter().for_each(|value| value.put_into(&mut contact));
        Card {
            contact,
            store: row.integer(Column::Store),
            // -1 stands for no link.
            link: row.integer(Column::Link).filter(|link| *link > 0),
            gives_name: row.truth(Column::GivesName),
            gives_picture: false,
        }
    }
}

fn name(row: Row<'_, Column>) -> Name {
    let text = |column| row.some_text(column);
    Name {
        prefix: text(Column::Prefix),
        first: text(Column::First),
        middle: text(Column::Middle),
        last: text(Column::Last),
        suffix: text(Column::Suffix),
        maiden: text(Column::Maiden),
        first_phonetic: text(Column::FirstPhonetic),
        middle_phonetic: text(Column::MiddlePhonetic),
        last_phonetic: text(Column::LastPhonetic),
        display: text(Column::Display),
        fallback: text(Column::Fallback),
    }
}

/// Seconds since 2001; zero is no moment.
fn moment(seconds: Option<f64>) -> Option<AppleTime> {
    seconds.filter(|seconds| *seconds != 0.0).and_then(AppleTime::from_seconds)
}
