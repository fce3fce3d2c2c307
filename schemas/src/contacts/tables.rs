//! The tables of `AddressBook.sqlitedb`.
//!
//! `ABPerson` has a row for each card. `ABMultiValue` has a row for each of its numbers, addresses and other values; what
//! has parts keeps them in `ABMultiValueEntry`. Labels and the names of parts stand once in tables of their own, known by
//! their implicit row numbers. `ABGroup` and `ABGroupMembers` are the groups, `ABStore` the collections of accounts,
//! `ABPersonLink` says which of linked cards gives name and picture.
//!
//! Names of tables and columns: the CREATE statements of iOS 4.2, 15.3, 16.1, 16.3 and 18. Any table and any column may
//! be missing; linked cards came with iOS 4, identifiers of rows and phonetic organisations later.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Display;

use rusqlite::{Connection, Row};

use super::card::{Card, Columns};
use super::label::Label;
use crate::database::{Schema, each_row_both_ways, integer, name, some_text};
use crate::skipped::Skipped;
use crate::source::SourceError;

/// Everything in an address book, as it is stored.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The cards, ordered by row number.
    pub(crate) cards: Vec<Card>,
    /// The groups, ordered by row number.
    pub(super) groups: Vec<GroupRow>,
    /// The collections, by row number.
    pub(super) stores: HashMap<i64, Store>,
    /// What could not be read.
    pub(crate) skipped: Vec<Skipped>,
}

/// A row of `ABGroup`.
#[derive(Debug)]
pub(super) struct GroupRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) store: Option<i64>,
    pub(super) members: u64,
}

/// A row of `ABStore`.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) name: Option<String>,
    pub(super) kind: Option<i64>,
    /// The identifier of its account; `None` for what is on the device alone.
    pub(super) account: Option<String>,
}

/// A value of a card.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) property: i64,
    pub(super) label: Option<Label>,
    pub(super) text: Option<String>,
    /// The parts of what has parts: name and text.
    pub(super) parts: Vec<(String, String)>,
}

/// Reads all cards, groups and collections.
///
/// # Errors
/// When the list of tables cannot be read, and when there is no table of people.
pub(crate) fn read(connection: &Connection) -> Result<Tables, SourceError> {
    let unreadable = |why: &dyn Display| SourceError::unreadable("AddressBook.sqlitedb", why);
    let schema = Schema::probe(connection).map_err(|error| unreadable(&error))?;
    if !Columns::are_in(&schema) {
        return Err(SourceError::foreign("AddressBook.sqlitedb", "it has no table of people"));
    }
    let mut reader = Reader { connection, schema, skipped: Vec::new() };
    let mut tables = Tables { stores: reader.stores(), ..Tables::default() };
    let (groups, mut memberships) = reader.groups();
    tables.groups = groups;
    let owners = reader.owners();
    let links = reader.links();
    let mut values = reader.values();
    let columns = Columns::of(&reader.schema);
    let cards = &mut tables.cards;
    reader.each("ABPerson", "people", columns.names(), &mut |row, id| {
        let mut card = columns.card(row, id, values.remove(&id).unwrap_or_default());
        card.contact.groups = memberships.remove(&id).unwrap_or_default();
        card.contact.is_me = owners.contains(&id);
        if let Some(preferred) = card.link.and_then(|link| links.get(&link)) {
            card.gives_name = preferred.name.map_or(card.gives_name, |name| name == id);
            card.gives_picture = preferred.picture == Some(id);
        }
        cards.push(card);
    });
    tables.cards.sort_by_key(|card| card.contact.id);
    tables.skipped = reader.skipped;
    Ok(tables)
}

/// Which of linked cards gives what.
struct Preferred {
    name: Option<i64>,
    picture: Option<i64>,
}

struct Reader<'c> {
    connection: &'c Connection,
    schema: Schema,
    skipped: Vec<Skipped>,
}

