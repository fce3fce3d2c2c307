//! What may be wrong with a property list.

/// Why bytes could not be read as a binary property list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// The bytes do not begin as a binary property list does.
    #[error("not a binary property list")]
    NotBinary,
    /// The trailer contradicts itself or the length of the bytes.
    #[error("the trailer of the property list makes no sense")]
    Trailer,
    /// An object, or a part of one, lies outside of the bytes.
    #[error("an object of the property list lies outside of its bytes")]
    OutOfRange,
    /// An object has a marker that no property list uses.
    #[error("an object of the property list is of no known kind")]
    UnknownKind,
    /// The property list is sound but not the keyed archive that was asked for.
    #[error("the property list is not a keyed archive")]
    NotAnArchive,
    /// A walk through the objects took more steps than any real archive needs.
    #[error("the property list is too large or goes round in circles")]
    Endless,
}
