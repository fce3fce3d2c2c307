use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::messages::{
    Announcement, AppContent, AttachmentContent, ChatSort, Grouping, MessageKind, PartContent, Reaction, Service, Style,
};
use crate::selection::Selection;
use crate::testing::{Files, going_on, shared_data};
use crate::time::AppleTime;
use crate::whatsapp::{CONTACTS, LIDS};

const PLACE: (&str, &str) = (Account::Personal.domain(), "ChatStorage.sqlite");
const BUSINESS: (&str, &str) = (Account::Business.domain(), "ChatStorage.sqlite");

/// The columns that this reader asks for, as WhatsApp 2.23 has them.
const SCHEMA: &str = "
    CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZARCHIVED INTEGER, ZSESSIONTYPE INTEGER, ZGROUPINFO INTEGER,
        ZCONTACTIDENTIFIER VARCHAR, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR, ZREMOVED INTEGER, ZHIDDEN INTEGER);
    CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZCONTACTNAME VARCHAR,
        ZFIRSTNAME VARCHAR, ZMEMBERJID VARCHAR);
    CREATE TABLE ZWAPROFILEPUSHNAME (Z_PK INTEGER PRIMARY KEY, ZJID VARCHAR, ZPUSHNAME VARCHAR);
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZGROUPEVENTTYPE INTEGER, ZISFROMME INTEGER,
        ZMESSAGEERRORSTATUS INTEGER, ZMESSAGETYPE INTEGER, ZSTARRED INTEGER, ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER,
        ZMEDIAITEM INTEGER, ZMESSAGEINFO INTEGER, ZMESSAGEDATE TIMESTAMP, ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR,
        ZSTANZAID VARCHAR, ZTEXT VARCHAR, ZTOJID VARCHAR, ZSORT INTEGER, ZPUSHNAME VARCHAR, ZMESSAGESTATUS INTEGER);
    CREATE INDEX byStanza ON ZWAMESSAGE (ZSTANZAID);
    CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZFILESIZE INTEGER, ZMEDIAORIGIN INTEGER, ZMOVIEDURATION INTEGER,
        ZMESSAGE INTEGER, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZMEDIALOCALPATH VARCHAR, ZMEDIAURL VARCHAR, ZTITLE VARCHAR,
        ZVCARDNAME VARCHAR, ZVCARDSTRING VARCHAR, ZXMPPTHUMBPATH VARCHAR, ZMETADATA BLOB);
    CREATE INDEX byMessage ON ZWAMEDIAITEM (ZMESSAGE);
    CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZRECEIPTINFO BLOB);
    CREATE INDEX infoByMessage ON ZWAMESSAGEINFO (ZMESSAGE);
    CREATE TABLE ZWAGROUPINFO (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZCREATORJID VARCHAR, ZPICTUREPATH VARCHAR);
    CREATE TABLE ZWAMESSAGEDATAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZCONTENT1 VARCHAR, ZMATCHEDTEXT VARCHAR,
        ZSUMMARY VARCHAR, ZTITLE VARCHAR);";

/// Anna by her number, and a group of Ben, whose number is hidden, and the owner.
const PEOPLE: &str = "
    INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZPARTNERNAME) VALUES
        (1, 0, '15550100001@s.whatsapp.net', 'Anna Berg'), (2, 1, '120363000000000001@g.us', 'Boats');
    INSERT INTO ZWAGROUPMEMBER VALUES (1, 2, NULL, NULL, '200000000000001@lid'), (2, 2, NULL, NULL, '15550100009@s.whatsapp.net');
    INSERT INTO ZWAPROFILEPUSHNAME VALUES (1, '200000000000001@lid', 'Ben');
    INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZSTANZAID, ZTEXT, ZTOJID, ZFROMJID) VALUES
        (1, 1, 0, 0, 700000000.5, 'A1', 'Hello', '15550100009@s.whatsapp.net', '15550100001@s.whatsapp.net');";

fn made(sql: &str) -> Files {
    Files::new().with_database(PLACE, &format!("{SCHEMA}{PEOPLE}{sql}"))
}

