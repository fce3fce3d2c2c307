//! Conversations of a backup, and what an export remembers of them.
//!
//! A conversation is found again by the identifiers that it is made of ([`Chat::keys`]). Where two have become one, or one has
//! become two, each message stands where the backup has it; what the backup lacks stays with the first that shares an identifier.
//! What shares none with any is a conversation that only earlier backups had.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use corer_schemas::identity::{Identities, RecordId};
use corer_schemas::messages::{Chat, Message, without_service};
use corer_schemas::{Entry, Opened, Skipped, SourceError};

use super::Conversations;
use super::title::title;
use crate::output::SafePath;
use crate::saved::{EachKept, IdentifiedFeed, Kept, Merge, SavedError, Update, Writer};
use crate::write::FileSource;

/// The messages of several conversations, one conversation after the other.
pub struct ChatFeed<'c> {
    source: &'c dyn Conversations,
    chats: &'c [Chat],
    /// Whether these are all that there are.
    is_complete: bool,
    found: RefCell<Vec<u64>>,
}

impl<'c> ChatFeed<'c> {
    /// Those of these conversations. `is_complete`: whether every conversation could be read.
    pub fn new(source: &'c dyn Conversations, chats: &'c [Chat], is_complete: bool) -> Self {
        Self { source, chats, is_complete, found: RefCell::default() }
    }

    /// How many messages each conversation had when they were read; nothing, if they were not.
    pub fn found(&self) -> Vec<u64> {
        self.found.borrow().clone()
    }
}

impl IdentifiedFeed<Message> for ChatFeed<'_> {
    fn each(&self, each: &mut dyn FnMut(RecordId, Message) -> ControlFlow<()>) -> Vec<Skipped> {
        let (mut skipped, mut all) = (Vec::new(), Vec::new());
        if !self.is_complete {
            skipped.push(Skipped::new("conversations", "some of them could not be read"));
        }
        for chat in self.chats {
            let mut found = 0;
            let one = OneChat { source: self.source, chat, failed: RefCell::default() };
            let mut is_stopped = false;
            skipped.extend(one.each(&mut |id, message| {
                found += 1;
                let flow = each(id, message);
                is_stopped = flow.is_break();
                flow
            }));
            skipped.extend(one.failed.take().map(|error| Skipped::new(title(chat), error)));
            all.push(found);
            if is_stopped {
                break;
            }
        }
        *self.found.borrow_mut() = all;
        skipped
    }
}

/// The messages of one conversation. Equal ones are counted within it.
struct OneChat<'c> {
    source: &'c dyn Conversations,
    chat: &'c Chat,
    /// Why nothing of it can be read.
    failed: RefCell<Option<SourceError>>,
}

impl IdentifiedFeed<Message> for OneChat<'_> {
    fn each(&self, each: &mut dyn FnMut(RecordId, Message) -> ControlFlow<()>) -> Vec<Skipped> {
        let mut identities = Identities::within(self.chat.place_key());
        let is_of_orphans = self.chat.is_of_orphans();
        let read = self.source.messages(self.chat, &mut |mut kept| {
            if is_of_orphans {
                kept.record.chat_id = 0;
            }
            each(identities.of(&kept.record), kept.record)
        });
        read.unwrap_or_else(|error| {
            *self.failed.borrow_mut() = Some(error);
            Vec::new()
        })
    }
}

/// Conversations with what is remembered of them, which is written down as it is read.
pub struct RememberedChats<'m> {
    merge: Merge<'m>,
    update: &'m Update<'m>,
    source: &'m dyn Conversations,
    chats: Vec<RememberedChat>,
    places: HashMap<i64, usize>,
    writer: Writer,
    failed: Mutex<Option<SavedError>>,
}

/// A conversation.
struct RememberedChat {
    /// As it is shown.
    shown: Chat,
    /// As the backup has it.
    of_backup: Option<Chat>,
    /// What is remembered of it.
    groups: Vec<usize>,
    /// How many messages the backup had a moment ago.
    found: u64,
    /// Whether it was read: what is read is written down, once.
    is_read: AtomicBool,
}

