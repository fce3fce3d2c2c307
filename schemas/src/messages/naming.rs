//! The names of those who write, after the directory of people.

use super::model::{Chat, Handle};
use crate::people::{Directory, Names};

/// Gives names to handles.
pub(super) struct Naming<'d> {
    names: Names<'d>,
}

impl<'d> Naming<'d> {
    pub(super) fn new(directory: &'d Directory) -> Self {
        Self { names: Names::new(directory) }
    }

    /// Names a handle, if it is known whose it is.
    pub(super) fn name(&mut self, handle: &mut Handle) {
        handle.name = self.names.of(&handle.address).map(str::to_owned);
    }

    /// Names everybody who takes part in a chat.
    pub(super) fn name_all(&mut self, chat: &mut Chat) {
        chat.participants.iter_mut().for_each(|handle| self.name(handle));
    }
}