type Read = (Vec<(Chat, Vec<Message>)>, Vec<Skipped>);

fn read(source: &dyn Source) -> Read {
    asked(source, &Filter::default())
}

fn asked(source: &dyn Source, filter: &Filter) -> Read {
    let directory = Directory::read(source);
    let reader = WhatsApp::open(source, &directory).unwrap();
    let Reading { records, mut skipped } = reader.chats(filter).unwrap();
    let mut all = Vec::new();
    for chat in records {
        let mut own = Vec::new();
        skipped.extend(reader.in_chat(&chat, filter, &mut going_on(|message| own.push(message))).unwrap());
        all.push((chat, own));
    }
    (all, skipped)
}

fn by_id(read: &Read) -> BTreeMap<i64, &Message> {
    read.0.iter().flat_map(|(_, own)| own).map(|message| (message.id, message)).collect()
}

/// One message of a conversation with Anna, or of the group, from what its row has.
fn one(columns: &str, values: &str, more: &str) -> Message {
    let sql = format!(
        "INSERT INTO ZWAMESSAGE (Z_PK, ZMESSAGEDATE, ZSTANZAID, {columns}) VALUES (9, 700000100, 'X9', {values}); {more}"
    );
    let read = read(&made(&sql));
    assert_eq!(read.1, []);
    (*by_id(&read)[&9]).clone()
}

fn real() -> Option<(Files, PathBuf)> {
    let folder = shared_data("ios15.3.1")?;
    let group = folder.join(Account::Personal.domain());
    // Nothing is in their logs, without which they can be read by themselves.
    let alone = tempfile::tempdir().unwrap();
    let mut files = Files::new();
    for file in ["ChatStorage.sqlite", CONTACTS] {
        let mut bytes = std::fs::read(group.join(file)).unwrap();
        bytes[18..20].copy_from_slice(&[1, 1]);
        std::fs::write(alone.path().join(file), bytes).unwrap();
        files = files.with_file((Account::Personal.domain(), file), alone.path().join(file));
    }
    Some((files.keeping(alone), folder))
}

#[test]
fn every_message_of_ios_15_is_as_another_tool_reads_it() {
    let Some((files, folder)) = real() else { return };
    let answers = folder.join("answers/whatsApp.whatsAppMessages.josh_ios15_ffs.20250621193412.json");
    let answers: Value = serde_json::from_slice(&std::fs::read(answers).unwrap()).unwrap();
    let rows = answers["data"].as_array().unwrap();
    let picture = "Message/Media/19198887386@s.whatsapp.net/d/0/d041d159-fd7d-4abb-9192-0e97c10ddb00.jpg";
    let read = read(&files.with_file((Account::Personal.domain(), picture), "anywhere"));
    assert_eq!((read.0.len(), &read.1), (5, &Vec::new()));
    let own = by_id(&read);
    assert_eq!((own.len(), rows.len()), (32, 32));
    let chats: BTreeMap<i64, &Chat> = read.0.iter().map(|(chat, _)| (chat.id, chat)).collect();
    for (message, row) in own.values().zip(rows) {
        let unix = message.date.unwrap().timestamp().unwrap().as_second();
        assert_eq!(Some(unix), row[0].as_i64(), "message {}", message.id);
        let chat = chats[&message.chat_id];
        let named = |place: usize| row[place].as_str().unwrap_or_default();
        // Who began a group is told by the group, which that tool does not look at.
        let is_begun = message.kind == MessageKind::Announcement(Announcement::Created);
        let is_from_me = named(1) == "Local User";
        assert!(message.is_from_me == is_from_me || is_begun, "message {}", message.id);
        // The other side of a message is its conversation there.
        let title = chat.display_name.clone().or_else(|| chat.participants[0].name.clone());
        assert_eq!(title.as_deref(), Some(named(if is_from_me { 3 } else { 1 })));
        assert_eq!(chat.identifier, named(if is_from_me { 4 } else { 2 }));
        assert_eq!(message.text.as_deref().unwrap_or_default(), named(5), "message {}", message.id);
        let files: Vec<&str> = message.attachments.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(files.first().copied().unwrap_or_default(), named(6).trim_start_matches("mock_hash_for_"));
        assert_eq!(message.marks.as_ref().is_some_and(|marks| marks.is_starred), row[8].as_i64() == Some(1));
        let coordinates = match &message.kind {
            MessageKind::App(app) => match &app.content {
                AppContent::Place(place) => place.coordinates,
                _ => None,
            },
            _ => None,
        };
        assert_eq!(coordinates, row[11].as_f64().zip(row[12].as_f64()), "message {}", message.id);
    }
    assert!(matches!(&own[&21].attachments[0].content, AttachmentContent::File(entry) if entry.path == picture));
    assert!(
        matches!(&own[&23].attachments[0].content, AttachmentContent::Unknown(why) if why.contains("not in this backup"))
    );
}

