//! What could not be read: every reader gives this list beside its records, so that nothing vanishes silently.

/// One item that a reader had to leave out or could only read in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which item, as precisely as the source allows: `message 4711`, `attachment row 12 of message 4711`.
    pub item: String,
    /// Why, in words a person can use.
    pub why: String,
}

impl Skipped {
    /// Notes that `item` was left out because of `why`.
    pub fn new(item: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self { item: item.into(), why: why.to_string() }
    }
}

/// What a reader found: the records, and what it had to leave out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<T> {
    /// The records, in the order that the reader promises.
    pub records: Vec<T>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self { records: Vec::new(), skipped: Vec::new() }
    }
}
