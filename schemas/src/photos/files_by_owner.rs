//! Files of the camera roll, by what they are named after.

use std::collections::HashMap;

use super::DOMAIN;
use crate::source::{Entry, EntryKind, Source, SourceError};

/// Files by the directory and stem (or name) that they belong to.
pub(super) type FilesByOwner = HashMap<String, Vec<Entry>>;

/// Lists the files below a root under the owner that their path names.
pub(super) fn fill(
    files: &mut FilesByOwner,
    source: &dyn Source,
    root: &str,
    owner: fn(&str) -> Option<&str>,
) -> Result<(), SourceError> {
    for entry in source.entries(DOMAIN, root)? {
        if let (EntryKind::File, Some(owner)) = (entry.kind, owner(&entry.path)) {
            match files.get_mut(owner) {
                Some(entries) => entries.push(entry),
                None => _ = files.insert(owner.to_owned(), vec![entry]),
            }
        }
    }
    Ok(())
}
