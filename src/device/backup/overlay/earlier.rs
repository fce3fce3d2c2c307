//! The earlier backup, as far as the overlay asks for it.

use std::io;

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// Anything else: a link, say. It is seen, and never followed.
    Other,
}

/// The earlier backup: it does not change.
pub trait Earlier {
    /// What lies at a path; nothing where a link or a file stands on the way.
    ///
    /// # Errors
    /// What the operating system says, as everywhere here.
    fn kind_at(&self, path: &str) -> io::Result<Option<Kind>>;

    /// What lies in a folder.
    ///
    /// # Errors
    /// What the operating system says.
    fn children(&self, folder: &str) -> io::Result<Vec<(String, Kind)>>;
}
