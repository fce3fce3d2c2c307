//! The port through which conversations come, whichever app keeps them: a reader of another app's database that gives the same
//! [`Chat`]s and [`Message`]s is shown and written like this one.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::ControlFlow;

use super::filter::Filter;
use super::model::{Chat, Message, Owner};
use super::reader::Messages;
use crate::records::Reading;
use crate::skipped::Skipped;
use crate::source::{Entry, SourceError};

/// A reader of conversations. Several threads can read different ones at once.
pub trait ChatReader: Sync {
    /// The conversations that are asked for, ordered by [`Chat::id`]. Times are not looked at: one may turn out to have no
    /// message that is asked for.
    ///
    /// # Errors
    /// When nothing can be read. What cannot be read of them is listed beside them.
    fn chats(&self, filter: &Filter) -> Result<Reading<Chat>, SourceError>;

    /// Hands on the messages of one conversation in the order of time until it is told to stop.
    ///
    /// # Errors
    /// When nothing can be read. Messages that could not be read are in the list that is returned.
    fn in_chat(
        &self,
        chat: &Chat,
        filter: &Filter,
        each: &mut dyn FnMut(Message) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError>;

    /// Reads what will be asked for ahead, where that pays. `temp_file` makes a file that nobody else can open; `keep_going` is asked now
    /// and then.
    ///
    /// # Errors
    /// When nothing can be read.
    fn read_ahead(
        &self,
        _chats: &[Chat],
        _filter: &Filter,
        _room: &dyn Fn() -> io::Result<File>,
        _threads: usize,
        _go_on: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Result<(), SourceError> {
        Ok(())
    }

    /// How many messages there are before any choice, where that is known without reading them.
    fn count(&self) -> Option<u64>;

    /// Every number and address that a message may name.
    ///
    /// # Errors
    /// When nothing can be read.
    fn addresses(&self) -> Result<BTreeSet<String>, SourceError>;

    /// Whose device it is, as far as the database says.
    fn owner(&self) -> Owner;

    /// The picture that the app keeps of whom a number or address is of.
    fn picture_of(&self, _address: &str) -> Option<Entry> {
        None
    }
}

impl ChatReader for Messages<'_> {
    fn chats(&self, filter: &Filter) -> Result<Reading<Chat>, SourceError> {
        Messages::chats(self, filter)
    }

    fn in_chat(
        &self,
        chat: &Chat,
        filter: &Filter,
        each: &mut dyn FnMut(Message) -> ControlFlow<()>,
    ) -> Result<Vec<Skipped>, SourceError> {
        Messages::in_chat(self, chat, filter, each)
    }

    fn read_ahead(
        &self,
        chats: &[Chat],
        filter: &Filter,
        temp_file: &dyn Fn() -> io::Result<File>,
        threads: usize,
        keep_going: &(dyn Fn() -> ControlFlow<()> + Sync),
    ) -> Result<(), SourceError> {
        Messages::read_ahead(self, chats, filter, temp_file, threads, keep_going)
    }

    fn count(&self) -> Option<u64> {
        Messages::count(self).ok().map(|counts| counts.messages)
    }

    fn addresses(&self) -> Result<BTreeSet<String>, SourceError> {
        Messages::addresses(self)
    }

    fn owner(&self) -> Owner {
        Messages::owner(self)
    }
}
