//! Backups.
pub mod bytes;
pub mod database;
pub mod keybag;
pub mod payload;
pub mod secret;
