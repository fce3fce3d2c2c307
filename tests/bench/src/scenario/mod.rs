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

use clap::Subcommand;

use crate::failure::Result;
use crate::inputs::Form;
use crate::settings::Settings;
use crate::table::Report;

/// One task.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Scenario {
    /// The key derivation of `files ls` on a small encrypted backup, beside the bare loop
    Unlock,
    /// `files get` of many small files, beside `cp -r` of the decrypted tree
    FilesMany,
    /// `files get` of few large files, beside `cp -r` of the decrypted tree
    FilesLarge,
    /// `files ls` of an encrypted backup with half a million entries
    Listing,
    /// Every hostile sample through every reading command: the worst of each
    Hostile,
    /// `messages` of a large conversation history
    Messages,
    /// `contacts` of a large address book with pictures, beside `sqlite3 .dump` of its databases
    Contacts,
    /// `calls` of a long call history, beside `sqlite3 .dump` of its database
    Calls,
    /// `contacts -o` of the encrypted sample, beside its unlocking alone
    FirstContacts,
    /// `photos` of a library of 5 GB, new and brought up to date, beside `cp -a` of the backup
    Photos,
    /// The same of an encrypted backup
    PhotosEncrypted,
    /// `photos --convert jpeg` of real HEIC files, beside `heif-convert`
    Conversion,
    /// `backup` of a simulated device with many small files, beside idevicebackup2 and pymobiledevice3
    BackupMany,
    /// `backup` of a simulated device with one large file, beside idevicebackup2 and pymobiledevice3
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
