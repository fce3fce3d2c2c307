//! Where each call is, before it is read: the order of the list, and what makes two rows one call.

use super::model::Origin;
use crate::time::AppleTime;

/// When a call was and where its row is. Ordered by time, those without one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CallPosition {
    pub(super) date: Option<AppleTime>,
    pub(super) origin: Origin,
    pub(super) id: i64,
}

impl CallPosition {
    /// The order of the list: by time, then as the files and rows come.
    pub(super) fn order(&self) -> (Option<AppleTime>, u8, i64) {
        let file = match self.origin {
            Origin::Legacy => 0,
            Origin::Store => 1,
            Origin::Temporary => 2,
            Origin::Transactions => 3,
            Origin::WhatsApp => 4,
            Origin::WhatsAppBusiness => 5,
        };
        (self.date, file, self.id)
    }
}

/// What tells whether a call of one file is the same as one of another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum CallIdentity {
    /// The identifier that both stores keep.
    Unique(String),
    /// The second since 2001, whether it went out, and the address: `call_history.db` has no identifier.
    Sighting(i64, bool, String),
}

impl CallIdentity {
    /// The same identifier, in whichever case its letters are written.
    pub(super) fn unique(identifier: &str) -> Self {
        Self::Unique(identifier.to_ascii_uppercase())
    }

    pub(super) fn heuristic_match(date: Option<AppleTime>, is_outgoing: bool, address: Option<String>) -> Option<Self> {
        let second = date?.nanoseconds().div_euclid(1_000_000_000);
        Some(Self::Sighting(second, is_outgoing, address.unwrap_or_default()))
    }
}

/// Which marks are needed: reading them costs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NeededIdentities {
    pub(super) unique: bool,
    pub(super) heuristic_match: bool,
}
