//! One walk through the messages of a conversation: each is read from its row, put together with its attachments, and
//! given what belongs to it.

use std::ops::ControlFlow;
use std::slice::Iter;

use rusqlite::Connection;

use super::assemble::assemble;
use super::associate::Associations;
use super::current::take_sticker;
use super::filter::Filter;
use super::generation::{Attachments, Generation, JoinedRows, MessageKey, MessageRow, numbers};
use super::model::{Chat, Deleted, Message};
use super::threads::{Original, Thread};
use crate::skipped::Skipped;
use crate::source::Source;

/// What a walk needs to know.
pub(super) struct Walk<'w> {
    pub(super) source: &'w dyn Source,
    /// Only these messages, ascending, where no chat speaks for them.
    pub(super) only: Option<&'w [i64]>,
    pub(super) generation: &'w dyn Generation,
    pub(super) connection: &'w Connection,
    pub(super) chat: &'w Chat,
    pub(super) filter: &'w Filter,
}

impl Walk<'_> {
    /// Hands on the messages at `places`, which are some of all `members` of the conversation, both in order, until it is told
    /// to stop.
    pub(super) fn through(
        &self,
        members: &[MessageKey],
        places: &[MessageKey],
        skipped: &mut Vec<Skipped>,
        each: &mut dyn FnMut(Message) -> ControlFlow<()>,
    ) {
        let joined_rows = self.generation.joined_rows(self.connection);
        let numbers = numbers(members);
        let mut attachments = self.generation.attachments(self.connection, self.chat, &numbers, skipped);
        let is_related = |place: &MessageKey| joined_rows.related.binary_search(&place.1).is_ok();
        let related: Vec<MessageKey> = members.iter().filter(|place| is_related(place)).copied().collect();
        let mut associations = Associations::default();
        let keep = &mut |message, _| {
            associations.keep(message);
            ControlFlow::Continue(())
        };
        _ = self.read(&related, &mut attachments, skipped, keep);
        let mut passing = Passing {
            walk: self,
            joined_rows,
            associations,
            thread: Thread::new(&joined_rows.threads, &numbers),
            places: places.iter(),
            each,
        };
        let by_themselves: Vec<MessageKey> = match related.is_empty() {
            true => places.to_vec(),
            false => places.iter().filter(|place| !is_related(place)).copied().collect(),
        };
        let read = self.read(&by_themselves, &mut attachments, skipped, &mut |message, place| {
            passing.come_to(place)?;
            passing.pass(message)
        });
        if read.is_continue() {
            // There is nothing after the end that could be stopped.
            _ = passing.come_to_the_end();
        }
    }

    /// Reads messages and puts them together with their attachments, until it is told to stop.
    fn read(
        &self,
        places: &[MessageKey],
        attachments: &mut Attachments,
        skipped: &mut Vec<Skipped>,
        each: &mut dyn FnMut(Message, i64) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut damage = Vec::new();
        let read = self.generation.each_message(self.connection, self.chat, places, &mut |id, found| match found {
            Ok(Some(mut found)) => {
                found.attached.extend(attachments.remove(&id).unwrap_or_default());
                each(self.put_together(found, &mut damage), id)
            }
            // The device removed the message and left the link to it.
            Ok(None) => ControlFlow::Continue(()),
            Err(error) => {
                damage.push(Skipped::new(format!("message {id}"), error));
                ControlFlow::Continue(())
            }
        });
        skipped.append(&mut damage);
        read.unwrap_or_else(|error| {
            skipped.push(Skipped::new(format!("messages of chat {}", self.chat.id), error));
            ControlFlow::Continue(())
        })
    }

    fn put_together(&self, found: MessageRow, skipped: &mut Vec<Skipped>) -> Message {
        let MessageRow { mut message, attached, pieces, unsent, retracted, damage } = found;
        for (what, why) in damage {
            skipped.push(Skipped::part(format!("{what} of message {}", message.id), why));
        }
        assemble(&mut message, pieces, (&unsent, retracted), attached, self.source);
        take_sticker(&mut message);
        message
    }

    /// Looks up a message that is answered and has not passed by: it lies in another conversation, or outside of the time
    /// that is asked for.
    fn original(&self, guid: &str) -> Option<Original> {
        let id = self.generation.find(self.connection, guid)?;
        let mut original = None;
        // It may lie in another conversation: who takes part in this one says nothing of who wrote it.
        let anywhere = Chat { id: self.chat.id, ..Chat::default() };
        let read = self.generation.each_message(self.connection, &anywhere, &[(None, id)], &mut |_, found| {
            // What is damaged about it is said where it stands itself.
            if let Ok(Some(found)) = found {
                original = Some(Original::of(&self.put_together(found, &mut Vec::new())));
            }
            ControlFlow::Continue(())
        });
        read.ok().and(original)
    }

    /// What the row itself has to say about it: what it is, and where no chat speaks for it, whose.
    fn asks_for(&self, message: &Message) -> bool {
        self.filter.includes(message, self.chat) && self.only.is_none_or(|only| only.binary_search(&message.id).is_ok())
    }
}

/// The messages of a walk as they pass by in order.
struct Passing<'p, 'w> {
    walk: &'p Walk<'w>,
    joined_rows: &'p JoinedRows,
    associations: Associations,
    thread: Thread<'p>,
    /// The places that have not been reached.
    places: Iter<'p, MessageKey>,
    each: &'p mut dyn FnMut(Message) -> ControlFlow<()>,
}

impl Passing<'_, '_> {
    /// Passes what stands before a message and found nothing to belong to.
    fn come_to(&mut self, id: i64) -> ControlFlow<()> {
        while let Some((_, next)) = self.places.next() {
            if *next == id {
                break;
            }
            self.pass_left(*next)?;
        }
        ControlFlow::Continue(())
    }

    fn come_to_the_end(&mut self) -> ControlFlow<()> {
        while let Some((_, next)) = self.places.next() {
            self.pass_left(*next)?;
        }
        ControlFlow::Continue(())
    }

    fn pass_left(&mut self, id: i64) -> ControlFlow<()> {
        self.associations.take(id).map_or(ControlFlow::Continue(()), |message| self.pass(message))
    }

    fn pass(&mut self, mut message: Message) -> ControlFlow<()> {
        self.associations.complete(&mut message);
        self.thread.tie(&mut message, &mut |guid| self.walk.original(guid));
        self.mark_deleted(&mut message);
        if self.walk.asks_for(&message) { (self.each)(message) } else { ControlFlow::Continue(()) }
    }

    fn mark_deleted(&self, message: &mut Message) {
        let whole = self.joined_rows.deleted.get(&message.id);
        let parts = self.joined_rows.deleted_parts.get(&message.id);
        if whole.is_some() || parts.is_some() {
            let deleted = Deleted {
                date: whole.copied().flatten(),
                is_whole: whole.is_some(),
                parts: parts.cloned().unwrap_or_default(),
            };
            message.deleted = Some(Box::new(deleted));
        }
    }
}
