//! The names of handles that come again and again.

use std::collections::HashMap;

use super::{Directory, Owner};

/// Names handles after a directory. Each is looked up once: few people make many records.
pub(crate) struct NameCache<'d> {
    directory: &'d Directory,
    known: HashMap<String, Option<&'d str>>,
    owners: HashMap<String, Owner>,
}

impl<'d> NameCache<'d> {
    /// Knows nobody yet.
    pub(crate) fn new(directory: &'d Directory) -> Self {
        Self { directory, known: HashMap::new(), owners: HashMap::new() }
    }

    /// Whose handle it is, if that is known.
    pub(crate) fn of(&mut self, handle: &str) -> Option<&'d str> {
        if let Some(name) = self.known.get(handle) {
            return *name;
        }
        let name = self.directory.name_of(handle);
        self.known.insert(handle.to_owned(), name);
        name
    }

    /// Whose card it is on.
    pub(crate) fn owner_of(&mut self, handle: &str) -> Owner {
        if let Some(owner) = self.owners.get(handle) {
            return *owner;
        }
        let owner = self.directory.owner_of(handle);
        self.owners.insert(handle.to_owned(), owner);
        owner
    }
}
