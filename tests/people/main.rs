//! Contacts, calls, voicemail and voice memos, and how a person is found in them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod call_log;
mod calls;
mod contacts;
mod finding;
mod recordings;
mod voicemail;
