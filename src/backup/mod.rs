//! Backups: find, open, unlock, read and verify them.
pub mod archive;
pub mod bytes;
pub mod database;
pub mod facts;
pub mod keybag;
pub mod manifest;
pub mod payload;
pub mod secret;
pub mod tree;
