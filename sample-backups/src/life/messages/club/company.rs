//! Those who are no friends: a company that asks, and somebody whom nobody asked.

use rusqlite::types::Value;

use crate::error::Result;
use crate::life::messages::apps;
use crate::life::messages::story::{Message, PLACEHOLDER, Story};

const ADDRESS: &str = "urn:biz:11111111-2222-3333-4444-555555555555";
const BUNDLE: &str = "com.apple.icloud.apps.messages.business.extension";

/// Every form of question, and what was answered.
const ASKED: [(&str, &str, &str); 6] = [
    (
        ADDRESS,
        "2024-10-11T10:00:00Z",
        r#"{"quick-reply":{"summaryText":"Is the boat ready?","items":[{"title":"Yes"},{"title":"No"}]}}"#,
    ),
    (
        "",
        "2024-10-11T10:01:00Z",
        r#"{"quick-reply":{"summaryText":"Is the boat ready?","items":[{"title":"Yes"},{"title":"No"}],"selectedIndex":0}}"#,
    ),
    (
        ADDRESS,
        "2024-10-11T10:02:00Z",
        r#"{"receivedMessage":{"title":"Which boat?"},"listPicker":{"sections":[{"title":"Kayaks","items":[
            {"title":"Red","subtitle":"For one"},{"title":"Blue","subtitle":"For two"}]}]}}"#,
    ),
    (
        ADDRESS,
        "2024-10-11T10:03:00Z",
        r#"{"event":{"title":"When do you come?","timeslots":[{"startTime":"2024-10-12T09:00+0000"}]}}"#,
    ),
    (ADDRESS, "2024-10-11T10:04:00Z", r#"{"dynamic":{"template":"messageForms"}}"#),
    ("", "2024-10-11T10:05:00Z", r#"{"dynamic":{"selections":[{"title":"Name","items":[{"title":"Mira"}]}]}}"#),
];

/// What a company asks, and what Mira answers.
pub(super) fn tell(story: &mut Story) -> Result<()> {
    let chat = story.chat(ADDRESS, "iMessage", None, &[ADDRESS]);
    for (from, at, json) in ASKED {
        let payload = apps::business(json)?;
        story.tells(chat, from, at, PLACEHOLDER, |message| {
            Message { body: None, ..message }.with("balloon_bundle_id", BUNDLE.to_owned()).with("payload_data", payload)
        })?;
    }
    Ok(())
}

/// Somebody whom nobody knows, and whom the phone put aside.
pub(super) fn unwanted(story: &mut Story) -> Result<()> {
    for (address, column, value) in [("+14155550166", "is_filtered", 2), ("+14155550167", "is_blackholed", 1)] {
        let chat = story.chat(address, "SMS", None, &[address]);
        story.tells(chat, address, "2024-10-12T03:00:00Z", "You won a boat! Answer YES", |message| {
            message.with("is_spam", 1)
        })?;
        if let Some(chat) = story.chats.get_mut(chat) {
            chat.columns.push((column, Value::Integer(value)));
        }
    }
    Ok(())
}
