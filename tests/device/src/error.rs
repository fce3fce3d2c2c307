//! Why a conversation with a host ended.

/// What ended it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The connection broke, or a file of the simulator itself could not be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A property list could not be read or written.
    #[error("property list: {0}")]
    Plist(#[from] plist::Error),
    /// A part of the backup could not be made.
    #[error("{0}")]
    Backup(#[from] sample_backups::Error),
    /// A manifest could not be read.
    #[error("manifest: {0}")]
    Database(#[from] rusqlite::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// A certificate or key could not be made or read.
    #[error("pairing: {0}")]
    Pairing(String),
    /// The host said something that the protocol does not allow.
    #[error("the host {0}")]
    Violation(String),
    /// The cable was pulled, as the test had ordered.
    #[error("the cable was pulled")]
    Pulled,
}

/// What most functions here return.
pub type Result<T> = std::result::Result<T, Error>;
