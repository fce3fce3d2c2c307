//! Backups: find, open, unlock, read and verify them.
//!
//! [`LockedBackup`] knows what the property lists say; [`Backup`] has the files. The way between them is the password,
//! or nothing where a backup is not encrypted.

pub mod archive;
mod archive_kind;
pub mod availability;
mod backup_folder;
pub mod bytes;
pub mod committed;
pub mod damaged;
pub mod database;
pub mod discover;
pub mod facts;
pub mod files;
pub mod keybag;
mod lengths;
pub mod locate;
pub mod manifest;
mod open;
mod out_of_reach;
pub mod payload;
mod payloads;
mod remarks;
mod secret;
mod source;
mod stored;
pub mod tree;
pub mod verify;

pub use facts::Facts;
pub use open::{BackupError, LockedBackup};
pub use source::Backup;
pub use stored::Content;
