//! What the two generations of the database have in common, as the reader sees them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::Connection;

use super::attachments::StoredAttachment;
use super::body::BodyPiece;
use super::connections::ConnectionPool;
use super::model::{Chat, DeletedPart, Message, Owner};
use super::threads::Threads;
use crate::records::Reading;
use crate::skipped::Skipped;
use crate::time::AppleTime;

/// The chat of messages that belong to none, by [`Chat::id`].
pub(super) const NO_CHAT: i64 = 0;

/// The name of the database in what is said about it.
pub(super) const SMS_DB: &str = "sms.db";

/// When a message was sent, and its row number: the order of a conversation.
pub(super) type MessageKey = (Option<AppleTime>, i64);

/// The numbers of places, ascending.
pub(super) fn numbers(places: &[MessageKey]) -> Vec<i64> {
    let mut numbers: Vec<i64> = places.iter().map(|(_, id)| *id).collect();
    numbers.sort_unstable();
    numbers
}

/// A generation of tables. All methods give what they can read and say what they cannot.
pub(super) trait Generation: Send + Sync {
    /// All conversations of the database ordered by their number, whoever takes part. `with_orphans`: whether to look for
    /// messages that belong to none, which costs a look at all of them.
    fn chats(&self, connection: &Connection, with_orphans: bool) -> Reading<Chat>;

    /// The messages of one conversation of the database, in no order.
    fn places(&self, connection: &Connection, chat: i64) -> Reading<MessageKey>;

    /// The attachments of the messages of a conversation, in the order of their rows. `numbers`: the messages, ascending.
    fn attachments(
        &self,
        connection: &Connection,
        chat: &Chat,
        numbers: &[i64],
        skipped: &mut Vec<Skipped>,
    ) -> Attachments;

    /// Reads messages one by one, each by its row number, and hands each on with that number: what was found, `None` when
    /// there is no such row, or why it cannot be read.
    ///
    /// # Errors
    /// When no message can be read at all.
    fn each_message(
        &self,
        connection: &Connection,
        chat: &Chat,
        places: &[MessageKey],
        each: &mut dyn FnMut(i64, rusqlite::Result<Option<MessageRow>>) -> ControlFlow<()>,
    ) -> rusqlite::Result<ControlFlow<()>>;

    /// Reads messages ahead into empty files, each in a thread of its own, for [`each_message`](Self::each_message) to take
    /// them from there. It is an offer: what is not read ahead is looked up.
    fn read_ahead(&self, _connections: &ConnectionPool, _files: Vec<File>, _ahead: &ReadAhead<'_>) {}

    /// How many conversations and attachments there are.
    fn count(&self, connection: &Connection) -> rusqlite::Result<(u64, u64)>;

    /// What of the whole database is told by rows that belong to other rows.
    fn joined_rows(&self, connection: &Connection) -> &JoinedRows;

    /// The row number of the message with an identifier.
    fn find(&self, connection: &Connection, guid: &str) -> Option<i64>;

    /// Pairs of conversations of which the database itself says that they are shown as one.
    fn shown_together(&self, connection: &Connection) -> Vec<(i64, i64)>;

    /// The messages that somebody wrote or got, or that tell of somebody: whom `is_meant` knows by a number or address. Who has left
    /// a conversation is found by them alone.
    fn involving(&self, connection: &Connection, is_meant: &dyn Fn(&str) -> bool) -> Involved;

    /// Every number and address that a message may name.
    fn addresses(&self, connection: &Connection) -> BTreeSet<String>;

    /// The identifier that the database has for whom an address is of. Several addresses of one person share it.
    fn person_centric(&self, _address: &str) -> Option<&Arc<str>> {
        None
    }

    /// Whose device it is, without a name.
    fn owner(&self, connection: &Connection) -> Owner;
}

/// The messages that have to do with somebody.
#[derive(Debug, Default)]
pub(super) struct Involved {
    /// Ascending.
    pub(super) messages: Vec<i64>,
    /// The conversations of the database that hold them.
    pub(super) chats: HashSet<i64>,
    /// What could not be looked at.
    pub(super) skipped: Vec<Skipped>,
}

/// Which messages are to be read ahead.
pub(super) struct ReadAhead<'a> {
    /// The conversations, by [`Chat::id`].
    pub(super) chats: &'a [i64],
    /// Their messages, ascending.
    pub(super) awaited: &'a [Awaited],
    /// Asked now and then whether to go on.
    pub(super) keep_going: &'a (dyn Fn() -> ControlFlow<()> + Sync),
}

/// A message that a conversation waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Awaited {
    pub(super) id: i64,
    /// The position of the conversation.
    pub(super) chat: usize,
}

/// The attachments of a conversation, by message.
pub(super) type Attachments = HashMap<i64, Vec<StoredAttachment>>;

/// What of a database is told by rows that belong to other rows. Small beside all messages; read once.
#[derive(Debug, Default)]
pub(super) struct JoinedRows {
    /// The messages that refer to another one: reactions, votes, moves of games. Ascending.
    pub(super) related: Vec<i64>,
    /// The messages that answer another one.
    pub(super) threads: Threads,
    /// The messages that were deleted and could still be recovered, and when.
    pub(super) deleted: HashMap<i64, Option<AppleTime>>,
    /// The parts of messages that were.
    pub(super) deleted_parts: HashMap<i64, Vec<DeletedPart>>,
    /// What could not be read of all this.
    pub(super) skipped: Vec<Skipped>,
}

/// A message as its row gives it: its attachments are still to be looked up.
#[derive(Default)]
pub(super) struct MessageRow {
    pub(super) message: Message,
    /// The attachments that only the row knows of.
    pub(super) attached: Vec<StoredAttachment>,
    /// What its text is made of.
    pub(super) pieces: Vec<BodyPiece>,
    /// The parts that were taken back, ascending.
    pub(super) unsent: Vec<u32>,
    /// When they were, as far as known.
    pub(super) retracted: Option<AppleTime>,
    /// What of it could not be read: which of its things, and why.
    pub(super) damage: Vec<(&'static str, String)>,
}

/// The one number that a query gives.
pub(super) fn number(connection: &Connection, sql: &str) -> rusqlite::Result<u64> {
    let number: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(u64::try_from(number).unwrap_or_default())
}
