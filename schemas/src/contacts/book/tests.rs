use std::path::Path;

use rusqlite::Connection;

use super::*;
use crate::contacts::{Image, Label, Other, Photos};
use crate::testing::{Files, copy_database, shared_data};

const TABLES: &str = "
    CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT, Note TEXT, Birthday TEXT, Kind INTEGER,
        StoreID INTEGER, PersonLink INTEGER DEFAULT -1, IsPreferredName INTEGER DEFAULT 1, Pronouns TEXT, Sparkle BLOB);
    CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, label INTEGER, value TEXT);
    CREATE TABLE ABMultiValueLabel (value TEXT);
    CREATE TABLE ABMultiValueEntry (parent_id INTEGER, key INTEGER, value TEXT);
    CREATE TABLE ABMultiValueEntryKey (value TEXT);
    CREATE TABLE ABPersonLink (ROWID INTEGER PRIMARY KEY, PreferredNamePersonID INTEGER, PreferredImagePersonID INTEGER);
    CREATE TABLE ABGroup (ROWID INTEGER PRIMARY KEY, Name TEXT, StoreID INTEGER);
    CREATE TABLE ABGroupMembers (UID INTEGER PRIMARY KEY, group_id INTEGER, member_type INTEGER, member_id INTEGER);
    CREATE TABLE ABStore (ROWID INTEGER PRIMARY KEY, Name TEXT, Type INTEGER, AccountIdentifier TEXT, MeIdentifier INTEGER);
";

fn made(sql: &str) -> AddressBook {
    AddressBook::read(&Files::new().with_database(DATABASE, &format!("{TABLES}{sql}"))).unwrap()
}

fn titles(contacts: &[Contact]) -> Vec<String> {
    contacts.iter().map(|contact| contact.title().unwrap_or_default()).collect()
}

/// Every text of a database that plain SQL finds in the columns where people's values are.
fn texts_in(file: &Path) -> Vec<String> {
    let folder = copy_database(file);
    let connection = Connection::open(folder.path().join(file.file_name().unwrap())).unwrap();
    let mut texts = Vec::new();
    for sql in [
        "SELECT First FROM ABPerson",
        "SELECT Middle FROM ABPerson",
        "SELECT Last FROM ABPerson",
        "SELECT Prefix FROM ABPerson",
        "SELECT Suffix FROM ABPerson",
        "SELECT Nickname FROM ABPerson",
        "SELECT Organization FROM ABPerson",
        "SELECT Department FROM ABPerson",
        "SELECT JobTitle FROM ABPerson",
        "SELECT Note FROM ABPerson",
        "SELECT Birthday FROM ABPerson",
        "SELECT value FROM ABMultiValue",
        "SELECT value FROM ABMultiValueEntry",
        "SELECT l.value FROM ABMultiValue v JOIN ABMultiValueLabel l ON l.ROWID = v.label",
        "SELECT g.Name FROM ABGroup g JOIN ABGroupMembers m ON m.group_id = g.ROWID",
    ] {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
        texts.extend(rows.filter_map(Result::unwrap).filter(|text| !text.is_empty()));
    }
    texts
}

/// Every text that contacts give.
fn texts_of(contacts: &[Contact]) -> Vec<String> {
    // Debug shows each text in quotes and escaped as Rust does; what is asked for is escaped the same way.
    contacts
        .iter()
        .map(|contact| format!("{contact:?} {:?}", contact.birthday.as_ref().map(super::super::Day::iso)))
        .collect()
}

#[test]
fn every_value_of_real_address_books_comes_out() {
    for (folder, name, cards) in [
        ("ios15.3.1/HomeDomain/Library/AddressBook", "AddressBook.sqlitedb", 9),
        ("ios18-fixtures", "contacts.1.AddressBook.sqlitedb", 4),
    ] {
        let Some(folder) = shared_data(folder) else { return };
        let file = folder.join(name);
        let read = || AddressBook::read(&Files::new().with_file(DATABASE, &file)).unwrap();
        let apart = read().contacts(Linking::Apart);
        assert_eq!(apart.len(), cards);
        for linking in [Linking::Apart, Linking::Together] {
            let book = read();
            assert_eq!(book.skipped, []);
            let given = texts_of(&book.contacts(linking));
            for text in texts_in(&file) {
                let text = format!("{text:?}");
                assert!(given.iter().any(|given| given.contains(&text)), "{text} of {name}, {linking:?}");
            }
        }
    }
}

