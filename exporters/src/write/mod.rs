//! What the writers of all kinds share.

mod exporter;
pub(crate) mod pipeline;
pub(crate) mod records;
pub mod sheet;
pub(crate) mod workers;

pub use exporter::{Context, Exporter, Files};
