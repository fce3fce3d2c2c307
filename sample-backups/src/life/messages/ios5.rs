//! `sms.db` of iOS 5: SMS rows and "madrid" rows (iMessage) side by side in one table.
//!
//! SMS rows count seconds since 1970 and belong to a `msg_group`; bit 0 of `flags` is "sent", 2 is "received", 3 is
//! "sent". Madrid rows count seconds since 2001 and name their handle themselves; bit 15 of `madrid_flags` is "sent".

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::story::{Chat, Message, Story};
use crate::database::{self, insert};
use crate::error::Result;
use crate::seed::Seed;

const SCHEMA: &str = include_str!("../../../schema/sms-ios5.sql");

/// `madrid_flags` of finished received and sent rows.
const RECEIVED: i64 = 12_289;
const SENT: i64 = 36_869;

/// Builds the database.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn database(story: &Story, seed: &Seed) -> Result<Vec<u8>> {
    database::build(SCHEMA, |db| {
        insert(db, "_SqliteDatabaseProperties", &[("key", &"_ClientVersion"), ("value", &"21")])?;
        let mut groups = BTreeMap::new();
        for message in &story.messages {
            let Some(chat) = message.chat.and_then(|index| story.chats.get(index)) else { continue };
            if chat.service == "SMS" {
                let group = group(db, &mut groups, chat)?;
                sms(db, message, chat, group)?;
            } else {
                madrid(db, message, chat, seed)?;
            }
        }
        for chat in story.chats.iter().filter(|chat| chat.service == "iMessage" && !chat.participants.is_empty()) {
            madrid_chat(db, chat)?;
        }
        Ok(())
    })
}

fn group(db: &Connection, groups: &mut BTreeMap<String, i64>, chat: &Chat) -> Result<i64> {
    if let Some(id) = groups.get(&chat.identifier) {
        return Ok(*id);
    }
    let id = insert(db, "msg_group", &[("type", &0), ("newest_message", &0), ("unread_count", &0), ("hash", &0)])?;
    for address in &chat.participants {
        insert(db, "group_member", &[("group_id", &id), ("address", address), ("country", &"us")])?;
    }
    groups.insert(chat.identifier.clone(), id);
    Ok(id)
}

fn sms(db: &Connection, message: &Message, chat: &Chat, group: i64) -> Result<()> {
    insert(
        db,
        "message",
        &[
            ("address", &chat.identifier),
            ("date", &message.at.unix()),
            ("text", &message.text),
            ("flags", if message.from.is_some() { &2 } else { &3 }),
            ("group_id", &group),
            ("version", &1),
            ("country", &"us"),
            ("read", &1),
            ("is_madrid", &0),
        ],
    )?;
    Ok(())
}

fn madrid(db: &Connection, message: &Message, chat: &Chat, seed: &Seed) -> Result<()> {
    insert(
        db,
        "message",
        &[
            ("date", &(message.at.apple() as i64)),
            ("text", &message.text),
            ("flags", &0),
            ("version", &0),
            ("read", &1),
            ("madrid_attributedBody", &message.body),
            ("madrid_handle", &chat.identifier),
            ("madrid_version", &10),
            ("madrid_guid", &message.guid(seed)),
            ("madrid_type", &0),
            ("madrid_service", &"Madrid"),
            ("madrid_account", &"p:+14155550100"),
            ("madrid_flags", if message.from.is_some() { &RECEIVED } else { &SENT }),
            ("madrid_error", &0),
            ("is_madrid", &1),
            ("madrid_date_read", &0),
            ("madrid_date_delivered", &0),
        ],
    )?;
    Ok(())
}

fn madrid_chat(db: &Connection, chat: &Chat) -> Result<()> {
    insert(
        db,
        "madrid_chat",
        &[
            ("style", &45),
            ("state", &3),
            ("chat_identifier", &chat.identifier),
            ("service_name", &"Madrid"),
            ("guid", &chat.guid()),
            ("account_login", &"P:+14155550100"),
        ],
    )?;
    Ok(())
}