#[test]
fn answers_reactions_and_receipts_of_ios_15_are_whose_they_are() {
    let Some((files, _)) = real() else { return };
    let read = read(&files);
    let own = by_id(&read);
    let reply = own[&16].reply_to.as_deref().unwrap();
    assert_eq!((reply.id, reply.is_from_me), (Some(15), false));
    assert_eq!(reply.excerpt.as_deref(), Some("Makes sense with all the test data you generate."));
    assert_eq!(reply.sender.as_deref().unwrap().name.as_deref(), Some("This Is DFIR Two"));
    assert_eq!(own[&15].replies, [16]);
    let [tapback] = own[&15].tapbacks.as_slice() else { panic!() };
    assert_eq!((tapback.is_from_me, &tapback.reaction), (true, &Reaction::Emoji("👍".into())));
    assert_eq!(own[&12].date_read, AppleTime::from_unix_seconds(1_683_043_034));
    assert!(own[&12].delivery.is_read && own[&13].date_delivered.is_some());
    let owner = WhatsApp::open(&files_again(), &Directory::default()).unwrap().owner();
    assert_eq!(owner.handles, ["+19195794674"]);
    let live = |id: i64| match &own[&id].kind {
        MessageKind::App(app) => matches!(&app.content, AppContent::Place(place) if place.is_live),
        _ => panic!(),
    };
    assert_eq!([30, 31, 32, 33].map(live), [true, true, false, false]);
    assert!(matches!(own[&11].kind, MessageKind::Announcement(Announcement::Encrypted)));
}

fn files_again() -> Files {
    real().unwrap().0
}

#[test]
fn people_have_the_best_name_that_is_known() {
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZGROUPMEMBER, ZFROMJID, ZTEXT)
        VALUES (2, 2, 0, 0, 700000001, 1, '120363000000000001@g.us', 'from Ben')";
    let lids = "CREATE TABLE ZWAPHONENUMBERLIDPAIR (Z_PK INTEGER PRIMARY KEY, ZLID VARCHAR, ZPHONENUMBER VARCHAR);
        INSERT INTO ZWAPHONENUMBERLIDPAIR VALUES (1, '200000000000001@lid', '15550100002'), (2, '1@lid', '2@lid'), (3, '2@lid', '1@lid')";
    let contacts =
        "CREATE TABLE ZWAADDRESSBOOKCONTACT (Z_PK INTEGER PRIMARY KEY, ZFULLNAME VARCHAR, ZWHATSAPPID VARCHAR);
        INSERT INTO ZWAADDRESSBOOKCONTACT VALUES (1, 'Ben Holm', '15550100002@s.whatsapp.net')";
    let sender = |files: Files| {
        let read = read(&files);
        let handle = by_id(&read)[&2].sender.clone().unwrap();
        (handle.address.clone(), handle.name.clone().unwrap_or_default())
    };
    let name = |address: &str, name: &str| (address.to_owned(), name.to_owned());
    assert_eq!(sender(made(sql)), name("200000000000001@lid", "Ben"));
    let group = Account::Personal.domain();
    assert_eq!(sender(made(sql).with_database((group, LIDS), lids)), name("+15550100002", "Ben"));
    let all = made(sql).with_database((group, LIDS), lids).with_database((group, CONTACTS), contacts);
    assert_eq!(sender(all), name("+15550100002", "Ben Holm"));
}

