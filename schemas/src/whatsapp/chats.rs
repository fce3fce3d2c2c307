//! Conversations: the rows of `ZWACHATSESSION`, and who takes part after `ZWAGROUPMEMBER`.

use foldhash::{HashMap, HashSet};
use rusqlite::Connection;

use super::columns::{CHATS, ChatColumn};
use super::jid::Jid;
use super::media;
use super::store::Store;
use crate::database::{Row, each_of_table, each_row, integer, name};
use crate::messages::{Attachment, AttachmentContent, Chat, ChatSort, Handle, Origin, Properties};
use crate::records::Reading;
use crate::skipped::Skipped;

/// Reads all conversations of a store, ordered by number. Those with one person under a number and under an identifier that
/// says none are one, unless they are to stay apart.
pub(super) fn read(store: &Store<'_>, connection: &Connection, is_apart: bool, with_orphans: bool) -> Reading<Chat> {
    let mut reading = Reading::default();
    let read = each_of_table::<ChatColumn>(connection, &store.schema, CHATS, &mut |id, row| match id {
        Some(id) if id != super::places::NO_CHAT => reading.records.push(chat(store, connection, id, row)),
        _ => {}
    });
    reading.skipped.extend(read.err().map(|error| Skipped::part("some conversations", error)));
    reading.records.sort_by_key(|chat| chat.id);
    if !is_apart {
        reading.records = joined(reading.records);
    }
    if with_orphans {
        let mut skipped = Vec::new();
        let places = store.places.of_chat(connection, &store.schema, super::places::NO_CHAT, &mut skipped);
        reading.skipped.append(&mut skipped);
        if !places.is_empty() {
            let orphans = Chat { service: Some(store.account.service()), ..Chat::default() };
            reading.records.insert(0, Chat { id: store.orphans(), ..orphans });
        }
    }
    reading
}

fn chat(store: &Store<'_>, connection: &Connection, id: i64, row: Row<'_, ChatColumn>) -> Chat {
    let jid = row.name(ChatColumn::Jid).unwrap_or_default();
    let parsed = Jid::read(&jid).filter(|_| !jid.is_empty());
    let kind = row.integer(ChatColumn::Kind);
    let sort = sort(parsed, kind);
    let is_two = sort == ChatSort::Conversation && kind != Some(1) && parsed.is_some_and(Jid::is_person);
    let name = row.name(ChatColumn::Name).map(|name| unmarked(&name));
    let service = store.account.service();
    Chat {
        id: id.saturating_add(store.account.offset()),
        guid: format!("{};{jid}", service.as_str()),
        // Of two people, the other one is called as everywhere else.
        display_name: name.filter(|name| !is_two && !name.is_empty()),
        participants: participants(store, id, parsed.filter(|_| is_two)),
        is_group: !is_two,
        sort,
        properties: Properties {
            photo: group_picture(store, connection, row.integer(ChatColumn::Group), &jid).map(Box::new),
            own_handle: store.owner.first().map(|owner| owner.address.clone()),
            is_archived: row.truth(ChatColumn::IsArchived),
            is_removed: row.truth(ChatColumn::IsRemoved),
            is_hidden: row.truth(ChatColumn::IsHidden),
            ..Properties::default()
        },
        service: Some(service),
        identifier: jid,
        ..Chat::default()
    }
}

/// What a conversation is: the identifier knows it best, since status updates stand under either number.
fn sort(jid: Option<Jid<'_>>, kind: Option<i64>) -> ChatSort {
    if let Some(sort) = jid.and_then(Jid::sort) {
        return sort;
    }
    match kind {
        None | Some(0 | 1) => ChatSort::Conversation,
        Some(2) => ChatSort::Broadcast,
        Some(3) => ChatSort::Status,
        Some(4) => ChatSort::Community,
        Some(other) => ChatSort::Other(other),
    }
}

fn participants(store: &Store<'_>, id: i64, other: Option<Jid<'_>>) -> Vec<Handle> {
    let members = store.members.of_chat.get(&id).into_iter().flatten();
    let jids = members.filter_map(|member| store.members.jids.get(member).map(String::as_str));
    let whole = other.map(Jid::whole);
    let all = whole.as_deref().into_iter().chain(jids.filter(|_| other.is_none()));
    let mut seen = HashSet::default();
    let people = all.filter_map(|jid| store.names.person(jid));
    let others = people.filter(|handle| other.is_some() || !store.is_owner(&handle.address));
    others.filter(|handle| seen.insert(handle.address.clone())).map(|handle| (*handle).clone()).collect()
}

/// The picture of a group, where the backup holds it.
fn group_picture(store: &Store<'_>, connection: &Connection, group: Option<i64>, jid: &str) -> Option<Attachment> {
    let picture = |entry: crate::source::Entry| {
        let name = entry.path.rsplit('/').next().unwrap_or_default().to_owned();
        Attachment::new(0, name, AttachmentContent::File(entry))
    };
    if let Some(entry) = store.names.picture(jid).filter(|_| Jid::read(jid).is_some_and(Jid::is_group)) {
        return Some(picture(entry.clone()));
    }
    let group = group.filter(|_| store.schema.has_column("ZWAGROUPINFO", "ZPICTUREPATH"))?;
    let mut path = None;
    let sql = "SELECT ZPICTUREPATH, ROWID FROM ZWAGROUPINFO WHERE ROWID = ?1";
    each_row(connection, sql, [group], &mut |row| path = name(row, 0).filter(|_| integer(row, 1).is_some())).ok()?;
    let path = path.filter(|path| media::is_sound(path))?;
    [".jpg", ".thumb", ""].iter().find_map(|ending| {
        let entry = store.source.entry(store.account.domain(), &format!("{path}{ending}")).ok()?;
        (entry.kind == crate::source::EntryKind::File).then(|| picture(entry))
    })
}

/// Makes one of those with the same person.
fn joined(chats: Vec<Chat>) -> Vec<Chat> {
    let mut joined: Vec<Chat> = Vec::with_capacity(chats.len());
    let mut places: HashMap<String, usize> = HashMap::default();
    for chat in chats {
        let other = chat.participants.first().filter(|_| !chat.is_group).map(|handle| handle.address.clone());
        let place = other.map(|other| *places.entry(other).or_insert(joined.len()));
        match place.and_then(|place| joined.get_mut(place)) {
            Some(first) => first.merged.push(Origin {
                id: chat.id,
                guid: chat.guid,
                identifier: chat.identifier,
                service: chat.service,
            }),
            None => joined.push(chat),
        }
    }
    joined
}

/// A name without the marks of direction that WhatsApp puts around some.
fn unmarked(name: &str) -> String {
    name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}')).to_owned()
}
