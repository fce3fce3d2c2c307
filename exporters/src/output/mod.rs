//! What every export needs to write files that can be trusted.
//!
//! - [`Target`] and [`Existing`]: where the person wants it, and what may be replaced.
//! - [`SafeName`], [`SafePath`], [`Names`]: names from a backup, made legal and unique on every disk.
//! - [`Tree`], [`OutFile`], [`SingleFile`]: files that appear only when they are whole.
//! - [`Report`]: what was found, exported, skipped and missing.
//! - [`Checksums`] and the list `SHA256SUMS`.

mod archive;
mod checksums;
mod chunks;
mod error;
mod existing;
mod file;
mod folder;
mod lock;
mod name;
mod names;
pub mod report;
mod single;
mod store;
mod target;
mod temporary;
mod told;
mod tree;

pub use checksums::{Checksums, SHA256SUMS, sum_line};
pub use error::{CopyError, ExportError, OutputError, is_no_room};
pub use existing::refuse_special;
pub use file::{OutFile, Written};
pub use folder::holds_something;
pub use name::{SafeName, SafePath};
pub(crate) use name::{extension, split_extension};
pub use names::Names;
pub(crate) use names::{fold, hex};
pub use report::{About, Filter, KindReport, Report};
pub use single::SingleFile;
pub use target::{Existing, Target};
pub use tree::{Options, Tree};