#[test]
fn two_linked_cards_of_ios_15_are_one_contact_from_two_accounts() {
    let Some(folder) = shared_data("ios15.3.1/HomeDomain/Library") else { return };
    let accounts = ("HomeDomain", "Library/Accounts/Accounts3.sqlite");
    let source = Files::new()
        .with_file(DATABASE, folder.join("AddressBook/AddressBook.sqlitedb"))
        .with_file(accounts, folder.join("Accounts/Accounts3.sqlite"));
    let contacts = AddressBook::read(&source).unwrap().contacts(Linking::Together);
    assert_eq!(contacts.len(), 8);
    let two = &contacts[0];
    assert_eq!((two.id, two.title().as_deref()), (9, Some("This Is DFIR Two")));
    assert_eq!((two.phones.len(), two.emails.len(), two.others.len()), (1, 1, 0), "what both have stands there once");
    let owner: Vec<i64> = contacts.iter().filter(|contact| contact.is_me).map(|contact| contact.id).collect();
    assert_eq!(owner, [3]);
    let names: Vec<&str> = two.accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["Gmail", "iCloud"]);
    assert_eq!(two.accounts[0].user.as_deref(), Some("thisisdfir@gmail.com"));
    let apple = &contacts[1];
    assert!(apple.is_organization);
    assert_eq!(apple.addresses[0].value.street.as_deref(), Some("One Apple Park Way"));
    assert_eq!(apple.urls[0].label, Some(Label::new("_$!<HomePage>!$_")));
    let josh = contacts.iter().find(|contact| contact.title().as_deref() == Some("Josh Hickman")).unwrap();
    assert_eq!(josh.phones[1].label.as_ref().unwrap().words(), "TextNow");
    assert_eq!(josh.emails[0].label, None);
}

#[test]
fn pictures_that_are_only_in_the_log_are_found() {
    let Some(folder) = shared_data("ios15.3.1/HomeDomain/Library/AddressBook") else { return };
    let file = folder.join("AddressBookImages.sqlitedb");
    let source = Files::new().with_file(super::super::IMAGES, &file);
    let photos = Photos::open(&source);
    assert_eq!((photos.skipped(), photos.count()), (&[][..], 2));
    let copy = copy_database(&file);
    let plain = Connection::open(copy.path().join("AddressBookImages.sqlitedb")).unwrap();
    for (card, image) in [(3, Image::Png), (4, Image::Jpeg)] {
        let expected: Vec<u8> =
            plain.query_row("SELECT data FROM ABFullSizeImage WHERE record_id = ?", [card], |row| row.get(0)).unwrap();
        let photo = photos.of_cards(&[1, card]).unwrap().unwrap();
        assert!(photo.image == image && photo.bytes == expected);
        assert_eq!(photo.crop.unwrap().width, 512);
    }
    assert!(!photos.has(&[1]) && photos.of_cards(&[1]).unwrap().is_none());
}

