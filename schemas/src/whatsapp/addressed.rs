//! Which conversations are with somebody who was asked for.

use std::collections::BTreeSet;

use crate::handles::HandleQuery;
use crate::messages::{Chat, Handle};
use crate::people::{Directory, People};
use crate::selection::Selection;

/// Who was asked for.
pub(super) struct Asked<'d> {
    people: People<'d>,
    /// What means nobody: it may be the name of a group.
    groups: Vec<HandleQuery>,
}

impl<'d> Asked<'d> {
    /// Takes a choice. `known`: everybody whom the app knows. `None`, where nobody in particular is asked for.
    pub(super) fn new(
        directory: &'d Directory,
        selection: &Selection,
        known: impl FnOnce() -> BTreeSet<String>,
    ) -> Option<Self> {
        let people = directory.asked_for(selection);
        if people.is_everybody() {
            return None;
        }
        let known = known();
        let is_nobody = |asked: &HandleQuery| !known.iter().any(|name| asked.means(name));
        let nobody: BTreeSet<String> = people
            .meant()
            .filter_map(|(asked, mut meant)| {
                (meant.next().is_none() && is_nobody(asked)).then(|| asked.typed().to_owned())
            })
            .collect();
        let groups = selection.asked().into_iter().filter(|asked| nobody.contains(asked.typed())).collect();
        Some(Self { people, groups })
    }

    /// Whether a conversation is with one of them, or is the group that was meant.
    pub(super) fn mean(&self, chat: &Chat) -> bool {
        let is_meant = |handle: &Handle| {
            self.people.include(&handle.address) || handle.name.as_deref().is_some_and(|name| self.people.include(name))
        };
        let name = chat.display_name.as_deref().filter(|_| chat.is_group);
        chat.participants.iter().any(is_meant)
            || !chat.is_group && self.people.include(&chat.identifier)
            || name.is_some_and(|name| self.groups.iter().any(|asked| asked.means_words(name)))
    }
}
