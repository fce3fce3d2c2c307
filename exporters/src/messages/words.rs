//! What a message says, in plain words: for tables, plain text, the terminal, lists and the index.

use std::borrow::Cow;

use corer_schemas::messages::{
    Announcement, AppContent, Effect, Message, MessageKind, PartContent, Reaction, Schedule, Service, Sharing, Tapback,
    Vote,
};
use jiff::tz::TimeZone;

use super::card::{AppCard, poll_words};
use super::who::Who;
use crate::clock::Moment;

/// Stands in a text where an attachment stood.
pub(super) const OBJECT: char = '\u{fffc}';

/// What is said in place of a message that is answered and lost.
pub(super) const GONE: &str = "a message that is not in the backup";

/// The most bytes of a line in a list.
const LINE: usize = 160;

/// What a message says, without who and when: its text and the words of its app; the sentence of an announcement.
pub(super) fn said(message: &Message, who: &Who<'_>, zone: &TimeZone) -> String {
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    let text = plain(message.text.as_deref().unwrap_or_default());
    match &message.kind {
        MessageKind::Announcement(announcement) => {
            lines.push(sentence(announcement, message, who).into());
        }
        MessageKind::Tapback(tapback) => return reacted(tapback, message, who),
        MessageKind::Vote(vote) => {
            lines.push(format!("{} {}", who.subject(message.is_from_me, &message.sender), voted(vote)).into());
        }
        MessageKind::Unsupported { what } => {
            lines.push(format!("A message that this version of corer cannot show ({what})").into());
        }
        MessageKind::App(app) => {
            let card = AppCard::new(app, zone);
            // A link is often sent as text and as a card.
            let told = card.words().chain(card.url).any(|word| word == text);
            if !text.is_empty() && !told {
                lines.push(text.clone());
            }
            lines.extend(card.title.clone());
            lines.extend(card.lines.iter().cloned());
            if let AppContent::Poll(poll) = &app.content {
                lines.extend(poll_words(poll, who).into_iter().map(Cow::Owned));
            }
            lines.extend(card.url.filter(|url| !lines.iter().any(|line| line == url)).map(Cow::Borrowed));
            return lines.join("\n");
        }
        MessageKind::Normal => {}
    }
    if !text.is_empty() {
        lines.push(text);
    }
    lines.join("\n")
}

/// Everything that somebody may look for: also the subject, what audio messages say, names of files, translations and
/// parts that were deleted.
pub(super) fn searched(message: &Message, who: &Who<'_>, zone: &TimeZone) -> String {
    let mut words = said(message, who, zone);
    let mut add = |more: &str| {
        if !more.is_empty() {
            words.push_str(if words.is_empty() { "" } else { "\n" });
            words.push_str(more);
        }
    };
    add(message.subject.as_deref().unwrap_or_default());
    for attachment in message.attachments.iter().filter(|attachment| !attachment.is_hidden) {
        add(&attachment.name);
        add(attachment.transcription.as_deref().unwrap_or_default());
    }
    add(message.translation.as_ref().map_or("", |translation| &translation.text));
    for part in message.deleted.iter().flat_map(|deleted| &deleted.parts) {
        add(part.text.as_deref().unwrap_or_default());
    }
    words
}

/// The first line of a message, for a list.
pub(super) fn first_line(message: &Message, who: &Who<'_>, zone: &TimeZone) -> String {
    let said = said(message, who, zone);
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let name = || message.attachments.iter().find(|a| !a.is_hidden).map(|attachment| attachment.name.as_str());
    let line = lines.next().or(message.subject.as_deref()).or_else(name);
    match (line, &message.kind) {
        (Some(line), _) => line.get(..line.floor_char_boundary(LINE)).unwrap_or(line).to_owned(),
        (None, MessageKind::App(app)) => AppCard::new(app, zone).name.into_owned(),
        (None, _) if is_unsent(message) => "A message that was taken back".to_owned(),
        (None, _) => "Empty message".to_owned(),
    }
}

/// A text without the places of attachments.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    match text.contains(OBJECT) {
        true => Cow::Owned(text.replace(OBJECT, "").trim().to_owned()),
        false => Cow::Borrowed(text.trim()),
    }
}

/// Whether all of a message was taken back.
pub(super) fn is_unsent(message: &Message) -> bool {
    !message.parts.is_empty() && message.parts.iter().all(|part| matches!(part.content, PartContent::Unsent { .. }))
}

