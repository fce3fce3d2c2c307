//! The manifest: what a backup records of every file, directory and link.
//!
//! iOS 10 and later write a database (`Manifest.db`, [`database`]), older ones a list of records (`Manifest.mbdb`,
//! [`mbdb`]). Both become a [`Catalog`]. One bad record costs that record.

pub mod catalog;
mod compact;
pub mod database;
pub mod facts;
pub mod file_id;
mod ios10_records;
pub mod mbdb;
pub mod mbfile;

pub use catalog::{Catalog, Record};
pub use facts::{Details, Digest, RecordKind, WrappedFileKey};
pub use file_id::FileId;
