//! What the writers of all kinds share.

pub mod csv;
mod exporter;
pub(crate) mod jsonl;
pub(crate) mod pipeline;
pub(crate) mod workers;

pub use exporter::{Context, Exporter, FileSource};
