//! Contacts: the address book of iOS 3 to 26.
//!
//! [`AddressBook`] reads `AddressBook.sqlitedb` whole: every card with every value, the groups, and the accounts they come
//! from. Linked cards are one [`Contact`], as the device shows them, or stay apart. What this version does not know (a
//! property of a later iOS, a column with text) comes out as an [`Other`] field, never as a gap. [`Photos`] gives the
//! pictures beside it, one at a time. [`unique`] finds cards of the same person that nobody has linked.

mod accounts;
mod book;
mod card;
mod comparison_keys;
mod day;
mod filter;
mod identified;
mod label;
mod linked;
mod merge;
mod model;
mod name;
mod photos;
mod property;
mod tables;
mod unique;
mod value;

use crate::kind::{Area, Content, Kept, Kind};

pub use book::{AddressBook, Linking};
pub(crate) use card::Card;
pub use day::Day;
pub use filter::Filter;
pub use label::Label;
pub(crate) use linked::{linked, rows};
pub use model::{Account, Contact, Group, Labelled, Other, PostalAddress, Profile};
pub use name::Name;
pub use photos::{Crop, Image, Photo, Photos, Picture};
pub(crate) use tables::read as tables;
pub use unique::{Merged, SimilarContacts, Unique, unique};

/// Where the address book lies: domain and path.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/AddressBook/AddressBook.sqlitedb");

/// Where the pictures of contacts lie.
pub const IMAGES: (&str, &str) = ("HomeDomain", "Library/AddressBook/AddressBookImages.sqlitedb");

/// The address book, and the pictures in it.
pub static KIND: Kind = Kind {
    name: "contacts",
    title: "Contacts",
    plural: "contacts",
    nouns: ("contact", "contacts"),
    contents: &[Content { title: "Contacts", kept: Kept::Always, places: &[DATABASE] }],
    areas: &[Area::many(
        DATABASE.0,
        "Library/AddressBook/",
        "the contacts or their pictures",
        "the contacts and their pictures",
    )],
};
