//! Conversations as lines: for a terminal, and as plain text. What people wrote is in them as it is: who prints them makes
//! it printable.

use std::io::{self, Write};

use corer_schemas::messages::{Chat, Message, MessageKind};
use jiff::tz::TimeZone;

use super::Options;
use super::attachment::{WriteOutcome, files};
use super::card::AppCard;
use super::labels::{GONE, is_unsent, plain, reactions, remarks, said};
use super::people::ChatPeople;
use super::sentence::Sentence;
use super::title::{label, title};
use crate::clock::Moment;
use crate::saved::Kept;

/// Stands before every line of a message but its first.
const INDENT: &str = "    ";

/// The line above the messages of a conversation.
pub fn heading(chat: &Chat) -> String {
    let (title, people) = (title(chat), Sentence::list(chat.people().map(label)).to_string());
    if people.is_empty() || people == title { title } else { format!("{title} ({people})") }
}

/// A message, line by line: when, who and what; then its further lines, its files and what was done to it later, indented.
/// `owner` is the name of whose device it is, where it is known.
///
/// # Errors
/// Those of `each`.
pub fn each_line<E>(
    chat: &Chat,
    message: &Kept<Message>,
    owner: Option<&str>,
    zone: &TimeZone,
    each: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let outcomes: Vec<WriteOutcome> = files(message).map(WriteOutcome::without_writing).collect();
    tell(&ChatPeople::new(chat, owner), message, &outcomes, zone, each)
}

/// Begins the plain text of a conversation.
pub(super) fn begin(to: &mut impl Write, chat: &Chat) -> io::Result<()> {
    writeln!(to, "{}\n", one_line(&heading(chat)))
}

/// Adds a message to the plain text of a conversation.
pub(super) fn write(
    to: &mut impl Write,
    chat: &Chat,
    message: &Kept<Message>,
    outcomes: &[WriteOutcome],
    options: &Options,
) -> io::Result<()> {
    let who = ChatPeople::new(chat, options.owner.as_deref());
    tell(&who, message, outcomes, &options.zone, &mut |line| writeln!(to, "{line}"))
}

/// Hands on the lines of a message one by one: a long text has millions of them.
fn tell<E>(
    who: &ChatPeople<'_>,
    message: &Kept<Message>,
    outcomes: &[WriteOutcome],
    zone: &TimeZone,
    each: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let when = message.date.and_then(|date| Moment::new(date, zone));
    let mut line = when.map_or_else(|| "no date         ".to_owned(), |moment| moment.short());
    line.push_str("  ");
    if !matches!(message.kind, MessageKind::Announcement(_) | MessageKind::Tapback(_) | MessageKind::Vote(_)) {
        line.push_str(&one_line(who.sent(message)));
        line.push_str(": ");
    }
    let said = said(message, who, zone);
    let (heads, is_labelled) = heads(who, message, zone);
    let is_empty = heads.is_empty() && said.is_empty() && message.attachments.is_empty();
    let end = match (is_unsent(message), is_empty) {
        (true, _) => Some("(taken back)"),
        (false, true) => Some("(empty message)"),
        (false, false) => None,
    };
    let mut words = heads.iter().map(String::as_str).chain(said.lines()).chain(end);
    line.push_str(words.next().unwrap_or_default());
    // A label or quote goes with the words behind it.
    if let Some(second) = is_labelled.then(|| words.next()).flatten() {
        line.push(' ');
        line.push_str(second);
    }
    each(&line)?;
    let mut indented = |words: &str| {
        line.clear();
        line.push_str(INDENT);
        line.push_str(words);
        each(&line)
    };
    words.try_for_each(&mut indented)?;
    let shown = message.attachments.iter().zip(outcomes).filter(|(attachment, _)| !attachment.is_hidden);
    for (attachment, outcome) in shown {
        indented(&match outcome {
            WriteOutcome::Missing { why, .. } | WriteOutcome::Unreadable { why } => {
                format!("[{}: {why}]", attachment.name)
            }
            WriteOutcome::Saved { path, .. } => format!("[{}]", path.as_str()),
            WriteOutcome::Linked { .. } | WriteOutcome::Present => format!("[{}]", attachment.name),
        })?;
        let said = attachment.transcription.iter().map(|said| format!("\u{201c}{}\u{201d}", one_line(said)));
        said.into_iter().try_for_each(|said| indented(&said))?;
    }
    later(who, message, zone).iter().try_for_each(|later| indented(&format!("[{later}]")))
}

/// What was done to a message later, and what else is to be said about it.
fn later(who: &ChatPeople<'_>, message: &Kept<Message>, zone: &TimeZone) -> Vec<String> {
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

/// What stands before the words of a message, and whether the first of it is a label.
fn heads(who: &ChatPeople<'_>, message: &Message, zone: &TimeZone) -> (Vec<String>, bool) {
    let mut lines = Vec::new();
    if let Some(reply) = &message.reply_to {
        let text = reply.excerpt.as_deref().unwrap_or("a message");
        lines.push(match who.answered(reply) {
            Some(name) => format!("[to {name}: {}]", one_line(text)),
            None => format!("[to {GONE}]"),
        });
    }
    let is_reply = !lines.is_empty();
    lines.extend(message.subject.iter().map(|subject| one_line(subject)));
    let has_subject = lines.len() > usize::from(is_reply);
    if let MessageKind::App(app) = &message.kind {
        lines.push(format!("[{}]", AppCard::new(app, zone).name));
    }
    let is_labelled = is_reply || !has_subject && !lines.is_empty();
    (lines, is_labelled)
}

fn one_line(text: &str) -> String {
    let mut line = String::new();
    for (number, part) in text.lines().enumerate() {
        line.push_str(if number == 0 { "" } else { " " });
        line.push_str(part.trim());
    }
    line
}
