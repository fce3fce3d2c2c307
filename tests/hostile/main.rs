//! Samples that somebody made to do harm, and the pages that come of hostile text.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod pages;
mod samples;
