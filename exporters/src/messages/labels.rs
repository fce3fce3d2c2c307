//! What a message says, in plain words: for tables, plain text, the terminal, lists and the index.

use std::borrow::Cow;
use std::collections::HashSet;

use corer_schemas::messages::{
    Announcement, AppContent, Effect, Message, MessageKind, PartContent, Reaction, Schedule, Service, Sharing, Sorted,
    Tapback, Vote,
};
use jiff::tz::TimeZone;

use super::card::{AppCard, poll_words};
use super::marks::{called, mark_words, moved, timer_words};
use super::people::ChatPeople;
use super::sentence::Sentence;
use crate::clock::Moment;
use crate::saved::{Kept, words};

/// Stands in a text where an attachment stood.
pub(super) const OBJECT: char = '\u{fffc}';

/// What is said in place of a message that is answered and lost.
pub(super) const GONE: &str = "a message that is not in the backup";

/// The most bytes of a line in a list.
const LINE: usize = 160;

/// What a message says, without who and when: its text and the words of its app; the sentence of an announcement.
pub(super) fn said(message: &Message, who: &ChatPeople<'_>, zone: &TimeZone) -> String {
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    let text = plain(message.text.as_deref().unwrap_or_default());
    match notice(message, who) {
        Some(said) if matches!(message.kind, MessageKind::Tapback(_)) => return said.to_string(),
        Some(said) => lines.push(said.to_string().into()),
        None => {}
    }
    match &message.kind {
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
        _ => {}
    }
    if !text.is_empty() {
        lines.push(text);
    }
    lines.join("\n")
}

/// Everything that somebody may look for: also the subject, what audio messages say, names of files, translations and
/// parts that were deleted.
pub(super) fn searched(message: &Message, who: &ChatPeople<'_>, zone: &TimeZone) -> String {
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
pub(super) fn first_line(message: &Message, who: &ChatPeople<'_>, zone: &TimeZone) -> Sentence<'static> {
    if let Some(said) = notice(message, who) {
        return said.cut(LINE);
    }
    let said = said(message, who, zone);
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let name = || message.attachments.iter().find(|a| !a.is_hidden).map(|attachment| attachment.name.as_str());
    let line = lines.next().or(message.subject.as_deref()).or_else(name);
    match (line, &message.kind) {
        (Some(line), _) => Sentence::of(line).cut(LINE),
        (None, MessageKind::App(app)) => Sentence::of(AppCard::new(app, zone).name).cut(LINE),
        (None, _) if is_revoked(message) => Sentence::saying("A message that was deleted for everyone"),
        (None, _) if is_unsent(message) => Sentence::saying("A message that was taken back"),
        (None, _) => Sentence::saying("Empty message"),
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

/// Whether it was deleted for everyone, which nothing says by whom: whoever leads a group may delete what others wrote.
pub(super) fn is_revoked(message: &Message) -> bool {
    message.marks.as_deref().is_some_and(|marks| marks.is_revoked)
}

/// An announcement as a sentence without a stop.
pub(super) fn sentence<'m, 'a: 'm>(
    announcement: &'m Announcement,
    message: &'m Message,
    who: &ChatPeople<'a>,
) -> Sentence<'m> {
    let said = Sentence::of(who.subject(message.is_from_me, &message.sender));
    match announcement {
        Announcement::Added(person) => said.words(" added ").name(who.object(person)).words(" to the conversation"),
        Announcement::Removed(person) => {
            said.words(" removed ").name(who.object(person)).words(" from the conversation")
        }
        Announcement::NumberChanged(person) => match person {
            Some(_) => Sentence::of(who.object(person)).words(" has another number or address now"),
            None => said.words(" changed the number or address"),
        },
        Announcement::Left => said.words(" left the conversation"),
        Announcement::Renamed(Some(name)) => {
            said.words(" named the conversation \u{201c}").name(name).words("\u{201d}")
        }
        Announcement::Renamed(None) => said.words(" took the name of the conversation away"),
        Announcement::PhotoChanged => said.words(" changed the picture of the group"),
        Announcement::PhotoRemoved => said.words(" took the picture of the group away"),
        Announcement::BackgroundChanged => said.words(" changed the background"),
        Announcement::BackgroundRemoved => said.words(" took the background away"),
        Announcement::Location { sharing, with } => {
            let said = said.words(match sharing {
                Some(Sharing::Started) => " started to share a location",
                Some(Sharing::Stopped) => " no longer shares a location",
                None => " began or ended to share a location",
            });
            if with.is_some() { said.words(" with ").name(who.object(with)) } else { said }
        }
        Announcement::AudioKept => said.words(" kept an audio message"),
        Announcement::SharePlay => Sentence::saying("SharePlay or a FaceTime call ended"),
        Announcement::Unsent => said.words(" took a message back"),
        Announcement::AddedSeveral(people) => moved(message, said, people, ("added", "was added"), who),
        Announcement::RemovedSeveral(people) => moved(message, said, people, ("removed", "was removed"), who),
        Announcement::Joined => said.words(" joined the conversation"),
        Announcement::Created => match message.is_from_me || message.sender.is_some() {
            true => said.words(" began the conversation"),
            false => Sentence::saying("The conversation began"),
        },
        Announcement::DescriptionChanged(Some(text)) => {
            said.words(" wrote what the group is about: \u{201c}").name(text).words("\u{201d}")
        }
        Announcement::DescriptionChanged(None) => said.words(" changed what the group is about"),
        Announcement::Encrypted => {
            Sentence::saying("From here on, only those who take part can read what is said (end-to-end encryption)")
        }
        Announcement::SecurityCodeChanged(person) => {
            Sentence::saying("The security code of ").name(who.object(person)).words(" changed")
        }
        Announcement::TimerChanged(seconds) => said.words(timer_words(*seconds)),
        Announcement::Called(call) => called(*call, said),
        Announcement::Awaited => Sentence::saying("A message was sent that had not come when the backup was made"),
        Announcement::Unknown { what } => {
            Sentence::saying("Something that this version of corer does not know (").name(what).words(")")
        }
        Announcement::Other { item_type, action } => {
            said.words(format!(" changed the conversation (type {item_type}, action {action})"))
        }
    }
}

/// A reaction as a sentence without a stop, for one whose message is not there.
pub(super) fn reacted<'m, 'a: 'm>(tapback: &'m Tapback, message: &'m Message, who: &ChatPeople<'a>) -> Sentence<'m> {
    let said = Sentence::of(who.subject(tapback.is_from_me, &tapback.sender));
    let text = message.text.as_deref().or(tapback.text.as_deref()).map(plain).filter(|text| !text.is_empty());
    let how = reaction(&tapback.reaction);
    match (text, tapback.removed) {
        // The text is a sentence without its subject: Loved “See you there”.
        (Some(text), _) => said.words(": ").name(text),
        (None, true) => said.words(" took a reaction back (").words(how).words(")"),
        (None, false) => said.words(" reacted with ").words(how).words(" to a message that is not here"),
    }
}