#[test]
fn that_the_own_address_book_is_missing_is_said_and_costs_nothing() {
    let source = made("");
    let directory = Directory::default();
    let reader = WhatsApp::open(&source, &directory).unwrap();
    assert!(matches!(reader.notes(), [note] if note.contains(CONTACTS)));
    let (chats, skipped) = read(&source);
    assert_eq!((chats.len(), skipped), (2, vec![]));
    assert_eq!(chats[0].0.participants[0].name.as_deref(), Some("Anna Berg"));
    // The owner is no other.
    assert_eq!(
        chats[1].0.participants.iter().map(|who| who.address.as_str()).collect::<Vec<_>>(),
        ["200000000000001@lid"]
    );
}

#[test]
fn status_updates_are_no_conversation_of_the_same_name() {
    let sql = "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZPARTNERNAME, ZARCHIVED) VALUES
        (3, 3, '15550100001@status', 'Anna Berg', 0), (4, 0, 'status@broadcast', NULL, 0), (5, 2, '99@broadcast', 'All', 1),
        (6, 4, '120363000000000002@g.us', 'Harbour', 0), (7, 0, '1@newsletter', 'News', 0), (8, 77, '7@g.us', 'New', 0);
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZFROMJID, ZTEXT) VALUES
        (3, 3, 0, 700000002, '15550100001@status', 'Out at sea')";
    let read = read(&made(sql));
    let sorts: Vec<ChatSort> = read.0.iter().map(|(chat, _)| chat.sort).collect();
    use ChatSort as S;
    assert_eq!(
        sorts,
        [S::Conversation, S::Conversation, S::Status, S::Status, S::Broadcast, S::Community, S::Channel, S::Other(77)]
    );
    assert!(read.0[4].0.properties.is_archived);
    assert_eq!(by_id(&read)[&3].sender.as_ref().unwrap().name.as_deref(), Some("Anna Berg"));
    assert_eq!(read.0[0].1.len(), 1);
}

#[test]
fn one_person_under_a_number_and_a_hidden_one_is_one_conversation() {
    let sql = "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZCONTACTIDENTIFIER) VALUES
        (3, 0, '300000000000001@lid', '15550100001@s.whatsapp.net');
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZTEXT) VALUES (2, 3, 0, 700000002, 'again')";
    let source = made(sql);
    let (chats, _) = read(&source);
    assert_eq!(chats.len(), 2);
    assert_eq!(chats[0].1.iter().map(|message| message.id).collect::<Vec<_>>(), [1, 2]);
    let directory = Directory::default();
    let apart = WhatsApp::open(&source, &directory).unwrap().grouped(Grouping::Apart);
    assert_eq!(apart.chats(&Filter::default()).unwrap().records.len(), 3);
}

#[test]
fn both_apps_stand_side_by_side() {
    let business = format!("{SCHEMA}{PEOPLE}");
    let both = made("").with_database(BUSINESS, &business);
    let (chats, skipped) = read(&both);
    assert_eq!((chats.len(), skipped), (4, vec![]));
    let services: Vec<Option<Service>> = chats.iter().map(|(chat, _)| chat.service.clone()).collect();
    assert_eq!(services[0], Some(Service::WhatsApp));
    assert_eq!(services[2], Some(Service::WhatsAppBusiness));
    assert_eq!(chats[2].1[0].id, 1 + (1 << 32));
    assert_eq!(chats[2].1[0].chat_id, chats[2].0.id);
    // One by itself does, too.
    assert_eq!(read(&Files::new().with_database(BUSINESS, &business)).0.len(), 2);
    let none = Files::new();
    assert!(matches!(WhatsApp::open(&none, &Directory::default()).err(), Some(SourceError::Missing { .. })));
    let other = Files::new().with_database(PLACE, "CREATE TABLE ZWAMESSAGE (a)");
    assert!(matches!(WhatsApp::open(&other, &Directory::default()).err(), Some(SourceError::Foreign { .. })));
}

