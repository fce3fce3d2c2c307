//! What was done to a message later, by part: a message may have thousands of parts and of reactions, and each part looks
//! for its own.

use corer_schemas::messages::{Edit, Message, Reaction, Tapback};
use foldhash::{HashMap, HashMapExt as _};

/// Reactions and versions, by part.
pub(super) struct ReactionsAndEdits<'a> {
    tapbacks: HashMap<u32, Vec<&'a Tapback>>,
    edits: HashMap<u32, Vec<&'a Edit>>,
    /// How many stickers stand before one, by the row number of its reaction.
    stickers: HashMap<i64, usize>,
}

impl<'a> ReactionsAndEdits<'a> {
    /// Looks through a message once.
    pub(super) fn of(message: &'a Message) -> Self {
        let mut own = Self { tapbacks: HashMap::new(), edits: HashMap::new(), stickers: HashMap::new() };
        let mut before = 0;
        for tapback in &message.tapbacks {
            own.tapbacks.entry(tapback.part).or_default().push(tapback);
            if matches!(tapback.reaction, Reaction::Sticker(Some(_))) {
                own.stickers.entry(tapback.id).or_insert(before);
                before += 1;
            }
        }
        for edit in &message.edits {
            own.edits.entry(edit.part).or_default().push(edit);
        }
        own
    }

    /// The reactions to a part, in their order.
    pub(super) fn tapbacks(&self, part: u32) -> impl Iterator<Item = &'a Tapback> {
        self.tapbacks.get(&part).into_iter().flatten().copied()
    }

    /// The versions of a part.
    pub(super) fn edits(&self, part: u32) -> impl Iterator<Item = &'a Edit> {
        self.edits.get(&part).into_iter().flatten().copied()
    }

    /// Which of the stickers of the message a reaction is.
    pub(super) fn sticker(&self, tapback: &Tapback) -> Option<usize> {
        self.stickers.get(&tapback.id).copied()
    }
}

#[cfg(test)]
mod tests {
    use corer_schemas::messages::{Attachment, AttachmentContent};

    use super::*;

    #[test]
    fn stickers_of_one_number_are_counted_all_the_same() {
        let attachment = Attachment::new(1, "sticker.png", AttachmentContent::Unknown(String::new()));
        let sticker = |id| Tapback {
            id,
            guid: None,
            date: None,
            is_from_me: false,
            sender: None,
            target: None,
            part: 0,
            reaction: Reaction::Sticker(Some(Box::new(attachment.clone()))),
            removed: false,
            removed_by: None,
            text: None,
        };
        let message = Message { tapbacks: vec![sticker(7), sticker(7), sticker(8)], ..Message::default() };
        let later = ReactionsAndEdits::of(&message);
        assert_eq!([7, 8].map(|id| later.sticker(&sticker(id))), [Some(0), Some(2)]);
    }
}
