//! What `corer verify` finds, and what it does not claim.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod command;
mod damage;
mod damaged_ends;
mod detection;
mod library;
