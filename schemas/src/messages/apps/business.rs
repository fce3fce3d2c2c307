//! Conversations with companies: JSON in the field `data` of the archive.

use serde_json::Value;

use super::super::model::Card;
use super::super::model::app::{Business, BusinessItem, BusinessKind};
use super::child;
use crate::formats::keyed_archive::Node;

/// The most choices and answers that are read.
const MOST_ITEMS: usize = 1000;
/// The largest content, in bytes.
const MAX_JSON: usize = 4 << 20;

/// Reads what a company asks or was answered. `None` where the archive holds nothing beyond its card.
pub(super) fn read(root: &Node<'_, '_>, card: &Card) -> Option<Business> {
    let data = child(root, "data")?.data().filter(|data| data.len() <= MAX_JSON)?;
    let json: Value = serde_json::from_slice(data).ok()?;
    let mut own = if let Some(reply) = json.get("quick-reply").filter(|reply| reply.get("items").is_some()) {
        quick_reply(reply)
    } else if let Some(list) = json.get("listPicker") {
        list_picker(list, &json)
    } else if let Some(event) = json.get("event").filter(|event| event.get("timeslots").is_some()) {
        time_picker(event)
    } else if let Some(form) = json.get("dynamic") {
        form_of(form)
    } else {
        Business::default()
    };
    own.title = own.title.or_else(|| card.caption.clone()).or_else(|| card.summary.clone());
    own.subtitle = own.subtitle.or_else(|| card.subcaption.clone());
    own.items.truncate(MOST_ITEMS);
    Some(own)
}

fn quick_reply(reply: &Value) -> Business {
    let chosen = reply.get("selectedIndex").and_then(Value::as_u64);
    let item = |(place, item): (usize, &Value)| BusinessItem {
        text: word(item, "title").unwrap_or_default(),
        is_chosen: chosen == u64::try_from(place).ok(),
        ..BusinessItem::default()
    };
    Business {
        kind: BusinessKind::QuickReply,
        title: word(reply, "summaryText"),
        items: list(reply, "items").enumerate().map(item).collect(),
        ..Business::default()
    }
}

/// In an answer, what was chosen stands in the first section.
fn list_picker(picker: &Value, json: &Value) -> Business {
    let is_answer = json.get("replyMessage").is_some_and(|message| !message.is_null());
    let mut items = Vec::new();
    for (place, section) in list(picker, "sections").enumerate() {
        let label = word(section, "title");
        items.extend(list(section, "items").map(|item| BusinessItem {
            label: label.clone(),
            text: word(item, "title").unwrap_or_default(),
            subtitle: word(item, "subtitle"),
            is_chosen: is_answer && place == 0,
        }));
    }
    let title = json.get("receivedMessage").and_then(|message| word(message, "title"));
    Business { kind: BusinessKind::ListPicker, title, items, ..Business::default() }
}

fn time_picker(event: &Value) -> Business {
    let item =
        |slot: &Value| BusinessItem { text: word(slot, "startTime").unwrap_or_default(), ..BusinessItem::default() };
    Business {
        kind: BusinessKind::TimePicker,
        title: word(event, "title"),
        items: list(event, "timeslots").map(item).collect(),
        ..Business::default()
    }
}

fn form_of(form: &Value) -> Business {
    let mut items = Vec::new();
    for page in list(form, "selections") {
        let label = word(page, "subtitle").or_else(|| word(page, "title"));
        items.extend(list(page, "items").map(|item| BusinessItem {
            label: label.clone(),
            text: word(item, "title").or_else(|| word(item, "value")).unwrap_or_default(),
            subtitle: None,
            is_chosen: true,
        }));
    }
    let kind = if items.is_empty() { BusinessKind::Form } else { BusinessKind::FormAnswer };
    Business { kind, items, ..Business::default() }
}

fn list<'j>(value: &'j Value, key: &str) -> impl Iterator<Item = &'j Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten().take(MOST_ITEMS)
}

fn word(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().filter(|word| !word.is_empty()).map(str::to_owned)
}
