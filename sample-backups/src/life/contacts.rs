//! Contacts: `AddressBook.sqlitedb` and the pictures beside it.
//!
//! Labels and the names of address parts stand once in tables whose implicit row number is what values refer to.

use rusqlite::{Connection, ToSql};

use super::people::{self, ANNA, JONAS, MUM, Person};
use super::{Moment, accounts};
use crate::builder::BackupBuilder;
use crate::database::{self, insert, insert_known};
use crate::era::Era;
use crate::error::Result;
use crate::media;
use crate::seed::Seed;
use crate::wal;

const IOS_4: &str = include_str!("../../schema/addressbook-ios4.sql");
const IOS_16: &str = include_str!("../../schema/addressbook-ios16.sql");
pub(crate) const IOS_18: &str = include_str!("../../schema/addressbook-ios18.sql");
pub(crate) const IMAGES: &str = include_str!("../../schema/addressbookimages.sql");

/// Where the address book lies.
pub(crate) const PATH: &str = "Library/AddressBook/AddressBook.sqlitedb";
/// Where the pictures lie.
pub(crate) const IMAGES_PATH: &str = "Library/AddressBook/AddressBookImages.sqlitedb";

/// The full-text table of iOS 16. Its tokenizer exists on devices only, so it cannot be created, only recorded.
const FULL_TEXT: &str = "CREATE VIRTUAL TABLE ABPersonFullTextSearch USING fts4(tokenize=ab_cf_tokenizer \
language=\"en-US\" collator=\"en-US@collation=search\", First, Last, Middle, FirstPhonetic, MiddlePhonetic, \
LastPhonetic, Organization, OrganizationPhonetic, Department, Note, Birthday, JobTitle, Nickname, Prefix, Suffix, \
DisplayName, Phone, Email, Address, SocialProfile, URL, RelatedNames, IM, Date, SupplementalCompositeNameTerms)";

const LABELS: [&str; 9] = [
    "_$!<Mobile>!$_",
    "_$!<Home>!$_",
    "_$!<Work>!$_",
    "_$!<Anniversary>!$_",
    "_$!<Friend>!$_",
    "Cabin; by the <sea>",
    "iPhone",
    "_$!<HomePage>!$_",
    "_$!<WorkFAX>!$_",
];
const PARTS: [&str; 9] =
    ["Street", "ZIP", "City", "CountryCode", "Country", "username", "service", "State", "SubLocality"];

/// Row numbers of `ABStore`.
mod store {
    pub(super) const LOCAL: i64 = 1;
    pub(super) const EXCHANGE: i64 = 2;
    pub(super) const ICLOUD: i64 = 3;
}

/// Kinds of values, as `ABMultiValue.property` numbers them.
mod property {
    pub(super) const PHONE: i64 = 3;
    pub(super) const EMAIL: i64 = 4;
    pub(super) const ADDRESS: i64 = 5;
    pub(super) const DATE: i64 = 12;
    pub(super) const MESSENGER: i64 = 13;
    pub(super) const URL: i64 = 22;
    pub(super) const RELATED: i64 = 23;
    pub(super) const SOCIAL: i64 = 46;
    /// Of a version that nobody has described yet.
    pub(super) const UNKNOWN: i64 = 99;
}

/// A contact of the work account that fills every column.
const INGRID: [(&str, &str); 16] = [
    ("Prefix", "Dr."),
    ("First", "Ingrid"),
    ("Middle", "Marie"),
    ("Last", "Solheim"),
    ("Suffix", "PhD"),
    ("FirstPhonetic", "ING-ri"),
    ("MiddlePhonetic", "ma-REE"),
    ("LastPhonetic", "SOOL-haym"),
    ("Nickname", "Inga"),
    ("PreviousFamilyName", "Aas"),
    ("Organization", "Havforskningen"),
    ("OrganizationPhonetic", "HAAV-forsk-ning-en"),
    ("Department", "Tang, tare; alger"),
    ("JobTitle", "Forsker \\ dykker"),
    ("AlternateBirthday", "chinese 1979-6-12"),
    (
        "Note",
        "Møtes på brygga hver tirsdag 🌊 — husk våtdrakt, lykt og en termos med sterk kaffe\r\nBEGIN:VCARD\nog vaflene!",
    ),
];

