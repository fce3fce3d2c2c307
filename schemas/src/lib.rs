//! What the databases of an iPhone or iPad backup mean.
//!
//! This crate turns the files of any iOS version into plain typed records. It knows SQL, property lists, keyed
//! archives and typed streams; it knows no path on disk, no encryption and no output format.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use corer_schemas::calls::{Calls, Filter};
//! use corer_schemas::people::Directory;
//! use corer_schemas::{Records, Source, SourceError};
//!
//! /// Who called and was not heard, by number; and what could not be read.
//! fn missed(source: &dyn Source) -> Result<(Vec<String>, usize), SourceError> {
//!     let directory = Directory::read(source);
//!     let filter = Filter { missed: true, ..Filter::default() };
//!     let mut numbers = Vec::new();
//!     let skipped = Calls::open(source, &directory)?.each(&filter, &mut |call| {
//!         numbers.extend(call.participants.into_iter().map(|person| person.address));
//!         ControlFlow::Continue(())
//!     });
//!     Ok((numbers, skipped.len()))
//! }
//! ```
//!
//! - [`kind`], [`kinds`]: what each kind of data is called, and where it lies.
//! - [`source`]: the one port to the world. A backup, a plain folder or a test implements [`Source`].
//! - [`selection`]: what the person asked for of every kind, as plain data.
//! - [`records`]: the port through which records come that stand by themselves.
//! - [`skipped`]: what a reader could not read, and why. Readers give records *and* this list.
//! - [`sound`]: the sound that a record speaks of, or why there is none.
//! - [`time`]: moments as Apple's databases store them.
//! - [`database`]: what tables and columns a database has, and values whatever their declared type.
//! - [`handles`]: numbers and addresses, and text, as they are compared.
//! - [`formats`]: bounded parsers of untrusted bytes.
//! - [`people`]: who a handle is, after the address book.
//! - [`contacts`]: the address book, and the pictures of those in it.
//! - [`messages`]: conversations, messages and their attachments.
//! - [`photos`]: the photo library: assets, albums, and the files that belong to them.
//! - [`calendars`]: what is planned, with whom, where and how often.
//! - [`calls`]: who called whom, when and how it went.
//! - [`recordings`]: voice memos, with their sound and transcript.
//! - [`safari`]: history, bookmarks, the reading list and tabs.
//! - [`notes`]: what people wrote down, with what is in it.
//! - [`voicemail`]: messages that callers left, with their sound and transcript.
//! - [`whatsapp`]: conversations of WhatsApp and WhatsApp Business.

pub mod calendars;
pub mod calls;
pub mod contacts;
pub mod database;
pub mod formats;
pub mod handles;
pub mod identity;
pub mod kind;
pub mod kinds;
pub mod messages;
pub mod notes;
pub mod people;
pub mod photos;
pub mod recordings;
pub mod records;
pub mod safari;
pub mod selection;
pub mod skipped;
pub mod sound;
pub mod source;
#[cfg(test)]
mod testing;
pub mod time;
pub mod voicemail;
pub mod whatsapp;

pub use kind::Kind;
pub use records::{Reading, Records};
pub use selection::Selection;
pub use skipped::Skipped;
pub use source::{Absence, Database, Entry, EntryKind, Opened, Presence, Source, SourceError};
pub use time::AppleTime;

/// Parsers that are no part of the library by themselves, for random bytes.
#[doc(hidden)]
pub mod fuzzing {
    /// A rule by which an event repeats, every time.
    pub fn rule(frequency: i64, specifier: String) -> crate::calendars::Rule {
        crate::calendars::read_rule(frequency, specifier)
    }

    /// What is said in a voice memo.
    pub fn transcript(json: &[u8]) -> Result<Option<crate::recordings::Transcript>, String> {
        crate::recordings::read_transcript(json)
    }

    /// The content of the app that a message is of.
    pub fn app(bundle_id: &str, payload: &[u8]) -> crate::messages::model::App {
        crate::messages::read_app(bundle_id.to_owned(), Some(payload))
    }

    /// What a message of WhatsApp carries, and what became of it; whether either could be read.
    pub fn whatsapp(bytes: &[u8]) -> (bool, bool) {
        (crate::whatsapp::Metadata::read(bytes).is_ok(), crate::whatsapp::ReceiptInfo::read(bytes).is_ok())
    }
}