impl<'m> RememberedChats<'m> {
    /// The conversations of a backup and those that `update` remembers. `found` tells how many messages each of the backup had
    /// when they were looked at.
    ///
    /// # Errors
    /// When what is remembered makes no sense, or there is no room for what is to be.
    pub fn new(
        update: &'m Update<'m>,
        source: &'m dyn Conversations,
        chats: &[Chat],
        found: &[u64],
    ) -> Result<Self, SavedError> {
        let merge = update.merge();
        let mut found = found.iter().copied();
        let of_backup = |chat: &Chat| RememberedChat {
            shown: chat.clone(),
            of_backup: Some(chat.clone()),
            groups: Vec::new(),
            found: found.next().unwrap_or_default(),
            is_read: AtomicBool::default(),
        };
        let mut all: Vec<RememberedChat> = chats.iter().map(of_backup).collect();
        add_remembered(merge, &mut all)?;
        let places = all.iter().enumerate().map(|(place, chat)| (chat.shown.id, place)).collect();
        let writer = update.writer()?;
        Ok(Self { merge, update, source, chats: all, places, writer, failed: Mutex::default() })
    }

    /// All of them, as they are shown.
    pub fn chats(&self) -> Vec<Chat> {
        self.chats.iter().map(|chat| chat.shown.clone()).collect()
    }

    /// What was written down, once all have been read.
    ///
    /// # Errors
    /// When what is remembered could not be read, or the new memory could not be written.
    pub fn into_writer(self) -> Result<Writer, SavedError> {
        match self.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(self.writer),
        }
    }

    /// Whether the messages end because something failed: what was made of them must not be kept.
    pub fn has_failed(&self) -> bool {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn merged(
        &self,
        place: usize,
        chat: &RememberedChat,
        each: &mut EachKept<'_, Message>,
    ) -> Result<Read, SavedError> {
        if chat.is_read.swap(true, Ordering::Relaxed) {
            return Err(io::Error::other("a conversation was asked for twice").into());
        }
        let mut section = self.writer.section(place);
        section.begin_group(&chat.shown)?;
        let waiting = self.merge.waiting(&chat.groups);
        let mut each = |mut kept: Kept<Message>| {
            kept.record.chat_id = chat.shown.id;
            each(kept)
        };
        let nothing = Chat::default();
        let of_backup = chat.of_backup.as_ref();
        let feed = OneChat { source: self.source, chat: of_backup.unwrap_or(&nothing), failed: RefCell::default() };
        let end = match of_backup {
            Some(_) => self.merge.run(&feed, waiting, &mut section, &mut each)?,
            None => self.merge.run(&NoMessages, waiting, &mut section, &mut each)?,
        };
        if !end.is_stopped && end.delivered < chat.found {
            return Err(SavedError::Changed);
        }
        section.finish()?;
        Ok(feed.failed.into_inner().map_or(Ok(end.skipped), Err))
    }
}

type Read = Result<Vec<Skipped>, SourceError>;

/// A conversation of which the backup has nothing.
struct NoMessages;

impl IdentifiedFeed<Message> for NoMessages {
    fn each(&self, _each: &mut dyn FnMut(RecordId, Message) -> ControlFlow<()>) -> Vec<Skipped> {
        Vec::new()
    }
}

/// Where conversations are, by what each is known by.
#[derive(Default)]
struct ChatPlaces {
    whole: HashMap<String, usize>,
    /// By what is left without the service.
    rest: HashMap<String, usize>,
    /// The same, of those that name none.
    of_any: HashMap<String, usize>,
}

/// What stands in the place of a service since iOS 26.
const ANY_SERVICE: &str = "any";

