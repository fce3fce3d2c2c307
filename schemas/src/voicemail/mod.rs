//! Voicemail: the messages that callers left, with their sound and transcript.
//!
//! `voicemail.db` has a row for each; beside it lie `N.amr`, the sound of row N, and since iOS 10 `N.transcript`. Sound may
//! be there without a row (a greeting, a row that is gone), and a row without sound (it stayed with the carrier): both are
//! voicemails here.

mod model;
mod reader;
mod sound_files;
mod transcript;

use crate::kind::{Area, Content, Kept, Kind};

pub use crate::sound::Sound;
pub use model::{State, Transcript, Voicemail};
pub use reader::Voicemails;

/// Where the database lies: domain and path.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/Voicemail/voicemail.db");

/// What callers left.
pub static KIND: Kind = Kind {
    name: "voicemail",
    title: "Voicemail",
    plural: "voicemails",
    nouns: ("voicemail", "voicemails"),
    contents: &[Content { title: "Voicemail", kept: Kept::Always, places: &[DATABASE] }],
    areas: &[Area::one(DATABASE.0, "Library/Voicemail/", "voicemail")],
};

/// Where sounds and transcripts lie, in the same domain.
const FOLDER: &str = "Library/Voicemail";