/// An announcement as a sentence without a stop.
pub(super) fn sentence(announcement: &Announcement, message: &Message, who: &Who<'_>) -> String {
    let subject = who.subject(message.is_from_me, &message.sender);
    match announcement {
        Announcement::Added(person) => format!("{subject} added {} to the conversation", who.object(person)),
        Announcement::Removed(person) => format!("{subject} removed {} from the conversation", who.object(person)),
        Announcement::NumberChanged(person) => match person {
            Some(_) => format!("{} has another number or address now", who.object(person)),
            None => format!("{subject} changed the number or address"),
        },
        Announcement::Left => format!("{subject} left the conversation"),
        Announcement::Renamed(Some(name)) => format!("{subject} named the conversation \u{201c}{name}\u{201d}"),
        Announcement::Renamed(None) => format!("{subject} took the name of the conversation away"),
        Announcement::PhotoChanged => format!("{subject} changed the picture of the group"),
        Announcement::PhotoRemoved => format!("{subject} took the picture of the group away"),
        Announcement::BackgroundChanged => format!("{subject} changed the background"),
        Announcement::BackgroundRemoved => format!("{subject} took the background away"),
        Announcement::Location { sharing, with } => {
            let verb = match sharing {
                Some(Sharing::Started) => "started to share",
                Some(Sharing::Stopped) => "no longer shares",
                None => "began or ended to share",
            };
            let with = with.as_ref().map(|_| format!(" with {}", who.object(with))).unwrap_or_default();
            format!("{subject} {verb} a location{with}")
        }
        Announcement::AudioKept => format!("{subject} kept an audio message"),
        Announcement::SharePlay => "SharePlay or a FaceTime call ended".to_owned(),
        Announcement::Unsent => format!("{subject} took a message back"),
        Announcement::Other { item_type, action } => {
            format!("{subject} changed the conversation (type {item_type}, action {action})")
        }
    }
}

/// A reaction as a sentence without a stop, for one whose message is not there.
pub(super) fn reacted(tapback: &Tapback, message: &Message, who: &Who<'_>) -> String {
    let subject = who.subject(tapback.is_from_me, &tapback.sender);
    let text = tapback.text.as_deref().or(message.text.as_deref()).map(plain).filter(|text| !text.is_empty());
    let how = reaction(&tapback.reaction);
    match (text, tapback.removed) {
        // The text is a sentence without its subject: Loved “See you there”.
        (Some(text), _) => format!("{subject}: {text}"),
        (None, true) => format!("{subject} took a reaction back ({how})"),
        (None, false) => format!("{subject} reacted with {how} to a message that is not here"),
    }
}

/// What somebody did who voted: a vote for nothing takes those before back, or could not be read.
fn voted(vote: &Vote) -> &'static str {
    if vote.options.is_empty() { "changed a vote in a poll" } else { "voted in a poll" }
}

/// A reaction in a word or an emoji.
pub(super) fn reaction(reaction: &Reaction) -> Cow<'_, str> {
    match (reaction.emoji(), reaction) {
        (Some(emoji), _) => emoji.into(),
        (None, Reaction::Sticker(_)) => "a sticker".into(),
        (None, Reaction::Other(number)) => format!("reaction {number}").into(),
        (None, _) => "a reaction".into(),
    }
}

/// All reactions that were not taken back: `❤️ Anna, 👍 Me`.
pub(super) fn reactions(message: &Message, who: &Who<'_>) -> String {
    let kept = message.tapbacks.iter().filter(|tapback| !tapback.removed);
    let words = kept
        .map(|tapback| format!("{} {}", reaction(&tapback.reaction), who.name(tapback.is_from_me, &tapback.sender)));
    words.collect::<Vec<_>>().join(", ")
}

/// What else is to be said about a message: that it failed, waits, came with an effect, was deleted.
pub(super) fn remarks(message: &Message, zone: &TimeZone) -> Vec<Cow<'static, str>> {
    let mut remarks: Vec<Cow<'static, str>> = Vec::new();
    let delivery = &message.delivery;
    if let Some(error) = delivery.error.filter(|error| *error != 0) {
        remarks.push(format!("Not delivered (error {error})").into());
    }
    match delivery.schedule {
        Some(Schedule::Pending) => remarks.push("Waits to be sent at this time".into()),
        Some(Schedule::Sent) => remarks.push("Sent later, as planned".into()),
        Some(Schedule::Other(state)) => remarks.push(format!("To be sent later (state {state})").into()),
        None => {}
    }
    let flags = [
        (delivery.waits_for_satellite, "Waits for a satellite"),
        (delivery.by_satellite, "By satellite"),
        (delivery.was_downgraded, "Sent as a text message"),
        (delivery.was_quiet, "Delivered quietly"),
        (delivery.is_auto_reply, "Automatic reply"),
        (delivery.is_audio && delivery.is_played, "Audio message, played"),
        (delivery.is_sos, "Emergency message"),
        (delivery.is_spam, "Taken for junk"),
    ];
    remarks.extend(flags.into_iter().filter(|(is_so, _)| *is_so).map(|(_, words)| Cow::Borrowed(words)));
    if let Some(Service::Other(name)) = &message.service {
        remarks.push(format!("By {name}").into());
    }
    remarks.extend(message.effect.as_ref().map(|effect| Cow::Owned(effect_words(effect))));
    if let Some(deleted) = message.deleted.as_ref().filter(|deleted| deleted.is_whole) {
        let when = deleted.date.and_then(|date| Moment::new(date, zone));
        let when = when.map(|moment| format!(" on {}", moment.short())).unwrap_or_default();
        remarks.push(format!("Deleted{when}, still in Recently Deleted").into());
    }
    remarks
}

fn effect_words(effect: &Effect) -> String {
    format!("Sent with {}", effect.name())
}
