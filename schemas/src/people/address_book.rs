//! The tables of `AddressBook.sqlitedb`: `ABPerson`, one row a card; `ABMultiValue`, one row a number or address;
//! `ABPersonLink`, which of several linked cards gives its name.
//!
//! Column names: the CREATE statements of iOS 4.2, 15.3, 16.1 and 16.3. Linked cards came with iOS 4; a database may lack
//! any table and any column. `ABMultiValue.property` is 3 for a telephone number and 4 for a mail address.

use std::collections::HashMap;
use std::fmt::Display;

use rusqlite::{Connection, Row};

use super::card::{Card, Names};
use crate::database::{Schema, each_row_both_ways, integer, some_text, truth};
use crate::skipped::{Reading, Skipped};
use crate::source::SourceError;

const PERSON: [&str; 10] = [
    "First",
    "Middle",
    "Last",
    "Nickname",
    "Organization",
    "DisplayName",
    "CompositeNameFallback",
    "Kind",
    "PersonLink",
    "IsPreferredName",
];
const VALUE: [&str; 3] = ["record_id", "property", "value"];

/// `ABMultiValue.property` of a telephone number and of a mail address.
const HANDLES: [i64; 2] = [3, 4];

/// Longer values are neither a number nor an address, in bytes (a mail address has up to 254).
const LONGEST_HANDLE: usize = 1024;

/// Reads all cards, ordered by row number.
///
/// # Errors
/// When the list of tables cannot be read, and when there is no table of people.
pub(super) fn read(connection: &Connection) -> Result<Reading<Card>, SourceError> {
    let unreadable = |why: &dyn Display| SourceError::unreadable("AddressBook.sqlitedb", why);
    let schema = Schema::probe(connection).map_err(|error| unreadable(&error))?;
    if !schema.has_table("ABPerson") {
        return Err(unreadable(&"it has no table of people"));
    }
    let mut reading = Reading::default();
    let mut handles = handles(&schema, connection, &mut reading.skipped);
    let preferred = preferred(&schema, connection, &mut reading.skipped);
    let sql = format!("SELECT p.ROWID, {} FROM ABPerson p", schema.columns("ABPerson", "p", &PERSON));
    let cards = &mut reading.records;
    let read = each_row_both_ways(connection, &sql, &mut |row| {
        cards.extend(integer(row, 0).map(|id| card(row, id, &preferred, handles.remove(&id).unwrap_or_default())));
    });
    reading.skipped.extend(read.err().map(|error| Skipped::new("some people of the address book", error)));
    reading.records.sort_by_key(|card| card.id);
    Ok(reading)
}

fn card(row: &Row<'_>, id: i64, preferred: &HashMap<i64, i64>, handles: Vec<String>) -> Card {
    let names = Names {
        first: some_text(row, 1),
        middle: some_text(row, 2),
        last: some_text(row, 3),
        nickname: some_text(row, 4),
        organization: some_text(row, 5),
        display: some_text(row, 6),
        fallback: some_text(row, 7),
        is_organization: integer(row, 8) == Some(1),
    };
    // -1 stands for no link.
    let link = integer(row, 9).filter(|link| *link > 0);
    let is_preferred = match link.and_then(|link| preferred.get(&link)) {
        Some(card) => *card == id,
        None => truth(row, 10),
    };
    Card { id, link, is_preferred, name: names.shown(), also: names.others(), handles }
}

/// The numbers and addresses of each card, in the order of their rows.
fn handles(schema: &Schema, connection: &Connection, skipped: &mut Vec<Skipped>) -> HashMap<i64, Vec<String>> {
    let mut handles: HashMap<i64, Vec<String>> = HashMap::new();
    if !schema.has_table("ABMultiValue") {
        return handles;
    }
    let sql = format!("SELECT v.ROWID, {} FROM ABMultiValue v", schema.columns("ABMultiValue", "v", &VALUE));
    let read = each_row_both_ways(connection, &sql, &mut |row| {
        let is_handle = integer(row, 2).is_some_and(|property| HANDLES.contains(&property));
        let value = some_text(row, 3).filter(|value| is_handle && value.len() <= LONGEST_HANDLE);
        if let (Some(card), Some(value)) = (integer(row, 1), value) {
            handles.entry(card).or_default().push(value);
        }
    });
    skipped.extend(read.err().map(|error| Skipped::new("some numbers and addresses of the address book", error)));
    handles
}

/// The card that gives its name, by link.
fn preferred(schema: &Schema, connection: &Connection, skipped: &mut Vec<Skipped>) -> HashMap<i64, i64> {
    let mut preferred = HashMap::new();
    if !schema.has_column("ABPersonLink", "PreferredNamePersonID") {
        return preferred;
    }
    let sql = "SELECT l.ROWID, l.PreferredNamePersonID FROM ABPersonLink l";
    let read = each_row_both_ways(connection, sql, &mut |row| {
        preferred.extend(integer(row, 0).zip(integer(row, 1).filter(|card| *card > 0)));
    });
    skipped.extend(read.err().map(|error| Skipped::new("some links of the address book", error)));
    preferred
}
