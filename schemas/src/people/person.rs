//! Somebody who has a name.

use crate::handles::HandleQuery;

/// Somebody in the address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The row number of the card that gives the name.
    pub id: i64,
    /// `First Last`, the organisation, or whatever else the card is called by: one line, never empty.
    pub name: String,
    /// The row numbers of all linked cards, the one that gives the picture first: what
    /// [`Photos`](crate::contacts::Photos) asks for.
    pub cards: Vec<i64>,
    /// Every number and address on every linked card, as typed.
    pub handles: Vec<String>,
    /// Other forms of the name, and the names of linked cards.
    pub(super) also: Vec<String>,
}

impl Person {
    /// Whether this is somebody who is meant: by a name, by a number or by an address.
    pub(super) fn is_meant(&self, asked: &HandleQuery) -> bool {
        let mut names = std::iter::once(&self.name).chain(&self.also).chain(&self.handles);
        names.any(|name| asked.means(name))
    }
}
