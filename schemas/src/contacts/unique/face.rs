//! What a contact is told apart by, and what two of them come to.

use std::collections::BTreeSet;

use super::called::{Called, Names};
use super::facts::{Facts, split};
use super::lines::{Lines, Shared};
use crate::contacts::Contact;

/// What a contact is told apart by.
pub(super) struct Face {
    called: Called,
    lines: Lines,
    facts: Facts,
}

/// Whether two contacts are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// They are.
    One,
    /// They may be, and why that is not sure.
    Perhaps(&'static str),
    /// They are not, or nothing says so.
    Two,
}

impl Face {
    pub(super) fn of(contact: &Contact) -> Self {
        Self { called: Called::of(contact), lines: Lines::of(contact), facts: Facts::of(contact) }
    }

    /// How much a contact says about itself.
    pub(super) fn weight(&self) -> (usize, usize) {
        (self.called.words().len(), self.lines.len())
    }

    /// Whether nothing keeps two contacts from being one.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.contradiction(other).is_none()
            && matches!(self.called.beside(&other.called), Names::Same | Names::Part | Names::None)
    }

    pub(super) fn verdict(&self, other: &Self) -> Verdict {
        let (names, shared) = (self.called.beside(&other.called), self.lines.shared(&other.lines));
        if let Some(why) = self.contradiction(other) {
            let is_near = match names {
                Names::Same | Names::Signs => true,
                Names::Part | Names::None | Names::Doubtful(_) => shared != Shared::Nothing,
                Names::Other => false,
            };
            return if is_near { Verdict::Perhaps(why) } else { Verdict::Two };
        }
        match (names, shared) {
            (Names::Other, _) | (Names::Part | Names::None | Names::Doubtful(_), Shared::Nothing) => Verdict::Two,
            (Names::Signs, _) => Verdict::Perhaps("the signs in their names differ"),
            (Names::Doubtful(why), _) => Verdict::Perhaps(why),
            (_, Shared::Own) => Verdict::One,
            (Names::Same | Names::None, Shared::Common) if self.lines.is_part_of(&other.lines) => Verdict::One,
            (Names::Same, Shared::Nothing) if self.lines.is_empty() || other.lines.is_empty() => self.bare(other),
            (Names::Same, Shared::Nothing) => Verdict::Perhaps("they have nothing but the name in common"),
            (_, Shared::Near) => Verdict::Perhaps("one number has an extension and the other has none"),
            (_, Shared::Common) => Verdict::Perhaps("what they share may be used by several people"),
        }
    }

    /// The verdict on two contacts of one full name of which one has no number and no address.
    fn bare(&self, other: &Self) -> Verdict {
        let has_nothing_more =
            |bare: &Self, other: &Self| bare.lines.is_empty() && bare.facts.are_known_to(&other.facts);
        match has_nothing_more(self, other) || has_nothing_more(other, self) {
            true => Verdict::One,
            false => Verdict::Perhaps("they have nothing but the name in common"),
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
