//! Conversations as lines: for a terminal, and as plain text. What people wrote is in them as it is: who prints them makes
//! it printable.

use std::io::{self, Write};

use corer_schemas::messages::{Chat, Message, MessageKind};
use jiff::tz::TimeZone;

use super::Options;
use super::attachment::{Fate, files};
use super::card::AppCard;
use super::title::{handle_name, title};
use super::who::Who;
use super::words::{self, is_unsent, plain, reactions, remarks, said};
use crate::clock::Moment;

/// Stands before every line of a message but its first.
const INDENT: &str = "    ";

/// The line above the messages of a conversation.
pub fn heading(chat: &Chat) -> String {
    let people: Vec<&str> = chat.participants.iter().map(handle_name).collect();
    let (title, people) = (title(chat), people.join(", "));
    if people.is_empty() || people == title { title } else { format!("{title} ({people})") }
}

/// A message: when, who and what; then its further lines, its files and what was done to it later, indented. `owner` is
/// the name of whose device it is, where it is known.
pub fn lines(chat: &Chat, message: &Message, owner: Option<&str>, zone: &TimeZone) -> Vec<String> {
    let fates: Vec<Fate> = files(message).map(Fate::foretell).collect();
    told(&Who::new(chat, owner), message, &fates, zone)
}

/// Begins the plain text of a conversation.
pub(super) fn begin(to: &mut impl Write, chat: &Chat) -> io::Result<()> {
    writeln!(to, "{}\n", one_line(&heading(chat)))
}

/// Adds a message to the plain text of a conversation.
pub(super) fn write(
    to: &mut impl Write,
    chat: &Chat,
    message: &Message,
    fates: &[Fate],
    options: &Options,
) -> io::Result<()> {
    let who = Who::new(chat, options.owner.as_deref());
    told(&who, message, fates, &options.zone).iter().try_for_each(|line| writeln!(to, "{line}"))
}

fn told(who: &Who<'_>, message: &Message, fates: &[Fate], zone: &TimeZone) -> Vec<String> {
    let when = message.date.and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date         ".to_owned(), |moment| moment.short());
    let mut words = words(who, message, zone).into_iter();
    let first = words.next().unwrap_or_default();
    let mut lines = vec![match message.kind {
        MessageKind::Announcement(_) | MessageKind::Tapback(_) | MessageKind::Vote(_) => format!("{when}  {first}"),
        _ => format!("{when}  {}: {first}", one_line(who.sent(message))),
    }];
    lines.extend(words.map(|line| format!("{INDENT}{line}")));
    let shown = message.attachments.iter().zip(fates).filter(|(attachment, _)| !attachment.is_hidden);
    for (attachment, fate) in shown {
        lines.push(match fate {
            Fate::Missing { why, .. } | Fate::Unreadable { why } => format!("{INDENT}[{}: {why}]", attachment.name),
            Fate::Saved { path, .. } => format!("{INDENT}[{}]", path.as_str()),
            Fate::Linked { .. } | Fate::Present => format!("{INDENT}[{}]", attachment.name),
        });
        lines.extend(attachment.transcription.iter().map(|said| format!("{INDENT}\u{201c}{}\u{201d}", one_line(said))));
    }
    lines.extend(later(who, message, zone).into_iter().map(|line| format!("{INDENT}[{line}]")));
    lines
}

/// What was done to a message later, and what else is to be said about it.
fn later(who: &Who<'_>, message: &Message, zone: &TimeZone) -> Vec<String> {
    let mut lines = Vec::new();
    for edit in &message.edits {
        let earlier = edit.versions.get(..edit.versions.len().saturating_sub(1)).unwrap_or_default();
        lines.extend(
            earlier.iter().map(|version| format!("edited; before: {}", one_line(plain(&version.text).as_ref()))),
        );
    }
    for part in message.deleted.iter().flat_map(|deleted| &deleted.parts) {
        lines.push(format!("deleted: {}", one_line(part.text.as_deref().unwrap_or_default())));
    }
    lines.extend(message.translation.iter().map(|own| format!("translation: {}", one_line(&own.text))));
    lines.extend(Some(reactions(message, who)).filter(|reactions| !reactions.is_empty()));
    lines.extend(remarks(message, zone).into_iter().map(Into::into));
    lines
}

fn words(who: &Who<'_>, message: &Message, zone: &TimeZone) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(reply) = &message.reply_to {
        let text = reply.excerpt.as_deref().unwrap_or("a message");
        lines.push(match who.answered(reply) {
            Some(name) => format!("[to {name}: {}]", one_line(text)),
            None => format!("[to {}]", words::GONE),
        });
    }
    lines.extend(message.subject.iter().map(|subject| one_line(subject)));
    let said = said(message, who, zone);
    if let MessageKind::App(app) = &message.kind {
        lines.push(format!("[{}]", AppCard::new(app, zone).name));
    }
    lines.extend(said.lines().map(str::to_owned));
    if is_unsent(message) {
        lines.push("(taken back)".to_owned());
    } else if lines.is_empty() && message.attachments.is_empty() {
        lines.push("(empty message)".to_owned());
    }
    // A label or quote goes with the words behind it.
    if lines.len() > 1 && lines.first().is_some_and(|first| first.starts_with('[')) {
        let label = lines.remove(0);
        if let Some(first) = lines.first_mut() {
            *first = format!("{label} {first}");
        }
    }
    lines
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
