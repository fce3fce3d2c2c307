//! Conversations as lines for a terminal. What people wrote is in them as it is: who prints them makes it printable.

use corer_schemas::messages::{Chat, Message, MessageKind};
use jiff::tz::TimeZone;

use super::attachment::Fate;
use super::clock::Moment;
use super::title::{handle_name, title};

/// Stands before every line of a message but its first.
const INDENT: &str = "    ";

/// The line above the messages of a conversation.
pub fn heading(chat: &Chat) -> String {
    let people: Vec<&str> = chat.participants.iter().map(handle_name).collect();
    let (title, people) = (title(chat), people.join(", "));
    if people.is_empty() || people == title { title } else { format!("{title} ({people})") }
}

/// A message: when, who and what; then its further lines and its attachments, indented.
pub fn lines(message: &Message, zone: &TimeZone) -> Vec<String> {
    let when = message.date.and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date         ".to_owned(), |moment| moment.short());
    let who = match &message.sender {
        _ if message.is_from_me => "Me",
        Some(handle) => handle_name(handle),
        None => "Somebody",
    };
    let mut words = words(message).into_iter();
    let first = words.next().unwrap_or_default();
    let mut lines = vec![format!("{when}  {who}: {first}")];
    lines.extend(words.map(|line| format!("{INDENT}{line}")));
    lines.extend(message.attachments.iter().map(|attachment| match Fate::foretell(attachment) {
        Fate::Missing { why, .. } | Fate::Unreadable { why } => format!("{INDENT}[{}: {why}]", attachment.name),
        Fate::Present | Fate::Saved { .. } => format!("{INDENT}[{}]", attachment.name),
    }));
    lines
}

fn words(message: &Message) -> Vec<String> {
    let text = message.text.as_deref().unwrap_or_default().replace('\u{fffc}', "");
    let mut lines: Vec<String> = message.subject.iter().cloned().collect();
    lines.extend(text.trim().lines().map(str::to_owned));
    let label = match &message.kind {
        MessageKind::Normal => None,
        MessageKind::Tapback(_) => Some("reacted".to_owned()),
        MessageKind::Vote(_) => Some("voted".to_owned()),
        MessageKind::Announcement(_) => Some("announcement".to_owned()),
        MessageKind::App(app) => Some(app.bundle_id.clone()),
        MessageKind::Unsupported { what } => Some(format!("unsupported: {what}")),
    };
    if let Some(label) = label {
        let first = if lines.is_empty() { String::new() } else { lines.remove(0) };
        lines.insert(0, format!("[{label}] {first}").trim_end().to_owned());
    }
    if lines.is_empty() && message.attachments.is_empty() {
        lines.push("(empty message)".to_owned());
    }
    lines
}