impl Reader<'_> {
    /// Hands on each row of a table with its row number; columns follow from 1 on.
    fn each(&mut self, table: &str, called: &str, columns: &[impl AsRef<str>], row: &mut dyn FnMut(&Row<'_>, i64)) {
        if !self.schema.has_table(table) {
            return;
        }
        let columns: Vec<&str> = columns.iter().map(AsRef::as_ref).collect();
        let sql = format!("SELECT t.ROWID, {} FROM \"{table}\" t", self.schema.columns(table, "t", &columns));
        let read = each_row_both_ways(self.connection, &sql, &mut |found| {
            if let Some(id) = integer(found, 0) {
                row(found, id);
            }
        });
        let skipped = |error| Skipped::new(format!("some {called} of the address book"), error);
        self.skipped.extend(read.err().map(skipped));
    }

    /// A table of one text for each row number.
    fn texts(&mut self, table: &str, called: &str, column: &str) -> HashMap<i64, String> {
        let mut texts = HashMap::new();
        self.each(table, called, &[column], &mut |row, id| texts.extend(name(row, 1).map(|text| (id, text))));
        texts
    }

    /// The values of each card, in the order of their rows.
    fn values(&mut self) -> HashMap<i64, Vec<Value>> {
        let labels = self.texts("ABMultiValueLabel", "labels", "value");
        let mut parts = self.parts();
        let mut values: HashMap<i64, Vec<(i64, Value)>> = HashMap::new();
        let columns = ["UID", "record_id", "property", "label", "value"];
        self.each("ABMultiValue", "numbers and addresses", &columns, &mut |row, id| {
            let (Some(card), Some(property)) = (integer(row, 2), integer(row, 3)) else { return };
            let label = integer(row, 4).and_then(|label| labels.get(&label)).filter(|label| !label.is_empty());
            let value = Value {
                property,
                label: label.map(Label::new),
                text: some_text(row, 5),
                parts: parts.remove(&integer(row, 1).unwrap_or(id)).unwrap_or_default(),
            };
            values.entry(card).or_default().push((id, value));
        });
        let in_order = |(card, mut rows): (i64, Vec<(i64, Value)>)| {
            rows.sort_by_key(|(id, _)| *id);
            (card, rows.into_iter().map(|(_, value)| value).collect())
        };
        values.into_iter().map(in_order).collect()
    }

    /// The parts of values that have parts, by the value.
    fn parts(&mut self) -> HashMap<i64, Vec<(String, String)>> {
        let keys = self.texts("ABMultiValueEntryKey", "names of parts", "value");
        let mut parts: HashMap<i64, Vec<(String, String)>> = HashMap::new();
        let columns = ["parent_id", "key", "value"];
        self.each("ABMultiValueEntry", "parts of addresses", &columns, &mut |row, _| {
            let (Some(parent), Some(value)) = (integer(row, 1), some_text(row, 3)) else { return };
            let key = integer(row, 2);
            let name = key.and_then(|key| keys.get(&key)).cloned();
            let name = name.unwrap_or_else(|| format!("Part {}", key.unwrap_or_default()));
            parts.entry(parent).or_default().push((name, value));
        });
        parts
    }

    fn links(&mut self) -> HashMap<i64, Preferred> {
        let mut links = HashMap::new();
        let columns = ["PreferredNamePersonID", "PreferredImagePersonID"];
        self.each("ABPersonLink", "links", &columns, &mut |row, id| {
            let card = |column| integer(row, column).filter(|card| *card > 0);
            links.insert(id, Preferred { name: card(1), picture: card(2) });
        });
        links
    }

    fn stores(&mut self) -> HashMap<i64, Store> {
        let accounts = self.texts("ABAccount", "accounts", "AccountIdentifier");
        let mut stores = HashMap::new();
        let columns = ["Name", "Type", "AccountID", "AccountIdentifier"];
        self.each("ABStore", "collections", &columns, &mut |row, id| {
            // Before there were rows of accounts, a store named its account itself.
            let account = integer(row, 3).and_then(|account| accounts.get(&account).cloned());
            let account = account.or_else(|| name(row, 4));
            stores.insert(id, Store { name: name(row, 1), kind: integer(row, 2), account });
        });
        stores
    }

    /// The cards of the device's owner.
    fn owners(&mut self) -> HashSet<i64> {
        let mut owners = HashSet::new();
        self.each("ABStore", "collections", &["MeIdentifier"], &mut |row, _| {
            owners.extend(integer(row, 1).filter(|card| *card > 0));
        });
        owners
    }

    /// The groups, and the names of those that each card is in.
    fn groups(&mut self) -> (Vec<GroupRow>, HashMap<i64, Vec<String>>) {
        let mut groups = Vec::new();
        self.each("ABGroup", "groups", &["Name", "StoreID"], &mut |row, id| {
            let name = name(row, 1).unwrap_or_else(|| format!("Group {id}"));
            groups.push(GroupRow { id, name, store: integer(row, 2), members: 0 });
        });
        groups.sort_by_key(|group| group.id);
        let mut members: Vec<(i64, i64)> = Vec::new();
        let mut inside: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        let columns = ["group_id", "member_type", "member_id"];
        self.each("ABGroupMembers", "members of groups", &columns, &mut |row, _| {
            let (Some(group), Some(member)) = (integer(row, 1), integer(row, 3)) else { return };
            // A member is a card, or a group inside of a group.
            match integer(row, 2) {
                Some(1) => _ = inside.entry(member).or_default().insert(group),
                _ => members.push((group, member)),
            }
        });
        let memberships = memberships(&mut groups, &members, &inside);
        (groups, memberships)
    }
}

/// The names of the groups of each card, in the order of the groups; counts the cards of each group.
fn memberships(
    groups: &mut [GroupRow],
    members: &[(i64, i64)],
    inside: &HashMap<i64, BTreeSet<i64>>,
) -> HashMap<i64, Vec<String>> {
    let mut whole: HashMap<i64, BTreeSet<i64>> = HashMap::new();
    let mut of_card: HashMap<i64, BTreeSet<i64>> = HashMap::new();
    for (group, card) in members {
        let around = whole.entry(*group).or_insert_with(|| around(*group, inside));
        of_card.entry(*card).or_default().extend(around.iter());
    }
    let places: HashMap<i64, usize> = groups.iter().enumerate().map(|(place, group)| (group.id, place)).collect();
    let mut names: HashMap<i64, Vec<String>> = HashMap::new();
    for (card, its_groups) in of_card {
        for place in its_groups.iter().filter_map(|group| places.get(group)) {
            if let Some(group) = groups.get_mut(*place) {
                group.members += 1;
                names.entry(card).or_default().push(group.name.clone());
            }
        }
    }
    names
}

/// A group and all groups around it. Groups that lie in each other end nothing: each is looked at once.
fn around(group: i64, inside: &HashMap<i64, BTreeSet<i64>>) -> BTreeSet<i64> {
    let (mut all, mut next) = (BTreeSet::from([group]), vec![group]);
    while let Some(group) = next.pop() {
        next.extend(inside.get(&group).into_iter().flatten().filter(|outer| all.insert(**outer)));
    }
    all
}
