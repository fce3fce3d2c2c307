//! The connections of one reader: each thread takes one of its own, and what is free is used again.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::source::{Database, SourceError};

/// Connections to one database.
pub(crate) struct ConnectionPool {
    database: Arc<dyn Database>,
    idle: Mutex<Vec<Connection>>,
}

impl ConnectionPool {
    pub(crate) fn new(database: Arc<dyn Database>) -> Self {
        Self { database, idle: Mutex::new(Vec::new()) }
    }

    /// Lends a connection that nobody else uses, inside of one read transaction: taking and giving back the lock for each
    /// of many small queries would cost more than the queries.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Connection) -> T) -> Result<T, SourceError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.database.connect()?,
        };
        let transaction = connection.unchecked_transaction().ok();
        let result = work(&connection);
        drop(transaction);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(result)
    }
}