#[test]
fn people_are_found_by_number_and_by_either_name() {
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZGROUPMEMBER, ZTEXT) VALUES (2, 2, 0, 700000002, 1, 'x')";
    let source = made(sql);
    let with = |asked_for: &str| {
        let common = Selection { with: vec![asked_for.to_owned()], ..Selection::default() };
        let (chats, _) = asked(&source, &Filter { common, ..Filter::default() });
        chats.iter().map(|(chat, _)| chat.id).collect::<Vec<_>>()
    };
    assert_eq!(with("anna"), [1]);
    assert_eq!(with("555-010-0001"), [1]);
    assert_eq!(with("Ben"), [2]);
    assert_eq!(with("Boats"), [2]);
    assert!(with("Nobody").is_empty());
}

#[test]
fn a_text_names_people_as_the_app_shows_them() {
    let message = one("ZCHATSESSION, ZTEXT", "2, 'ask @200000000000001 or a@200000000000001 or @99999999999'", "");
    assert_eq!(message.text.as_deref(), Some("ask @Ben or a@200000000000001 or @99999999999"));
    let PartContent::Text { spans, .. } = &message.parts[0].content else { panic!() };
    assert_eq!((spans.len(), spans[0].range.clone()), (1, 4..8));
    assert_eq!(spans[0].style, Style::Mention("200000000000001@lid".into()));
}

#[test]
fn files_that_are_not_there_are_named_with_the_reason() {
    let media = |columns: &str, values: &str, kind: i64| {
        let more = format!("INSERT INTO ZWAMEDIAITEM (Z_PK, {columns}) VALUES (1, {values})");
        let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMEDIAITEM", &format!("1, {kind}, 1"), &more);
        let file = message.attachments[0].clone();
        match file.content {
            AttachmentContent::Unknown(why) => (file.name, why),
            other => panic!("{other:?}"),
        }
    };
    let (name, why) = media("ZMEDIALOCALPATH", "'Media/../../../etc/passwd'", 1);
    assert!(name == "passwd" && why.contains("leads out"), "{name}: {why}");
    let (_, why) = media("ZMEDIALOCALPATH", "'Media/a/b/x.jpg.enc'", 1);
    assert!(why.contains("encrypted"), "{why}");
    let (name, why) = media("ZMEDIAURL", "'https://mmg.whatsapp.net/x'", 2);
    assert!(name == "video 9" && why.contains("may never have been"), "{name}: {why}");
    assert!(media("ZMEDIAURL", "NULL", 38).1.contains("opened once"));
}

#[test]
fn a_preview_stands_for_a_file_that_is_not_there() {
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZMEDIAITEM) VALUES (9, 1, 1, 700000100, 1);
        INSERT INTO ZWAMEDIAITEM (Z_PK, ZMEDIAURL, ZXMPPTHUMBPATH, ZTITLE, ZMOVIEDURATION) VALUES
        (1, 'https://x', 'Media/a/b/x.thumb', 'Sunset', 0)";
    let read = read(&made(sql).with_file((Account::Personal.domain(), "Message/Media/a/b/x.thumb"), "anywhere"));
    let message = by_id(&read)[&9];
    assert_eq!(message.text.as_deref(), Some("Sunset"));
    let names: Vec<&str> = message.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["picture 9", "picture 9 (small preview).jpg"]);
}

