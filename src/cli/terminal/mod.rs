//! What a person sees and hears of a run: the two streams, tables, colours, progress, and the way to stop it.

pub mod color;
pub mod console;
pub mod failure;
pub mod global_args;
pub mod human;
pub mod interrupt;
pub mod invisible;
pub mod json;
pub mod printable;
pub mod progress;
pub mod progress_reader;
pub mod progress_source;
pub mod table;
