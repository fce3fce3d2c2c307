//! The manifest: what a backup records of every file, directory and link.
//!
//! iOS 10 and later write a database (`Manifest.db`, [`database`]), older ones a list of records (`Manifest.mbdb`,
//! [`mbdb`]). Both become a [`Catalog`]. One bad record costs that record.

pub mod catalog;
pub mod database;
pub mod facts;
pub mod file_id;
pub mod mbdb;
pub mod mbfile;
mod obscured;
mod packed;

pub use catalog::{Catalog, Record};
pub use facts::{Details, Digest, RecordKind, WrappedFileKey};
pub use file_id::FileId;
