//! What the two generations of the database have in common, as the reader sees them.

use std::collections::HashMap;

use rusqlite::Connection;

use super::attachments::Stored;
use super::model::{Chat, Message};
use crate::selection::Selection;
use crate::skipped::{Reading, Skipped};
use crate::time::AppleTime;

/// The chat of messages that belong to none, by [`Chat::id`].
pub(super) const NO_CHAT: i64 = 0;

/// The name of the database in what is said about it.
pub(super) const SMS_DB: &str = "sms.db";

/// When a message was sent, and its row number: the order of a conversation.
pub(super) type Place = (Option<AppleTime>, i64);

/// A generation of tables. All methods give what they can read and say what they cannot.
pub(super) trait Generation: Send + Sync {
    /// All conversations ordered by their number, whoever takes part.
    fn chats(&self, connection: &Connection) -> Reading<Chat>;

    /// The messages of a conversation that are asked for, in no order.
    fn places(&self, connection: &Connection, chat: &Chat, selection: &Selection) -> Reading<Place>;

    /// The attachments of a conversation by message, in the order of their rows.
    fn attachments(&self, connection: &Connection, chat: &Chat, skipped: &mut Vec<Skipped>) -> Attachments;

    /// Reads messages of a conversation one by one, each by its row number, and hands each on with that number: what was
    /// found, `None` when there is no such row, or why it cannot be read.
    ///
    /// # Errors
    /// When no message can be read at all.
    fn each_message(
        &self,
        connection: &Connection,
        chat: &Chat,
        places: &[Place],
        each: &mut dyn FnMut(i64, rusqlite::Result<Option<Found>>),
    ) -> rusqlite::Result<()>;

    /// How many conversations and attachments there are.
    fn count(&self, connection: &Connection) -> rusqlite::Result<(u64, u64)>;
}

/// The attachments of a conversation, by message.
pub(super) type Attachments = HashMap<i64, Vec<Stored>>;

/// A message as its row gives it: its attachments are still to be looked up.
pub(super) struct Found {
    pub(super) message: Message,
    /// The attachments that only the row knows of.
    pub(super) attached: Vec<Stored>,
    /// The identifiers of the attachments in the order in which they stand in the text.
    pub(super) order: Vec<String>,
    /// What of it could not be read.
    pub(super) damage: Option<String>,
}

/// The one number that a query gives.
pub(super) fn number(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let number: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(u64::try_from(number).unwrap_or_default())
}
