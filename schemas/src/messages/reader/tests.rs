use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::messages::{ATTACHMENTS, AttachmentContent, DATABASE, MessageKind};
use crate::testing::{Files, copy_database, shared_data};
use crate::time::AppleTime;

/// Everything that a reader gives: chats with their messages, and what was skipped.
fn read(source: &dyn Source, selection: &Selection) -> (Vec<(Chat, Vec<Message>)>, Vec<Skipped>) {
    let messages = Messages::open(source).unwrap();
    let Reading { records: chats, mut skipped } = messages.chats(selection).unwrap();
    let mut all = Vec::new();
    for chat in chats {
        let mut own = Vec::new();
        skipped.extend(messages.in_chat(&chat, selection, &mut |message| own.push(message)).unwrap());
        all.push((chat, own));
    }
    (all, skipped)
}

fn everything(source: &dyn Source) -> (Vec<(Chat, Vec<Message>)>, Vec<Skipped>) {
    read(source, &Selection::default())
}

fn real(folder: &str, file: &str) -> Option<Files> {
    Some(Files::new().with_file(DATABASE, shared_data(folder)?.join(file)))
}

/// The texts of a database as its rows have them.
fn texts(file: &Path) -> BTreeMap<i64, Option<String>> {
    let copy = copy_database(file);
    let connection = Connection::open(copy.path().join(file.file_name().unwrap())).unwrap();
    let mut statement = connection.prepare("SELECT ROWID, text FROM message").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn every_message_of_ios_12_comes_out_with_its_text() {
    let Some(source) = real("messages/ios12.4", "sms.db") else { return };
    let (chats, skipped) = everything(&source);
    assert_eq!(skipped, []);
    assert_eq!(chats.len(), 7);
    assert!(chats.iter().all(|(chat, _)| chat.id != 0), "no message is without a chat");
    let expected = texts(&shared_data("messages/ios12.4").unwrap().join("sms.db"));
    let got: BTreeMap<_, _> = chats.iter().flat_map(|(_, own)| own).map(|m| (m.id, m.text.clone())).collect();
    assert_eq!(got.len(), 105);
    assert_eq!(got, expected);
    for (chat, own) in &chats {
        assert!(own.is_sorted_by_key(|message| (message.date, message.id)));
        assert!(own.iter().all(|message| message.chat_id == chat.id && message.date.is_some()));
        assert!(own.iter().all(|message| message.is_from_me != message.sender.is_some()));
    }
    let counts = Messages::open(&source).unwrap().count().unwrap();
    assert_eq!(counts, Counts { chats: 7, messages: 105, attachments: 7 });
}

#[test]
fn the_attributes_of_ios_12_say_the_same_as_the_text() {
    let Some(folder) = shared_data("messages/ios12.4") else { return };
    let copy = copy_database(&folder.join("sms.db"));
    let connection = Connection::open(copy.path().join("sms.db")).unwrap();
    let mut statement = connection.prepare("SELECT text, attributedBody FROM message").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let rows: Vec<(String, Vec<u8>)> = rows.map(Result::unwrap).collect();
    assert_eq!(rows.len(), 105);
    for (text, attributed) in rows {
        let body = crate::formats::typedstream::AttributedString::read(&attributed).unwrap();
        assert_eq!((body.text, body.end), (text, Ok(())));
    }
}

#[test]
fn attachments_of_ios_12_name_their_files() {
    let Some(source) = real("messages/ios12.4", "sms.db") else { return };
    let place = "Library/SMS/Attachments/2d/13/D98C451D-FDE9-4BD9-8BB6-DC4BF0B84881/IMG_0067.jpg";
    let source = source.with_file((ATTACHMENTS.0, place), "anywhere");
    let (chats, _) = everything(&source);
    let attached: Vec<_> = chats.iter().flat_map(|(_, own)| own).filter(|m| !m.attachments.is_empty()).collect();
    assert_eq!(attached.iter().map(|message| message.attachments.len()).sum::<usize>(), 7);
    let two = attached.iter().find(|message| message.id == 34).unwrap();
    assert_eq!(two.attachments[0].name, "IMG_0066.HEIC");
    assert_eq!(two.attachments[0].mime.as_deref(), Some("image/heic"));
    assert_eq!(two.attachments[0].size, Some(2_160_391));
    assert!(
        matches!(&two.attachments[0].content, AttachmentContent::Unknown(why) if why.contains("not in this backup"))
    );
    assert!(matches!(&two.attachments[1].content, AttachmentContent::File(entry) if entry.path == place));
}

#[test]
fn all_rows_of_ios_5_come_out_though_they_lie_in_the_log_alone() {
    let Some(source) = real("messages/ios5", "sms.db") else { return };
    let source = source.with_file((ATTACHMENTS.0, "Library/SMS/Parts/02/06/6-0.jpg"), "anywhere");
    let (chats, skipped) = everything(&source);
    assert_eq!(skipped, []);
    let shape: Vec<_> = chats.iter().map(|(chat, own)| (chat.id, chat.identifier.as_str(), own.len())).collect();
    assert_eq!(shape, [(2, "(209) 598-1933", 3), (3, "(209) 649-0617", 1)]);
    let own = &chats[0].1;
    // The row has no text; its words and its picture are pieces.
    assert_eq!(own[0].text.as_deref(), Some("\u{fffc}Check it ouy"));
    assert_eq!(own[0].attachments[0].name, "IMG_3766.jpg");
    assert!(matches!(&own[0].attachments[0].content, AttachmentContent::File(_)));
    assert!(own[0].is_from_me && own[1].is_from_me && !own[2].is_from_me);
    assert_eq!(own[1].text.as_deref(), Some("Out I mean"));
    assert_eq!(own[2].sender.as_ref().unwrap().address, "+12095981933");
    assert_eq!(own[2].date.unwrap().timestamp().unwrap().to_string(), "2012-03-11T02:08:54Z");
    let counts = Messages::open(&source).unwrap().count().unwrap();
    assert_eq!(counts, Counts { chats: 2, messages: 4, attachments: 1 });
}

#[test]
fn a_schema_of_ios_18_gives_every_row() {
    let Some(source) = real("ios18-fixtures", "messages.1.sms.db") else { return };
    let (chats, skipped) = everything(&source);
    let all: BTreeMap<_, _> = chats.iter().flat_map(|(_, own)| own).map(|message| (message.id, message)).collect();
    assert_eq!(all.len(), 10);
    assert_eq!(all[&1].text.as_deref(), Some("Hello from the fixture"));
    assert_eq!(all[&7].kind, MessageKind::Tapback);
    assert!(matches!(all[&10].kind, MessageKind::App { .. }));
    assert_eq!(chats[1].0.display_name.as_deref(), Some("Fixture Group"));
    for (id, message) in &all {
        println!("{id} {:?} {:?}", message.text, message.attachments);
    }
    println!("{skipped:?} {:?}", chats.iter().map(|(c, m)| (c.id, m.len())).collect::<Vec<_>>());
}
