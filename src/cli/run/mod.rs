//! The one way in which the command of any kind is carried out: opened, shown or written, reported.

pub mod absent;
pub mod command;
pub mod conversations;
pub mod extras;
pub mod of_many;
pub mod output;
pub mod records;
pub mod runner;
pub mod typed;