#[test]
fn a_broken_picture_gives_way_to_the_next_and_is_named_when_there_is_none() {
    let sql = "
        CREATE TABLE ABFullSizeImage (ROWID INTEGER PRIMARY KEY, record_id INTEGER, crop_x, crop_y, crop_width, data BLOB);
        CREATE TABLE ABThumbnailImage (ROWID INTEGER PRIMARY KEY, record_id INTEGER, format INTEGER, data BLOB);
        INSERT INTO ABFullSizeImage VALUES (1, 1, 0, 0, 8, x'789c00'), (2, 2, NULL, 0, 8, x'ffd8ff00'), (3, 3, 0, 0, -1, NULL);
        INSERT INTO ABThumbnailImage VALUES (1, 1, 0, x'89504e470d0a1a0a00'), (2, 1, 5, x'ffd8ff01'), (3, 2, 5, x'00'),
            (4, 4, 'x', 'no picture'), (5, 3, 1, x'');";
    let photos = Photos::open(&Files::new().with_database(super::super::IMAGES, sql));
    assert_eq!(photos.of_cards(&[1]).unwrap().unwrap().bytes, [0xff, 0xd8, 0xff, 1], "the largest that is a picture");
    let whole = photos.of_cards(&[2]).unwrap().unwrap();
    assert_eq!((whole.bytes[3], whole.crop), (0, None));
    assert!(!photos.has(&[3]) && photos.of_cards(&[3, 2]).unwrap().is_some());
    assert_eq!(photos.of_cards(&[4]).unwrap_err().item, "the picture of card 4");
    assert!(Photos::open(&Files::new()).skipped().is_empty());
    let noise = Photos::open(&Files::new().with_database(super::super::IMAGES, "CREATE TABLE a (b)"));
    assert_eq!(noise.count(), 0);
}

#[test]
fn what_is_not_known_becomes_a_field_of_its_own() {
    let contacts = made(
        "INSERT INTO ABPerson (ROWID, First, Pronouns, Sparkle) VALUES (1, 'Sam', 'they', NULL);
         INSERT INTO ABMultiValueLabel VALUES ('_$!<Home>!$_');
         INSERT INTO ABMultiValueEntryKey VALUES ('Street'), ('Tower');
         INSERT INTO ABMultiValue VALUES (1, 1, 99, 1, 'later'), (2, 1, 98, 7, NULL), (3, 1, 5, NULL, NULL),
            (4, 1, 3, NULL, NULL), (5, 1, 16, NULL, 'itunes:42'), (6, 1, 13, 1, 'sam.im'), (7, 1, 12, 1, 'soon');
         INSERT INTO ABMultiValueEntry VALUES (2, 2, 'a'), (2, 9, 'b'), (3, 2, 'North'), (3, 1, 'First'), (3, 1, 'Second'),
            (4, 1, 'a number in parts');",
    )
    .contacts(Linking::Together);
    let sam = &contacts[0];
    let others: Vec<(&str, &str)> = sam.others.iter().map(|other| (&*other.name, &*other.value)).collect();
    assert_eq!(
        others,
        [
            ("pronouns", "they"),
            ("Property 99", "later"),
            ("Property 98", "Tower: a; Part 9: b"),
            ("Phone", "Street: a number in parts"),
            ("Ringtone or alert", "itunes:42"),
        ]
    );
    assert_eq!(sam.others[1].label, Some(Label::new("_$!<Home>!$_")));
    let address = &sam.addresses[0].value;
    assert_eq!(address.street.as_deref(), Some("First"));
    assert_eq!(address.others, [("Tower".to_owned(), "North".to_owned()), ("Street".to_owned(), "Second".to_owned())]);
    assert_eq!(sam.messengers[0].value.username.as_deref(), Some("sam.im"));
    assert_eq!(sam.dates[0].value.iso(), "soon");
}

