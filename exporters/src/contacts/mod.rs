//! Contacts as files: cards that phones and address books import ([`vcard`]), a table for people and for programs
//! ([`table`]), JSON Lines ([`jsonl`]), an address book to read, search and print ([`html`]), and lines for the terminal
//! ([`text`]).
//!
//! [`export()`] goes through the contacts once, reads each picture once, and writes all formats; [`single`] writes one of
//! them to one stream. Contacts are written in the order in which they are given.

mod adopt;
mod export;
mod fields;
pub mod html;
pub mod jsonl;
mod marked;
mod photo;
mod pictures;
pub mod table;
pub mod text;
mod totals;
pub mod vcard;

use corer_schemas::contacts::{Contact, Group, Merged, SimilarContacts};
use jiff::tz::TimeZone;

pub use adopt::contacts as adopt;
pub use export::{export, single};
pub use marked::each_by_its_number;
pub use pictures::{KeptPictures, Pictures};
pub use table::Layout;
pub use totals::{Totals, report};
pub use vcard::Version;

use crate::formats;
use crate::output::{ExportInfo, SafePath};
use crate::saved::Kept;

/// What is written.
#[derive(Clone, Copy)]
pub struct Book<'b> {
    /// The contacts.
    pub contacts: &'b [Kept<Contact>],
    /// The groups.
    pub groups: &'b [Group],
    /// The pictures.
    pub pictures: &'b dyn Pictures,
    /// Which contacts were made of several.
    pub merged: &'b [Merged],
    /// Which contacts may be the same.
    pub alike: &'b [SimilarContacts],
}

/// A format of contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// Cards.
    #[cfg_attr(feature = "cli", value(name = "vcf", alias = "vcard"))]
    Vcard,
    /// A table.
    Csv,
    /// An address book to read.
    Html,
    /// JSON Lines.
    Jsonl,
}

/// The cards, where they are one file.
const CARDS: &str = "contacts.vcf";
/// The table.
const TABLE: &str = "contacts.csv";
/// The records.
const RECORDS: &str = "contacts.jsonl";

impl formats::Format for Format {
    const ALL: &'static [Self] = &[Self::Vcard, Self::Csv, Self::Html, Self::Jsonl];
    const DEFAULT: &'static [Self] = &[Self::Vcard, Self::Csv, Self::Html, Self::Jsonl];
    const LINES: Self = Self::Jsonl;
    const STREAM: Option<Self> = Some(Self::Vcard);

    fn extension(self) -> &'static str {
        match self {
            Self::Vcard => "vcf",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Jsonl => "jsonl",
        }
    }

    fn is_one_file(self) -> bool {
        true
    }
}

/// How contacts are exported.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the run is about.
    pub about: ExportInfo,
    /// The zone of all times that are written.
    pub zone: TimeZone,
    /// The folder within the tree; its root for a command of one kind.
    pub base: SafePath,
    /// What to write.
    pub formats: Vec<Format>,
    /// The version of the cards.
    pub version: Version,
    /// Whether each card is a file of its own.
    pub is_split: bool,
    /// The layout of the table.
    pub layout: Layout,
}
