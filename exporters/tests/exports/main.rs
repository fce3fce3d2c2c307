//! What the exporters write, from made records on.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

mod cards;
mod common;

mod calendars;
mod calls;
mod contacts;
mod contacts_hostile;
mod convert;
mod gallery;
mod kinds;
mod message_updates;
mod messages;
mod notes;
mod notes_attached;
mod pages;
mod recordings;
mod safari;
mod tree;
mod updates;
