//! One row of `message`, read into a message.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::announcement::Facts;
use super::super::generation::MessageRow;
use super::super::kind::{KindColumns, RowKind};
use super::super::model::{
    AppContent, Attachment, Delivery, Effect, Handle, Message, MessageKind, Reply, Schedule, Sender, Service, Tapback,
    Vote,
};
use super::super::{apps, body, moment, summary, tapback, threads};
use super::columns::Column;
use crate::database::{Column as _, Row};

/// The bundle identifier of polls.
const POLLS: &str = "com.apple.messages.Polls";

/// What reading the rows of a conversation needs beside them.
pub(super) struct Rows<'h> {
    pub(super) handles: &'h HashMap<i64, Arc<Handle>>,
    /// The other person of a conversation of two, who wrote what has no handle and is not the owner's.
    pub(super) other: Option<Arc<Handle>>,
    pub(super) chat: i64,
    /// The owner's handle of the row before: it rarely changes.
    pub(super) own_handle: Option<Arc<str>>,
}

impl Rows<'_> {
    /// Reads a row.
    pub(super) fn read(&mut self, row: Row<'_, Column>, id: i64) -> MessageRow {
        let mut damage = Vec::new();
        let mut read = |column: Column| {
            moment::read(row.value(column)).unwrap_or_else(|why| {
                damage.push((column.name(), why));
                None
            })
        };
        let (edited, retracted) = (read(Column::DateEdited), read(Column::DateRetracted));
        let [date, date_read, date_delivered, date_played] =
            [Column::Date, Column::DateRead, Column::DateDelivered, Column::DatePlayed].map(read);
        let date_edited = edited.or(retracted);
        let is_edited = date_edited.is_some() || damage.iter().any(|(what, _)| *what == Column::DateEdited.name());
        let body = body::read(row.text(Column::Text), row.blob(Column::AttributedBody), is_edited);
        let is_from_me = is_from_me(row);
        let message = Message {
            id,
            guid: row.some_text(Column::Guid),
            chat_id: self.chat,
            date,
            date_read,
            date_delivered,
            date_edited,
            date_played,
            is_from_me,
            sender: if is_from_me { None } else { self.handle(row, Column::Handle).or_else(|| self.other.clone()) },
            service: service(row),
            subject: row.some_text(Column::Subject),
            text: body.text,
            attributed_text: body.attributed,
            reply_to: reply(row).map(Box::new),
            effect: row.some_text(Column::Effect).as_deref().map(Effect::read),
            delivery: self.delivery(row),
            ..Message::default()
        };
        let mut found = MessageRow { message, pieces: body.pieces, damage, ..MessageRow::default() };
        found.damage.extend(body.damage.map(|why| ("text", why)));
        read_summary(row, is_edited, &mut found);
        // With versions beside it, the time of the last change may be theirs.
        found.retracted = retracted.or(edited.filter(|_| found.message.edits.is_empty()));
        found.message.kind = self.kind(row, &mut found);
        found
    }

    fn handle(&self, row: Row<'_, Column>, column: Column) -> Sender {
        self.handles.get(&row.integer(column)?).cloned()
    }

    fn delivery(&mut self, row: Row<'_, Column>) -> Delivery {
        let is = |column| row.truth(column);
        let service_is_satellite = || row.blob(Column::Service) == Some(b"iMessageLite");
        let filter = row.integer(Column::Filter).filter(|filter| *filter != 0);
        Delivery {
            error: row.integer(Column::Error).filter(|error| *error != 0),
            is_delivered: is(Column::IsDelivered),
            is_read: is(Column::IsRead),
            schedule: schedule(row),
            by_satellite: is(Column::IsSatellite) || is(Column::OffGrid) || service_is_satellite(),
            waits_for_satellite: is(Column::WaitsForSatellite),
            was_downgraded: is(Column::WasDowngraded),
            was_quiet: is(Column::WasQuiet),
            is_auto_reply: is(Column::IsAutoReply),
            is_audio: is(Column::IsAudio),
            is_played: is(Column::IsPlayed),
            is_expirable: is(Column::IsExpirable),
            is_sos: is(Column::IsSos),
            is_spam: is(Column::IsSpam),
            filter: filter.map(|filter| (filter, row.integer(Column::SubFilter).unwrap_or(0))),
            own_handle: self.own_handle(row),
        }
    }

    fn own_handle(&mut self, row: Row<'_, Column>) -> Option<Arc<str>> {
        let stored = row.blob(Column::OwnHandle)?;
        if self.own_handle.as_ref().is_none_or(|known| known.as_bytes() != stored) {
            self.own_handle = row.some_text(Column::OwnHandle).map(Arc::from);
        }
        self.own_handle.clone()
    }

    fn kind(&self, row: Row<'_, Column>, found: &mut MessageRow) -> MessageKind {
        let marks = KindColumns {
            item_type: row.integer(Column::ItemType),
            group_action_type: row.integer(Column::GroupAction),
            associated_message_type: row.integer(Column::AssociatedType),
            balloon_bundle_id: row.some_text(Column::Bundle),
        };
        match marks.kind() {
            RowKind::Normal => MessageKind::Normal,
            RowKind::Tapback(number) => MessageKind::Tapback(Box::new(reaction(row, number, found))),
            RowKind::Vote => MessageKind::Vote(Box::new(vote(row, found))),
            RowKind::Announcement { item_type, action } => {
                MessageKind::Announcement(self.facts(row, item_type, action))
            }
            RowKind::App(bundle_id) => app(row, bundle_id, found),
            RowKind::Unsupported(what) => MessageKind::Unsupported { what },
        }
    }

    fn facts(&self, row: Row<'_, Column>, item_type: i64, action: i64) -> super::super::model::Announcement {
        let (own, other) = (row.integer(Column::Handle), row.integer(Column::OtherHandle));
        let facts = Facts {
            item_type,
            action,
            other: self.handle(row, Column::OtherHandle),
            is_about_sender: own.is_some() && own == other,
            title: row.some_text(Column::GroupTitle),
            share_status: row.integer(Column::ShareStatus),
        };
        facts.announcement()
    }
}

