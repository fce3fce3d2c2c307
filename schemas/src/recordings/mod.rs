//! Voice memos: what the recorder recorded, with its sound, its folders and its words.
//!
//! `CloudRecordings.db` (iOS 12 and later) and `Recordings.db` (before) have a row for each; the sounds lie beside them. A sound
//! may be there without a row, and a row without sound: it is only in iCloud. Both are recordings here.

mod audio_files;
mod filter;
mod model;
mod reader;
mod store;
mod transcript;

use crate::kind::{Area, Content, DomainPath, Kept, Kind};

pub use filter::Filter;
pub use model::{Phrase, Recording, State, Transcript};
pub use reader::Recordings;
pub(crate) use transcript::parse as read_transcript;

const RECORDER: &str = "AppDomainGroup-group.com.apple.VoiceMemos.shared";
const MEDIA: &str = "MediaDomain";

/// Where the database lies: in iOS 16 and later, in iOS 12 to 15, and before.
pub const DATABASES: [DomainPath; 3] = [
    (RECORDER, "Recordings/CloudRecordings.db"),
    (MEDIA, "Media/Recordings/CloudRecordings.db"),
    (MEDIA, "Media/Recordings/Recordings.db"),
];

/// Where the sounds lie, in the same order of age.
const FOLDERS: [DomainPath; 2] = [(RECORDER, "Recordings"), (MEDIA, "Media/Recordings")];

/// What the recorder recorded.
pub static KIND: Kind = Kind {
    name: "recordings",
    title: "Voice memos",
    plural: "voice memos",
    nouns: ("voice memo", "voice memos"),
    contents: &[Content { title: "Voice memos", kept: Kept::Always, places: &DATABASES }],
    areas: &[
        Area::many(MEDIA, "Media/Recordings/", "a voice memo", "voice memos"),
        Area::many(RECORDER, "", "a voice memo", "voice memos"),
    ],
};
