//! What a person sees and hears of a run: the two streams, tables, colours, progress, and the way to stop it.

pub mod color;
pub mod console;
pub mod failure;
pub mod human;
pub mod interrupt;
pub mod invisible;
pub mod json;
pub mod manner;
pub mod printable;
pub mod progress;
pub mod table;
pub mod watched;
pub mod watched_source;
