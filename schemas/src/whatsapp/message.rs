//! One message, from its row.

use std::sync::Arc;

use foldhash::HashMap;
use rusqlite::Connection;

use super::columns::{INFO, InfoColumn, MEDIA, MediaColumn, MessageColumn};
use super::dates::moment;
use super::events::{Event, EventRow};
use super::jid::Jid;
use super::media::StoredMedia;
use super::metadata::Metadata;
use super::places::Place;
use super::push_name::push_name;
use super::receipt_info::{ReceiptInfo, Recipient, StoredReaction};
use super::store::Store;
use crate::database::{Column as _, Row};
use crate::messages::{Attachment, Chat, Handle, Marks, Message, MessageKind, Reaction, Receipt, Sender, Tapback};
use crate::skipped::Skipped;

/// What `ZMESSAGESTATUS` is of a message that was read: so it is for all in real data of which a receipt says that.
const READ: i64 = 8;

/// What messages of one conversation are made with.
pub(super) struct Maker<'m> {
    pub(super) store: &'m Store<'m>,
    pub(super) connection: &'m Connection,
    pub(super) chat: &'m Chat,
    /// The messages of the conversation, by what stands for their identifiers.
    pub(super) by_stanza: HashMap<u64, Place>,
    /// What is answered, and what answers it; ordered.
    pub(super) answers: Vec<(u64, i64)>,
}

/// A row, in its three parts.
pub(super) struct Stored<'r> {
    pub(super) id: i64,
    pub(super) message: Row<'r, MessageColumn>,
    pub(super) media: Row<'r, MediaColumn>,
    pub(super) info: Row<'r, InfoColumn>,
}

impl<'r> Stored<'r> {
    /// What the query for one message gives.
    pub(super) fn queried(id: i64, row: &'r rusqlite::Row<'r>) -> Self {
        let (own, media) = (MessageColumn::NAMES.len(), MediaColumn::NAMES.len());
        Self { id, message: Row::queried(row, 0), media: Row::queried(row, own), info: Row::queried(row, own + media) }
    }
}

