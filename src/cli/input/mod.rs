//! What was typed, and what it means: which backup, with which password, which records.

pub mod args;
pub mod choice;
pub mod device;
pub mod items;
pub mod near;
pub mod password;
pub mod patterns;
pub mod session;
pub mod whom;
pub mod words;
pub mod zone;
