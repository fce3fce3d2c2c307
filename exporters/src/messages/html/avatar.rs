//! Whom a list or a bubble is of, as a small round picture: the photo from the contacts, else initials on a colour.

use corer_schemas::messages::{Chat, Handle};
use sha2::{Digest, Sha256};

use crate::messages::title::{is_group, title};
use crate::page::{LinkTarget, Links};

/// How many colours the style has for faces.
const COLOURS: u8 = 8;

/// A face.
#[derive(Debug, Clone)]
pub(super) struct Avatar {
    pub(super) initials: String,
    pub(super) colour: u8,
    pub(super) photo: Option<String>,
}

impl Avatar {
    /// That of a conversation: of the other person, or of the group.
    pub(super) fn of_chat(chat: &Chat, links: &dyn Links) -> Self {
        let title = title(chat);
        let photo = match chat.only() {
            Some(only) if !is_group(chat) => links.href(LinkTarget::Avatar { address: &only.address }),
            _ => links.href(LinkTarget::GroupAvatar { chat: chat.id }),
        };
        let seed = match chat.only() {
            Some(only) if !is_group(chat) => &only.address,
            _ => &chat.guid,
        };
        Self { initials: initials(&title), colour: colour(seed), photo }
    }

    /// That of somebody who writes.
    pub(super) fn of_sender(sender: Option<&Handle>, name: &str, links: &dyn Links) -> Self {
        let address = sender.map_or(name, |handle| &*handle.address);
        let photo = links.href(LinkTarget::Avatar { address });
        Self { initials: initials(name), colour: colour(address), photo }
    }
}

/// The same person has the same colour everywhere.
fn colour(seed: &str) -> u8 {
    Sha256::digest(seed).first().copied().unwrap_or_default() % COLOURS
}

/// The first letters of the first two words that begin with a letter.
fn initials(title: &str) -> String {
    let letters = title.split_whitespace().filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic());
    let initials: String = letters.take(2).flat_map(char::to_uppercase).collect();
    if initials.is_empty() { "#".to_owned() } else { initials }
}
