//! Which calls were asked for.

use super::model::{Call, Direction, Outcome, Participant};
use crate::handles::{HandleQuery, folded};
use crate::people::{Owner, PersonFilter};
use crate::selection::Selection;

/// A choice of calls. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// When, and with whom.
    pub common: Selection,
    /// Only calls that nobody took.
    pub missed: bool,
    /// Only incoming or only outgoing ones.
    pub direction: Option<Direction>,
    /// Only by these services: a part of a name or of a bundle identifier, whatever its case. Empty: by any.
    pub services: Vec<String>,
}

impl Filter {
    /// Whether a call is one of those asked for, whenever and with whomever it was. `services` are those of the filter,
    /// [folded](Self::folded_services).
    pub(super) fn includes(&self, call: &Call, services: &[String]) -> bool {
        let is_service = |asked: &String| {
            let names = [call.service.name(), call.service.bundle_id().unwrap_or_default()];
            names.iter().any(|name| folded(name).contains(asked.as_str()))
        };
        (!self.missed || matches!(call.outcome, Outcome::Missed | Outcome::Blocked))
            && self.direction.is_none_or(|direction| call.direction == direction)
            && (services.is_empty() || services.iter().any(is_service))
    }

    /// The services, as their names are compared.
    pub(super) fn folded_services(&self) -> Vec<String> {
        self.services.iter().map(|service| folded(service)).collect()
    }
}

/// Whether somebody who is asked for took part.
pub(super) fn is_with(call: &Call, wanted: &mut PersonFilter<'_>) -> bool {
    let handles = |person: &Participant| {
        [Some(person.address.clone()), person.normalized.clone(), person.name.clone()].into_iter().flatten()
    };
    wanted.is_everybody() || call.participants.iter().flat_map(handles).any(|handle| wanted.includes(&handle))
}

/// What somebody who took part may be asked for by, beside the names in the address book.
pub(super) fn called(person: Participant) -> impl Iterator<Item = String> {
    // Of a contact the address book's name was said, and goes before what the network calls it.
    let name = person.name.filter(|_| !matches!(person.owner, Owner::One(_)));
    // Another form of the number says nothing new, unless it is what was asked for.
    let other = person.normalized.filter(|normalized| !HandleQuery::new(normalized).means(&person.address));
    [Some(person.address), name, other].into_iter().flatten()
}

impl AsRef<Selection> for Filter {
    fn as_ref(&self) -> &Selection {
        &self.common
    }
}
