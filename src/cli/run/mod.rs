//! The one way in which the command of any kind is carried out: opened, shown or written, reported.

pub mod absent;
pub mod all_records;
mod as_before;
pub mod command;
pub mod conversations;
pub mod extras;
pub mod keep;
pub mod last_words;
pub mod output;
pub mod parsed_command;
pub mod records;
pub mod runner;