impl ChatPlaces {
    fn add(&mut self, chat: &Chat, place: usize) {
        for key in chat.keys() {
            if let Some((service, rest)) = without_service(&key) {
                self.rest.entry(rest.to_owned()).or_insert(place);
                if service == ANY_SERVICE {
                    self.of_any.entry(rest.to_owned()).or_insert(place);
                }
            }
            self.whole.entry(key).or_insert(place);
        }
    }

    /// The first that shares an identifier; else the first that shares all but the service, where one of both names none.
    fn of(&self, chat: &Chat) -> Option<usize> {
        let keys = chat.keys();
        let alike = |key: &String| {
            let (service, rest) = without_service(key)?;
            if service == ANY_SERVICE { self.rest.get(rest) } else { self.of_any.get(rest) }
        };
        let whole = keys.iter().filter_map(|key| self.whole.get(key)).min();
        whole.or_else(|| keys.iter().filter_map(alike).min()).copied()
    }
}

/// Adds what is remembered to the conversations of the backup.
fn add_remembered(merge: Merge<'_>, all: &mut Vec<RememberedChat>) -> Result<(), SavedError> {
    let mut places = ChatPlaces::default();
    all.iter().enumerate().for_each(|(place, chat)| places.add(&chat.shown, place));
    let mut ids: HashSet<i64> = all.iter().map(|chat| chat.shown.id).collect();
    // Rows have no number below zero.
    let mut free = 0;
    for group in 0..merge.groups() {
        let Some(remembered) = merge.group::<Chat>(group)? else { continue };
        if let Some(chat) = places.of(&remembered).and_then(|place| all.get_mut(place)) {
            chat.groups.push(group);
            if merge.is_older() && chat.groups.len() == 1 {
                chat.shown = Chat { id: chat.shown.id, ..remembered };
            }
            continue;
        }
        if !merge.has_waiting(group) {
            continue;
        }
        // Its number may be another one's by now.
        let mut id = remembered.id;
        while ids.contains(&id) {
            free -= 1;
            id = free;
        }
        ids.insert(id);
        let shown = Chat { id, ..remembered };
        places.add(&shown, all.len());
        all.push(RememberedChat {
            shown,
            of_backup: None,
            groups: vec![group],
            found: 0,
            is_read: AtomicBool::default(),
        });
    }
    Ok(())
}

impl Conversations for RememberedChats<'_> {
    fn messages(&self, chat: &Chat, each: &mut dyn FnMut(Kept<Message>) -> ControlFlow<()>) -> Read {
        let own = self.places.get(&chat.id).and_then(|place| Some((*place, self.chats.get(*place)?)));
        let Some((place, own)) = own else { return Ok(Vec::new()) };
        self.merged(place, own, each).unwrap_or_else(|error| {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            Ok(Vec::new())
        })
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.update.files(&Attachments(self.source)).open(entry)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        self.source.place(entry)
    }

    fn photo_of(&self, address: &str) -> Option<Vec<u8>> {
        self.source.photo_of(address)
    }

    fn earlier(&self, entry: &Entry, why: &dyn Display) -> Option<Opened> {
        self.update.files(&Attachments(self.source)).earlier(entry, why)
    }

    fn is_of_another(&self, entry: Option<&Entry>, path: &SafePath, sha256: &[u8; 32]) -> bool {
        let own = entry.and_then(|entry| self.update.files(&Attachments(self.source)).place_of(entry));
        own.as_ref() != Some(path) && self.update.is_of_another(path, sha256)
    }

    fn stays_at(&self, entry: &Entry) -> Option<SafePath> {
        self.update.files(&Attachments(self.source)).stays_at(entry)
    }

    fn note_placed(&self, entry: &Entry, path: &SafePath) {
        self.update.files(&Attachments(self.source)).note_placed(entry, path);
    }
}

/// The files of conversations.
struct Attachments<'c>(&'c dyn Conversations);

impl FileSource for Attachments<'_> {
    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.0.open(entry)
    }
}