/// Adds the address book and its pictures.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let (seed, era) = (backup.seed().clone(), backup.era());
    let schema = match era {
        Era::Ios5 | Era::Ios7 | Era::Ios9 | Era::Ios10_1 => IOS_4,
        // iOS 15.3 and 16.3 differ in one index.
        Era::Ios15 => IOS_16,
        Era::Ios18 | Era::Ios26 => IOS_18,
    };
    let is_modern = era >= Era::Ios15;
    let book = database::build(schema, |db| {
        let writer = Writer { db, seed: &seed, is_modern };
        writer.fill()?;
        if is_modern { full_text(db) } else { Ok(()) }
    })?;
    backup.file("HomeDomain", PATH, book);
    match era {
        Era::Ios5 => {}
        Era::Ios15 => add_unsettled_images(backup)?,
        _ => _ = backup.file("HomeDomain", IMAGES_PATH, images()?),
    }
    Ok(())
}

fn full_text(db: &Connection) -> Result<()> {
    db.execute_batch("PRAGMA writable_schema=ON")?;
    db.execute(
        "INSERT INTO sqlite_master VALUES ('table','ABPersonFullTextSearch','ABPersonFullTextSearch',0,?)",
        [FULL_TEXT],
    )?;
    Ok(db.execute_batch("PRAGMA writable_schema=OFF")?)
}

/// The pictures as devices leave them that were not restarted for long: all tables and rows are in the log alone.
fn add_unsettled_images(backup: &mut BackupBuilder) -> Result<()> {
    let mut empty = database::build("PRAGMA user_version = 1;", |_| Ok(()))?;
    let mut full = images()?;
    wal::mark(&mut empty);
    wal::mark(&mut full);
    let log = wal::between(&empty, &full, database::SMALL_PAGE as usize);
    backup.file("HomeDomain", IMAGES_PATH, empty);
    backup.file("HomeDomain", &format!("{IMAGES_PATH}-wal"), log);
    Ok(())
}

fn images() -> Result<Vec<u8>> {
    database::build(IMAGES, |db| {
        let full = media::jpeg("Anna", 48, 48)?;
        insert(
            db,
            "ABFullSizeImage",
            &[("record_id", &1), ("crop_x", &4), ("crop_y", &4), ("crop_width", &40), ("data", &full)],
        )?;
        for (record, format, data) in
            [(1, 0, media::jpeg("Anna, small", 16, 16)?), (1, 5, full), (4, 0, media::png("Hanako", 16, 16)?)]
        {
            let row: [(&str, &dyn ToSql); 4] =
                [("record_id", &record), ("format", &format), ("derived_from_format", &-1), ("data", &data)];
            insert(db, "ABThumbnailImage", &row)?;
        }
        Ok(())
    })
}

struct Writer<'a> {
    db: &'a Connection,
    seed: &'a Seed,
    is_modern: bool,
}

