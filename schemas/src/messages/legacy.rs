//! The tables of iOS 3 to 5: text messages in groups, multimedia messages in pieces, and since iOS 5 iMessages beside
//! them, in columns and tables whose names begin with `madrid_`.
//!
//! The facts come from real databases of iOS 5, from what public readers of that time agree on, and from the steps by
//! which iOS 6 turns such a database into the later one:
//! - `flags` bit 0: sent by the owner (2 received, 0 received and unread, 3 sent, 33 failed). `date`: seconds since 1970.
//! - `is_madrid`: an iMessage. `madrid_flags` bit 2: sent by the owner. `date`, `madrid_date_read` and
//!   `madrid_date_delivered`: seconds since 2001.
//! - `group_id` → `msg_group`, with `group_member` for who takes part; `madrid_roomname` or `madrid_handle` →
//!   `madrid_chat`.
//! - `msg_pieces`: the parts of a multimedia message. `madrid_attachment`: the files of iMessages.
//!
//! The oldest databases have no groups; their messages belong to no chat and keep their sender.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;
use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension};

use super::attachments::StoredAttachment;
use super::body;
use super::generation::{Attachments, Generation, Involved, JoinedRows, MessageKey, MessageRow};
use super::model::{Chat, Handle, Message, Owner, Sender, Service};
use super::moment;
use crate::database::{Column as _, Row, Schema, columns, each_of_table, each_row_both_ways, integer};
use crate::people::Directory;
use crate::records::Reading;
use crate::skipped::Skipped;
use crate::source::Source;
use crate::time::AppleTime;

mod conversations;
mod files;
mod pieces;
mod strings;

use conversations::{Belonging, Conversations};
use files::Files;
use pieces::Pieces;

columns! {
    /// The columns of `message`.
    enum Column {
        Address = "address",
        Date = "date",
        Text = "text",
        Flags = "flags",
        Subject = "subject",
        Group = "group_id",
        Recipients = "recipients",
        IsIMessage = "is_madrid",
        AttributedBody = "madrid_attributedBody",
        Handle = "madrid_handle",
        Guid = "madrid_guid",
        Service = "madrid_service",
        IMessageFlags = "madrid_flags",
        DateRead = "madrid_date_read",
        DateDelivered = "madrid_date_delivered",
        Attachments = "madrid_attachmentInfo",
    }

    /// When a message was, and what tells where it belongs.
    enum Placed {
        Date = "date",
        IsIMessage = "is_madrid",
        Group = "group_id",
        Handle = "madrid_handle",
        Room = "madrid_roomname",
    }

    /// What names people, and what tells where a message belongs.
    enum Named {
        Address = "address",
        IsIMessage = "is_madrid",
        Group = "group_id",
        Handle = "madrid_handle",
        Room = "madrid_roomname",
        Recipients = "recipients",
    }
}

/// Set in `flags` when the owner sent the text message.
const SMS_SENT: i64 = 1;
/// Set in `madrid_flags` when the owner sent the iMessage.
const IMESSAGE_SENT: i64 = 1 << 2;

/// A database of iOS 3 to 5.
pub(super) struct LegacyDatabase<'s> {
    directory: &'s Directory,
    conversations: Conversations,
    /// The messages of each chat. These databases are small.
    places: HashMap<i64, Vec<MessageKey>>,
    pieces: Pieces<'s>,
    files: Files,
    /// Nothing: these versions know no reactions, threads or recovery.
    joined_rows: JoinedRows,
    /// What could not be read of all this.
    skipped: Vec<Skipped>,
    message: String,
    /// Who is named by each message.
    named: String,
}

impl<'s> LegacyDatabase<'s> {
    pub(super) fn new(
        source: &'s dyn Source,
        directory: &'s Directory,
        schema: &Schema,
        connection: &Connection,
    ) -> Self {
        let mut skipped = Vec::new();
        let mut own = Self {
            directory,
            conversations: Conversations::read(schema, connection, directory, &mut skipped),
            places: HashMap::new(),
            pieces: Pieces::new(source, schema, connection, &mut skipped),
            files: Files::read(schema, connection, &mut skipped),
            joined_rows: JoinedRows::default(),
            message: format!(
                "SELECT {} FROM message m WHERE m.ROWID = ?1",
                schema.columns("message", "m", Column::NAMES)
            ),
            named: format!("SELECT m.ROWID, {} FROM message m", schema.columns("message", "m", Named::NAMES)),
            skipped,
        };
        own.read_places(schema, connection);
        own.conversations.drop_empty_orphans(&own.places);
        own
    }

