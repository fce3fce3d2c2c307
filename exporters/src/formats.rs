//! The formats of kinds that are a list of records.

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A page.
    Html,
    /// A table.
    Csv,
    /// JSON Lines.
    Jsonl,
}
