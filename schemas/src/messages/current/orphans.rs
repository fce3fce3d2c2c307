//! Which messages belong to no chat.

use std::collections::HashSet;

use rusqlite::Connection;

use super::super::generation::NO_CHAT;
use super::links::Links;
use super::members::{either_way, links_of};
use crate::database::{Schema, integer};
use crate::records::Reading;
use crate::skipped::Skipped;

/// The messages that no chat holds which is there: a link to a chat that is gone counts for nothing. Where links cannot
/// be read, their messages are among these: shown without their chat rather than not at all. `read_links` reads all links
/// at once where that is possible, meanwhile.
pub(super) fn messages<'l>(
    schema: &Schema,
    connection: &Connection,
    read_links: impl FnOnce() -> Option<&'l Links> + Send,
) -> Reading<i64> {
    let mut orphans = Reading::default();
    let mut note = |what: &str, read: rusqlite::Result<()>| {
        orphans.skipped.extend(read.err().map(|error| Skipped::new(what, error)));
    };
    let mut chats = HashSet::new();
    if schema.has_table("chat") {
        let all = |way: &str| format!("SELECT ROWID FROM chat{way} WHERE ROWID <> {NO_CHAT}");
        note("some chats", either_way(connection, &all, &mut |row| chats.extend(integer(row, 0))));
    }
    let all = |way: &str| format!("SELECT ROWID FROM message{way}");
    let mut found = Vec::new();
    let (links, read) = std::thread::scope(|scope| {
        let links = scope.spawn(read_links);
        let read = either_way(connection, &all, &mut |row| found.extend(integer(row, 0)));
        (links.join().ok().flatten(), read)
    });
    note("some messages that belong to no chat", read);
    let mut held = Vec::with_capacity(found.len());
    match links {
        Some(links) => chats.iter().for_each(|chat| held.extend(links.of(*chat).map(|(message, _)| message))),
        None => {
            for link in links_of(schema) {
                let all = |way: &str| format!("SELECT chat_id, message_id FROM {link}{way}");
                let read = either_way(connection, &all, &mut |row| {
                    let chat = integer(row, 0).filter(|chat| chats.contains(chat));
                    held.extend(chat.and(integer(row, 1)));
                });
                note("which chats some messages belong to", read);
            }
        }
    }
    held.sort_unstable();
    found.sort_unstable();
    found.dedup();
    let mut held = held.into_iter().peekable();
    found.retain(|id| {
        while held.next_if(|held| held < id).is_some() {}
        held.peek() != Some(id)
    });
    orphans.records = found;
    orphans
}
