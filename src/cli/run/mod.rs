//! Carrying out the command of a kind: opened, shown, written, reported.

pub mod drive;
pub mod formats;
pub mod kind;
pub mod output;
