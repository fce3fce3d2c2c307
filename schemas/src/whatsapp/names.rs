//! Who people are: the phone's address book before the app's copy of it, before what people call themselves, before their
//! number.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use rusqlite::Connection;

use super::account::Account;
use super::columns::{
    AccountColumn, CHATS, ChatColumn, ContactColumn, LidColumn, MemberColumn, PictureColumn, PushNameColumn,
};
use super::jid::Jid;
use super::numbers::{Numbers, Since};
use super::{CONTACTS, LIDS};
use crate::database::{Column, Row, Schema, each_of_table};
use crate::messages::{Handle, Sender};
use crate::people::Directory;
use crate::skipped::Skipped;
use crate::source::{Entry, EntryKind, Source, SourceError};

/// The folder of profile pictures, below that of the group.
const PICTURES: &str = "Media/Profile/";

/// Who people are.
pub(crate) struct Names<'s> {
    directory: &'s Directory,
    numbers: Numbers,
    /// Names by whole identifier: the best that is known.
    names: HashMap<String, (Rank, String)>,
    /// Files of pictures, by whole identifier.
    pictures: HashMap<String, Entry>,
    handles: Mutex<HashMap<String, Arc<Handle>>>,
    /// What stands for a number, by it: made when it is first asked for.
    hidden: OnceLock<HashMap<String, Vec<String>>>,
}

/// Where a name is from. What comes later is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// What somebody calls themselves.
    Own,
    /// What a group noted.
    Group,
    /// What the conversation is called.
    Chat,
    /// The app's copy of the address book.
    Contacts,
}

impl<'s> Names<'s> {
    /// Reads all that is known of people. What is missing beside the database is noted, and what cannot be read is skipped.
    pub(super) fn read(
        source: &dyn Source,
        directory: &'s Directory,
        account: Account,
        database: Option<(&Connection, &Schema)>,
        (notes, skipped): (&mut Vec<String>, &mut Vec<Skipped>),
    ) -> Self {
        let mut names = Self {
            directory,
            numbers: Numbers::default(),
            names: HashMap::new(),
            pictures: HashMap::new(),
            handles: Mutex::default(),
            hidden: OnceLock::new(),
        };
        if let Some(database) = database {
            names.take_chats(database, skipped);
        }
        if !source.is_one_database() {
            match names.take_contacts(source, account, skipped) {
                Ok(()) => {}
                Err(SourceError::Missing { .. } | SourceError::Absent { .. }) => {
                    let app = account.service();
                    notes.push(format!(
                        "{}'s own address book ({CONTACTS}) is not in this backup: names come from the phone's contacts, and from what people call themselves.",
                        app.as_str()
                    ));
                }
                Err(error) => skipped.push(Skipped::part(format!("the app's address book ({CONTACTS})"), error)),
            }
            match names.take_lids(source, account, skipped) {
                Ok(()) | Err(SourceError::Missing { .. } | SourceError::Absent { .. }) => {}
                Err(error) => skipped.push(Skipped::part(format!("whose numbers are hidden ({LIDS})"), error)),
            }
            if let Some(database) = database {
                names.take_pictures(source, account, database, skipped);
            }
        }
        names
    }

    /// The same for whoever reads something else of the app. What is missing is nobody's loss there.
    pub(crate) fn of(
        source: &dyn Source,
        directory: &'s Directory,
        account: Account,
        skipped: &mut Vec<Skipped>,
    ) -> Self {
        // Somebody who named one database has no other beside it.
        let places = if source.is_one_database() { &[] } else { account.places() };
        let chats = places.iter().find_map(|(domain, path)| {
            let connection = source.database(domain, path).ok()?.connect().ok()?;
            let schema = Schema::probe(&connection).ok()?;
            Some((connection, schema))
        });
        let database = chats.as_ref().map(|(connection, schema)| (connection, schema));
        Self::read(source, directory, account, database, (&mut Vec::new(), skipped))
    }

    /// Who an identifier names. `None` for one that names nobody.
    pub(crate) fn person(&self, jid: &str) -> Sender {
        let jid = Jid::read(jid)?;
        let whole = jid.whole();
        let mut handles = self.handles.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = handles.get(&whole) {
            return Some(Arc::clone(known));
        }
        let handle = Arc::new(self.handle(jid, &whole));
        handles.insert(whole, Arc::clone(&handle));
        Some(handle)
    }

