//! The kinds of data that corer takes out, for whoever wants them all. A new kind is one more line.

use corer_schemas::SourceError;

use super::drive::Records;
use super::kind::Whole;
use super::{calls, contacts, messages, photos, voicemail};

/// Opens all records of one kind.
type Open = for<'s> fn(&Whole<'s>) -> Result<Box<dyn Records + 's>, SourceError>;

/// A kind of data.
pub struct Kind {
    /// Its command, and its folder in an export of everything.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// One record and several.
    pub nouns: (&'static str, &'static str),
    /// The page or file of its folder to begin with.
    pub start: &'static str,
    /// Opens it.
    pub open: Open,
}

const fn kind(
    name: &'static str,
    title: &'static str,
    nouns: (&'static str, &'static str),
    start: &'static str,
    open: Open,
) -> Kind {
    Kind { name, title, nouns, start, open }
}

/// Conversations.
pub static MESSAGES: Kind = kind("messages", "Messages", ("message", "messages"), "index.html", messages::whole);
/// The address book.
pub static CONTACTS: Kind = kind("contacts", "Contacts", ("contact", "contacts"), "contacts.html", contacts::whole);
/// The call history.
pub static CALLS: Kind = kind("calls", "Calls", ("call", "calls"), "calls.html", calls::whole);
/// What callers left.
pub static VOICEMAIL: Kind =
    kind("voicemail", "Voicemail", ("voicemail", "voicemails"), "voicemail.html", voicemail::whole);
/// The photo library.
pub static PHOTOS: Kind =
    kind("photos", "Photos", ("photo or video", "photos and videos"), "index.html", photos::whole);

/// All kinds, in the order in which they are told.
pub static KINDS: &[&Kind] = &[&MESSAGES, &CONTACTS, &CALLS, &VOICEMAIL, &PHOTOS];

/// The kind of this name.
pub fn of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name)
}
