//! One store of one app, open.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::HashMap;
use rusqlite::Connection;

use super::account::Account;
use super::columns::{GroupColumn, INFO, MEDIA, MESSAGES};
use super::joins::{Joins, has_index};
use super::members::Members;
use super::names::Names;
use super::owner::OwnHandles;
use super::payments::Payments;
use super::places::Places;
use super::previews::Previews;
use crate::database::{Schema, each_of_table};
use crate::messages::ConnectionPool;
use crate::people::Directory;
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

/// What reports call the database.
const CHAT_STORAGE: &str = "ChatStorage.sqlite";

/// A store.
pub(super) struct Store<'s> {
    pub(super) account: Account,
    pub(super) source: &'s dyn Source,
    pub(super) connections: ConnectionPool,
    pub(super) schema: Schema,
    pub(super) names: Names<'s>,
    pub(super) members: Members,
    pub(super) owner: OwnHandles,
    /// Who began each group, by the number of its conversation.
    pub(super) creators: HashMap<i64, String>,
    pub(super) places: Places,
    /// Whether a message can be found by its identifier without looking at all of them.
    pub(super) finds_stanzas: bool,
    pub(super) joins: Joins,
    previews: OnceLock<Previews>,
    payments: OnceLock<Payments>,
    has_told_damage: AtomicBool,
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
        // An older place stands in for a newer one that is not there. That it is damaged is said.
        let database = database.reduce(|first, next| match (first, next) {
            (first @ Err(SourceError::Missing { .. }), Err(SourceError::Missing { .. })) => first,
            (Err(SourceError::Missing { .. }), next) => next,
            (first, _) => first,
        });
        let missing = || SourceError::Missing { domain: account.domain().into(), path: CHAT_STORAGE.into() };
        let connections = ConnectionPool::new(database.unwrap_or_else(|| Err(missing()))?);
        let opened = connections.with(|connection| {
            let schema = Schema::probe(connection).map_err(|error| SourceError::unreadable(CHAT_STORAGE, error))?;
            if !schema.has_any_column(MESSAGES, &["ZCHATSESSION", "ZMESSAGEDATE", "ZSTANZAID", "ZTEXT"]) {
                return Err(SourceError::foreign(CHAT_STORAGE, "it has no table of WhatsApp's messages"));
            }
            let names = Names::read(source, directory, account, Some((connection, &schema)), (notes, skipped));
            let members = Members::read(connection, &schema, skipped);
            let finds_stanzas = has_index(connection, MESSAGES, "ZSTANZAID");
            let joins = Joins::probe(connection, &schema);
            let owner = OwnHandles::read(source, account, &names, (connection, &schema), skipped);
            let creators = creators(connection, &schema, skipped);
            Ok((schema, names, members, owner, creators, finds_stanzas, joins))
        })?;
        let (schema, names, members, owner, creators, finds_stanzas, joins) = opened?;
        Ok(Self {
            account,
            source,
            connections,
            schema,
            names,
            members,
            owner,
            creators,
            places: Places::default(),
            finds_stanzas,
            joins,
            previews: OnceLock::new(),
            payments: OnceLock::new(),
            has_told_damage: AtomicBool::new(false),
        })
    }

    /// Whether a number or address is the owner's.
    pub(super) fn is_owner(&self, address: &str) -> bool {
        self.owner.are(address)
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
        self.payments.get_or_init(|| Payments::read(connection, &self.schema))
    }

    /// What of all this could not be read. It is given once.
    pub(super) fn damage(&self) -> Vec<Skipped> {
        let damage = [
            self.previews.get().and_then(|own| own.damage.as_ref()),
            self.payments.get().and_then(|own| own.damage.as_ref()),
        ];
        let damage: Vec<Skipped> = damage.into_iter().flatten().cloned().collect();
        if damage.is_empty() || self.has_told_damage.swap(true, Ordering::Relaxed) { Vec::new() } else { damage }
    }

    /// Whether messages may carry something in tables of their own.
    pub(super) fn has_joined(&self) -> bool {
        self.schema.has_table(MEDIA) || self.schema.has_table(INFO)
    }
}

/// Who began each group, by the number of its conversation.
fn creators(connection: &Connection, schema: &Schema, skipped: &mut Vec<Skipped>) -> HashMap<i64, String> {
    let mut creators = HashMap::default();
    let read = each_of_table::<GroupColumn>(connection, schema, "ZWAGROUPINFO", &mut |_, row| {
        creators.extend(row.integer(GroupColumn::Chat).zip(row.name(GroupColumn::Creator)));
    });
    skipped.extend(read.err().map(|error| Skipped::part("who began some groups", error)));
    creators
}
