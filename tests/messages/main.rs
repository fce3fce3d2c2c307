//! Messages: every kind of them, what is said about them and what is not, and the forms in which they are exported.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod export;
mod kinds;
mod truth;
mod whatsapp;
