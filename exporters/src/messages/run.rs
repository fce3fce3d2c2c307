//! What all threads of an export share.

use std::collections::HashMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use corer_schemas::messages::Chat;

use super::attachment::{AttachmentStore, FOLDER};
use super::avatars::{self, Avatars};
use super::title::folder_title;
use super::{Conversations, Options};
use crate::output::{ExportError, SHA256SUMS, SafePath, Tree, UniqueNames};
use crate::write::workers::WorkQueue;

/// The file of records.
pub(super) const RECORDS: &str = "messages.jsonl";

/// The table of all messages.
pub(super) const TABLE: &str = "messages.csv";

/// The start page.
pub(super) const START: &str = "index.html";

/// The folder of the search index.
pub(super) const SEARCH: &str = "search";

/// Names that are corer's own in the folder of messages.
const RESERVED: [&str; 10] =
    [START, RECORDS, TABLE, FOLDER, avatars::FOLDER, SEARCH, "csv", "report.json", "report.txt", SHA256SUMS];

/// How often progress is told, in messages.
const TOLD: u64 = 256;

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Conversations that are done.
    pub chats: usize,
    /// Messages that are done.
    pub messages: u64,
}

/// What all threads of an export share.
pub(super) struct ExportRun<'a> {
    pub(super) source: &'a dyn Conversations,
    pub(super) options: &'a Options,
    pub(super) tree: &'a Tree,
    pub(super) attachment_store: AttachmentStore<'a>,
    pub(super) avatars: Avatars,
    folders: HashMap<i64, SafePath>,
    progress: &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync),
    messages: AtomicU64,
    pub(super) chats: AtomicUsize,
    /// One piece for each conversation.
    pub(super) work: WorkQueue,
}

impl<'a> ExportRun<'a> {
    pub(super) fn new(
        source: &'a dyn Conversations,
        chats: &[Chat],
        options: &'a Options,
        tree: &'a Tree,
        progress: &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync),
    ) -> Self {
        let attachment_store = AttachmentStore::new(tree, options);
        Self {
            source,
            options,
            tree,
            attachment_store,
            avatars: Avatars::default(),
            folders: folders(chats),
            progress,
            messages: AtomicU64::new(0),
            chats: AtomicUsize::new(0),
            work: WorkQueue::of(chats.len()),
        }
    }

    /// The folder of a conversation, from the folder of messages.
    pub(super) fn folder(&self, chat: i64) -> SafePath {
        self.folders.get(&chat).cloned().unwrap_or_default()
    }

    /// Counts a message, and stops if that was asked for.
    pub(super) fn advance(&self) -> Result<(), ExportError> {
        let messages = self.messages.fetch_add(1, Ordering::Relaxed) + 1;
        if messages.is_multiple_of(TOLD) { self.tell(messages) } else { Ok(()) }
    }

    /// Stops if that was asked for.
    pub(super) fn check(&self) -> Result<(), ExportError> {
        self.tell(self.messages.load(Ordering::Relaxed))
    }

    fn tell(&self, messages: u64) -> Result<(), ExportError> {
        let progress = Progress { chats: self.chats.load(Ordering::Relaxed), messages };
        let stop = self.work.is_stopped() || (self.progress)(progress).is_break();
        if stop { Err(ExportError::Interrupted) } else { Ok(()) }
    }

    /// Says that a temporary file failed.
    pub(super) fn scratch_failed(&self, error: io::Error) -> ExportError {
        self.tree.failed(&self.options.base.join(RECORDS), error).into()
    }
}

/// Gives each conversation its folder, in their order.
fn folders(chats: &[Chat]) -> HashMap<i64, SafePath> {
    let mut names = UniqueNames::new();
    RESERVED.iter().for_each(|name| names.reserve(&SafePath::new(name)));
    let folder = |chat: &Chat| (chat.id, names.fresh_in(&SafePath::root(), &folder_title(chat), &chat.guid));
    chats.iter().map(folder).collect()
}
