//! What the writers of all kinds share.

pub mod csv;
mod exporter;
mod file_source;
pub(crate) mod jsonl;
pub(crate) mod pipeline;
pub(crate) mod workers;

pub use exporter::{Context, Exporter};
pub use file_source::FileSource;
