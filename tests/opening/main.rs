//! Backups and what else is given in their place: found, opened, read without a trace, refused in words.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod info;
mod keybags;
mod library;
mod list;
mod logs;
mod rights;
mod sources;
mod untouched;
mod wrong_inputs;
