//! The databases of a source that are open, and what about them could not be read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use corer_schemas::Skipped;
use corer_schemas::source::{Database, SourceError};

use super::StoredDatabase;

/// Opens each database once, and remembers what its readers do not see: that rows are missing with a log.
#[derive(Default)]
pub struct OpenDatabases(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    open: HashMap<String, Arc<StoredDatabase>>,
    unread: Vec<Skipped>,
}

impl OpenDatabases {
    /// The database of this name, opened now if nobody asked for it before.
    ///
    /// # Errors
    /// Those of opening it.
    pub fn get(
        &self,
        name: &str,
        open: impl FnOnce() -> Result<StoredDatabase, SourceError>,
    ) -> Result<Arc<dyn Database>, SourceError> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let database = match inner.open.get(name) {
            Some(database) => Arc::clone(database),
            None => {
                let database = Arc::new(open()?);
                inner.open.insert(name.to_owned(), Arc::clone(&database));
                database
            }
        };
        for unread in database.unread() {
            if !inner.unread.contains(unread) {
                inner.unread.push(unread.clone());
            }
        }
        Ok(database)
    }

    /// Whether [`take_unreadable`](Self::take_unreadable) has something.
    pub fn has_unreadable(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).unread.is_empty()
    }

    /// What could not be read of the databases that were asked for since the last call.
    pub fn take_unreadable(&self) -> Vec<Skipped> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).unread)
    }
}
