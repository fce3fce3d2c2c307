//! The conversations that were asked for, as the exporters read them.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use corer_exporters::messages::Conversations;
use corer_exporters::saved::Kept;
use corer_schemas::contacts::Photos;
use corer_schemas::messages::{Chat, ChatReader, Filter, Message};
use corer_schemas::people::Directory;
use corer_schemas::{Entry, Opened, Skipped, Source, SourceError};

use crate::cli::run::command::OnProgress;

/// The most bytes of a picture that an app keeps of somebody.
const LARGEST_PICTURE: u64 = 16 << 20;

/// A reader of conversations, and what is asked of it.
#[derive(Clone, Copy)]
pub struct SelectedChats<'s> {
    /// The reader.
    pub chats: &'s dyn ChatReader,
    /// Where attachments are.
    pub source: &'s dyn Source,
    /// The choice.
    pub filter: &'s Filter,
    /// Who people are.
    pub directory: &'s Directory,
    /// Their photos.
    pub photos: &'s Photos,
}

impl SelectedChats<'_> {
    /// Whether there is anything to show or to write. Looked at before an output is begun: one conversation with a
    /// message is enough, and without a choice none is read.
    pub fn has_any(&self, chats: &[Chat]) -> bool {
        if *self.filter == Filter::default() {
            return !chats.is_empty();
        }
        // What cannot be read counts: it belongs into the report.
        chats.iter().any(|chat| {
            let mut any = false;
            let read = self.messages(chat, &mut |_| {
                any = true;
                ControlFlow::Break(())
            });
            any || read.map_or(true, |skipped| !skipped.is_empty())
        })
    }
}

impl Conversations for SelectedChats<'_> {
    fn messages(
        &self,
        chat: &Chat,
        each: &mut dyn FnMut(Kept<Message>) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError> {
        self.chats.in_chat(chat, self.filter, &mut |message| each(Kept::present(message)))
    }

    fn read_ahead(
        &self,
        chats: &[Chat],
        temp_file: &dyn Fn() -> io::Result<File>,
        threads: usize,
        keep_going: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Result<(), SourceError> {
        self.chats.read_ahead(chats, self.filter, temp_file, threads, keep_going)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.source.open(entry)
    }

    fn place(&self, entry: &Entry) -> Option<PathBuf> {
        std::path::absolute(self.source.place(entry)?).ok()
    }

    fn photo_of(&self, address: &str) -> Option<Vec<u8>> {
        let of_card = || {
            let person = self.directory.person_of(address)?;
            Some(self.photos.of_cards(&person.cards).ok()??.bytes)
        };
        of_card().or_else(|| {
            let mut bytes = Vec::new();
            let opened = self.source.open(&self.chats.picture_of(address)?).ok()?;
            opened.reader.take(LARGEST_PICTURE).read_to_end(&mut bytes).ok()?;
            Some(bytes)
        })
    }
}

/// Conversations that are counted as they are read.
pub struct CountedChats<'c> {
    inner: &'c dyn Conversations,
    on_progress: &'c OnProgress<'c>,
    done: AtomicU64,
}

impl<'c> CountedChats<'c> {
    /// Tells how many messages were read.
    pub fn new(inner: &'c dyn Conversations, on_progress: &'c OnProgress<'c>) -> Self {
        Self { inner, on_progress, done: AtomicU64::new(0) }
    }
}

impl Conversations for CountedChats<'_> {
    fn messages(
        &self,
        chat: &Chat,
        each: &mut dyn FnMut(Kept<Message>) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError> {
        self.inner.messages(chat, &mut |message| {
            (self.on_progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1)?;
            each(message)
        })
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.inner.open(entry)
    }
}
