//! What all commands share: words, places to write to, and the export of everything.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod export;
mod places;
mod snapshots;
mod updating;
mod updating_contacts;
mod updating_messages;
mod words;
