//! One small fictional life, told through every kind of data that a backup holds: one file per kind.
//!
//! Mira lives in Oslo, has friends in four countries and spent a May in Lisbon. The same story serves every era: what
//! happens after a backup was made is not in it. To tell more, add to the story of the kind; nothing else moves.

pub mod accounts;
pub mod apps;
pub mod calendar;
pub mod calls;
pub mod contacts;
pub mod health;
pub mod keychain;
pub mod messages;
pub mod moment;
pub mod notes;
pub mod people;
pub mod photos;
pub mod recordings;
pub mod reminders;
pub mod safari;
pub mod settings;
pub mod voicemail;
pub mod whatsapp;
pub mod wifi;

pub use moment::Moment;

use crate::builder::BackupBuilder;
use crate::error::Result;

/// Adds the whole life to a backup, as far as its era and its encryption allow.
///
/// # Errors
/// Passes on errors of SQLite and of the encoders.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    messages::add(backup)?;
    contacts::add(backup)?;
    calls::add(backup)?;
    voicemail::add(backup)?;
    photos::add(backup)?;
    notes::add(backup)?;
    calendar::add(backup)?;
    reminders::add(backup)?;
    safari::add(backup)?;
    whatsapp::add(backup)?;
    recordings::add(backup)?;
    wifi::add(backup)?;
    accounts::add(backup)?;
    settings::add(backup)?;
    apps::add(backup)?;
    health::add(backup)?;
    keychain::add(backup)
}
