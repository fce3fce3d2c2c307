//! Whose the phone is: the app's settings say it, and every message of others came to somebody.

use std::io::Read as _;
use std::sync::Arc;

use rusqlite::Connection;

use super::account::Account;
use super::columns::MESSAGES;
use super::jid::Jid;
use super::names::Names;
use crate::database::{Schema, each_row, name};
use crate::formats::plist;
use crate::messages::Handle;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

/// How many messages are looked at to find out to whom those of others came: the newest.
const LOOKED_AT: u32 = 5_000;

/// The most numbers and identifiers of one person that are kept.
const MOST: u32 = 8;

/// The most bytes of the settings that are read: real ones have some tens of thousands.
const LONGEST: u64 = 8 << 20;

/// What the settings call the owner, the best first.
const KEYS: [&str; 2] = ["OwnJabberID", "LastOwnJabberID"];

/// The owner, by every number and identifier. The first is that of today.
#[derive(Default)]
pub(super) struct OwnHandles(Vec<Arc<Handle>>);

impl OwnHandles {
    /// Finds the owner out. What cannot be read is added to `skipped`.
    pub(super) fn read(
        source: &dyn Source,
        account: Account,
        names: &Names<'_>,
        (connection, schema): (&Connection, &Schema),
        skipped: &mut Vec<Skipped>,
    ) -> Self {
        let said = if source.is_one_database() { None } else { of_settings(source, account, skipped) };
        let mut own = Self::default();
        for jid in said.into_iter().chain(of_messages(connection, schema)) {
            let handle = names.person(&jid);
            own.0.extend(handle.filter(|handle| !own.are(&handle.address)));
        }
        own
    }

    /// By what the owner is known today.
    pub(super) fn first(&self) -> Option<&Arc<Handle>> {
        self.0.first()
    }

    /// Whether a number or address is one of them.
    pub(super) fn are(&self, address: &str) -> bool {
        self.0.iter().any(|own| own.address == address)
    }
}

/// Whom the app's settings name.
fn of_settings(source: &dyn Source, account: Account, skipped: &mut Vec<Skipped>) -> Option<String> {
    for (domain, path) in account.settings() {
        let entry = match source.entry(domain, path) {
            Ok(entry) => entry,
            // They are a help and no more: that they are not there costs nothing.
            Err(SourceError::Missing { .. } | SourceError::Absent { .. }) => continue,
            Err(error) => {
                skipped.push(Skipped::part(what(path), error));
                continue;
            }
        };
        let mut bytes = Vec::new();
        let read = match source.open(&entry) {
            Ok(opened) => opened.reader.take(LONGEST).read_to_end(&mut bytes).map_err(|error| error.to_string()),
            Err(SourceError::Absent { .. }) => continue,
            Err(error) => Err(error.to_string()),
        };
        match read.and_then(|_| plist::read(&bytes).map_err(|error| error.to_string())) {
            Ok(settings) => {
                let said = settings.as_dictionary().and_then(|all| KEYS.iter().find_map(|key| all.get(key)?.as_str()));
                let own = said.and_then(Jid::read).filter(|jid| jid.is_person()).map(Jid::whole);
                if own.is_some() {
                    return own;
                }
            }
            Err(error) => skipped.push(Skipped::part(what(path), error)),
        }
    }
    None
}

fn what(path: &str) -> String {
    format!("whose number WhatsApp's settings name ({path})")
}

/// To whom messages of others came: the owner, by a number or by an identifier that says none. The most frequent first.
fn of_messages(connection: &Connection, schema: &Schema) -> Vec<String> {
    if !["ZTOJID", "ZISFROMME"].iter().all(|column| schema.has_column(MESSAGES, column)) {
        return Vec::new();
    }
    let sql = format!(
        "SELECT ZTOJID FROM (SELECT ZTOJID, ZISFROMME FROM {MESSAGES} ORDER BY ROWID DESC LIMIT {LOOKED_AT})
         WHERE ZISFROMME = 0 AND ZTOJID IS NOT NULL GROUP BY ZTOJID ORDER BY count(*) DESC, ZTOJID LIMIT {MOST}"
    );
    let mut own = Vec::new();
    // Where it cannot be read, the messages themselves cannot, which is said there.
    let _ = each_row(connection, &sql, [], &mut |row| {
        own.extend(name(row, 0).filter(|jid| Jid::read(jid).is_some_and(Jid::is_person)));
    });
    own
}