/// By which service; the usual names need no copy.
fn service(row: Row<'_, Column>) -> Option<Service> {
    match row.blob(Column::Service)? {
        b"iMessage" => Some(Service::IMessage),
        b"SMS" => Some(Service::Sms),
        _ => row.some_text(Column::Service).as_deref().map(Service::read),
    }
}

/// Where somebody shares their place, the row says apart in which direction.
fn is_from_me(row: Row<'_, Column>) -> bool {
    let shared_by_owner = || {
        row.integer(Column::ItemType) == Some(4)
            && row.integer(Column::OtherHandle).is_some_and(|handle| handle != 0)
            && row.integer(Column::ShareDirection) == Some(0)
    };
    row.truth(Column::IsFromMe) || shared_by_owner()
}

/// What waits to be sent has type 2; once it is sent, the row says that too.
fn schedule(row: Row<'_, Column>) -> Option<Schedule> {
    match row.integer(Column::ScheduleType)? {
        0 => None,
        2 if row.truth(Column::IsSent) => Some(Schedule::Sent),
        2 => Some(Schedule::Pending),
        other => Some(Schedule::Other(other)),
    }
}

fn reply(row: Row<'_, Column>) -> Option<Reply> {
    let guid = row.some_text(Column::ThreadOriginator)?;
    let part = row.some_text(Column::ThreadPart).map_or(0, |part| threads::part(&part));
    Some(Reply { guid, part, id: None, date: None, is_from_me: false, sender: None, excerpt: None })
}

fn read_summary(row: Row<'_, Column>, is_edited: bool, found: &mut MessageRow) {
    let Some(list) = row.blob(Column::Summary) else { return };
    if !is_edited && !summary::may_matter(list) {
        return;
    }
    let summary = summary::read(list);
    found.damage.extend(summary.damage.map(|why| ("history", why)));
    found.message.edits = summary.edits;
    found.message.translation = summary.translation.map(Box::new);
    found.unsent = summary.unsent;
}

fn target(row: Row<'_, Column>) -> (u32, Option<String>) {
    let stored = row.some_text(Column::AssociatedGuid);
    let (part, guid) = stored.as_deref().map(tapback::target).unzip();
    (part.unwrap_or(0), guid.map(str::to_owned))
}

fn reaction(row: Row<'_, Column>, number: i64, found: &mut MessageRow) -> Tapback {
    let (part, target) = target(row);
    let (emoji, cut) = row.some_text(Column::AssociatedEmoji).map(tapback::emoji).unzip();
    found.damage.extend(cut.flatten().map(|why| ("reaction", why)));
    let (reaction, removed) = tapback::reaction(number, emoji);
    let message = &found.message;
    Tapback {
        id: message.id,
        guid: message.guid.clone(),
        date: message.date,
        is_from_me: message.is_from_me,
        sender: message.sender.clone(),
        target,
        part,
        reaction,
        removed,
        removed_by: None,
        text: tapback::words(message.text.as_ref()),
    }
}

fn vote(row: Row<'_, Column>, found: &mut MessageRow) -> Vote {
    let card = row.blob(Column::Payload).map(|payload| apps::read(POLLS.to_owned(), Some(payload)).card);
    let options = card.and_then(|card| apps::poll::votes(&card.url?));
    if options.is_none() {
        found.damage.push(("vote", "its content cannot be read".to_owned()));
    }
    let message = &found.message;
    Vote {
        id: message.id,
        guid: message.guid.clone(),
        date: message.date,
        is_from_me: message.is_from_me,
        sender: message.sender.clone(),
        target: target(row).1,
        options: options.unwrap_or_default(),
    }
}

fn app(row: Row<'_, Column>, bundle_id: String, found: &mut MessageRow) -> MessageKind {
    let mut app = apps::read(bundle_id, row.blob(Column::Payload));
    app.updates = target(row).1.filter(|target| Some(target) != found.message.guid.as_ref());
    if let (AppContent::Unreadable(why), true) = (&app.content, row.blob(Column::Payload).is_some()) {
        found.damage.push(("app content", why.clone()));
    }
    MessageKind::App(Box::new(app))
}

/// The picture of a sticker that was put on a message.
pub(in crate::messages) fn take_sticker(message: &mut Message) {
    if let MessageKind::Tapback(tapback) = &mut message.kind
        && let super::super::model::Reaction::Sticker(sticker) = &mut tapback.reaction
    {
        *sticker = message.attachments.pop().map(Box::<Attachment>::new);
    }
}