    fn read_places(&mut self, schema: &Schema, connection: &Connection) {
        let read = each_of_table(connection, schema, "message", &mut |id, row| {
            let Some(id) = id else { return };
            let belonging = Belonging {
                imessage: row.truth(Placed::IsIMessage),
                group: row.integer(Placed::Group),
                handle: row.some_text(Placed::Handle),
                room: row.some_text(Placed::Room),
            };
            let place = (sent_at(row.value(Placed::Date), belonging.imessage).unwrap_or(None), id);
            self.places.entry(self.conversations.of(&belonging)).or_default().push(place);
        });
        if let Err(error) = read {
            self.skipped.push(Skipped::new("some messages", error));
        }
    }

    fn found(
        &self,
        connection: &Connection,
        row: Row<'_, Column>,
        id: i64,
        chat: &Chat,
    ) -> rusqlite::Result<MessageRow> {
        match row.truth(Column::IsIMessage) {
            true => Ok(self.imessage(row, id, chat)),
            false => self.text_message(connection, row, id, chat),
        }
    }

    fn text_message(
        &self,
        connection: &Connection,
        row: Row<'_, Column>,
        id: i64,
        chat: &Chat,
    ) -> rusqlite::Result<MessageRow> {
        let pieces = self.pieces.of(connection, id, row.integer(Column::Group))?;
        let words = [row.some_text(Column::Text).unwrap_or_default(), pieces.text].concat();
        let is_from_me = row.integer(Column::Flags).is_some_and(|flags| flags & SMS_SENT != 0);
        let mut damage = Vec::new();
        let message = Message {
            id,
            chat_id: chat.id,
            date: moment_of(row, Column::Date, false, &mut damage),
            is_from_me,
            sender: (!is_from_me).then(|| self.sender(row, chat)).flatten(),
            service: Some(Service::Sms),
            subject: row.some_text(Column::Subject),
            text: Some(words).filter(|words| !words.is_empty()),
            ..Message::default()
        };
        let body = body::read(message.text.clone(), None, false);
        Ok(MessageRow { message, attached: pieces.files, pieces: body.pieces, damage, ..MessageRow::default() })
    }

    /// Who sent a text message: the address in its row, else in the list of those it went to, else the one other person.
    fn sender(&self, row: Row<'_, Column>, chat: &Chat) -> Sender {
        let listed = || row.blob(Column::Recipients).map(strings::read).unwrap_or_default().into_iter().next();
        match row.some_text(Column::Address).or_else(listed) {
            Some(address) => Some(Arc::new(named(self.directory, address))),
            None => match chat.participants.as_slice() {
                [only] => Some(Arc::new(only.clone())),
                _ => None,
            },
        }
    }

    fn imessage(&self, row: Row<'_, Column>, id: i64, chat: &Chat) -> MessageRow {
        let mut body = body::read(row.text(Column::Text), row.blob(Column::AttributedBody), true);
        let listed = || row.blob(Column::Attachments).map(strings::read).unwrap_or_default();
        let mut order = row.blob(Column::AttributedBody).map(body::attachment_names).unwrap_or_default();
        if order.is_empty() {
            order = listed();
            let unnamed = body.pieces.iter_mut().flat_map(|piece| &mut piece.files);
            unnamed.zip(&order).for_each(|(file, guid)| file.guid = Some(guid.clone()));
        }
        let is_from_me = row.integer(Column::IMessageFlags).is_some_and(|flags| flags & IMESSAGE_SENT != 0);
        let handle = row.some_text(Column::Handle).filter(|_| !is_from_me);
        let mut damage = Vec::new();
        let mut moment = |column| moment_of(row, column, true, &mut damage);
        let [date, date_read, date_delivered] =
            [Column::Date, Column::DateRead, Column::DateDelivered].map(&mut moment);
        let message = Message {
            id,
            guid: row.some_text(Column::Guid),
            chat_id: chat.id,
            date,
            date_read,
            date_delivered,
            is_from_me,
            sender: handle.map(|address| Arc::new(named(self.directory, address))),
            service: Some(row.some_text(Column::Service).as_deref().map_or(Service::IMessage, Service::read)),
            subject: row.some_text(Column::Subject),
            text: body.text,
            ..Message::default()
        };
        damage.extend(body.damage.map(|why| ("text", why)));
        let mut attached = self.files.of(id, &order);
        let mut positions = HashMap::new();
        for (position, guid) in order.iter().enumerate() {
            positions.entry(guid.as_str()).or_insert(position);
        }
        let position = |stored: &StoredAttachment| stored.guid.as_deref().and_then(|guid| positions.get(guid).copied());
        attached.sort_by_key(|stored| position(stored).unwrap_or(usize::MAX));
        MessageRow { message, attached, pieces: body.pieces, damage, ..MessageRow::default() }
    }
}

