//! What a contact is told apart by, and what two of them come to.

use std::collections::BTreeSet;

use super::facts::{Facts, split};
use super::handles::{ContactHandles, Shared};
use super::names::{ContactName, NameMatch};
use crate::contacts::Contact;

/// What a contact is told apart by.
pub(super) struct Identity {
    called: ContactName,
    lines: ContactHandles,
    facts: Facts,
}

/// Whether two contacts are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeVerdict {
    /// They are.
    One,
    /// They may be, and why that is not sure.
    Perhaps(&'static str),
    /// They are not, or nothing says so.
    Two,
}

impl Identity {
    pub(super) fn of(contact: &Contact) -> Self {
        Self { called: ContactName::of(contact), lines: ContactHandles::of(contact), facts: Facts::of(contact) }
    }

    /// How much a contact says about itself.
    pub(super) fn weight(&self) -> (usize, usize) {
        (self.called.words().len(), self.lines.len())
    }

    /// Whether nothing keeps two contacts from being one.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.contradiction(other).is_none()
            && matches!(self.called.compare_to(&other.called), NameMatch::Same | NameMatch::Part | NameMatch::None)
    }

    pub(super) fn verdict(&self, other: &Self) -> MergeVerdict {
        let (names, shared) = (self.called.compare_to(&other.called), self.lines.shared(&other.lines));
        if let Some(why) = self.contradiction(other) {
            let is_near = match names {
                NameMatch::Same | NameMatch::Signs => true,
                NameMatch::Part | NameMatch::None | NameMatch::Doubtful(_) => shared != Shared::Nothing,
                NameMatch::Other => false,
            };
            return if is_near { MergeVerdict::Perhaps(why) } else { MergeVerdict::Two };
        }
        match (names, shared) {
            (NameMatch::Other, _) | (NameMatch::Part | NameMatch::None | NameMatch::Doubtful(_), Shared::Nothing) => {
                MergeVerdict::Two
            }
            (NameMatch::Signs, _) => MergeVerdict::Perhaps("the signs in their names differ"),
            (NameMatch::Doubtful(why), _) => MergeVerdict::Perhaps(why),
            (_, Shared::Own) => MergeVerdict::One,
            (NameMatch::Same | NameMatch::None, Shared::Common) if self.lines.is_part_of(&other.lines) => {
                MergeVerdict::One
            }
            (NameMatch::Same, Shared::Nothing) if self.lines.is_empty() || other.lines.is_empty() => self.bare(other),
            (NameMatch::Same, Shared::Nothing) => MergeVerdict::Perhaps("they have nothing but the name in common"),
            (_, Shared::Near) => MergeVerdict::Perhaps("one number has an extension and the other has none"),
            (_, Shared::Common) => MergeVerdict::Perhaps("what they share may be used by several people"),
        }
    }

    /// The verdict on two contacts of one full name of which one has no number and no address.
    fn bare(&self, other: &Self) -> MergeVerdict {
        let has_nothing_more =
            |bare: &Self, other: &Self| bare.lines.is_empty() && bare.facts.are_known_to(&other.facts);
        match has_nothing_more(self, other) || has_nothing_more(other, self) {
            true => MergeVerdict::One,
            false => MergeVerdict::Perhaps("they have nothing but the name in common"),
        }
    }

    fn contradiction(&self, other: &Self) -> Option<&'static str> {
        self.facts.contradiction(&other.facts).or_else(|| self.lines.contradiction(&other.lines))
    }

    /// By what candidates are found.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        let mut keys = self.lines.keys();
        let mut words = split(&self.called.words());
        if words.len() > 1 {
            // The order of words counts, but what differs in nothing else may be the same.
            words.sort_unstable();
            keys.insert(format!("name {}", words.join(" ")));
        }
        keys
    }
}