/// A vote as a sentence, for one whose poll is not there. One for nothing takes those before back, or could not be read.
pub(super) fn voted<'m, 'a: 'm>(vote: &'m Vote, message: &'m Message, who: &ChatPeople<'a>) -> Sentence<'m> {
    let did = if vote.options.is_empty() { " changed a vote in a poll" } else { " voted in a poll" };
    Sentence::of(who.subject(message.is_from_me, &message.sender)).words(did)
}

/// What has no bubble, as a sentence: an announcement, a reaction or vote by itself.
pub(super) fn notice<'m, 'a: 'm>(message: &'m Message, who: &ChatPeople<'a>) -> Option<Sentence<'m>> {
    match &message.kind {
        MessageKind::Announcement(announcement) => Some(sentence(announcement, message, who)),
        MessageKind::Tapback(tapback) => Some(reacted(tapback, message, who)),
        MessageKind::Vote(vote) => Some(voted(vote, message, who)),
        MessageKind::Normal | MessageKind::App(_) | MessageKind::Unsupported { .. } => None,
    }
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
pub(super) fn reactions(message: &Message, who: &ChatPeople<'_>) -> String {
    let kept = message.tapbacks.iter().filter(|tapback| !tapback.removed);
    let words = kept
        .map(|tapback| format!("{} {}", reaction(&tapback.reaction), who.name(tapback.is_from_me, &tapback.sender)));
    words.collect::<Vec<_>>().join(", ")
}

/// What else is to be said about a message: that it failed, waits, came with an effect, was deleted.
pub(super) fn remarks(message: &Kept<Message>, zone: &TimeZone) -> Vec<Cow<'static, str>> {
    let mut remarks = memories(message, zone);
    remarks.extend(own_remarks(message, zone));
    remarks
}

/// What is to be said of a message that is remembered: that the newest backup lacks it, and what it said before.
pub(super) fn memories(message: &Kept<Message>, zone: &TimeZone) -> Vec<Cow<'static, str>> {
    if message.is_plain() {
        return Vec::new();
    }
    let said =
        |earlier: &Message| format!("\u{201c}{}\u{201d}", shortened(earlier.text.as_deref().unwrap_or_default()));
    words::notes(message, zone, said).into_iter().map(|note| Cow::Owned(capitalized(&note))).collect()
}

/// The beginning of a text, for a line.
fn shortened(text: &str) -> String {
    let start = text.get(..text.floor_char_boundary(LINE)).unwrap_or_default();
    let more = if start.len() < text.len() { "\u{2026}" } else { "" };
    format!("{}{more}", plain(start))
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn own_remarks(message: &Message, zone: &TimeZone) -> Vec<Cow<'static, str>> {
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
    match delivery.sorted() {
        None | Some(Sorted::Allowed) => {}
        Some(Sorted::Junk) => remarks.push("Sorted as junk".into()),
        Some(Sorted::Promotion) => remarks.push("Sorted as a promotion".into()),
        Some(Sorted::Transaction) => remarks.push("Sorted as a transaction".into()),
        Some(Sorted::Other(list)) => remarks.push(format!("Sorted into the list {list}").into()),
    }
    remarks.extend(message.marks.iter().flat_map(|marks| mark_words(marks)));
    remarks.extend(made_with(message).map(|app| Cow::Owned(format!("From {app}"))));
    if let Some(other) = &message.attributed_text {
        remarks.push(format!("Stored with other words too: \u{201c}{}\u{201d}", shortened(other)).into());
    }
    remarks.extend(message.effect.as_ref().map(|effect| Cow::Owned(effect_words(effect))));
    if let Some(deleted) = message.deleted.as_ref().filter(|deleted| deleted.is_whole) {
        let when = deleted.date.and_then(|date| Moment::new(date, zone));
        let when = when.map(|moment| format!(" on {}", moment.short())).unwrap_or_default();
        remarks.push(format!("Deleted{when}, still in Recently Deleted").into());
    }
    remarks
}

/// The apps that files came from, but for stickers, which say that themselves.
fn made_with(message: &Message) -> impl Iterator<Item = &str> {
    let mut known = HashSet::new();
    let files = message.attachments.iter().filter(|file| !file.is_hidden && file.sticker.is_none());
    let apps = files.filter_map(|file| file.app.as_ref()?.name.as_deref());
    apps.filter(move |name| known.insert(*name))
}

fn effect_words(effect: &Effect) -> String {
    format!("Sent with {}", effect.name())
}
