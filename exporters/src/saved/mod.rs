//! What an export remembers, so that an update loses nothing: the records of every backup that was taken in, what they were
//! before, and which files were written. `docs/formats/saved.md` describes the file.
//!
//! [`Update`] goes from the look at a folder to the writing down of what it remembers now; in between, [`Merged`] hands the
//! writers of a kind every record that any backup had, once, each with its [`Standing`].

pub(crate) mod adopt;
mod asked;
mod consent;
mod error;
mod head;
mod line;
mod memory;
mod merge;
mod merged;
mod plan;
mod record;
mod stand_in;
mod update;
mod waiting;
pub(crate) mod words;
mod writer;

pub use asked::{Asked, Mode, Subject};
pub use error::{Losses, SavedError};
pub use head::{Head, Taken};
pub use memory::{FILE, FOLDER, Memory};
pub(crate) use merge::{EachKept, Merge};
pub use merged::Merged;
pub use plan::Outcome;
pub use record::{IdentifiedFeed, IdentifiedList, Kept, Lacking, Present, Standing, Version};
pub(crate) use stand_in::is_there;
pub use stand_in::{StandIns, WithStandIns};
pub use update::Update;
pub use writer::Writer;
