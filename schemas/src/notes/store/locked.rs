//! What rows of locked notes say once a password opens them: values in JSON, and the keys of files.

use serde_json::Value;

use super::super::lock::{Columns, FileLock, NotePasswords, Opening};
use super::super::model::FileRole;
use super::Store;
use crate::database::{Row, columns};

columns! {
    /// What is wanted of a row of a locked note: of an attachment, a file, or a small picture.
    pub(super) enum Stored {
        Encrypted = "ZENCRYPTEDVALUESJSON",
        Rounds = "ZCRYPTOITERATIONCOUNT",
        Salt = "ZCRYPTOSALT",
        Wrapped = "ZCRYPTOWRAPPEDKEY",
        Nonce = "ZCRYPTOINITIALIZATIONVECTOR",
        Tag = "ZCRYPTOTAG",
        FileNonce = "ZASSETCRYPTOINITIALIZATIONVECTOR",
        FileTag = "ZASSETCRYPTOTAG",
        PictureNonce = "ZFALLBACKIMAGECRYPTOINITIALIZATIONVECTOR",
        PictureTag = "ZFALLBACKIMAGECRYPTOTAG",
        DocumentNonce = "ZFALLBACKPDFCRYPTOINITIALIZATIONVECTOR",
        DocumentTag = "ZFALLBACKPDFCRYPTOTAG",
    }
}

/// The values of a row that is locked. `None` where it has none.
///
/// # Errors
/// Why they cannot be read, in words.
pub(super) fn values(store: &Store, row: i64, passwords: &NotePasswords) -> Result<Option<Value>, String> {
    let read = store.locked_query.with(&store.connection, row, |row| {
        let sealed = row.blob(Stored::Encrypted)?.to_vec();
        Some((columns(row, Stored::Nonce, Stored::Tag), sealed))
    });
    let Some((columns, sealed)) = read.map_err(|error| error.to_string())?.flatten() else { return Ok(None) };
    let plain = match columns.open(&sealed, passwords).opening {
        Opening::Open(plain) => plain,
        Opening::Impossible(why) => return Err(why),
        Opening::NoPassword | Opening::Wrong => return Err("no password opens it".to_owned()),
    };
    serde_json::from_slice(&plain).map(Some).map_err(|error| error.to_string())
}

/// What opens a file, by the row that it belongs to and what it is of that. `None` where no password does.
pub(super) fn file_lock(store: &Store, row: i64, role: FileRole, passwords: &NotePasswords) -> Option<FileLock> {
    let (nonce, tag) = match role {
        FileRole::Original => (Stored::FileNonce, Stored::FileTag),
        FileRole::Picture => (Stored::PictureNonce, Stored::PictureTag),
        FileRole::Document => (Stored::DocumentNonce, Stored::DocumentTag),
        FileRole::Preview => (Stored::Nonce, Stored::Tag),
    };
    let read = store.locked_query.with(&store.connection, row, |row| columns(row, nonce, tag));
    passwords.file_lock(&read.ok()??)
}

fn columns(row: Row<'_, Stored>, nonce: Stored, tag: Stored) -> Columns {
    let bytes = |column| row.blob(column).unwrap_or_default().to_vec();
    Columns {
        salt: bytes(Stored::Salt),
        rounds: row.integer(Stored::Rounds).and_then(|rounds| u64::try_from(rounds).ok()).unwrap_or_default(),
        wrapped: bytes(Stored::Wrapped),
        nonce: bytes(nonce),
        tag: bytes(tag),
    }
}
