//! What the accounts are called that contacts come from.
//!
//! `ABStore.Type` says what kind of collection it is (`kABSourceType…` of Apple's headers; the bit 0x01000000 marks those
//! that can only be searched). Which account it is, `Accounts3.sqlite` says: its row for a CardDAV account is a child of
//! the row that people know, such as iCloud or Gmail.

use std::collections::HashMap;

use rusqlite::Connection;

use super::model::Account;
use super::tables::StoreRow;
use crate::database::{Schema, columns, each_of_table};
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

/// Where accounts are listed since iOS 7.
const DATABASE: (&str, &str) = ("HomeDomain", "Library/Accounts/Accounts3.sqlite");

/// What is not in any account.
const ON_THE_DEVICE: &str = "On the device";

/// Accounts lie in accounts to this depth at most.
const DEEPEST: usize = 8;

/// The accounts of a device, by identifier.
#[derive(Debug, Default)]
pub(super) struct Accounts(HashMap<String, Account>);

columns! {
    /// The column of `ZACCOUNTTYPE`.
    enum Type { Description = "ZACCOUNTTYPEDESCRIPTION" }

    /// The columns of `ZACCOUNT`.
    enum Column {
        Parent = "ZPARENTACCOUNT",
        Identifier = "ZIDENTIFIER",
        Description = "ZACCOUNTDESCRIPTION",
        User = "ZUSERNAME",
        Type = "ZACCOUNTTYPE",
    }
}

/// A row of `ZACCOUNT`.
struct Row {
    parent: Option<i64>,
    identifier: Option<String>,
    description: Option<String>,
    user: Option<String>,
    kind: Option<i64>,
}

impl Accounts {
    /// Reads them. A device whose accounts are not in the source has none.
    pub(super) fn read(source: &dyn Source, skipped: &mut Vec<Skipped>) -> Self {
        let (domain, path) = DATABASE;
        let read = source.database(domain, path).and_then(|database| {
            let connection = database.connect()?;
            of(&connection).map_err(|error| SourceError::unreadable(path, error))
        });
        match read {
            Ok(accounts) => accounts,
            Err(SourceError::Missing { .. } | SourceError::Absent { .. }) => Self::default(),
            Err(error) => {
                skipped.push(Skipped::new("the names of accounts", error));
                Self::default()
            }
        }
    }

    /// What the account of a collection is called.
    pub(super) fn name(&self, store: &StoreRow) -> Account {
        if let Some(known) = store.account.as_ref().and_then(|account| self.0.get(account)) {
            return known.clone();
        }
        let kind = store.kind.map(|kind| kind & 0xff);
        let name = match kind {
            Some(0) if store.account.is_none() => ON_THE_DEVICE,
            Some(1) => "Exchange",
            Some(2) => "MobileMe",
            Some(3) => "LDAP",
            Some(4) => "CardDAV",
            _ => store.name.as_deref().unwrap_or("An account"),
        };
        Account { name: name.to_owned(), user: None }
    }
}

fn of(connection: &Connection) -> rusqlite::Result<Accounts> {
    let schema = Schema::probe(connection)?;
    let (mut rows, mut kinds) = (HashMap::new(), HashMap::new());
    each_of_table(connection, &schema, "ZACCOUNTTYPE", &mut |id, row| {
        kinds.extend(id.zip(row.name(Type::Description)));
    })?;
    each_of_table(connection, &schema, "ZACCOUNT", &mut |id, row| {
        let account = Row {
            parent: row.integer(Column::Parent),
            identifier: row.name(Column::Identifier),
            description: row.name(Column::Description),
            user: row.name(Column::User),
            kind: row.integer(Column::Type),
        };
        rows.extend(id.map(|id| (id, account)));
    })?;
    let account = |row: &Row| {
        let top = top(row, &rows);
        let kind = top.kind.and_then(|kind| kinds.get(&kind));
        let name = top.description.as_ref().or(kind)?.clone();
        Some((row.identifier.clone()?, Account { name, user: top.user.clone() }))
    };
    Ok(Accounts(rows.values().filter_map(account).collect()))
}

/// The account that an account lies in, as people know it.
fn top<'r>(mut row: &'r Row, rows: &'r HashMap<i64, Row>) -> &'r Row {
    for _ in 0..DEEPEST {
        match row.parent.and_then(|parent| rows.get(&parent)) {
            Some(parent) => row = parent,
            None => break,
        }
    }
    row
}
