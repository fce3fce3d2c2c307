//! What was done to a message later, by part: a message may have thousands of parts and of reactions, and each part looks
//! for its own.

use corer_schemas::messages::{Edit, Message, Reaction, Tapback};
use foldhash::{HashMap, HashMapExt as _};

/// Reactions and versions, by part.
pub(super) struct Later<'a> {
    tapbacks: HashMap<u32, Vec<&'a Tapback>>,
    edits: HashMap<u32, Vec<&'a Edit>>,
    /// How many stickers stand before one, by the row number of its reaction.
    stickers: HashMap<i64, usize>,
}

impl<'a> Later<'a> {
    /// Looks through a message once.
    pub(super) fn of(message: &'a Message) -> Self {
        let mut own = Self { tapbacks: HashMap::new(), edits: HashMap::new(), stickers: HashMap::new() };
        for tapback in &message.tapbacks {
            own.tapbacks.entry(tapback.part).or_default().push(tapback);
            if matches!(tapback.reaction, Reaction::Sticker(Some(_))) {
                let before = own.stickers.len();
                own.stickers.entry(tapback.id).or_insert(before);
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
