//! The conversations of the database, and what the device remembers about them.
//!
//! `properties` is a property list: `groupPhotoGuid` names the attachment with the picture of a group,
//! `EnableReadReceiptForChat` and `shouldForceToSMS` say what they are called, `backgroundProperties` is there where the
//! conversation has a background of its own. Muting is a date in `muteUntilDate`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::Connection;

use super::super::attachments::StoredAttachment;
use super::super::generation::NO_CHAT;
use super::super::model::{Chat, Filtered, Handle, Owner, Properties, Service};
use super::CurrentDatabase;
use crate::database::{Column as _, Row, Schema, columns, each_row, each_row_both_ways, integer, some_text};
use crate::formats::plist::{self, Value};
use crate::records::Reading;
use crate::skipped::Skipped;

columns! {
    /// The columns of `chat`.
    enum Column {
        Guid = "guid",
        Identifier = "chat_identifier",
        Room = "room_name",
        Name = "display_name",
        Service = "service_name",
        Style = "style",
        IsArchived = "is_archived",
        OwnHandle = "last_addressed_handle",
        Filter = "is_filtered",
        IsBlackholed = "is_blackholed",
        Properties = "properties",
        Login = "account_login",
    }

    /// The columns of `attachment` that tell of a picture.
    enum Picture {
        Guid = "guid",
        Path = "filename",
        TransferName = "transfer_name",
        Mime = "mime_type",
        Size = "total_bytes",
    }
}

/// Of how many groups the pictures are looked up one by one: the table need not have an index of identifiers.
const FEW: usize = 8;

/// `style` of a group.
const GROUP: i64 = 43;

impl CurrentDatabase<'_> {
    /// Reads all conversations.
    pub(super) fn read_chats(&self, connection: &Connection, reading: &mut Reading<Chat>) {
        if !self.schema.has_table("chat") {
            return;
        }
        let mut participants = self.participants(connection, &mut reading.skipped);
        let columns = self.schema.columns("chat", "c", Column::NAMES);
        let sql = format!("SELECT c.ROWID, {columns} FROM chat c WHERE c.ROWID <> {NO_CHAT}");
        let mut photos = Vec::new();
        let chats = &mut reading.records;
        let read = each_row_both_ways(connection, &sql, &mut |row| {
            let Some(id) = integer(row, 0) else { return };
            let (chat, photo) = chat(Row::queried(row, 1), id, participants.remove(&id).unwrap_or_default());
            photos.extend(photo.map(|guid| (chats.len(), guid)));
            chats.push(chat);
        });
        if let Err(error) = read {
            reading.skipped.push(Skipped::new("some chats", error));
        }
        let found = self.photos(connection, photos.iter().map(|(_, guid)| guid.as_str()).collect());
        for (place, guid) in photos {
            if let Some(chat) = reading.records.get_mut(place) {
                let photo = found.get(&guid).cloned().map(|stored| stored.resolve(self.source));
                chat.properties.photo = photo.map(Box::new);
            }
        }
    }

    /// Everybody who takes part, by chat, in the order in which they were added.
    fn participants(&self, connection: &Connection, skipped: &mut Vec<Skipped>) -> HashMap<i64, Vec<Handle>> {
        let mut participants: HashMap<i64, Vec<Handle>> = HashMap::new();
        if !self.has_join("chat_handle_join", ["chat_id", "handle_id"]) {
            return participants;
        }
        let sql = "SELECT j.ROWID, j.chat_id, j.handle_id FROM chat_handle_join j";
        // An address is one handle in memory, whatever number of rows it has.
        let mut known: HashSet<(i64, *const Handle)> = HashSet::new();
        let read = each_row_both_ways(connection, sql, &mut |row| {
            let handle = integer(row, 2).and_then(|id| self.handles.get(&id));
            if let (Some(chat), Some(handle)) = (integer(row, 1), handle)
                && known.insert((chat, Arc::as_ptr(handle)))
            {
                participants.entry(chat).or_default().push(Handle::clone(handle));
            }
        });
        if let Err(error) = read {
            skipped.push(Skipped::part("the participants of some chats", error));
        }
        participants
    }

    /// The pictures of groups, by the identifiers of their attachments.
    fn photos(&self, connection: &Connection, guids: HashSet<&str>) -> HashMap<String, StoredAttachment> {
        let mut found = HashMap::new();
        if guids.is_empty() || !self.schema.has_column("attachment", "guid") {
            return found;
        }
        let columns = self.schema.columns("attachment", "a", Picture::NAMES);
        let sql = format!("SELECT a.ROWID, {columns} FROM attachment a");
        let mut add = |row: &rusqlite::Row<'_>| {
            let (id, row) = (integer(row, 0), Row::queried(row, 1));
            let (Some(id), Some(guid)) = (id, row.some_text(Picture::Guid)) else { return };
            if guids.contains(guid.as_str()) {
                let stored = StoredAttachment {
                    id,
                    guid: Some(guid.clone()),
                    path: row.some_text(Picture::Path),
                    transfer_name: row.some_text(Picture::TransferName),
                    mime: row.some_text(Picture::Mime),
                    size: row.integer(Picture::Size),
                    ..StoredAttachment::default()
                };
                found.insert(guid, stored);
            }
        };
        // A picture that cannot be read is none: initials stand in its place.
        match guids.len() <= FEW {
            true => guids.iter().for_each(|guid| {
                let _ = each_row(connection, &format!("{sql} WHERE a.guid = ?1"), [guid], &mut add);
            }),
            false => _ = each_row(connection, &sql, [], &mut add),
        }
        found
    }
}

