use super::super::model::{Handle, Service};
use super::*;
use crate::people::Directory;
use crate::testing::Files;

fn chat(id: i64, identifier: &str, people: &[&str]) -> Chat {
    let handle = |address: &&str| Handle { address: (*address).to_owned(), name: None };
    Chat {
        id,
        guid: format!("g{id}"),
        identifier: identifier.to_owned(),
        service: Some(Service::IMessage),
        participants: people.iter().map(handle).collect(),
        is_group: people.len() > 1,
        ..Chat::default()
    }
}

fn named(name: &str, chat: Chat) -> Chat {
    Chat { display_name: Some(name.to_owned()), ..chat }
}

fn shape(chats: Vec<Chat>, lookup: &[(i64, i64)], directory: &Directory) -> Vec<Vec<i64>> {
    join(chats, lookup, &Persons { directory, generation: None }).iter().map(|chat| chat.origins().collect()).collect()
}

#[test]
fn one_address_is_one_conversation_whatever_the_service() {
    let chats = vec![
        chat(1, "+15550101234", &["+15550101234"]),
        chat(2, "a@b.c", &["a@b.c"]),
        chat(3, "+15550101234", &["+15550101234"]),
    ];
    let joined = join(chats, &[], &Persons { directory: &Directory::default(), generation: None });
    assert_eq!(joined.iter().map(|chat| chat.origins().collect()).collect::<Vec<Vec<_>>>(), [vec![2], vec![3, 1]]);
    assert_eq!(joined[1].merged[0].guid, "g1");
    assert_eq!(joined[1].participants.len(), 1);
}

#[test]
fn one_person_is_one_conversation_whatever_the_number() {
    let book = "CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT);
        CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, value TEXT);
        INSERT INTO ABPerson VALUES (1, 'Zoë', NULL), (2, 'Ben', NULL), (3, 'Bea', NULL);
        INSERT INTO ABMultiValue VALUES (1, 1, 3, '(555) 010-1234'), (2, 1, 4, 'zoe@work.example'),
            (3, 2, 3, '+15550107777'), (4, 3, 3, '+15550107777');";
    let source = Files::new().with_database(crate::contacts::DATABASE, book);
    let directory = Directory::read(&source);
    let one = |id, address: &str| chat(id, address, &[address]);
    let chats =
        vec![one(1, "+15550101234"), one(2, "zoe@work.example"), one(3, "+15550107777"), one(4, "+15550100000")];
    // A number that two people have is nobody's in particular.
    assert_eq!(shape(chats, &[], &directory), [vec![2, 1], vec![3], vec![4]]);
}

#[test]
fn groups_are_one_only_with_the_same_people_and_name() {
    let people = ["+1", "+2"];
    let chats = vec![
        chat(1, "chat1", &people),
        chat(2, "chat2", &["+2", "+1"]),
        named("Lisbon", chat(3, "chat3", &people)),
        chat(4, "chat3", &["+1", "+2", "+3"]),
        chat(5, "chat5", &["+1"]),
    ];
    let mut chats = chats;
    chats[4].is_group = true;
    assert_eq!(shape(chats, &[], &Directory::default()), [vec![2, 1], vec![4, 3], vec![5]]);
}

#[test]
fn the_database_itself_says_which_are_one() {
    let chats = vec![chat(1, "+1", &["+1"]), chat(2, "+2", &["+2"]), chat(3, "+3", &["+3"]), Chat::default()];
    assert_eq!(shape(chats, &[(1, 3), (3, 99)], &Directory::default()), [vec![0], vec![2], vec![3, 1]]);
}
