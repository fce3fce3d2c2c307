//! Small fictional backups, and the program that makes them: the same bytes every time.
//!
//! This is a second implementation of the backup format, written from its description and sharing no code with the
//! reader that it tests: keybag, key wrapping, payload encryption, `Manifest.db`, `Manifest.mbdb` and the file records
//! are all made here.
//!
//! - [`BackupBuilder`] collects files and writes one backup of any [`Era`].
//! - [`life`] tells one small fictional life in every kind of data that a backup holds, one file per kind.
//! - [`samples`] are the backups that are checked in, [`hostile`] those that mean harm.
//! - [`library`] lays out photo libraries of computers as a phone would.
//! - [`big`] writes backups of any size for benchmarks.

pub mod big;
pub mod builder;
pub mod crypto;
pub mod database;
pub mod era;
pub mod error;
pub mod hostile;
pub mod keybag;
pub mod library;
pub mod life;
pub mod manifest_db;
pub mod mbdb;
pub mod mbfile;
pub mod media;
pub mod plists;
pub mod record;
pub mod samples;
pub mod seed;
pub mod typedstream;
pub mod wal;
pub mod writer;

pub use builder::BackupBuilder;
pub use crypto::Encryption;
pub use era::{Device, Era};
pub use error::{Error, Result};
pub use record::{Content, Digest, Record, StoredForm, Wrapping};
pub use seed::Seed;