/// A conversation, and the identifier of its picture.
fn chat(row: Row<'_, Column>, id: i64, participants: Vec<Handle>) -> (Chat, Option<String>) {
    let guid = row.text(Column::Guid).unwrap_or_default();
    let identifier =
        row.some_text(Column::Identifier).or_else(|| row.some_text(Column::Room)).unwrap_or_else(|| guid.clone());
    let is_group = match row.integer(Column::Style) {
        Some(style) => style == GROUP,
        None => participants.len() > 1,
    };
    let (mut properties, photo) = row.blob(Column::Properties).map(properties).unwrap_or_default();
    properties.is_archived = row.truth(Column::IsArchived);
    properties.own_handle =
        row.some_text(Column::OwnHandle).or_else(|| row.some_text(Column::Login)).map(|login| own_handle(&login));
    let chat = Chat {
        id,
        guid,
        identifier,
        display_name: row.name(Column::Name),
        service: row.some_text(Column::Service).as_deref().map(Service::read),
        participants,
        is_group,
        filtered: filtered(row.integer(Column::Filter), row.truth(Column::IsBlackholed)),
        properties,
        ..Chat::default()
    };
    (chat, photo)
}

fn filtered(list: Option<i64>, is_blackholed: bool) -> Filtered {
    match list.unwrap_or(0) {
        _ if is_blackholed => Filtered::Blocked,
        0 => Filtered::No,
        1 => Filtered::UnknownSender,
        2 => Filtered::Spam,
        other => Filtered::Other(other),
    }
}

/// What the list says, and the identifier of the picture. A list that cannot be read says nothing: it holds nothing that
/// anybody wrote.
fn properties(list: &[u8]) -> (Properties, Option<String>) {
    let Ok(Value::Dictionary(list)) = plist::read(list) else { return Default::default() };
    let truth = |key: &str| list.get(key).and_then(Value::to_i64).map(|number| number != 0);
    let own = Properties {
        read_receipts: truth("EnableReadReceiptForChat"),
        is_muted: list.get("muteUntilDate").is_some() || truth("ignoreAlertsFlag").unwrap_or(false),
        is_forced_to_sms: truth("shouldForceToSMS").unwrap_or(false),
        has_background: list.get("backgroundProperties").is_some(),
        ..Properties::default()
    };
    let photo = list.get("groupPhotoGuid").and_then(Value::as_str).filter(|guid| !guid.is_empty());
    (own, photo.map(str::to_owned))
}

/// Accounts name their handle with its kind before it: `P:+15550101234`, `E:anna@example.org`.
fn own_handle(login: &str) -> String {
    let bare = ["P:", "p:", "E:", "e:"].iter().find_map(|kind| login.strip_prefix(kind));
    bare.unwrap_or(login).to_owned()
}

/// Which conversations are shown as one, since iOS 26: those that are looked up by the same identifier.
pub(super) fn shown_together(schema: &Schema, connection: &Connection) -> Vec<(i64, i64)> {
    if !["identifier", "chat"].iter().all(|column| schema.has_column("chat_lookup", column)) {
        return Vec::new();
    }
    let columns = schema.columns("chat_lookup", "l", &["identifier", "domain", "chat"]);
    let mut first: HashMap<(String, Option<String>), i64> = HashMap::new();
    let mut pairs = Vec::new();
    // Without this table, who takes part says the same in most cases.
    let _ = each_row(connection, &format!("SELECT {columns} FROM chat_lookup l"), [], &mut |row| {
        let (Some(identifier), Some(chat)) = (some_text(row, 0), integer(row, 2)) else { return };
        let known = *first.entry((identifier, some_text(row, 1))).or_insert(chat);
        if known != chat {
            pairs.push((known, chat));
        }
    });
    pairs
}

/// The owner's handles, the most used first: by how many conversations they were used in.
pub(super) fn owner(schema: &Schema, connection: &Connection) -> Owner {
    let mut counts: HashMap<String, usize> = HashMap::new();
    if schema.has_table("chat") {
        let columns = schema.columns("chat", "c", &["last_addressed_handle", "account_login"]);
        let sql = format!("SELECT c.ROWID, {columns} FROM chat c");
        // What cannot be read here has been said when the conversations were read.
        let _ = each_row_both_ways(connection, &sql, &mut |row| {
            let stored = some_text(row, 1).or_else(|| some_text(row, 2));
            let Some(handle) = stored.map(|login| own_handle(&login)).filter(|handle| !handle.is_empty()) else {
                return;
            };
            *counts.entry(handle).or_default() += 1;
        });
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.cmp(b)));
    Owner { name: None, handles: counts.into_iter().map(|(handle, _)| handle).collect() }
}
