//! The tasks that are measured, one a file.

mod backup;
mod backup_large;
mod backup_many;
mod calls;
mod contacts;
mod conversion;
mod dump;
mod extraction;
mod files_large;
mod files_many;
mod first_contacts;
mod hostile;
mod listing;
mod messages;
mod photos;
pub mod unlock;

use crate::failure::Result;
use crate::inputs::Form;
use crate::settings::Settings;
use crate::table::Report;

/// One task.
#[derive(Debug, Clone, Copy)]
pub enum Scenario {
    /// Key derivation.
    Unlock,
    /// Many small files.
    FilesMany,
    /// Few large files.
    FilesLarge,
    /// A long listing.
    Listing,
    /// Crafted backups.
    Hostile,
    /// A long history.
    Messages,
    /// A large address book.
    Contacts,
    /// A long call history.
    Calls,
    /// Contacts out of an encrypted backup.
    FirstContacts,
    /// A photo library.
    Photos,
    /// An encrypted photo library.
    PhotosEncrypted,
    /// HEIC to JPEG.
    Conversion,
    /// A device with many small files.
    BackupMany,
    /// A device with one large file.
    BackupLarge,
}

impl Scenario {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 14] = [
        Self::Unlock,
        Self::FilesMany,
        Self::FilesLarge,
        Self::Listing,
        Self::Hostile,
        Self::Messages,
        Self::Contacts,
        Self::Calls,
        Self::FirstContacts,
        Self::Photos,
        Self::PhotosEncrypted,
        Self::Conversion,
        Self::BackupMany,
        Self::BackupLarge,
    ];

    /// Makes the input, runs everybody, and compares.
    ///
    /// # Errors
    /// When the input cannot be made or a program not be started; never because of a figure.
    pub fn run(self, settings: &Settings) -> Result<Report> {
        match self {
            Self::Unlock => unlock::run(settings),
            Self::FilesMany => files_many::run(settings),
            Self::FilesLarge => files_large::run(settings),
            Self::Listing => listing::run(settings),
            Self::Hostile => hostile::run(settings),
            Self::Messages => messages::run(settings),
            Self::Contacts => contacts::run(settings),
            Self::Calls => calls::run(settings),
            Self::FirstContacts => first_contacts::run(settings),
            Self::Photos => photos::run(settings, Form::Plain),
            Self::PhotosEncrypted => photos::run(settings, Form::Encrypted),
            Self::Conversion => conversion::run(settings),
            Self::BackupMany => backup_many::run(settings),
            Self::BackupLarge => backup_large::run(settings),
        }
    }
}
