//! The small backup that every crafted one begins with, and ways to spoil it.

use std::fs;
use std::path::{Path, PathBuf};

use plist::{Dictionary, Value};

use crate::builder::BackupBuilder;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::{Error, Result};
use crate::record::file_id;
use crate::samples::PASSWORD;

/// The file that must still come out: domain and path.
pub(super) const GOOD: (&str, &str) = ("HomeDomain", "Documents/good.txt");
/// Where the spoiled files lie.
pub(super) const HOME: &str = "HomeDomain";

const MESSAGES: &str = include_str!("../../schema/sms-ios9.sql");
/// Tables of `sms.db` that conversations need not have.
const NEEDLESS: [&str; 2] = ["CREATE TABLE _SqliteDatabaseProperties", "CREATE TABLE deleted_messages"];

/// A plain backup with one good file and two messages.
pub(super) fn plain() -> Result<BackupBuilder> {
    of_era(Era::Ios18)
}

/// The same, encrypted.
pub(super) fn encrypted() -> Result<BackupBuilder> {
    let mut backup = plain()?;
    backup.encrypt(PASSWORD, Some(1_000));
    Ok(backup)
}

/// The same of another era.
pub(super) fn of_era(era: Era) -> Result<BackupBuilder> {
    let mut backup = BackupBuilder::new(era, "hostile");
    backup.plain_rounds(1_000).without_apps();
    backup.file(GOOD.0, GOOD.1, "good\n");
    backup.file(HOME, "Library/SMS/sms.db", messages(|_| Ok(()))?);
    Ok(backup)
}

/// A small `sms.db` of two messages, changed by `change`.
pub(super) fn messages(change: impl FnOnce(&rusqlite::Connection) -> Result<()>) -> Result<Vec<u8>> {
    let schema: Vec<&str> =
        MESSAGES.lines().filter(|line| !NEEDLESS.iter().any(|needless| line.starts_with(needless))).collect();
    database::build(&schema.join("\n"), |db| {
        let address = "+14155550134";
        insert(db, "handle", &[("id", &address), ("service", &"iMessage")])?;
        insert(
            db,
            "chat",
            &[
                ("guid", &"iMessage;-;+14155550134"),
                ("style", &45),
                ("chat_identifier", &address),
                ("service_name", &"iMessage"),
            ],
        )?;
        insert(db, "chat_handle_join", &[("chat_id", &1), ("handle_id", &1)])?;
        for (row, text) in (1i64..).zip(["a good message", "another good message"]) {
            insert(
                db,
                "message",
                &[
                    ("guid", &format!("GOOD-{row}")),
                    ("text", &text),
                    ("handle_id", &1),
                    ("service", &"iMessage"),
                    ("date", &(480_000_000 + row)),
                ],
            )?;
            insert(db, "chat_message_join", &[("chat_id", &1), ("message_id", &row)])?;
        }
        change(db)
    })
}

/// Writes a plain backup whose `sms.db` is `bytes`.
pub(super) fn with_messages(root: &Path, bytes: Vec<u8>) -> Result<()> {
    let mut backup = plain()?;
    backup.retain(|record| !record.path.ends_with("sms.db"));
    backup.file(HOME, "Library/SMS/sms.db", bytes);
    backup.write(root)
}

/// Where a payload lies.
pub(super) fn payload(root: &Path, domain: &str, path: &str) -> PathBuf {
    let name = file_id(domain, path);
    root.join(name.get(..2).unwrap_or_default()).join(name)
}

/// Changes the dictionary of a property list in a finished backup.
pub(super) fn edit_list(path: &Path, change: impl FnOnce(&mut Dictionary)) -> Result<()> {
    let Value::Dictionary(mut list) = Value::from_file(path)? else {
        return Err(Error::Request(format!("{} is no dictionary", path.display())));
    };
    change(&mut list);
    Ok(Value::Dictionary(list).to_file_binary(path)?)
}

/// Changes the bytes of a file.
pub(super) fn edit_bytes(path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    let mut bytes = fs::read(path)?;
    change(&mut bytes);
    Ok(fs::write(path, bytes)?)
}

/// Puts bytes over others; those that would lie behind the end are left out.
pub(super) fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    for (to, from) in bytes.iter_mut().skip(at).zip(new) {
        *to = *from;
    }
}
