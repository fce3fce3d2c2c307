//! Who says something in a conversation.

use corer_schemas::messages::{Chat, Message, Reply, Sender};

use super::title::handle_name;

/// What the owner is called where no name is known.
const ME: &str = "Me";

/// What somebody is called whom a row does not name.
const SOMEBODY: &str = "Somebody";

/// The people of one conversation.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChatPeople<'a> {
    chat: &'a Chat,
    owner: Option<&'a str>,
}

impl<'a> ChatPeople<'a> {
    /// Those of `chat`; `owner` is the name of whose device it is.
    pub(super) fn new(chat: &'a Chat, owner: Option<&'a str>) -> Self {
        Self { chat, owner: owner.map(str::trim).filter(|name| !name.is_empty()) }
    }

    /// The owner.
    pub(super) fn owner(&self) -> &'a str {
        self.owner.unwrap_or(ME)
    }

    /// The owner as the subject of a sentence.
    fn you(&self) -> &'a str {
        self.owner.unwrap_or("You")
    }

    /// Who sent a message.
    pub(super) fn sent<'m>(&self, message: &'m Message) -> &'m str
    where
        'a: 'm,
    {
        self.name(message.is_from_me, &message.sender)
    }

    /// Who did something: sent, reacted, voted.
    pub(super) fn name<'m>(&self, is_from_me: bool, sender: &'m Sender) -> &'m str
    where
        'a: 'm,
    {
        match sender {
            _ if is_from_me => self.owner(),
            Some(handle) => handle_name(handle),
            None => self.chat.only().map_or(SOMEBODY, handle_name),
        }
    }

    /// Who wrote what is answered. `None` where the backup does not hold it any more: nothing says who it was.
    pub(super) fn answered<'m>(&self, reply: &'m Reply) -> Option<&'m str>
    where
        'a: 'm,
    {
        reply.is_known().then(|| self.name(reply.is_from_me, &reply.sender))
    }

    /// The same as the subject of a sentence.
    pub(super) fn subject<'m>(&self, is_from_me: bool, sender: &'m Sender) -> &'m str
    where
        'a: 'm,
    {
        if is_from_me { self.you() } else { self.name(false, sender) }
    }

    /// Somebody whom a row names, or nobody in particular.
    pub(super) fn object<'m>(&self, sender: &'m Sender) -> &'m str {
        sender.as_deref().map_or("somebody", handle_name)
    }
}
