//! How a message of one backup is found again in another one, and what an earlier backup has of it that a later one lacks.

use std::collections::HashSet;

use super::model::app::{Poll, PollOption};
use super::model::{AppContent, Attachment, AttachmentContent, Message, MessageKind, PartContent, Reaction, Tapback};
use super::model::{Chat, Service};
use crate::identity::{Identified, Key};
use crate::source::{Entry, Presence};
use crate::time::AppleTime;

impl Chat {
    /// What the conversation is known by in another backup: the identifiers of all that it is made of. Two have become one, or one
    /// has become two, where they share some of them.
    ///
    /// A group of iOS 5 has a row number where others have an identifier: it is known by who is in it, as is what has no
    /// identifier at all.
    pub fn keys(&self) -> Vec<String> {
        let own = (self.guid.as_str(), self.identifier.as_str());
        let merged = self.merged.iter().map(|origin| (origin.guid.as_str(), origin.identifier.as_str()));
        let key = |(guid, identifier): (&str, &str)| match guid {
            "" if identifier.is_empty() => self.numbered_key(),
            guid if is_numbered_group(guid) => self.numbered_key(),
            "" => identifier.to_owned(),
            guid => guid.to_owned(),
        };
        std::iter::once(own).chain(merged).map(key).collect()
    }

    /// Whether this stands for what belongs to no conversation.
    pub fn is_of_orphans(&self) -> bool {
        self.guid.is_empty() && self.identifier.is_empty() && self.participants.is_empty()
    }

    /// What the conversation is known by where a database only numbers it.
    fn numbered_key(&self) -> String {
        format!("{};{}", self.service.as_ref().map_or("", |service| service.as_str()), self.people_key())
    }

    /// What tells two messages apart that nothing else tells apart: the identifier without the service, which does not change with
    /// who takes part; of conversations that are only numbered, who that is.
    pub fn place_key(&self) -> String {
        let keys = self.keys().into_iter();
        let rest = |key: String| without_service(&key).map_or(key.clone(), |(_, rest)| rest.to_owned());
        keys.map(rest).min().unwrap_or_default()
    }

    /// Who takes part, in the order of the addresses.
    fn people_key(&self) -> String {
        let mut people: Vec<&str> = self.participants.iter().map(|handle| handle.address.as_str()).collect();
        people.sort_unstable();
        format!("people;{}", people.join(","))
    }
}

/// Whether a GUID was made of the row number of a group of iOS 5.
fn is_numbered_group(guid: &str) -> bool {
    let number = guid.strip_prefix("SMS;+;group");
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()))
}

/// The two parts of what a conversation is known by, where the first names a service: iOS 26 names `any` instead of it.
pub fn without_service(key: &str) -> Option<(&str, &str)> {
    key.split_once(';').filter(|(_, rest)| rest.starts_with("-;") || rest.starts_with("+;"))
}

/// A message is known by its GUID, else (text messages of iOS 5 and earlier) by when it was, who wrote it, and what it says.
impl Identified for Message {
    fn key(&self) -> Key {
        if let Some(guid) = &self.guid {
            // Both apps of WhatsApp may have been in one group, which gave them one message.
            return Key::Given(match self.is_of_whatsapp() {
                true => format!("{};{guid}", self.service.as_ref().map_or("", |service| service.as_str())),
                false => guid.clone(),
            });
        }
        let date = self.date.map(|date| date.nanoseconds().to_string()).unwrap_or_default();
        let sender = match (&self.sender, self.is_from_me) {
            (_, true) => "me",
            (Some(handle), false) => &handle.address,
            (None, false) => "",
        };
        let words = [&self.subject, &self.text].map(|words| words.clone().unwrap_or_default());
        Key::Content([date, sender.to_owned()].into_iter().chain(words).collect())
    }

    fn moment(&self) -> Option<AppleTime> {
        self.date
    }

    /// Reactions: one stands by itself for as long as the message that it is to is not there.
    fn contained_keys(&self) -> Vec<Key> {
        let guids = self.tapbacks.iter().flat_map(|tapback| [&tapback.guid, &tapback.removed_by]);
        guids.filter_map(|guid| guid.clone().map(Key::Given)).collect()
    }

    /// The message that a reaction is to.
    fn part_of(&self) -> Option<Key> {
        match &self.kind {
            MessageKind::Tapback(tapback) => tapback.target.clone().map(Key::Given),
            _ => None,
        }
    }

    fn is_adrift(&self) -> bool {
        self.chat_id == 0
    }

    fn settle(&mut self, earlier: &Self) {
        self.chat_id = earlier.chat_id;
    }

