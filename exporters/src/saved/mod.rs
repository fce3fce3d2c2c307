//! What an export remembers, so that an update loses nothing: the records of every backup that was taken in, what they were
//! before, and which files were written. `docs/formats/saved.md` describes the file.
//!
//! [`Update`] goes from the look at a folder to the writing down of what it remembers now; in between, [`Merged`] hands the
//! writers of a kind every record that any backup had, once, each with its [`Standing`].

pub(crate) mod adopt;
mod error;
mod head;
mod line;
mod memory;
mod merge;
mod plan;
mod record;
mod stand_in;
mod update;
pub(crate) mod words;
mod writer;

pub use error::{Losses, SavedError};
pub use head::{Head, Taken};
pub use memory::{FILE, FOLDER, Memory};
pub use merge::Merged;
pub(crate) use merge::{EachKept, Merge};
pub use plan::Outcome;
pub use record::{IdentifiedFeed, IdentifiedList, Kept, Lacking, Present, Standing, Version};
pub(crate) use stand_in::is_there;
pub use stand_in::{StandIns, WithStandIns};
pub use update::{Asked, Mode, Subject, Update};
pub use writer::Writer;