impl Maker<'_> {
    /// Makes a message of its row. What of it cannot be read is added to `skipped`.
    pub(super) fn message(&self, stored: &Stored<'_>, skipped: &mut Vec<Skipped>) -> Message {
        let row = stored.message;
        let kind = row.integer(MessageColumn::Kind).unwrap_or(0);
        let metadata = self.metadata(stored, skipped);
        let info = self.info(stored, skipped);
        let is_from_me = row.truth(MessageColumn::IsFromMe);
        let guid = row.name(MessageColumn::Stanza);
        let sender = self.sender(row, is_from_me);
        let mut message = Message {
            id: self.number(stored.id),
            chat_id: self.chat.id,
            date: row.real(MessageColumn::Date).and_then(moment),
            date_delivered: row.real(MessageColumn::Sent).and_then(moment).filter(|_| !is_from_me),
            is_from_me,
            sender,
            service: Some(self.store.account.service()),
            guid,
            ..Message::default()
        };
        // What came has another number there, of which nobody knows what it is.
        message.delivery.error = row.integer(MessageColumn::Error).filter(|error| *error != 0 && is_from_me);
        message.delivery.is_read = is_from_me && row.integer(MessageColumn::Status) == Some(READ);
        match EventRow::is_one(kind) {
            true => self.take_event(&mut message, stored, kind, &metadata, skipped),
            false => self.take_content(&mut message, stored, kind, info.poll.as_ref(), skipped),
        }
        self.take_marks(&mut message, stored, kind, &metadata, &info.recipients);
        message.tapbacks = self.tapbacks(&message, info.reactions);
        message.reply_to = metadata.quoted.map(|quoted| Box::new(self.reply(quoted)));
        message.replies = self.replies(&message);
        message
    }

    pub(super) fn number(&self, id: i64) -> i64 {
        id.saturating_add(self.store.account.offset())
    }

    fn metadata(&self, stored: &Stored<'_>, skipped: &mut Vec<Skipped>) -> Metadata {
        let Some(bytes) = stored.media.blob(MediaColumn::Metadata) else { return Metadata::default() };
        Metadata::read(bytes).unwrap_or_else(|error| {
            let what = format!("what message {} answers and whence it was forwarded", self.number(stored.id));
            skipped.push(Skipped::part(what, error));
            Metadata::default()
        })
    }

    fn info(&self, stored: &Stored<'_>, skipped: &mut Vec<Skipped>) -> ReceiptInfo {
        let Some(bytes) = stored.info.blob(InfoColumn::Receipt) else { return ReceiptInfo::default() };
        let what = || format!("reactions to message {} and its receipts", self.number(stored.id));
        let info = ReceiptInfo::read(bytes).unwrap_or_else(|error| {
            skipped.push(Skipped::part(what(), error));
            ReceiptInfo::default()
        });
        if info.is_cut {
            skipped
                .push(Skipped::part(format!("some {}", what()), "there are more or longer ones than any app writes"));
        }
        info
    }

    /// Who wrote: the member of the group that the row names, else whom it came from, else the other one of two.
    pub(super) fn sender(&self, row: Row<'_, MessageColumn>, is_from_me: bool) -> Sender {
        if is_from_me {
            return None;
        }
        let member = row.integer(MessageColumn::Member).and_then(|member| self.store.members.jids.get(&member));
        let from = row.name(MessageColumn::From);
        let from = from.as_deref().and_then(Jid::read).map(Jid::of_status).filter(|jid| jid.is_person());
        let jid = member.cloned().or_else(|| from.map(Jid::whole));
        let jid = jid.or_else(|| {
            let own = Jid::read(&self.chat.identifier).filter(|jid| !self.chat.is_group && jid.is_person());
            own.map(Jid::whole)
        });
        let sender = jid.and_then(|jid| self.store.names.person(&jid))?;
        match row.name(MessageColumn::PushName).filter(|_| sender.name.is_none()) {
            Some(stored) => match push_name(&stored) {
                Some(name) => Some(Arc::new(Handle { name: Some(name.to_owned()), address: sender.address.clone() })),
                None => Some(sender),
            },
            None => Some(sender),
        }
    }

    fn take_event(
        &self,
        message: &mut Message,
        stored: &Stored<'_>,
        kind: i64,
        metadata: &Metadata,
        skipped: &mut Vec<Skipped>,
    ) {
        let row = stored.message;
        let member = row.integer(MessageColumn::Member).and_then(|member| self.store.members.jids.get(&member));
        let stored_text = row.some_text(MessageColumn::Text);
        let event = EventRow {
            kind,
            event: row.integer(MessageColumn::Event).unwrap_or(0),
            text: stored_text.as_deref(),
            member: member.and_then(|jid| self.store.names.person(jid)),
            other: message.sender.clone(),
            creator: self.creator(),
            metadata,
            is_from_me: message.is_from_me,
            is_group: self.chat.is_group,
        };
        let Event { announcement, actor, has_said_text, is_cut } = event.read(&self.store.names);
        if is_cut {
            let what = format!("some of the people whom message {} names", message.id);
            skipped.push(Skipped::part(what, "there are more than any group has"));
        }
        message.is_from_me |= actor.as_ref().is_some_and(|actor| self.store.is_owner(&actor.address));
        message.sender = actor.filter(|_| !message.is_from_me);
        message.kind = MessageKind::Announcement(announcement);
        message.text = stored_text.filter(|_| !has_said_text);
    }

    /// Who began the group.
    fn creator(&self) -> Sender {
        let chat = self.chat.id.checked_sub(self.store.account.offset())?;
        self.store.creators.get(&chat).and_then(|jid| self.store.names.person(jid))
    }

    /// Whether that is the owner, and otherwise who. `None`: the owner.
    pub(super) fn whose(&self, jid: Option<&str>) -> (bool, Sender) {
        let Some(jid) = jid else { return (true, None) };
        let person = self.store.names.person(jid);
        let is_from_me = person.as_ref().is_some_and(|person| self.store.is_owner(&person.address));
        (is_from_me, person.filter(|_| !is_from_me))
    }

    fn take_marks(
        &self,
        message: &mut Message,
        stored: &Stored<'_>,
        kind: i64,
        metadata: &Metadata,
        recipients: &[Recipient],
    ) {
        let receipts: Vec<Receipt> =
            recipients.iter().filter(|_| message.is_from_me).filter_map(|recipient| self.receipt(recipient)).collect();
        if let Some(only) = self.only_receipt(&receipts) {
            (message.date_delivered, message.date_read) = (only.delivered, only.read);
            message.delivery.is_delivered = only.delivered.is_some();
            message.delivery.is_read |= only.read.is_some();
        }
        let is_sound = matches!(kind, 3 | 53);
        let opus =
            |file: &Attachment| file.mime.as_deref().is_some_and(|mime| mime.contains("opus") || mime.contains("ogg"));
        message.delivery.is_audio =
            is_sound && message.attachments.iter().any(|file| opus(file) || file.name.ends_with(".opus"));
        let seconds = stored.media.integer(MediaColumn::Seconds).and_then(|seconds| u64::try_from(seconds).ok());
        let marks = Marks {
            is_starred: stored.message.truth(MessageColumn::IsStarred),
            forwarded: metadata.forwarded,
            is_view_once: matches!(kind, 38 | 39 | 53),
            is_gif: kind == 11,
            is_video_note: kind == 54,
            is_revoked: kind == 14,
            seconds: seconds.filter(|seconds| *seconds > 0 && StoredMedia::is_file(kind)),
            sent: stored.message.real(MessageColumn::Sent).and_then(moment).filter(|_| message.is_from_me),
            receipts: if self.chat.is_group { receipts } else { Vec::new() },
        };
        message.marks = marks.some();
    }

    /// That of the other one of two.
    fn only_receipt<'r>(&self, receipts: &'r [Receipt]) -> Option<&'r Receipt> {
        let address = |receipt: &Receipt| receipt.person.as_deref().map(|person| person.address.clone());
        let other = self.chat.participants.first().filter(|_| !self.chat.is_group)?;
        receipts.iter().find(|receipt| address(receipt).as_ref() == Some(&other.address)).or(match receipts {
            // By an identifier of which nothing says whose it is: it was sent to nobody else.
            [only] => Some(only),
            _ => None,
        })
    }

    fn receipt(&self, recipient: &Recipient) -> Option<Receipt> {
        let server = if recipient.is_number { "s.whatsapp.net" } else { "lid" };
        let person = self.store.names.person(&format!("{}@{server}", recipient.user))?;
        let is_any = recipient.delivered.is_some() || recipient.read.is_some();
        (is_any && !self.store.is_owner(&person.address)).then_some(Receipt {
            person: Some(person),
            delivered: recipient.delivered,
            read: recipient.read,
        })
    }

    fn tapbacks(&self, message: &Message, reactions: Vec<StoredReaction>) -> Vec<Tapback> {
        let tapback = |stored: StoredReaction| {
            let (is_from_me, sender) = self.whose(stored.jid.as_deref());
            Tapback {
                id: message.id,
                guid: stored.id,
                date: stored.date,
                is_from_me,
                sender,
                target: message.guid.clone(),
                part: 0,
                reaction: Reaction::Emoji(stored.emoji),
                removed: false,
                removed_by: None,
                text: None,
            }
        };
        let mut tapbacks: Vec<Tapback> = reactions.into_iter().map(tapback).collect();
        tapbacks.sort_by_key(|tapback| tapback.date);
        tapbacks
    }
}

/// What is read of the tables beside messages, for a message whose row is sound and whose other rows are not.
pub(super) fn without_joined(id: i64, error: &rusqlite::Error) -> Skipped {
    Skipped::part(format!("what message {id} carries ({MEDIA}, {INFO})"), error)
}
