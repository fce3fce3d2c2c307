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

use rusqlite::Connection;

use super::card::{self, Card, Columns};
use super::label::Label;
use super::value::Value;
use crate::database::{Column, Row, Schema, columns, each_row_both_ways, integer};
use crate::skipped::Skipped;
use crate::source::SourceError;

columns! {
    /// The column of the tables of labels and of the names of parts.
    enum Word { Value = "value" }

    /// The column of `ABAccount`.
    enum Account { Identifier = "AccountIdentifier" }

    /// The columns of `ABMultiValue`.
    enum Stored { Uid = "UID", Card = "record_id", Property = "property", Label = "label", Text = "value" }

    /// The columns of `ABMultiValueEntry`.
    enum Part { Parent = "parent_id", Key = "key", Text = "value" }

    /// The columns of `ABPersonLink`.
    enum Link { Name = "PreferredNamePersonID", Picture = "PreferredImagePersonID" }

    /// The columns of `ABStore`.
    enum Collection { Name = "Name", Kind = "Type", Account = "AccountID", Identifier = "AccountIdentifier" }

    /// Whose card is the owner's, in `ABStore`.
    enum Owner { Card = "MeIdentifier" }

    /// The columns of `ABGroup`.
    enum Group { Name = "Name", StoreRow = "StoreID" }

    /// The columns of `ABGroupMembers`.
    enum Member { Group = "group_id", Kind = "member_type", Id = "member_id" }
}

/// Everything in an address book, as it is stored.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// The cards, ordered by row number.
    pub(crate) cards: Vec<Card>,
    /// The groups, ordered by row number.
    pub(super) groups: Vec<GroupRow>,
    /// The collections, by row number.
    pub(super) stores: HashMap<i64, StoreRow>,
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
pub(super) struct StoreRow {
    pub(super) name: Option<String>,
    pub(super) kind: Option<i64>,
    /// The identifier of its account; `None` for what is on the device alone.
    pub(super) account: Option<String>,
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
    reader.each_with("ABPerson", "people", columns.added(), &mut |id, row: Row<'_, card::Column>| {
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
    /// Hands on each row of a table with its row number.
    fn each<C: Column>(&mut self, table: &str, called: &str, row: &mut dyn FnMut(i64, Row<'_, C>)) {
        self.each_with(table, called, &[], row);
    }

    /// The same with more columns behind those that are known.
    fn each_with<C: Column>(
        &mut self,
        table: &str,
        called: &str,
        more: &[String],
        row: &mut dyn FnMut(i64, Row<'_, C>),
    ) {
        if !self.schema.has_table(table) {
            return;
        }
        let columns: Vec<&str> = C::NAMES.iter().copied().chain(more.iter().map(String::as_str)).collect();
        let sql = format!("SELECT t.ROWID, {} FROM \"{table}\" t", self.schema.columns(table, "t", &columns));
        let read = each_row_both_ways(self.connection, &sql, &mut |found| {
            if let Some(id) = integer(found, 0) {
                row(id, Row::queried(found, 1));
            }
        });
        let skipped = |error| Skipped::new(format!("some {called} of the address book"), error);
        self.skipped.extend(read.err().map(skipped));
    }

    /// A table of one text for each row number.
    fn texts<C: Column>(&mut self, table: &str, called: &str, column: C) -> HashMap<i64, String> {
        let mut texts = HashMap::new();
        self.each(table, called, &mut |id, row| texts.extend(row.name(column).map(|text| (id, text))));
        texts
    }

    /// The values of each card, in the order of their rows.
    fn values(&mut self) -> HashMap<i64, Vec<Value>> {
        let labels = self.texts("ABMultiValueLabel", "labels", Word::Value);
        let mut parts = self.parts();
        let mut values: HashMap<i64, Vec<(i64, Value)>> = HashMap::new();
        self.each("ABMultiValue", "numbers and addresses", &mut |id, row| {
            let (Some(card), Some(property)) = (row.integer(Stored::Card), row.integer(Stored::Property)) else {
                return;
            };
            let label =
                row.integer(Stored::Label).and_then(|label| labels.get(&label)).filter(|label| !label.is_empty());
            let value = Value {
                property,
                label: label.map(Label::new),
                text: row.some_text(Stored::Text),
                parts: parts.remove(&row.integer(Stored::Uid).unwrap_or(id)).unwrap_or_default(),
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
        let keys = self.texts("ABMultiValueEntryKey", "names of parts", Word::Value);
        let mut parts: HashMap<i64, Vec<(String, String)>> = HashMap::new();
        self.each("ABMultiValueEntry", "parts of addresses", &mut |_, row| {
            let (Some(parent), Some(value)) = (row.integer(Part::Parent), row.some_text(Part::Text)) else { return };
            let key = row.integer(Part::Key);
            let name = key.and_then(|key| keys.get(&key)).cloned();
            let name = name.unwrap_or_else(|| format!("Part {}", key.unwrap_or_default()));
            parts.entry(parent).or_default().push((name, value));
        });
        parts
    }

    fn links(&mut self) -> HashMap<i64, Preferred> {
        let mut links = HashMap::new();
        self.each("ABPersonLink", "links", &mut |id, row| {
            let card = |column| row.integer(column).filter(|card| *card > 0);
            links.insert(id, Preferred { name: card(Link::Name), picture: card(Link::Picture) });
        });
        links
    }

    fn stores(&mut self) -> HashMap<i64, StoreRow> {
        let accounts = self.texts("ABAccount", "accounts", Account::Identifier);
        let mut stores = HashMap::new();
        self.each("ABStore", "collections", &mut |id, row| {
            // Before there were rows of accounts, a store named its account itself.
            let account = row.integer(Collection::Account).and_then(|account| accounts.get(&account).cloned());
            let account = account.or_else(|| row.name(Collection::Identifier));
            let (name, kind) = (row.name(Collection::Name), row.integer(Collection::Kind));
            stores.insert(id, StoreRow { name, kind, account });
        });
        stores
    }

    /// The cards of the device's owner.
    fn owners(&mut self) -> HashSet<i64> {
        let mut owners = HashSet::new();
        self.each("ABStore", "collections", &mut |_, row| {
            owners.extend(row.integer(Owner::Card).filter(|card| *card > 0));
        });
        owners
    }

    /// The groups, and the names of those that each card is in.
    fn groups(&mut self) -> (Vec<GroupRow>, HashMap<i64, Vec<String>>) {
        let mut groups = Vec::new();
        self.each("ABGroup", "groups", &mut |id, row| {
            let name = row.name(Group::Name).unwrap_or_else(|| format!("Group {id}"));
            groups.push(GroupRow { id, name, store: row.integer(Group::StoreRow), members: 0 });
        });
        groups.sort_by_key(|group| group.id);
        let mut members: Vec<(i64, i64)> = Vec::new();
        let mut inside: HashMap<i64, BTreeSet<i64>> = HashMap::new();
        self.each("ABGroupMembers", "members of groups", &mut |_, row| {
            let (Some(group), Some(member)) = (row.integer(Member::Group), row.integer(Member::Id)) else { return };
            // A member is a card, or a group inside of a group.
            match row.integer(Member::Kind) {
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