    /// The same of somebody who may be named by their number behind an identifier: the number, where it is known.
    pub(super) fn number_of<'a>(&'a self, jid: Jid<'a>) -> Option<&'a str> {
        match jid.is_lid() {
            true => self.numbers.behind(jid.user),
            false => jid.number(),
        }
    }

    /// Whether the app has a name for somebody.
    pub(super) fn knows(&self, jid: &str) -> bool {
        self.names.contains_key(jid)
    }

    /// The numbers and addresses of everybody who is known.
    pub(super) fn addresses(&self) -> BTreeSet<String> {
        self.names.keys().filter_map(|jid| self.person(jid)).map(|handle| handle.address.clone()).collect()
    }

    /// The same, with the names that they are known by.
    pub(super) fn everybody(&self) -> BTreeSet<String> {
        let people = self.names.keys().filter_map(|jid| self.person(jid));
        people.flat_map(|handle| [Some(handle.address.clone()), handle.name.clone()]).flatten().collect()
    }

    /// The picture of whom a number or address is.
    pub(super) fn picture(&self, address: &str) -> Option<&Entry> {
        let digits = address.strip_prefix('+').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let own = match digits {
            Some(digits) => self.pictures.get(&format!("{digits}@s.whatsapp.net")),
            None => self.pictures.get(address),
        };
        own.or_else(|| {
            let mut hidden = self.hidden.get_or_init(|| self.numbers.turned()).get(digits?)?.iter();
            hidden.find_map(|lid| self.pictures.get(&format!("{lid}@lid")))
        })
    }

    fn handle(&self, jid: Jid<'_>, whole: &str) -> Handle {
        let number = self.number_of(jid);
        let address = number.map_or_else(|| whole.to_owned(), |number| format!("+{number}"));
        let by_number = number.map(|number| format!("{number}@s.whatsapp.net"));
        let stored = |jid: &str| self.names.get(jid);
        let both = [stored(whole), by_number.as_deref().and_then(stored)];
        let best = both.into_iter().flatten().max_by_key(|(rank, _)| *rank);
        let name = self.directory.name_of(&address).or(best.map(|(_, name)| name.as_str()));
        Handle { name: name.map(str::to_owned), address }
    }

