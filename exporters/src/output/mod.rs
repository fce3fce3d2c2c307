//! What every export needs to write files that can be trusted.
//!
//! - [`OutputTarget`] and [`IfExists`]: where the person wants it, and what may be replaced.
//! - [`SafeName`], [`SafePath`], [`UniqueNames`]: names from a backup, made legal and unique on every disk.
//! - [`Tree`], [`OutFile`], [`SingleFile`]: files that appear only when they are complete.
//! - [`Report`]: what was found, exported, skipped and missing.
//! - [`Checksums`] and the list `SHA256SUMS`.

mod archive;
mod checksums;
mod chunks;
mod error;
mod fail_once;
mod file;
mod folder;
pub(crate) mod ledger;
mod lock;
pub mod report;
mod report_text;
mod safe_name;
mod single;
mod special_files;
mod store;
mod target;
mod temporary;
mod tree;
mod unique_names;

/// The folder in which an export remembers what it wrote. No name from a backup is ever this one.
pub const OWN_FOLDER: &str = ".corer";

pub use checksums::{Checksums, SHA256SUMS, sum_line};
pub use error::{CopyError, ExportError, OutputError, is_no_space};
pub use file::{OutFile, Written};
pub use folder::holds_something;
pub use report::{AppliedFilter, ExportInfo, KindReport, Report};
pub use safe_name::{SafeName, SafePath};
pub(crate) use safe_name::{extension, split_extension};
pub use single::SingleFile;
pub use special_files::refuse_special;
pub use target::{IfExists, OutputTarget};
pub use tree::{Tree, TreeOptions};
pub use unique_names::UniqueNames;
pub(crate) use unique_names::{fold, hex};