#[test]
fn kinds_of_messages_are_what_they_are() {
    let card = "INSERT INTO ZWAMEDIAITEM (Z_PK, ZVCARDNAME, ZVCARDSTRING) VALUES (1, 'Anna', 'BEGIN:VCARD
FN:Anna
TEL:+1 555
END:VCARD')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMEDIAITEM", "1, 4, 1", card);
    assert_eq!(message.attachments[0].name, "Anna.vcf");
    assert!(
        matches!(&message.attachments[0].content, AttachmentContent::Inline(bytes) if bytes.ends_with(b"END:VCARD"))
    );
    let document = "INSERT INTO ZWAMEDIAITEM (Z_PK, ZTITLE, ZMEDIALOCALPATH) VALUES (1, 'the plan', 'Media/x/1.pdf')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMEDIAITEM, ZTEXT", "1, 8, 1, 'plan.pdf'", document);
    assert_eq!((message.attachments[0].name.as_str(), message.text.as_deref()), ("plan.pdf", Some("the plan")));
    let message = one("ZCHATSESSION, ZMESSAGETYPE", "1, 14", "");
    assert!(message.marks.unwrap().is_revoked && matches!(message.parts[0].content, PartContent::Unsent { .. }));
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZTEXT, ZSTARRED", "1, 4711, 'odd', 1", "");
    assert!(matches!(&message.kind, MessageKind::Unsupported { what } if what.contains("4711")));
    assert!(message.text.as_deref() == Some("odd") && message.marks.unwrap().is_starred);
    let message = one("ZCHATSESSION, ZMESSAGETYPE", "1, 46", "");
    assert!(matches!(&message.kind, MessageKind::App(app) if matches!(app.content, AppContent::Unreadable(_))));
    let link = "INSERT INTO ZWAMESSAGEDATAITEM VALUES (1, 9, 'https://example.org/', NULL, 'About it', 'Example')";
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZTEXT", "1, 7, 'see https://example.org/'", link);
    assert!(
        matches!(&message.kind, MessageKind::App(app) if matches!(&app.content, AppContent::Link(link) if link.title.as_deref() == Some("Example")))
    );
}

/// A field of a protocol buffer that holds bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let key = u32::from(number) << 3 | 2;
    let mut all =
        if key < 128 { vec![u8::try_from(key).unwrap()] } else { vec![(key & 127 | 128) as u8, (key >> 7) as u8] };
    all.push(u8::try_from(bytes.len()).unwrap());
    all.extend(bytes);
    all
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_poll_has_its_options_and_who_voted_for_them() {
    let vote = [b"\x08\x01".to_vec(), field(4, b"200000000000001@lid")].concat();
    let poll = [
        field(2, b"When?"),
        field(3, &field(1, b"Saturday")),
        field(3, &field(1, b"Sunday")),
        field(5, &vote),
        field(6, b"\x08\x00\x08\x01\x08\x63"),
    ];
    let blob = hex(&field(8, &poll.concat()));
    let info = format!("INSERT INTO ZWAMESSAGEINFO VALUES (1, 9, x'{blob}')");
    let message = one("ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEINFO", "2, 46, 1", &info);
    let MessageKind::App(app) = &message.kind else { panic!() };
    let AppContent::Poll(poll) = &app.content else { panic!() };
    assert_eq!(poll.title.as_deref(), Some("When?"));
    let votes: Vec<(&str, usize)> = poll.options.iter().map(|option| (&*option.text, option.voters.len())).collect();
    assert_eq!(votes, [("Saturday", 1), ("Sunday", 2)]);
    assert_eq!(poll.options[1].voters[0].sender.as_ref().unwrap().name.as_deref(), Some("Ben"));
    assert!(poll.options[0].voters[0].is_from_me);
}

#[test]
fn what_is_answered_is_told_even_where_it_is_gone() {
    let quote =
        [field(5, b"GONE"), field(6, b"15550100001@s.whatsapp.net"), field(19, &field(1, b"what it said"))].concat();
    let media = format!("INSERT INTO ZWAMEDIAITEM (Z_PK, ZMETADATA) VALUES (1, x'{}')", hex(&quote));
    let message = one("ZCHATSESSION, ZTEXT, ZMEDIAITEM, ZISFROMME", "1, 'yes', 1, 1", &media);
    let reply = message.reply_to.unwrap();
    assert_eq!((reply.id, reply.excerpt.as_deref()), (None, Some("what it said")));
    assert_eq!(reply.sender.unwrap().name.as_deref(), Some("Anna Berg"));
    // It may lie in another conversation.
    let media = format!("INSERT INTO ZWAMEDIAITEM (Z_PK, ZMETADATA) VALUES (1, x'{}')", hex(&field(5, b"A1")));
    let message = one("ZCHATSESSION, ZTEXT, ZMEDIAITEM", "2, 'yes', 1", &media);
    assert_eq!(message.reply_to.unwrap().id, Some(1));
}

