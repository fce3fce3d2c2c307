//! Messages: `sms.db` and the attachments beside it.
//!
//! [`story`] says who wrote what and when; [`modern`] writes it as iOS 6 and later do, [`ios5`] as iOS 5 did.

pub mod ios5;
pub mod modern;
pub mod story;
mod summary;

use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;

/// Where `sms.db` lies.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/SMS/sms.db");

/// Adds the database and its attachments.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let (domain, path) = DATABASE;
    let story = story::until(backup.now(), backup.seed())?;
    let database = match backup.era() {
        Era::Ios5 => ios5::database(&story, backup.seed())?,
        era => modern::database(era, &story, backup.seed())?,
    };
    backup.file(domain, path, database);
    for file in story.messages.iter().flat_map(|message| &message.files) {
        backup.odd_file("MediaDomain", &file.path(backup.seed()), file.content.clone(), |record| {
            record.attributes = file.attributes();
        });
    }
    Ok(())
}