    /// What it says, and which of its parts were taken back. Reactions, votes, and that it was read, are states of a message, and
    /// no versions of it.
    fn essence(&self) -> Vec<String> {
        let words = [&self.subject, &self.text].map(|words| words.clone().unwrap_or_default());
        let unsent = self.parts.iter().filter(|part| matches!(part.content, PartContent::Unsent { .. }));
        let unsent = unsent.map(|part| part.index.to_string());
        words.into_iter().chain([content(&self.kind)]).chain(unsent).collect()
    }

    fn belongings(&self) -> Vec<String> {
        let named = |guid: &Option<String>, id: i64| guid.clone().unwrap_or_else(|| id.to_string());
        let files = self.attachments.iter().map(|file| named(&file.guid, file.id));
        let reactions = self.tapbacks.iter().map(|tapback| named(&tapback.guid, tapback.id));
        let voters = poll(&self.kind).into_iter().flat_map(|poll| &poll.options).flat_map(|option| &option.voters);
        let votes = voters.map(|voter| voter.sender.as_ref().map_or("me", |who| who.address.as_str()).to_owned());
        let options = poll(&self.kind).into_iter().flat_map(|poll| &poll.options).map(|option| option.id.clone());
        files.chain(reactions).chain(votes).chain(options).collect()
    }

    fn inherit(&mut self, other: &Self) {
        if let (MessageKind::Tapback(theirs), false) = (&other.kind, matches!(self.kind, MessageKind::Tapback(_))) {
            // It stood by itself, and is one of the reactions to this message now.
            let own = self.tapbacks.iter_mut().filter(|own| own.guid.is_some() && own.guid == theirs.guid);
            own.for_each(|own| inherit_sticker(own, theirs));
            return;
        }
        for (index, theirs) in other.attachments.iter().enumerate() {
            let mine = match &theirs.guid {
                Some(guid) => self.attachments.iter_mut().find(|own| own.guid.as_ref() == Some(guid)),
                None => self.attachments.get_mut(index).filter(|own| own.guid.is_none()),
            };
            match mine {
                Some(mine) => inherit_content(mine, theirs),
                None => self.attachments.push(theirs.clone()),
            }
        }
        // Who had two reactions then has not taken one for the other.
        let were_there: Vec<&String> = other.tapbacks.iter().filter_map(|theirs| theirs.guid.as_ref()).collect();
        let has_one_each = self.is_of_whatsapp();
        let is_new = |own: &Tapback| own.guid.as_ref().is_none_or(|guid| !were_there.contains(&guid));
        for theirs in &other.tapbacks {
            let same = |own: &&mut Tapback| {
                let is_itself = match (&own.guid, &theirs.guid) {
                    (None, None) => own.is_equal(theirs),
                    (own, theirs) => own == theirs,
                };
                is_itself || own.takes_back(theirs) || is_new(own) && own.replaces(theirs, has_one_each)
            };
            match self.tapbacks.iter_mut().find(same) {
                Some(mine) => inherit_sticker(mine, theirs),
                None => self.tapbacks.push(theirs.clone()),
            }
        }
        if let (MessageKind::Tapback(mine), MessageKind::Tapback(theirs)) = (&mut self.kind, &other.kind) {
            inherit_sticker(mine, theirs);
        }
        if let (Some(mine), Some(theirs)) = (poll_mut(&mut self.kind), poll(&other.kind)) {
            inherit_votes(mine, theirs);
        }
    }

    fn forget_rows(&mut self) {
        self.replies.clear();
        if let Some(reply) = &mut self.reply_to {
            reply.id = None;
        }
    }

    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        let alone = match &mut self.kind {
            MessageKind::Tapback(tapback) => Some(&mut **tapback),
            _ => None,
        };
        let stickers = self.tapbacks.iter_mut().chain(alone).filter_map(|tapback| match &mut tapback.reaction {
            Reaction::Sticker(Some(sticker)) => Some(&mut **sticker),
            _ => None,
        });
        let files = self.attachments.iter_mut().chain(stickers).enumerate();
        // Two files of one message are two, also where the database gives both one identifier, and whether or not both are there.
        let mut taken = HashSet::new();
        let mut numbered = |place: usize, attachment: &Attachment| {
            let mut number = number(attachment, place);
            while !taken.insert(number) {
                number += 1;
            }
            number
        };
        files.filter_map(|(place, file)| Some((numbered(place, file), there(file)?))).collect()
    }
}

/// A file that is there.
fn there(attachment: &mut Attachment) -> Option<&mut Entry> {
    match &mut attachment.content {
        AttachmentContent::File(entry) if entry.presence == Presence::Present => Some(entry),
        _ => None,
    }
}

