//! The conversations of iOS 3 to 5: groups of text messages, and the iMessage chats beside them.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::super::generation::{MessageKey, NO_CHAT};
use super::super::model::{Chat, Handle, Service};
use super::strings;
use crate::database::{Schema, columns, each_of_table, each_row_both_ways, integer};
use crate::people::Directory;
use crate::skipped::Skipped;

/// Groups and iMessage chats are numbered each from 1. The chats count on from here, so that every number is one chat's.
const IMESSAGE_CHATS: i64 = 1 << 32;

columns! {
    /// The columns of `madrid_chat`.
    enum Column {
        Guid = "guid",
        Identifier = "chat_identifier",
        Room = "room_name",
        Service = "service_name",
        Participants = "participants",
    }

    /// The columns of `group_member`.
    enum Member { Group = "group_id", Address = "address" }
}

/// The chats, and how a message finds its own.
#[derive(Default)]
pub(super) struct Conversations {
    /// Ordered by number.
    pub(super) chats: Vec<Chat>,
    groups: HashSet<i64>,
    rooms: HashMap<String, i64>,
    handles: HashMap<String, i64>,
}

/// What a message says about where it belongs.
pub(super) struct Belonging {
    pub(super) imessage: bool,
    pub(super) group: Option<i64>,
    pub(super) handle: Option<String>,
    pub(super) room: Option<String>,
}

impl Conversations {
    pub(super) fn read(
        schema: &Schema,
        connection: &Connection,
        directory: &Directory,
        skipped: &mut Vec<Skipped>,
    ) -> Self {
        let mut own = Self { chats: vec![Chat::of_orphans()], ..Self::default() };
        let mut note = |what: &str, read: rusqlite::Result<()>| {
            skipped.extend(read.err().map(|error| Skipped::new(what, error)));
        };
        let mut members = HashMap::new();
        note("the participants of some groups", read_members(schema, connection, &mut members));
        note("some groups", own.read_groups(schema, connection, members));
        note("some iMessage chats", own.read_chats(schema, connection));
        own.chats.sort_by_key(|chat| chat.id);
        for handle in own.chats.iter_mut().flat_map(|chat| &mut chat.participants) {
            handle.name = directory.name_of(&handle.address).map(str::to_owned);
        }
        own
    }

    fn read_groups(
        &mut self,
        schema: &Schema,
        connection: &Connection,
        mut members: HashMap<i64, Vec<Handle>>,
    ) -> rusqlite::Result<()> {
        if !schema.has_table("msg_group") {
            return Ok(());
        }
        each_row_both_ways(connection, "SELECT g.ROWID FROM msg_group g", &mut |row| {
            if let Some(id) = integer(row, 0).filter(|id| *id != NO_CHAT) {
                self.groups.insert(id);
                self.chats.push(group(id, members.remove(&id).unwrap_or_default()));
            }
        })
    }

    fn read_chats(&mut self, schema: &Schema, connection: &Connection) -> rusqlite::Result<()> {
        each_of_table(connection, schema, "madrid_chat", &mut |id, row| {
            let Some(id) = id.and_then(|id| IMESSAGE_CHATS.checked_add(id)) else { return };
            let room = row.some_text(Column::Room);
            let is_group = room.is_some();
            let identifier = row.some_text(Column::Identifier).or_else(|| room.clone()).unwrap_or_default();
            match room {
                Some(room) => self.rooms.entry(room).or_insert(id),
                None => self.handles.entry(identifier.clone()).or_insert(id),
            };
            let participants = row.blob(Column::Participants).map(strings::read).unwrap_or_default();
            let participants = participants.into_iter().map(|address| Handle { address, name: None }).collect();
            let guid = row.some_text(Column::Guid).unwrap_or_else(|| identifier.clone());
            let service = row.some_text(Column::Service);
            let service = Some(service.as_deref().map_or(Service::IMessage, Service::read));
            self.chats.push(Chat { id, guid, identifier, service, participants, is_group, ..Chat::default() });
        })
    }

    /// The number of the chat that a message belongs to.
    pub(super) fn of(&self, belonging: &Belonging) -> i64 {
        let chat = match belonging {
            Belonging { imessage: true, room: Some(room), .. } => self.rooms.get(room),
            Belonging { imessage: true, handle: Some(handle), .. } => self.handles.get(handle),
            Belonging { imessage: false, group: Some(group), .. } => self.groups.get(group),
            _ => None,
        };
        chat.copied().unwrap_or(NO_CHAT)
    }

    /// Takes the chat of messages without one away again when there are none.
    pub(super) fn drop_empty_orphans(&mut self, places: &HashMap<i64, Vec<MessageKey>>) {
        self.chats.retain(|chat| chat.id != NO_CHAT || places.contains_key(&NO_CHAT));
    }
}

fn read_members(
    schema: &Schema,
    connection: &Connection,
    members: &mut HashMap<i64, Vec<Handle>>,
) -> rusqlite::Result<()> {
    each_of_table(connection, schema, "group_member", &mut |_, row| {
        if let (Some(group), Some(address)) = (row.integer(Member::Group), row.some_text(Member::Address)) {
            members.entry(group).or_default().push(Handle { address, name: None });
        }
    })
}

/// A group of text messages. It has no identifier of its own; this one is built as later versions build theirs.
fn group(id: i64, participants: Vec<Handle>) -> Chat {
    let (guid, identifier) = match participants.as_slice() {
        [only] => (format!("SMS;-;{}", only.address), only.address.clone()),
        _ => (format!("SMS;+;group{id}"), format!("group{id}")),
    };
    let is_group = participants.len() > 1;
    Chat { id, guid, identifier, service: Some(Service::Sms), participants, is_group, ..Chat::default() }
}
