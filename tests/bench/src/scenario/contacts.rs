//! A large address book, of which a fifth have pictures: the cost of a card.

use super::dump::{self, Kind};
use crate::failure::Result;
use crate::inputs::{self, FEW_ROUNDS, Form};
use crate::settings::Settings;
use crate::table::Report;

/// Runs the scenario.
///
/// # Errors
/// As [`crate::scenario::Scenario::run`].
pub fn run(settings: &Settings) -> Result<Report> {
    let contacts = settings.pick(50_000, 500);
    let make = |name: &str, contacts: u64| {
        let sizes = [("contacts", contacts), ("pictures", contacts / 5), ("rounds", u64::from(FEW_ROUNDS))];
        inputs::make(settings, name, &sizes, Form::EncryptedAndTree)
    };
    let kind = Kind {
        title: format!("Contacts: {contacts}, {} of them with pictures, in every format", contacts / 5),
        command: "contacts",
        inputs: [make("contacts-few", contacts / 10)?, make("contacts-many", contacts)?],
        databases: &[
            "HomeDomain/Library/AddressBook/AddressBook.sqlitedb",
            "HomeDomain/Library/AddressBook/AddressBookImages.sqlitedb",
        ],
    };
    dump::run(settings, kind)
}
