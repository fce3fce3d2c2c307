//! The conversations that were asked for, as the exporters read them.

use corer_exporters::messages::Conversations;
use corer_schemas::messages::{Chat, Message, Messages};
use corer_schemas::{Entry, Opened, Selection, Skipped, Source, SourceError};

/// A database of messages and a choice of them.
pub struct Chosen<'s> {
    /// The database.
    pub messages: &'s Messages<'s>,
    /// Where attachments are.
    pub source: &'s dyn Source,
    /// The choice.
    pub selection: &'s Selection,
}

impl Conversations for Chosen<'_> {
    fn messages(&self, chat: &Chat, each: &mut dyn FnMut(Message)) -> Result<Vec<Skipped>, SourceError> {
        self.messages.in_chat(chat, self.selection, each)
    }

    fn open(&self, entry: &Entry) -> Result<Opened, SourceError> {
        self.source.open(entry)
    }
}
