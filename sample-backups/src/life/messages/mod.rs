//! Messages: `sms.db` and the attachments beside it.
//!
//! [`story`] says who wrote what and when; [`modern`] writes it as iOS 6 and later do, [`ios5`] as iOS 5 did.

pub(crate) mod apps;
mod club;
pub mod ios5;
pub mod modern;
pub mod story;
pub mod summary;

use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::life::Moment;
use crate::{database, wal};

use story::Story;

/// Where `sms.db` lies.
pub const DATABASE: (&str, &str) = ("HomeDomain", "Library/SMS/sms.db");

/// Adds the database and its attachments, with a message of each kind.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    let story = story::whole(backup.now(), backup.seed())?;
    add_story(backup, &story)
}

/// The same without the long conversation that has a message of each kind: for samples that are about something else.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add_everyday(backup: &mut BackupBuilder) -> Result<()> {
    let story = story::everyday(backup.now(), backup.seed())?;
    add_story(backup, &story)
}

fn add_story(backup: &mut BackupBuilder, story: &Story) -> Result<()> {
    let (domain, path) = DATABASE;
    let database = database(story, backup)?;
    backup.file(domain, path, database);
    add_attachments(backup, story);
    Ok(())
}

/// Adds the everyday database as it lies on a phone in use: what was said after `checkpoint` stands in the log beside it only,
/// and the record still gives the size of before.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add_with_log(backup: &mut BackupBuilder, checkpoint: Moment) -> Result<()> {
    let (domain, path) = DATABASE;
    let story = story::everyday(backup.now(), backup.seed())?;
    let mut old = database(&story::everyday(checkpoint.unix(), backup.seed())?, backup)?;
    let mut new = database(&story, backup)?;
    wal::mark(&mut old);
    wal::mark(&mut new);
    let log = wal::between(&old, &new, database::SMALL_PAGE as usize);
    backup.odd_file(domain, path, old, |record| record.size = Some(4096));
    backup.file(domain, &format!("{path}-wal"), log);
    backup.file(domain, &format!("{path}-shm"), vec![0; 32_768]);
    add_attachments(backup, &story);
    Ok(())
}

fn database(story: &Story, backup: &BackupBuilder) -> Result<Vec<u8>> {
    match backup.era() {
        Era::Ios5 => ios5::database(story, backup.seed()),
        era => modern::database(era, story, backup.seed()),
    }
}

fn add_attachments(backup: &mut BackupBuilder, story: &Story) {
    for file in story.messages.iter().flat_map(|message| &message.files).filter(|file| !file.is_gone) {
        backup.odd_file("MediaDomain", &file.path(backup.seed()), file.content.clone(), |record| {
            record.attributes = file.attributes();
        });
    }
}
