//! One row of `message`, read into a message.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Row;

use super::super::announcement::Facts;
use super::super::generation::Found;
use super::super::kind::{Marks, RowKind};
use super::super::model::{
    AppContent, Attachment, Delivery, Effect, Handle, Message, MessageKind, Reply, Schedule, Sender, Service, Tapback,
    Vote,
};
use super::super::{apps, body, summary, tapback, threads};
use super::columns::Column;
use crate::database::{blob, integer, some_text, text, truth};
use crate::time::AppleTime;

/// The bundle identifier of polls.
const POLLS: &str = "com.apple.messages.Polls";

/// What reading the rows of a conversation needs beside them.
pub(super) struct Rows<'h> {
    pub(super) handles: &'h HashMap<i64, Arc<Handle>>,
    pub(super) chat: i64,
    /// The owner's handle of the row before: it rarely changes.
    pub(super) own_handle: Option<Arc<str>>,
}

impl Rows<'_> {
    /// Reads a row.
    pub(super) fn read(&mut self, row: &Row<'_>, id: i64) -> Found {
        let date_edited = moment(row, Column::DateEdited).or_else(|| moment(row, Column::DateRetracted));
        let body = body::read(words(row, Column::Text), bytes(row, Column::AttributedBody), date_edited.is_some());
        let is_from_me = is_from_me(row);
        let message = Message {
            id,
            guid: some(row, Column::Guid),
            chat_id: self.chat,
            date: moment(row, Column::Date),
            date_read: moment(row, Column::DateRead),
            date_delivered: moment(row, Column::DateDelivered),
            date_edited,
            date_played: moment(row, Column::DatePlayed),
            is_from_me,
            sender: if is_from_me { None } else { self.handle(row, Column::Handle) },
            service: service(row),
            subject: some(row, Column::Subject),
            text: body.text,
            reply_to: reply(row).map(Box::new),
            effect: some(row, Column::Effect).as_deref().map(Effect::read),
            delivery: self.delivery(row),
            ..Message::default()
        };
        let mut found = Found { message, pieces: body.pieces, ..Found::default() };
        found.damage.extend(body.damage.map(|why| ("text", why)));
        read_summary(row, &mut found);
        found.message.kind = self.kind(row, &mut found);
        found
    }

    fn handle(&self, row: &Row<'_>, column: Column) -> Sender {
        self.handles.get(&number(row, column)?).cloned()
    }

    fn delivery(&mut self, row: &Row<'_>) -> Delivery {
        let is = |column| truth(row, column as usize);
        let service_is_satellite = || some(row, Column::Service).as_deref() == Some("iMessageLite");
        let filter = number(row, Column::Filter).filter(|filter| *filter != 0);
        Delivery {
            error: number(row, Column::Error).filter(|error| *error != 0),
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
            filter: filter.map(|filter| (filter, number(row, Column::SubFilter).unwrap_or(0))),
            own_handle: self.own_handle(row),
        }
    }

    fn own_handle(&mut self, row: &Row<'_>) -> Option<Arc<str>> {
        let stored = bytes(row, Column::OwnHandle)?;
        if self.own_handle.as_ref().is_none_or(|known| known.as_bytes() != stored) {
            self.own_handle = some(row, Column::OwnHandle).map(Arc::from);
        }
        self.own_handle.clone()
    }

    fn kind(&self, row: &Row<'_>, found: &mut Found) -> MessageKind {
        let marks = Marks {
            item_type: number(row, Column::ItemType),
            group_action_type: number(row, Column::GroupAction),
            associated_message_type: number(row, Column::AssociatedType),
            balloon_bundle_id: some(row, Column::Bundle),
        };
        match marks.kind() {
            RowKind::Normal => MessageKind::Normal,
            RowKind::Tapback(number) => MessageKind::Tapback(Box::new(reaction(row, number, &found.message))),
            RowKind::Vote => MessageKind::Vote(Box::new(vote(row, found))),
            RowKind::Announcement { item_type, action } => {
                MessageKind::Announcement(self.facts(row, item_type, action))
            }
            RowKind::App(bundle_id) => app(row, bundle_id, found),
            RowKind::Unsupported(what) => MessageKind::Unsupported { what },
        }
    }

    fn facts(&self, row: &Row<'_>, item_type: i64, action: i64) -> super::super::model::Announcement {
        let (own, other) = (number(row, Column::Handle), number(row, Column::OtherHandle));
        let facts = Facts {
            item_type,
            action,
            other: self.handle(row, Column::OtherHandle),
            is_about_sender: own.is_some() && own == other,
            title: some(row, Column::GroupTitle),
            share_status: number(row, Column::ShareStatus),
        };
        facts.announcement()
    }
}

