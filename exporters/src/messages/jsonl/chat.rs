//! The record of a conversation.

use corer_schemas::messages::{Chat, ChatSort, Filtered, Service};
use serde::Serialize;
use serde_json::{Value, json};

use super::is_false;
use super::person::Person;
use crate::messages::title::title;

#[derive(Serialize)]
pub(super) struct ChatRecord<'a> {
    id: i64,
    guid: &'a str,
    identifier: &'a str,
    name: Option<&'a str>,
    title: String,
    service: Option<&'a str>,
    participants: Vec<Person<'a>>,
    is_group: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged: Vec<MergedRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filtered: Option<Value>,
    #[serde(skip_serializing_if = "is_false")]
    is_archived: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_removed: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_hidden: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_muted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_handle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_receipts: Option<bool>,
    #[serde(skip_serializing_if = "is_false")]
    is_forced_to_sms: bool,
    #[serde(skip_serializing_if = "is_false")]
    has_background: bool,
}

#[derive(Serialize)]
struct MergedRecord<'a> {
    id: i64,
    guid: &'a str,
    identifier: &'a str,
    service: Option<&'a str>,
}

impl<'a> ChatRecord<'a> {
    pub(super) fn new(chat: &'a Chat) -> Self {
        let merged = chat.merged.iter().map(|origin| MergedRecord {
            id: origin.id,
            guid: &origin.guid,
            identifier: &origin.identifier,
            service: origin.service.as_ref().map(Service::as_str),
        });
        Self {
            id: chat.id,
            guid: &chat.guid,
            identifier: &chat.identifier,
            name: chat.display_name.as_deref(),
            title: title(chat),
            service: chat.service.as_ref().map(Service::as_str),
            participants: chat.participants.iter().map(Person::new).collect(),
            is_group: chat.is_group,
            sort: sort(chat.sort),
            merged: merged.collect(),
            filtered: filtered(chat.filtered),
            is_archived: chat.properties.is_archived,
            is_removed: chat.properties.is_removed,
            is_hidden: chat.properties.is_hidden,
            is_muted: chat.properties.is_muted,
            own_handle: chat.properties.own_handle.as_deref(),
            read_receipts: chat.properties.read_receipts,
            is_forced_to_sms: chat.properties.is_forced_to_sms,
            has_background: chat.properties.has_background,
        }
    }
}

fn sort(sort: ChatSort) -> Option<Value> {
    Some(match sort {
        ChatSort::Conversation => return None,
        ChatSort::Community => json!("community"),
        ChatSort::Broadcast => json!("broadcast"),
        ChatSort::Status => json!("status"),
        ChatSort::Channel => json!("channel"),
        ChatSort::Other(number) => json!(number),
    })
}

fn filtered(filtered: Filtered) -> Option<Value> {
    Some(match filtered {
        Filtered::No => return None,
        Filtered::UnknownSender => json!("unknown_sender"),
        Filtered::Spam => json!("spam"),
        Filtered::Blocked => json!("blocked"),
        Filtered::Other(list) => json!(list),
    })
}
