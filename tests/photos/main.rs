//! Photos: the library with its albums and Live Photos, what a file is called and what it holds, what is missing, and
//! pictures converted.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/roll.rs"]
mod roll;
#[path = "../support/mod.rs"]
mod support;

mod as_taken;
mod content;
mod conversion;
mod library;
mod missing;