impl Writer<'_> {
    fn fill(&self) -> Result<()> {
        for label in LABELS {
            insert(self.db, "ABMultiValueLabel", &[("value", &label)])?;
        }
        for part in PARTS {
            insert(self.db, "ABMultiValueEntryKey", &[("value", &part)])?;
        }
        self.stores()?;
        for person in &people::ALL {
            self.person(person)?;
        }
        self.linked_twin()?;
        self.colleague()?;
        self.group()
    }

    /// Inserts a row; modern tables want an identifier in each.
    fn row(&self, table: &str, name: &str, row: &[(&str, &dyn ToSql)]) -> Result<i64> {
        let guid = self.seed.uuid(&format!("{table} {name}"));
        let mut row = row.to_vec();
        if self.is_modern {
            row.push(("guid", &guid));
        }
        insert_known(self.db, table, &row)
    }

    /// Where contacts come from. Old stores name their account themselves, later ones through `ABAccount`.
    fn stores(&self) -> Result<()> {
        self.row("ABStore", "local store", &[("Name", &"Local"), ("Type", &0)])?;
        let exchange = self.seed.uuid("exchange account");
        let account = self.account("exchange", &exchange)?;
        self.row(
            "ABStore",
            "exchange store",
            &[("Name", &"Contacts"), ("Type", &1), ("AccountID", &account), ("AccountIdentifier", &exchange)],
        )?;
        let icloud = accounts::identifier_of(self.seed, accounts::ICLOUD);
        let account = self.account("icloud", &icloud)?;
        self.row(
            "ABStore",
            "icloud store",
            &[("Name", &"Card"), ("Type", &4), ("AccountID", &account), ("AccountIdentifier", &icloud)],
        )?;
        Ok(())
    }

    fn account(&self, name: &str, identifier: &str) -> Result<i64> {
        match self.is_modern {
            true => self.row("ABAccount", name, &[("AccountIdentifier", &identifier), ("Flags", &0)]),
            false => Ok(-1),
        }
    }

    fn person(&self, person: &Person) -> Result<()> {
        let birthday = match person.birthday {
            "" => None,
            day => Some(format!("{:.1}", noon(day)?)),
        };
        let is_company = person.first.is_empty() && person.last.is_empty();
        let created = Moment::at("2012-03-04T18:00:00Z")?.apple() as i64;
        let id = self.row(
            "ABPerson",
            &person.name(),
            &[
                ("First", &text(person.first)),
                ("Last", &text(person.last)),
                ("Organization", &text(person.organization)),
                ("Kind", &i64::from(is_company)),
                ("Birthday", &birthday),
                ("CreationDate", &created),
                ("ModificationDate", &created),
                ("StoreID", &store::LOCAL),
                ("PersonLink", &-1),
                ("IsPreferredName", &1),
            ],
        )?;
        self.value(id, property::PHONE, 1, Some(person.phone))?;
        self.value(id, property::EMAIL, 2, Some(person.email))?;
        match *person {
            _ if person.phone == ANNA.phone => self.details(id),
            _ if person.phone == JONAS.phone => self.note(id, "Speaks softly;\ncarries a \"big\" kayak, always"),
            _ if person.phone == MUM.phone => self.value(id, property::RELATED, 5, Some("Grandma Liv")).map(|_| ()),
            _ => Ok(()),
        }
    }

    fn details(&self, id: i64) -> Result<()> {
        let address = self.value(id, property::ADDRESS, 6, None)?;
        self.entries(address, &[(1, "Fjordgata 7\n2nd floor"), (2, "0150"), (3, "Oslo"), (4, "no"), (5, "Norway")])?;
        let social = self.value(id, property::SOCIAL, 2, None)?;
        self.entries(social, &[(6, "anna_k"), (7, "mastodon")])?;
        let anniversary = format!("{:.1}", noon("2014-08-23")?);
        self.value(id, property::DATE, 4, Some(&anniversary))?;
        self.value(id, property::URL, 2, Some("https://example.com/~anna?a=1&b=2"))?;
        Ok(())
    }

    /// Everything that a card can hold, in a store of its own.
    fn colleague(&self) -> Result<()> {
        let birthday = format!("{:.1}", noon("1979-07-05")?);
        let created = Moment::at("2012-05-01T07:30:00Z")?.apple() as i64;
        let mut row: Vec<(&str, &dyn ToSql)> =
            INGRID.iter().map(|(name, value)| (*name, value as &dyn ToSql)).collect();
        row.extend::<[(&str, &dyn ToSql); 7]>([
            ("Kind", &0),
            ("Birthday", &birthday),
            ("CreationDate", &created),
            ("ModificationDate", &created),
            ("StoreID", &store::EXCHANGE),
            ("PersonLink", &-1),
            ("IsPreferredName", &1),
        ]);
        let id = self.row("ABPerson", "Ingrid", &row)?;
        self.value(id, property::PHONE, 7, Some("+1 (415) 555-0151"))?;
        self.value(id, property::PHONE, 9, Some("+14155550152,,44#"))?;
        self.value(id, property::EMAIL, 3, Some("ingrid.solheim@example.org"))?;
        self.value(id, property::URL, 8, Some("https://example.org/ingrid"))?;
        self.value(id, property::RELATED, 6, Some("Ola; \"båten\""))?;
        let address = self.value(id, property::ADDRESS, 3, None)?;
        let parts = [
            (1, "Nordnesgaten 50\r\nPostboks 1870"),
            (9, "Nordnes"),
            (2, "5817"),
            (3, "Bergen"),
            (8, "Vestland"),
            (5, "Norge"),
            (4, "no"),
        ];
        self.entries(address, &parts)?;
        let messenger = self.value(id, property::MESSENGER, 2, None)?;
        self.entries(messenger, &[(6, "inga@xmpp.example"), (7, "Jabber")])?;
        let social = self.value(id, property::SOCIAL, 3, None)?;
        self.entries(social, &[(6, "inga.tang"), (7, "LinkedIn")])?;
        self.value(id, property::UNKNOWN, 6, Some("of a later day"))?;
        Ok(())
    }

    fn value(&self, person: i64, property: i64, label: i64, value: Option<&str>) -> Result<i64> {
        if value == Some("") {
            return Ok(0);
        }
        let name = format!("{person} {property} {label} {}", value.unwrap_or_default());
        self.row(
            "ABMultiValue",
            &name,
            &[
                ("record_id", &person),
                ("property", &property),
                ("identifier", &0),
                ("label", &label),
                ("value", &value),
            ],
        )
    }

    fn entries(&self, parent: i64, entries: &[(i64, &str)]) -> Result<()> {
        for (key, value) in entries {
            insert(self.db, "ABMultiValueEntry", &[("parent_id", &parent), ("key", key), ("value", value)])?;
        }
        Ok(())
    }

    fn note(&self, id: i64, note: &str) -> Result<()> {
        self.db.execute("UPDATE ABPerson SET Note = ? WHERE ROWID = ?", rusqlite::params![note, id])?;
        Ok(())
    }

    /// The same Anna from iCloud: both rows are one card.
    fn linked_twin(&self) -> Result<()> {
        if !self.is_modern {
            return Ok(());
        }
        let link =
            self.row("ABPersonLink", "Anna", &[("PreferredImagePersonID", &1), ("PreferredNamePersonID", &1)])?;
        self.db.execute("UPDATE ABPerson SET PersonLink = ? WHERE ROWID = 1", [link])?;
        let twin = self.row(
            "ABPerson",
            "the other Anna",
            &[
                ("First", &"Ania"),
                ("Kind", &0),
                ("StoreID", &store::ICLOUD),
                ("PersonLink", &link),
                ("IsPreferredName", &0),
            ],
        )?;
        self.value(twin, property::PHONE, 2, Some("+1 (415) 555-0134"))?;
        Ok(())
    }

    fn group(&self) -> Result<()> {
        let group = self.row("ABGroup", "Lisbon", &[("Name", &"Lisbon, May"), ("StoreID", &store::LOCAL)])?;
        for member in [1, 2, 3] {
            let row: [(&str, &dyn ToSql); 3] = [("group_id", &group), ("member_type", &0), ("member_id", &member)];
            insert(self.db, "ABGroupMembers", &row)?;
        }
        Ok(())
    }
}

fn text(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// Noon UTC of a day, in seconds since 2001. The year 1604, which means "no year", lies before what plists can say.
fn noon(day: &str) -> Result<f64> {
    match day.strip_prefix("1604-") {
        // 1604 and 2004 are leap years 400 years apart; the calendar repeats after 146,097 days.
        Some(rest) => Ok(Moment::at(&format!("2004-{rest}T12:00:00Z"))?.apple() - 146_097.0 * 86_400.0),
        None => Ok(Moment::at(&format!("{day}T12:00:00Z"))?.apple()),
    }
}
