//! What a command reads from.

use corer::backup::Backup;
use corer::backup::files::Files;

/// What a command reads from.
pub enum Content {
    /// A backup, open.
    Backup(Box<Backup>),
    /// Files without a manifest: a folder of domains, a file system, a single database.
    Files(Box<Files>),
}
