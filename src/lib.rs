//! corer: extracts messages, contacts, calls, photos and voicemail from iPhone and iPad backups.
//!
//! A backup that is open is a [`Source`](corer_schemas::Source): `corer-schemas` reads records from it, and `corer-exporters` writes
//! them.
//!
//! ```
//! use std::ops::ControlFlow;
//! use std::sync::Arc;
//!
//! use corer::backup::LockedBackup;
//! use corer::backup::tree::Folder;
//! use corer_exporters::calls::text;
//! use corer_schemas::Records;
//! use corer_schemas::calls::{Calls, Filter};
//! use corer_schemas::people::Directory;
//! use jiff::tz::TimeZone;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let locked = LockedBackup::open(Arc::new(Folder::new("sample-backups/ios5")))?;
//! // An encrypted one opens with `locked.unlock(password)`.
//! let backup = locked.open_plain()?;
//!
//! let directory = Directory::read(&backup);
//! let calls = Calls::open(&backup, &directory)?;
//! let mut lines = Vec::new();
//! let skipped = calls.each(&Filter::default(), &mut |call| {
//!     lines.push(text::line(&call, &TimeZone::UTC));
//!     ControlFlow::Continue(())
//! });
//! assert!(skipped.is_empty() && lines.iter().any(|line| line.contains("missed")));
//! # Ok(())
//! # }
//! ```

pub mod backup;
pub mod device;
