//! Contacts, calls, voicemail, voice memos and notes, and how a person is found in them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../support/mod.rs"]
mod support;

mod calendars;
mod call_log;
mod calls;
mod contacts;
mod finding;
mod notes;
mod recordings;
mod safari;
mod voicemail;
