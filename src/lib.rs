//! corer: takes what matters out of an iPhone or iPad backup.

pub mod backup;
pub mod device;