#[test]
fn linked_cards_lose_nothing_that_they_say_differently() {
    let contacts = made(
        "INSERT INTO ABPerson (ROWID, First, Last, Note, Birthday, PersonLink) VALUES
            (1, 'Anna', 'K', 'one', '--05-17', 7), (2, 'Ania', NULL, 'two', '1990-05-17', 7), (3, NULL, NULL, 'one', '1991-01-01', 7);
         INSERT INTO ABPersonLink VALUES (7, 1, 2);
         INSERT INTO ABMultiValueLabel VALUES ('_$!<Home>!$_');
         INSERT INTO ABMultiValue VALUES (1, 1, 3, NULL, '+14155550134'), (2, 2, 3, 1, '+1 (415) 555-0134'), (3, 3, 4, 1, 'A@b.c'),
            (4, 2, 4, 1, 'a@b.c');",
    )
    .contacts(Linking::Together);
    assert_eq!(contacts.len(), 1);
    let anna = &contacts[0];
    assert_eq!((anna.id, anna.cards.as_slice()), (1, &[2, 1, 3][..]), "the second gives the picture");
    assert_eq!(anna.notes, ["one", "two"]);
    assert_eq!(anna.birthday.as_ref().unwrap().iso(), "1990-05-17", "the year is known from the second");
    assert_eq!(anna.others, [Other::new(Other::NAME, "Ania"), Other::new("Birthday", "1991-01-01")]);
    let labels: Vec<Option<&str>> =
        anna.phones.iter().map(|phone| phone.label.as_ref().map(|label| label.stored())).collect();
    assert_eq!(labels, [None, Some("_$!<Home>!$_")], "a number with a label says more than one without");
    assert_eq!(anna.emails.len(), 1, "one but for its case");
    assert!(anna.found_by().contains(&"Ania".to_owned()));
}

#[test]
fn groups_in_groups_count_and_rings_of_groups_end() {
    let book = made(
        "INSERT INTO ABPerson (ROWID, First) VALUES (1, 'Anna'), (2, 'Ben');
         INSERT INTO ABGroup VALUES (1, 'Friends', 1), (2, 'Lisbon', NULL), (3, 'Ring', 9), (4, NULL, NULL);
         INSERT INTO ABGroupMembers VALUES (1, 2, 0, 1), (2, 1, 1, 2), (3, 3, 1, 1), (4, 1, 1, 3), (5, 4, 0, 2), (6, 9, 0, 2),
            (7, 4, 0, 99), (8, NULL, NULL, NULL);
         INSERT INTO ABStore VALUES (1, 'Card', 4, 'gone', 2);",
    );
    assert_eq!(book.groups.iter().map(|group| group.members).collect::<Vec<_>>(), [1, 1, 1, 2]);
    assert_eq!(book.groups[0].account.as_ref().unwrap().name, "CardDAV");
    let contacts = book.contacts(Linking::Together);
    assert_eq!(contacts[0].groups, ["Friends", "Lisbon", "Ring"]);
    assert_eq!((contacts[1].groups.as_slice(), contacts[1].is_me), (&["Group 4".to_owned()][..], true));
}

#[test]
fn an_address_book_of_three_tables_is_enough() {
    let source = Files::new().with_database(
        DATABASE,
        "CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT);
         CREATE TABLE ABMultiValue (record_id INTEGER, property INTEGER, value TEXT);
         INSERT INTO ABPerson VALUES (2, 'Ben'), (1, 'Anna');
         INSERT INTO ABMultiValue VALUES (1, 3, 123), (1, '3', x'343536');",
    );
    let book = AddressBook::read(&source).unwrap();
    assert_eq!((book.skipped.len(), book.groups.len()), (0, 0));
    let contacts = book.contacts(Linking::Together);
    assert_eq!(titles(&contacts), ["Anna", "Ben"]);
    assert_eq!(contacts[0].handles().collect::<Vec<_>>(), ["123", "456"]);
}

#[test]
fn what_is_no_address_book_is_said_to_be_none() {
    assert!(matches!(AddressBook::read(&Files::new()), Err(SourceError::Missing { .. })));
    let other = AddressBook::read(&Files::new().with_database(DATABASE, "CREATE TABLE note (a)"));
    assert!(matches!(other, Err(SourceError::Foreign { .. })));
}

#[test]
fn absurd_counts_cost_their_length() {
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)";
    let contacts = made(&format!(
        "INSERT INTO ABPerson (ROWID, First, PersonLink) {rows} SELECT i, 'Anna', 7 FROM n;
         INSERT INTO ABMultiValue (record_id, property, value) {rows} SELECT 1, 3, '+1415' || (5550000 + i) FROM n;"
    ))
    .contacts(Linking::Together);
    assert_eq!((contacts.len(), contacts[0].cards.len(), contacts[0].phones.len()), (1, 50_000, 50_000));
}
