//! Whether the people of a record are among those asked for.

use std::collections::HashMap;

use super::{Directory, People};
use crate::selection::Selection;

/// The people of a selection. Each handle is looked at once: few people make many records.
pub(crate) struct PersonFilter<'d> {
    people: People<'d>,
    known: HashMap<String, bool>,
}

impl<'d> PersonFilter<'d> {
    /// The people whom `selection` asks for, after a directory.
    pub(crate) fn new(directory: &'d Directory, selection: &Selection) -> Self {
        Self { people: directory.asked_for(selection), known: HashMap::new() }
    }

    /// Whether everybody is asked for.
    pub(crate) fn is_everybody(&self) -> bool {
        self.people.is_everybody()
    }

    /// Whether a number, address or name is that of somebody who is asked for.
    pub(crate) fn includes(&mut self, handle: &str) -> bool {
        if self.is_everybody() {
            return true;
        }
        if let Some(known) = self.known.get(handle) {
            return *known;
        }
        let included = self.people.include(handle);
        self.known.insert(handle.to_owned(), included);
        included
    }
}
