//! One store of one app, open.

use std::sync::{Arc, OnceLock};

use rusqlite::Connection;

use super::account::Account;
use super::columns::{INFO, MEDIA, MESSAGES};
use super::jid::Jid;
use super::members::Members;
use super::names::Names;
use super::payments::{self, Payments};
use super::places::Places;
use super::previews::Previews;
use crate::database::{Schema, each_row, name};
use crate::messages::{ConnectionPool, Handle};
use crate::people::Directory;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

/// What reports call the database.
const CHAT_STORAGE: &str = "ChatStorage.sqlite";

/// How many messages are looked at to find out whose the phone is.
const OWNER_IN: u32 = 5_000;

/// A store.
pub(super) struct Store<'s> {
    pub(super) account: Account,
    pub(super) source: &'s dyn Source,
    pub(super) connections: ConnectionPool,
    pub(super) schema: Schema,
    pub(super) names: Names<'s>,
    pub(super) members: Members,
    pub(super) owner: Option<Arc<Handle>>,
    pub(super) places: Places,
    /// Whether a message can be found by its identifier without looking at all of them.
    pub(super) finds_stanzas: bool,
    previews: OnceLock<Previews>,
    payments: OnceLock<Payments>,
}

impl<'s> Store<'s> {
    /// Opens the store of an app.
    ///
    /// # Errors
    /// What [`Source::database`] says; [`SourceError::Foreign`] when the database is none of this app.
    pub(super) fn open(
        source: &'s dyn Source,
        directory: &'s Directory,
        account: Account,
        (notes, skipped): (&mut Vec<String>, &mut Vec<Skipped>),
    ) -> Result<Self, SourceError> {
        let database = account.places().iter().map(|(domain, path)| source.database(domain, path));
        let database = database.reduce(|first, next| match first {
            Err(SourceError::Missing { .. }) if next.is_ok() => next,
            first => first,
        });
        let missing = || SourceError::Missing { domain: account.domain().into(), path: CHAT_STORAGE.into() };
        let connections = ConnectionPool::new(database.unwrap_or_else(|| Err(missing()))?);
        let opened = connections.with(|connection| {
            let schema = Schema::probe(connection).map_err(|error| SourceError::unreadable(CHAT_STORAGE, error))?;
            if !schema.has_any_column(MESSAGES, &["ZCHATSESSION", "ZMESSAGEDATE", "ZSTANZAID", "ZTEXT"]) {
                return Err(SourceError::foreign(CHAT_STORAGE, "it has no table of WhatsApp's messages"));
            }
            let names = Names::read(source, directory, account, (connection, &schema), (notes, skipped));
            let members = Members::read(connection, &schema, skipped);
            let finds_stanzas = finds_stanzas(connection);
            let owner = owner(connection, &schema).and_then(|jid| names.person(&jid));
            Ok((schema, names, members, owner, finds_stanzas))
        })?;
        let (schema, names, members, owner, finds_stanzas) = opened?;
        Ok(Self {
            account,
            source,
            connections,
            schema,
            names,
            members,
            owner,
            places: Places::default(),
            finds_stanzas,
            previews: OnceLock::new(),
            payments: OnceLock::new(),
        })
    }

    /// Whether a number or address is the owner's.
    pub(super) fn is_owner(&self, address: &str) -> bool {
        self.owner.as_ref().is_some_and(|owner| owner.address == address)
    }

    /// The number of the conversation of what belongs to none.
    pub(super) fn orphans(&self) -> i64 {
        self.account.offset()
    }

    /// What pages say about themselves.
    pub(super) fn previews(&self, connection: &Connection) -> &Previews {
        self.previews.get_or_init(|| Previews::read(connection, &self.schema))
    }

    /// Money that was sent.
    pub(super) fn payments(&self, connection: &Connection) -> &Payments {
        self.payments.get_or_init(|| payments::read(connection, &self.schema))
    }

    /// Whether messages may carry something in tables of their own.
    pub(super) fn has_joined(&self) -> bool {
        self.schema.has_table(MEDIA) || self.schema.has_table(INFO)
    }
}

/// Whom messages of others came to: the owner.
fn owner(connection: &Connection, schema: &Schema) -> Option<String> {
    if !["ZTOJID", "ZISFROMME"].iter().all(|column| schema.has_column(MESSAGES, column)) {
        return None;
    }
    let sql = format!(
        "SELECT ZTOJID FROM (SELECT ZTOJID, ZISFROMME FROM {MESSAGES} LIMIT {OWNER_IN})
         WHERE ZISFROMME = 0 AND ZTOJID IS NOT NULL GROUP BY ZTOJID ORDER BY count(*) DESC, ZTOJID LIMIT 8"
    );
    let mut owner = None;
    each_row(connection, &sql, [], &mut |row| {
        let jid = name(row, 0).filter(|jid| Jid::read(jid).and_then(Jid::number).is_some());
        owner = owner.take().or(jid);
    })
    .ok()?;
    owner
}

fn finds_stanzas(connection: &Connection) -> bool {
    let sql = format!(
        "SELECT count(*) FROM pragma_index_list('{MESSAGES}') l, pragma_index_info(l.name) i WHERE i.seqno = 0 AND upper(i.name) = 'ZSTANZAID'"
    );
    connection.query_row(&sql, [], |row| row.get::<_, i64>(0)).is_ok_and(|indexes| indexes > 0)
}
