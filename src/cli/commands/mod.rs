//! One file or folder for each command, and nothing else.

pub mod backup;
pub mod calendars;
pub mod calls;
pub mod completions;
pub mod contacts;
pub mod devices;
pub mod encryption;
pub mod export;
pub mod files;
pub mod info;
pub mod kinds;
pub mod list;
pub mod man;
pub mod messages;
pub mod notes;
pub mod pair;
pub mod photos;
pub mod ready;
pub mod recordings;
pub mod safari;
pub mod schedule;
pub mod verify;
pub mod voicemail;
pub mod whatsapp;