#[test]
fn what_whatsapp_says_itself_is_told() {
    let event = |kind: i64, event: i64, text: &str| {
        let values = format!("2, {kind}, {event}, 1, {text}");
        let message = one("ZCHATSESSION, ZMESSAGETYPE, ZGROUPEVENTTYPE, ZGROUPMEMBER, ZTEXT", &values, "");
        let MessageKind::Announcement(own) = message.kind else { panic!() };
        (own, message.text)
    };
    assert_eq!(event(6, 1, "'Big boats'"), (Announcement::Renamed(Some("Big boats".into())), None));
    assert_eq!(event(6, 26, "'86400'"), (Announcement::TimerChanged(Some(86_400)), None));
    assert_eq!(event(6, 3, "NULL").0, Announcement::Left);
    let (unknown, text) = event(10, 4711, "'x;y'");
    assert_eq!(unknown, Announcement::Unknown { what: "type 10, event 4711".into() });
    assert_eq!(text.as_deref(), Some("x;y"));
    let added = one(
        "ZCHATSESSION, ZMESSAGETYPE, ZGROUPEVENTTYPE, ZTEXT",
        "2, 6, 2, '15550100001@s.whatsapp.net;200000000000001@lid,15550100007@s.whatsapp.net'",
        "",
    );
    assert_eq!(added.sender.unwrap().name.as_deref(), Some("Anna Berg"));
    assert!(matches!(&added.kind, MessageKind::Announcement(Announcement::AddedSeveral(people)) if people.len() == 2));
    let MessageKind::Announcement(Announcement::Called(call)) =
        one("ZCHATSESSION, ZMESSAGETYPE, ZGROUPEVENTTYPE", "1, 10, 4", "").kind
    else {
        panic!()
    };
    assert!(call.is_missed && call.is_video == Some(true) && !call.is_group);
}

#[test]
fn every_row_is_there_or_named() {
    let sql = "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGETYPE, ZMESSAGEDATE, ZTEXT) VALUES
        (2, NULL, 0, 5, 'nobody''s'), (3, 99, 0, NULL, 'lost'), (4, 2, NULL, -63114076800, NULL), (5, 2, 'x', 'y', x'ff');
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMEDIAITEM, ZMESSAGEINFO) VALUES (6, 2, 1, 1);
        INSERT INTO ZWAMEDIAITEM (Z_PK, ZMETADATA) VALUES (1, x'2a14');
        INSERT INTO ZWAMESSAGEINFO VALUES (1, 6, x'12ff')";
    let read = read(&made(sql));
    assert_eq!(by_id(&read).keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(read.0[0].0.id, 0);
    assert_eq!(read.0[0].1.len(), 2);
    assert!(
        read.1.len() == 2 && read.1.iter().all(|skipped| skipped.is_part && skipped.item.contains("message 6")),
        "{:?}",
        read.1
    );
}

#[test]
fn tables_and_columns_that_are_missing_cost_what_they_hold() {
    let least =
        "CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZTEXT VARCHAR); INSERT INTO ZWAMESSAGE VALUES (1, 'Hi')";
    let read = read(&Files::new().with_database(PLACE, least));
    assert_eq!(by_id(&read)[&1].text.as_deref(), Some("Hi"));
}

#[test]
fn many_conversations_are_read_as_few_are() {
    let mut sql = String::new();
    for chat in 10..60 {
        sql += &format!(
            "INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID) VALUES ({chat}, 1, '{chat}@g.us');
             INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZMESSAGEDATE) VALUES ({}, {chat}, 2), ({}, {chat}, 1);",
            chat * 2,
            chat * 2 + 1
        );
    }
    let read = read(&made(&sql));
    for (chat, own) in read.0.iter().filter(|(chat, _)| chat.id >= 10) {
        assert_eq!(own.iter().map(|message| message.id).collect::<Vec<_>>(), [chat.id * 2 + 1, chat.id * 2]);
    }
}

mod told;
mod whose;
