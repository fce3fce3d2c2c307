//! Accounts that are set up on the device: `Accounts3.sqlite`.

use super::Moment;
use crate::builder::BackupBuilder;
use crate::database::{self, insert};
use crate::era::Era;
use crate::error::Result;
use crate::seed::Seed;

const SCHEMA: &str = include_str!("../../schema/accounts3.sql");

/// The user name of the iCloud account.
pub const ICLOUD: &str = "mira@example.com";

/// Identifier and description of a type, then user name and description of the account of that type.
const STORY: [(&str, &str, &str, &str); 2] = [
    ("com.apple.account.AppleAccount", "iCloud", ICLOUD, "iCloud"),
    ("com.apple.account.IMAPNotes", "IMAP", "mira.l@example.org", "Work; \"mail\""),
];

/// Adds the accounts.
///
/// # Errors
/// Passes on errors of SQLite.
pub fn add(backup: &mut BackupBuilder) -> Result<()> {
    if backup.era() < Era::Ios15 {
        return Ok(());
    }
    let seed = backup.seed().clone();
    let database = database::build(SCHEMA, |db| {
        database::entities(db, &[(2, "Account"), (3, "AccountProperty"), (4, "AccountType")])?;
        for (identifier, kind, user, description) in STORY {
            let row: [(&str, &dyn rusqlite::ToSql); 4] =
                [("Z_ENT", &4), ("Z_OPT", &1), ("ZACCOUNTTYPEDESCRIPTION", &kind), ("ZIDENTIFIER", &identifier)];
            let kind = insert(db, "ZACCOUNTTYPE", &row)?;
            insert(
                db,
                "ZACCOUNT",
                &[
                    ("Z_ENT", &2),
                    ("Z_OPT", &1),
                    ("ZACTIVE", &1),
                    ("ZACCOUNTTYPE", &kind),
                    ("ZDATE", &Moment::at("2016-11-20T19:00:00Z")?.apple()),
                    ("ZACCOUNTDESCRIPTION", &description),
                    ("ZIDENTIFIER", &identifier_of(&seed, user)),
                    ("ZUSERNAME", &user),
                    ("ZOWNINGBUNDLEID", &"com.apple.accountsd"),
                ],
            )?;
        }
        Ok(())
    })?;
    backup.file("HomeDomain", "Library/Accounts/Accounts3.sqlite", database);
    Ok(())
}

/// The identifier of the account of a user name, by which other databases refer to it.
pub fn identifier_of(seed: &Seed, user: &str) -> String {
    seed.uuid(user)
}
