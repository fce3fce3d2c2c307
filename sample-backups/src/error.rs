//! What can go wrong while a sample is written.

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a backup could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be written.
    #[error("cannot write: {0}")]
    Io(#[from] std::io::Error),
    /// A database could not be built.
    #[error("cannot build a database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A property list could not be encoded.
    #[error("cannot encode a property list: {0}")]
    Plist(#[from] plist::Error),
    /// A picture could not be encoded.
    #[error("cannot encode a picture: {0}")]
    Picture(#[from] image::ImageError),
    /// An archive could not be written.
    #[error("cannot write an archive: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The request contradicts itself or the format.
    #[error("{0}")]
    Request(String),
}
