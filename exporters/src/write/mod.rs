//! What the writers of all kinds share.

pub(crate) mod pipeline;
pub(crate) mod records;
pub mod sheet;
pub(crate) mod workers;