/// The number of a file among those of a message, which does not change when others come before it.
fn number(attachment: &Attachment, place: usize) -> usize {
    // FNV-1a over the identifier, above the numbers of those that have none.
    let hash = |guid: &String| {
        guid.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) | 1 << 31
    };
    // The upper half is for files that stand in an export more than once.
    attachment.guid.as_ref().map_or(place, |guid| hash(guid) as usize & (usize::MAX >> (usize::BITS / 2)))
}

/// What a message says by being what it is.
fn content(kind: &MessageKind) -> String {
    match kind {
        MessageKind::Normal => String::new(),
        MessageKind::App(app) => {
            let words = app.card.words().chain(app.card.url.as_deref());
            std::iter::once(app.bundle_id.as_str()).chain(words).collect::<Vec<_>>().join("\n")
        }
        MessageKind::Unsupported { .. } => "unsupported".to_owned(),
        MessageKind::Announcement(_) => "announcement".to_owned(),
        MessageKind::Tapback(_) => "tapback".to_owned(),
        MessageKind::Vote(vote) => vote.options.join("\n"),
    }
}

fn inherit_content(mine: &mut Attachment, theirs: &Attachment) {
    let has = |attachment: &Attachment| matches!(&attachment.content, AttachmentContent::File(entry) if entry.presence == Presence::Present);
    if !has(mine) && has(theirs) {
        mine.content = theirs.content.clone();
    }
}

fn inherit_sticker(mine: &mut Tapback, theirs: &Tapback) {
    match (&mut mine.reaction, &theirs.reaction) {
        (Reaction::Sticker(Some(mine)), Reaction::Sticker(Some(theirs))) => inherit_content(mine, theirs),
        (Reaction::Sticker(mine), Reaction::Sticker(Some(theirs))) => *mine = Some(theirs.clone()),
        _ => {}
    }
}

impl Tapback {
    /// Whether the same person reacted to the same part.
    fn is_by_same(&self, other: &Self) -> bool {
        let who = |tapback: &Self| (tapback.is_from_me, tapback.sender.as_ref().map(|who| who.address.clone()));
        self.part == other.part && who(self) == who(other)
    }

    /// Whether the same person reacted at the same time in the same way.
    fn is_equal(&self, other: &Self) -> bool {
        self.is_by_same(other) && (self.date, &self.reaction) == (other.date, &other.reaction)
    }

    /// Whether this is the row that took the other one back, which stays where that is not there any more. The row that takes a
    /// sticker back does not carry it.
    fn takes_back(&self, other: &Self) -> bool {
        let is_alike = match (&self.reaction, &other.reaction) {
            (Reaction::Sticker(_), Reaction::Sticker(_)) => true,
            (own, theirs) => own == theirs,
        };
        self.removed && !other.removed && is_alike && self.is_by_same(other)
    }

    /// Whether the same person reacted in one of the six ways of which one takes the place of another. Of emoji and stickers that
    /// is known only where everybody has one reaction to a message.
    fn replaces(&self, other: &Self, has_one_each: bool) -> bool {
        let is_classic = |tapback: &Self| {
            has_one_each || !matches!(tapback.reaction, Reaction::Sticker(_) | Reaction::Emoji(_) | Reaction::Other(_))
        };
        self.is_by_same(other) && is_classic(self) && is_classic(other)
    }
}

impl Message {
    /// Whether it is of WhatsApp or WhatsApp Business.
    fn is_of_whatsapp(&self) -> bool {
        matches!(self.service, Some(Service::WhatsApp | Service::WhatsAppBusiness))
    }
}

fn poll(kind: &MessageKind) -> Option<&Poll> {
    match kind {
        MessageKind::App(app) => match &app.content {
            AppContent::Poll(poll) => Some(poll),
            _ => None,
        },
        _ => None,
    }
}

fn poll_mut(kind: &mut MessageKind) -> Option<&mut Poll> {
    match kind {
        MessageKind::App(app) => match &mut app.content {
            AppContent::Poll(poll) => Some(poll),
            _ => None,
        },
        _ => None,
    }
}

/// Adds the votes of who has none any more, and the options that are not there.
fn inherit_votes(mine: &mut Poll, theirs: &Poll) {
    let who =
        |voter: &super::model::app::Voter| (voter.is_from_me, voter.sender.as_ref().map(|who| who.address.clone()));
    let voted: Vec<_> = mine.options.iter().flat_map(|option| &option.voters).map(who).collect();
    for option in &theirs.options {
        let voters = option.voters.iter().filter(|voter| !voted.contains(&who(voter))).cloned();
        match mine.options.iter_mut().find(|own| own.id == option.id) {
            Some(own) => own.voters.extend(voters),
            None => {
                let voters = voters.collect();
                mine.options.push(PollOption { voters, ..option.clone() });
            }
        }
    }
}
