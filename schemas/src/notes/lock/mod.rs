//! Locked notes: three ways in which Notes locks them, and opening two of them with a password.
//!
//! - classic (iOS 9.3 and later): PBKDF2 with HMAC-SHA256 makes a key of 16 bytes of the password; that unwraps (RFC 3394) the key
//!   of the note, with which AES-128-GCM opens its text. Salt, rounds, wrapped key, nonce and tag stand in columns.
//! - neo (iOS 17 and later): the same with 32 bytes, all in one keyed archive in the place of the text (`sealed`).
//! - device (iOS 16 and later): the same archive; the key is wrapped by one that the keychain of the device has, and no password helps.
//!
//! Sources: apple_cloud_notes_parser (MIT), NotesKit's description of neo; the vectors of both are in the tests.

mod cipher;
mod file;
mod passwords;
mod sealed;

pub use file::FileLock;
pub use passwords::NotePasswords;
pub(super) use sealed::{Columns, Sealed, Tried};

/// What came of trying to open something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opening {
    /// It is open.
    Open(Vec<u8>),
    /// No password was given.
    NoPassword,
    /// None of the passwords is the right one.
    Wrong,
    /// No password would help, and why.
    Impossible(String),
}
