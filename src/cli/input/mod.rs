//! What was typed, and what it means: which backup, with which password, which records.

pub mod args;
pub mod asked_files;
pub mod content;
pub mod device_name;
pub mod find_backup;
pub mod items;
pub mod matched_people;
pub mod named_values;
pub mod nearest;
pub mod password;
pub mod patterns;
pub mod session;
pub mod zone;
