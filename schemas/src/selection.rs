//! What the person asked for, as plain data: built by the command line, turned into SQL by the readers.

use crate::time::AppleTime;

/// A choice of records. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only records at or after this moment.
    pub since: Option<AppleTime>,
    /// Only records before this moment.
    pub until: Option<AppleTime>,
    /// Only records with one of these people: a name, number or address as typed. Empty: everybody.
    pub with: Vec<String>,
}