    fn call(&mut self, jid: Option<&str>, rank: Rank, name: Option<String>) {
        let (Some(jid), Some(name)) = (jid.and_then(Jid::read), name) else { return };
        // WhatsApp puts marks of direction around names, and writes the number where it knows no name.
        let name = name.trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        });
        if is_number(name) {
            return;
        }
        let known = self.names.entry(jid.whole()).or_insert_with(|| (rank, name.to_owned()));
        if known.0 < rank {
            *known = (rank, name.to_owned());
        }
    }

    fn take_chats(&mut self, (connection, schema): (&Connection, &Schema), skipped: &mut Vec<Skipped>) {
        let mut damage = Vec::new();
        damage.extend(each::<PushNameColumn>(connection, schema, "ZWAPROFILEPUSHNAME", &mut |row| {
            self.call(row.name(PushNameColumn::Jid).as_deref(), Rank::Own, row.name(PushNameColumn::Name));
        }));
        damage.extend(each::<MemberColumn>(connection, schema, "ZWAGROUPMEMBER", &mut |row| {
            let name = row.name(MemberColumn::Name).or_else(|| row.name(MemberColumn::FirstName));
            let jid = row.name(MemberColumn::Jid);
            self.call(jid.as_deref(), Rank::Group, name);
        }));
        damage.extend(each::<ChatColumn>(connection, schema, CHATS, &mut |row| {
            let jid = row.name(ChatColumn::Jid);
            let Some(own) = jid.as_deref().and_then(Jid::read).filter(|jid| jid.is_person()) else { return };
            // What has no server stands for a card of the address book, and for nobody's number.
            let other = row.name(ChatColumn::Identifier).filter(|other| other.contains('@'));
            match other.as_deref().and_then(Jid::read) {
                // One person by both, either way round.
                Some(number) if own.is_lid() => self.numbers.pair(Some(own.user), number.number(), Since::Unknown),
                Some(lid) if lid.is_lid() => self.numbers.pair(Some(lid.user), own.number(), Since::Unknown),
                _ => {}
            }
            self.call(jid.as_deref(), Rank::Chat, row.name(ChatColumn::Name));
        }));
        damage
            .extend(each::<LidColumn>(connection, schema, "ZWAPHONENUMBERLIDPAIR", &mut |row| self.numbers.take(row)));
        skipped.extend(damage.into_iter().map(|error| Skipped::part("some names of people", error)));
    }

    fn take_contacts(
        &mut self,
        source: &dyn Source,
        account: Account,
        skipped: &mut Vec<Skipped>,
    ) -> Result<(), SourceError> {
        let (connection, schema) = open(source, account, CONTACTS)?;
        let read = each::<ContactColumn>(&connection, &schema, "ZWAADDRESSBOOKCONTACT", &mut |row| {
            let (jid, lid) = (row.name(ContactColumn::Jid), row.name(ContactColumn::Lid));
            self.numbers.pair(lid.as_deref(), jid.as_deref(), Since::Unknown);
            let name = row.name(ContactColumn::Name);
            let lid = lid.as_deref().and_then(Jid::read).map(|lid| format!("{}@lid", lid.user));
            self.call(lid.as_deref(), Rank::Contacts, name.clone());
            self.call(jid.as_deref(), Rank::Contacts, name);
        });
        skipped.extend(read.map(|error| Skipped::part(format!("some of the app's address book ({CONTACTS})"), error)));
        Ok(())
    }

    fn take_lids(
        &mut self,
        source: &dyn Source,
        account: Account,
        skipped: &mut Vec<Skipped>,
    ) -> Result<(), SourceError> {
        let (connection, schema) = open(source, account, LIDS)?;
        let pairs = each::<LidColumn>(&connection, &schema, "ZWAPHONENUMBERLIDPAIR", &mut |row| self.numbers.take(row));
        let accounts = each::<AccountColumn>(&connection, &schema, "ZWAZACCOUNT", &mut |row| {
            let lid = row.name(AccountColumn::Lid);
            self.numbers.pair(lid.as_deref(), row.name(AccountColumn::Number).as_deref(), Since::Unknown);
            self.call(lid.as_deref(), Rank::Own, row.name(AccountColumn::Name));
        });
        let damage = pairs.into_iter().chain(accounts);
        skipped.extend(damage.map(|error| Skipped::part(format!("some hidden numbers ({LIDS})"), error)));
        Ok(())
    }

    /// Notes the pictures that the backup holds: `Media/Profile/<first part of the identifier>-<number>.jpg`, or `.thumb`.
    fn take_pictures(
        &mut self,
        source: &dyn Source,
        account: Account,
        (connection, schema): (&Connection, &Schema),
        skipped: &mut Vec<Skipped>,
    ) {
        let Ok(entries) = source.entries(account.domain(), PICTURES.trim_end_matches('/')) else { return };
        let files: HashMap<String, Entry> = entries
            .into_iter()
            .filter(|entry| entry.kind == EntryKind::File)
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        if files.is_empty() {
            return;
        }
        let read = each::<PictureColumn>(connection, schema, "ZWAPROFILEPICTUREITEM", &mut |row| {
            let (Some(jid), Some(path)) = (row.name(PictureColumn::Jid), row.name(PictureColumn::Path)) else { return };
            let file = [".jpg", ".thumb"].iter().find_map(|ending| files.get(&format!("{path}{ending}")));
            if let (Some(jid), Some(file)) = (Jid::read(&jid), file) {
                self.pictures.insert(jid.whole(), file.clone());
            }
        });
        skipped.extend(read.map(|error| Skipped::part("some profile pictures", error)));
    }
}

/// Whether a name is a number and no more, as it is written where nobody's name is known.
fn is_number(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '\u{a0}' | '\u{2011}'))
}

fn open(source: &dyn Source, account: Account, path: &str) -> Result<(Connection, Schema), SourceError> {
    let connection = source.database(account.domain(), path)?.connect()?;
    let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(path, error))?;
    Ok((connection, schema))
}

/// Hands on each row of a table; what ended the reading early comes back.
fn each<C: Column>(
    connection: &Connection,
    schema: &Schema,
    table: &str,
    each: &mut dyn FnMut(Row<'_, C>),
) -> Option<rusqlite::Error> {
    each_of_table(connection, schema, table, &mut |_, row| each(row)).err()
}