/// A handle with the name of whom it belongs to.
fn named(directory: &Directory, address: String) -> Handle {
    let name = directory.name_of(&address).map(str::to_owned);
    Handle { address, name }
}

/// Text messages count from 1970, iMessages from 2001.
fn sent_at(value: ValueRef<'_>, imessage: bool) -> Result<Option<AppleTime>, String> {
    if imessage { moment::read(value) } else { moment::read_unix(value) }
}

/// The same; what stands there instead of a moment is damage.
fn moment_of(
    row: Row<'_, Column>,
    column: Column,
    imessage: bool,
    damage: &mut Vec<(&'static str, String)>,
) -> Option<AppleTime> {
    sent_at(row.value(column), imessage).unwrap_or_else(|why| {
        damage.push((column.name(), why));
        None
    })
}

impl Generation for LegacyDatabase<'_> {
    fn chats(&self, _: &Connection, _: bool) -> Reading<Chat> {
        Reading { records: self.conversations.chats.clone(), skipped: self.skipped.clone() }
    }

    fn places(&self, _: &Connection, chat: i64) -> Reading<MessageKey> {
        Reading { records: self.places.get(&chat).cloned().unwrap_or_default(), skipped: Vec::new() }
    }

    /// None beforehand: the row of a message says which are its own.
    fn attachments(&self, _: &Connection, _: &Chat, _: &[i64], _: &mut Vec<Skipped>) -> Attachments {
        Attachments::new()
    }

    fn each_message(
        &self,
        connection: &Connection,
        chat: &Chat,
        places: &[MessageKey],
        each: &mut dyn FnMut(i64, rusqlite::Result<Option<MessageRow>>) -> ControlFlow<()>,
    ) -> rusqlite::Result<ControlFlow<()>> {
        let mut statement = connection.prepare_cached(&self.message)?;
        for (_, id) in places {
            let found = statement.query_row([id], |row| self.found(connection, Row::queried(row, 0), *id, chat));
            if each(*id, found.optional()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn count(&self, connection: &Connection) -> rusqlite::Result<(u64, u64)> {
        let attachments = self.pieces.count(connection)? + self.files.count();
        Ok((u64::try_from(self.conversations.chats.len()).unwrap_or(u64::MAX), attachments))
    }

    fn joined_rows(&self, _: &Connection) -> &JoinedRows {
        &self.joined_rows
    }

    fn find(&self, _: &Connection, _: &str) -> Option<i64> {
        None
    }

    fn shown_together(&self, _: &Connection) -> Vec<(i64, i64)> {
        Vec::new()
    }

    fn addresses(&self, connection: &Connection) -> BTreeSet<String> {
        let people = self.conversations.chats.iter().flat_map(|chat| &chat.participants);
        let mut addresses: BTreeSet<String> = people.map(|handle| handle.address.clone()).collect();
        // What cannot be read has been said when the conversations were read.
        let _ = each_row_both_ways(connection, &self.named, &mut |row| {
            let row = Row::queried(row, 1);
            addresses.extend([Named::Address, Named::Handle].into_iter().filter_map(|column| row.some_text(column)));
        });
        addresses
    }

    fn involving(&self, connection: &Connection, is_meant: &dyn Fn(&str) -> bool) -> Involved {
        let mut involved = Involved::default();
        let read = each_row_both_ways(connection, &self.named, &mut |row| {
            let Some(id) = integer(row, 0) else { return };
            let row = Row::queried(row, 1);
            let handle = row.some_text(Named::Handle);
            let listed = row.blob(Named::Recipients).map(strings::read).unwrap_or_default();
            let address = row.some_text(Named::Address);
            if address.iter().chain(&handle).chain(&listed).any(|address| is_meant(address)) {
                let (imessage, group) = (row.truth(Named::IsIMessage), row.integer(Named::Group));
                let belonging = Belonging { imessage, group, handle, room: row.some_text(Named::Room) };
                involved.chats.insert(self.conversations.of(&belonging));
                involved.messages.push(id);
            }
        });
        involved.skipped.extend(read.err().map(|error| Skipped::new("some messages of whom was asked for", error)));
        involved.messages.sort_unstable();
        involved.messages.dedup();
        involved
    }

    fn owner(&self, _: &Connection) -> Owner {
        Owner::default()
    }
}

#[cfg(test)]
mod tests;
