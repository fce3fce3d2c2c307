//! Notes: what people wrote down, with the tables, pictures, drawings, recordings and links in it.
//!
//! Since iOS 9 one table, `ZICCLOUDSYNCINGOBJECT`, has accounts, folders, notes and attachments; which of them a row is, its entity
//! says, whose numbers differ from version to version. The text of a note is packed with gzip and a protocol buffer
//! (`body`); tables are another one (`table`). Locked notes are encrypted beside that ([`lock`]). Before iOS 9, and beside it for
//! accounts of mail servers, notes are HTML in `notes.sqlite` (`legacy`).

mod body;
mod filter;
mod html;
mod identity;
mod legacy;
pub mod lock;
#[cfg(test)]
mod made;
mod mergeable;
pub mod model;
mod reader;
mod room;
mod sharing;
mod store;
mod table;
mod transcript;

use crate::kind::{Area, Content, DomainPath, Kept, Kind};

pub use filter::Filter;
pub use model::{
    Attachment, AttachmentKind, Body, FileRole, Lock, Note, NoteFile, Paragraph, ParagraphKind, Participant, Place,
    Scheme, Span, State, Style, Table,
};
pub use reader::{Notes, Wanting};
pub use store::OtherFolder;

/// Where the notes of iOS 9 and later lie: domain and path.
pub const DATABASE: DomainPath = ("AppDomainGroup-group.com.apple.notes", "NoteStore.sqlite");

/// Where the notes of before lie, and those of mail accounts.
pub const LEGACY: DomainPath = ("HomeDomain", "Library/Notes/notes.sqlite");

/// Notes, and those of before iOS 9.
pub static KIND: Kind = Kind {
    name: "notes",
    title: "Notes",
    plural: "notes",
    nouns: ("note", "notes"),
    contents: &[Content { title: "Notes", kept: Kept::Always, places: &[DATABASE, LEGACY] }],
    areas: &[
        Area::many(DATABASE.0, "", "notes or what is attached to them", "notes and what is attached to them"),
        Area::one(LEGACY.0, "Library/Notes/", "old notes"),
    ],
};

/// Parsers that are no part of the library by themselves, for random bytes.
#[doc(hidden)]
pub mod fuzzing {
    use super::model::{Paragraph, Table};
    use super::room::Room;

    /// The paragraphs of a body as it is stored.
    pub fn body(bytes: &[u8]) -> Result<Vec<Paragraph>, String> {
        super::body::packed(bytes, &mut Room::default())
    }

    /// The table of an attachment as it is stored.
    pub fn table(bytes: &[u8]) -> Result<Table, String> {
        super::table::packed(bytes, &mut Room::default()).map(|read| read.table)
    }

    /// What was said in a recording.
    pub fn transcript(bytes: &[u8]) -> Result<Option<String>, String> {
        super::transcript::read(bytes)
    }

    /// The paragraphs of a note that is HTML.
    pub fn html(text: &str) -> Vec<Paragraph> {
        super::html::paragraphs(text, &mut Room::default())
    }
}
