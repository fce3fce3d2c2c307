//! The names of those who write, after the directory of people.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{Chat, Handle, Sender};
use crate::people::Directory;

/// Gives names to handles. Each is looked up once: few people write many messages.
pub(super) struct Naming<'d> {
    directory: &'d Directory,
    known: HashMap<String, Option<&'d str>>,
    senders: HashMap<String, Arc<Handle>>,
}

impl<'d> Naming<'d> {
    pub(super) fn new(directory: &'d Directory) -> Self {
        Self { directory, known: HashMap::new(), senders: HashMap::new() }
    }

    /// Names a handle, if it is known whose it is.
    pub(super) fn name(&mut self, handle: &mut Handle) {
        let name = match self.known.get(&handle.address) {
            Some(name) => *name,
            None => {
                let name = self.directory.name_of(&handle.address);
                self.known.insert(handle.address.clone(), name);
                name
            }
        };
        handle.name = name.map(str::to_owned);
    }

    /// Names a sender, who may have written other messages too.
    pub(super) fn name_sender(&mut self, sender: &mut Sender) {
        let Some(handle) = sender else { return };
        match self.senders.get(&handle.address) {
            Some(known) => *handle = Arc::clone(known),
            None => {
                self.name(Arc::make_mut(handle));
                self.senders.insert(handle.address.clone(), Arc::clone(handle));
            }
        }
    }

    /// Names everybody who takes part in a chat.
    pub(super) fn name_all(&mut self, chat: &mut Chat) {
        chat.participants.iter_mut().for_each(|handle| self.name(handle));
    }
}
