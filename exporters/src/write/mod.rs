//! What the writers of all kinds share.

pub(crate) mod content_lines;
pub mod csv;
mod exporter;
mod file_source;
pub(crate) mod jsonl;
pub(crate) mod pipeline;
mod sound_record;
mod sounds;
pub(crate) mod workers;

pub use exporter::{Context, Exporter};
pub use file_source::{FileSource, WrittenBefore};
pub(crate) use sound_record::SoundRecord;
pub(crate) use sounds::SoundStore;
pub use sounds::{SoundOutcome, SoundOutcomes};