fn number(row: &Row<'_>, column: Column) -> Option<i64> {
    integer(row, column as usize)
}

fn moment(row: &Row<'_>, column: Column) -> Option<AppleTime> {
    number(row, column).and_then(AppleTime::from_seconds_or_nanoseconds)
}

fn words(row: &Row<'_>, column: Column) -> Option<String> {
    text(row, column as usize)
}

fn some(row: &Row<'_>, column: Column) -> Option<String> {
    some_text(row, column as usize)
}

fn bytes<'row>(row: &'row Row<'_>, column: Column) -> Option<&'row [u8]> {
    blob(row, column as usize)
}

/// By which service; the usual names need no copy.
fn service(row: &Row<'_>) -> Option<Service> {
    match bytes(row, Column::Service)? {
        b"iMessage" => Some(Service::IMessage),
        b"SMS" => Some(Service::Sms),
        _ => some(row, Column::Service).as_deref().map(Service::read),
    }
}

/// Where somebody shares their place, the row says apart in which direction.
fn is_from_me(row: &Row<'_>) -> bool {
    let shared_by_owner = || {
        number(row, Column::ItemType) == Some(4)
            && number(row, Column::OtherHandle).is_some_and(|handle| handle != 0)
            && number(row, Column::ShareDirection) == Some(0)
    };
    truth(row, Column::IsFromMe as usize) || shared_by_owner()
}

/// What waits to be sent has type 2; once it is sent, the row says that too.
fn schedule(row: &Row<'_>) -> Option<Schedule> {
    match number(row, Column::ScheduleType)? {
        0 => None,
        2 if truth(row, Column::IsSent as usize) => Some(Schedule::Sent),
        2 => Some(Schedule::Pending),
        other => Some(Schedule::Other(other)),
    }
}

fn reply(row: &Row<'_>) -> Option<Reply> {
    let guid = some(row, Column::ThreadOriginator)?;
    let part = some(row, Column::ThreadPart).map_or(0, |part| threads::part(&part));
    Some(Reply { guid, part, id: None, date: None, is_from_me: false, sender: None, excerpt: None })
}

fn read_summary(row: &Row<'_>, found: &mut Found) {
    let Some(list) = bytes(row, Column::Summary) else { return };
    if found.message.date_edited.is_none() && !summary::may_matter(list) {
        return;
    }
    let summary = summary::read(list);
    found.damage.extend(summary.damage.map(|why| ("history", why)));
    found.message.edits = summary.edits;
    found.message.translation = summary.translation.map(Box::new);
    found.unsent = summary.unsent;
}

fn target(row: &Row<'_>) -> (u32, Option<String>) {
    let stored = some(row, Column::AssociatedGuid);
    let (part, guid) = stored.as_deref().map(tapback::target).unzip();
    (part.unwrap_or(0), guid.map(str::to_owned))
}

fn reaction(row: &Row<'_>, number: i64, message: &Message) -> Tapback {
    let (part, target) = target(row);
    let (reaction, removed) = tapback::reaction(number, some(row, Column::AssociatedEmoji));
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
        text: message.text.clone(),
    }
}

fn vote(row: &Row<'_>, found: &mut Found) -> Vote {
    let card = bytes(row, Column::Payload).map(|payload| apps::read(POLLS.to_owned(), Some(payload)).card);
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

fn app(row: &Row<'_>, bundle_id: String, found: &mut Found) -> MessageKind {
    let mut app = apps::read(bundle_id, bytes(row, Column::Payload));
    app.updates = target(row).1.filter(|target| Some(target) != found.message.guid.as_ref());
    if let (AppContent::Unreadable(why), true) = (&app.content, bytes(row, Column::Payload).is_some()) {
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
