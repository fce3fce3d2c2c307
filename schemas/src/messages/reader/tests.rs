use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::database::Layout;
use crate::messages::{ATTACHMENTS, AttachmentContent, DATABASE, MessageKind, Reaction};
use crate::selection::Selection;
use crate::testing::{Files, ThroughSql, copy_database, going_on, open_messages, shared_data};
use crate::time::AppleTime;

/// Everything that a reader gives: chats with their messages, and what was skipped. It is the same through SQL alone, in
/// pages, and read ahead.
fn read(source: &dyn Source, filter: &Filter) -> (Vec<(Chat, Vec<Message>)>, Vec<Skipped>) {
    let through_sql = read_from(&open_messages(&ThroughSql(source)).unwrap(), filter, None);
    for threads in [None, Some(1), Some(3)] {
        let read = read_from(&open_messages(source).unwrap(), filter, threads);
        assert!(read == through_sql, "{threads:?} threads: {read:?}\n{through_sql:?}");
    }
    through_sql
}

/// The same, read ahead by some threads.
fn read_from(
    messages: &Messages<'_>,
    filter: &Filter,
    ahead: Option<usize>,
) -> (Vec<(Chat, Vec<Message>)>, Vec<Skipped>) {
    let Reading { records: chats, mut skipped } = messages.chats(filter).unwrap();
    if let Some(threads) = ahead {
        let awaited = messages.awaited(&chats, filter, 0, threads);
        let files = (0..threads).map(|_| tempfile::tempfile().unwrap()).collect();
        messages.read_awaited(&chats, &awaited, files, &|| ControlFlow::Continue(()));
    }
    let mut all = Vec::new();
    for chat in chats {
        let mut own = Vec::new();
        skipped.extend(messages.in_chat(&chat, filter, &mut going_on(|message| own.push(message))).unwrap());
        all.push((chat, own));
    }
    (all, skipped)
}

fn asked(common: Selection) -> Filter {
    Filter { common, ..Filter::default() }
}

fn everything(source: &dyn Source) -> (Vec<(Chat, Vec<Message>)>, Vec<Skipped>) {
    read(source, &Filter::default())
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
    let counts = open_messages(&source).unwrap().count().unwrap();
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
    let counts = open_messages(&source).unwrap().count().unwrap();
    assert_eq!(counts, Counts { chats: 2, messages: 4, attachments: 1 });
}

#[test]
fn a_schema_of_ios_18_gives_every_row() {
    let Some(source) = real("ios18-fixtures", "messages.1.sms.db") else { return };
    let (chats, skipped) = everything(&source);
    let all: BTreeMap<_, _> = chats.iter().flat_map(|(_, own)| own).map(|message| (message.id, message)).collect();
    assert_eq!(all.len(), 9);
    assert_eq!(all[&1].text.as_deref(), Some("Hello from the fixture"));
    let [tapback] = &all[&2].tapbacks[..] else { panic!("one tapback") };
    assert_eq!((tapback.id, &tapback.reaction, tapback.removed), (7, &Reaction::Loved, false));
    assert_eq!(tapback.guid.as_deref(), Some("fx-msg-0007"));
    assert!(matches!(all[&10].kind, MessageKind::App(_)));
    assert_eq!(chats[1].0.display_name.as_deref(), Some("Fixture Group"));
    // The bodies of this database are no sound streams; their text is found all the same, and the damage is said.
    assert_eq!(all[&2].text.as_deref(), Some("Reply via attributedBody"));
    assert_eq!(all[&3].text.as_ref().map(String::len), Some(224));
    assert_eq!(all[&4].text.as_deref(), Some("Hi 👋 group 🌍"));
    assert_eq!(all[&9].text, None);
    assert_eq!(skipped.len(), 6);
    assert_eq!(skipped[0].item, "text of message 2");
    assert!(skipped.iter().any(|skipped| skipped.item == "app content of message 10"));
    assert_eq!((all[&5].attachments.len(), all[&6].attachments.len()), (1, 1));
    let sender = all[&8].sender.as_ref().map(|sender| sender.address.as_str());
    assert_eq!(
        sender,
        Some("+15550001"),
        "its handle does not exist, and in a conversation of two it can only be the other"
    );
}

/// The smallest schema that is one of iOS 6 or later.
const TABLES: &str = "
    CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text TEXT, attributedBody BLOB, handle_id INTEGER,
        date INTEGER, is_from_me INTEGER);
    CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id TEXT);
    CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid TEXT, chat_identifier TEXT, display_name TEXT);
    CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
    CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER);
    CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY, guid TEXT, filename TEXT);
    CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER);
    INSERT INTO handle VALUES (1, '+15550101234'), (2, 'zoe@example.org');
    INSERT INTO chat VALUES (1, 'a', '+15550101234', NULL), (2, 'b', 'chat99', 'To Naïve');
    INSERT INTO chat_handle_join VALUES (1, 1), (2, 2), (2, 1), (2, 2), (2, 77);
";

fn made(sql: &str) -> Files {
    Files::new().with_database(DATABASE, &format!("{TABLES}{sql}"))
}

/// The numbers of the messages of each chat.
fn numbers(chats: &[(Chat, Vec<Message>)]) -> Vec<(i64, Vec<i64>)> {
    chats.iter().map(|(chat, own)| (chat.id, own.iter().map(|message| message.id).collect())).collect()
}

#[test]
fn messages_appear_in_each_of_their_chats_and_those_without_one_in_chat_0() {
    let source = made(
        "INSERT INTO message (ROWID, text, date, handle_id) VALUES
            (1, 'both', 1, 1), (2, 'alone', 2, 2), (3, 'of a chat that is gone', 3, 1), (4, 'deleted', 4, 1);
         INSERT INTO chat_message_join VALUES (1, 1), (2, 1), (2, 1), (77, 3), (1, 99), (NULL, NULL);
         CREATE TABLE chat_recoverable_message_join (chat_id INTEGER, message_id INTEGER, delete_date INTEGER);
         INSERT INTO chat_recoverable_message_join VALUES (2, 4, 5);",
    );
    let (chats, skipped) = everything(&source);
    assert_eq!(skipped, []);
    assert_eq!(numbers(&chats), [(0, vec![2, 3]), (1, vec![1]), (2, vec![1, 4])]);
    assert!(chats.iter().all(|(chat, own)| own.iter().all(|message| message.chat_id == chat.id)));
    let addresses: Vec<_> = chats[2].0.participants.iter().map(|handle| handle.address.as_str()).collect();
    assert_eq!(addresses, ["zoe@example.org", "+15550101234"]);
}

#[test]
fn both_units_of_time_are_ordered_and_chosen_alike() {
    let source = made(
        "INSERT INTO message (ROWID, date) VALUES (1, 500000000), (2, 400000000000000000), (3, NULL), (4, 0),
            (5, 500000000500000000), (6, -9223372036854775808), (7, 'yesterday'), (8, 500000001.9);
         INSERT INTO chat_message_join SELECT 1, ROWID FROM message;",
    );
    let (chats, skipped) = everything(&source);
    let named = [("date of message 6", "-9223372036854775808"), ("date of message 7", "\u{201c}yesterday\u{201d}")];
    let named = named.map(|(item, value)| Skipped::part(item, format!("{value} is no moment")));
    assert_eq!((skipped, numbers(&chats)[0].1.clone()), (named.to_vec(), vec![3, 4, 6, 7, 2, 1, 5, 8]));
    let at = |seconds| AppleTime::from_seconds_or_nanoseconds(seconds);
    let filter = asked(Selection { since: at(500_000_000), until: at(500_000_001), ..Selection::default() });
    assert_eq!(numbers(&read(&source, &filter).0), [(1, vec![1, 5]), (2, vec![])]);
}

#[test]
fn people_are_found_by_name_number_and_group() {
    let source = made(
        "INSERT INTO message (ROWID, handle_id) VALUES (1, 1), (2, 2), (3, 1), (4, 2);
         INSERT INTO chat_message_join VALUES (1, 1), (2, 2);",
    );
    let with = |who: &str| {
        let filter = asked(Selection { with: vec![who.into()], ..Selection::default() });
        numbers(&read(&source, &filter).0)
    };
    assert_eq!(with("ZOE"), [(0, vec![4]), (2, vec![2])]);
    assert_eq!(with("to naïve"), [(2, vec![2])]);
    assert_eq!(with("(555) 010-1234"), [(0, vec![3]), (1, vec![1]), (2, vec![2])]);
    assert_eq!(with("nobody"), []);
}

#[test]
fn senders_and_participants_go_by_their_names() {
    let book = "CREATE TABLE ABPerson (ROWID INTEGER PRIMARY KEY, First TEXT, Last TEXT);
        CREATE TABLE ABMultiValue (UID INTEGER PRIMARY KEY, record_id INTEGER, property INTEGER, value TEXT);
        INSERT INTO ABPerson VALUES (1, 'Zoë', 'Müller'), (2, 'Ben', NULL);
        INSERT INTO ABMultiValue VALUES (1, 1, 3, '(555) 010-1234'), (2, 1, 4, 'zoe@work.example'), (3, 2, 3, '22000');";
    let source = made(
        "INSERT INTO message (ROWID, handle_id) VALUES (1, 1), (2, 2), (3, 1), (4, 2);
         INSERT INTO chat_message_join VALUES (1, 1), (2, 2);",
    )
    .with_database(crate::contacts::DATABASE, book);
    let directory = Directory::read(&source);
    let messages = Messages::open(&source, &directory).unwrap();
    let chats = messages.chats(&Filter::default()).unwrap().records;
    let named = |handle: &crate::messages::Handle| (handle.address.clone(), handle.name.clone());
    let zoe = ("+15550101234".to_owned(), Some("Zoë Müller".to_owned()));
    let unknown = ("zoe@example.org".to_owned(), None);
    assert_eq!(chats[2].participants.iter().map(named).collect::<Vec<_>>(), [unknown.clone(), zoe.clone()]);
    let mut senders = Vec::new();
    messages
        .in_chat(
            &chats[0],
            &Filter::default(),
            &mut going_on(|message: Message| senders.extend(message.sender.as_deref().map(named))),
        )
        .unwrap();
    assert_eq!(senders, [zoe, unknown]);
    // Another address of hers finds what she sent from this number, but not who is only called alike.
    let filter = asked(Selection { with: vec!["zoe@work".into()], ..Selection::default() });
    let found = messages.chats(&filter).unwrap().records;
    assert_eq!(found.iter().map(|chat| chat.id).collect::<Vec<_>>(), [0, 1, 2]);
    let mut alone = Vec::new();
    messages.in_chat(&found[0], &filter, &mut going_on(|message: Message| alone.push(message.id))).unwrap();
    assert_eq!(alone, [3]);
}

#[test]
fn a_message_without_anything_stays_visible() {
    let (chats, skipped) = everything(&made("INSERT INTO message (ROWID) VALUES (5)"));
    assert_eq!((skipped, numbers(&chats)[0].clone()), (vec![], (0, vec![5])));
    assert_eq!((&chats[0].1[0].text, &chats[0].1[0].kind), (&None, &MessageKind::Normal));
}

#[test]
fn attachments_stand_in_the_order_of_the_text() {
    let Some(folder) = shared_data("typedstream") else { return };
    let body = std::fs::read(folder.join("MultiPart")).unwrap();
    let hex: String = body.iter().map(|byte| format!("{byte:02x}")).collect();
    let source = made(&format!(
        "INSERT INTO message (ROWID, attributedBody) VALUES (1, x'{hex}'), (2, NULL);
         INSERT INTO chat_message_join VALUES (1, 1), (1, 2);
         INSERT INTO attachment VALUES (5, 'at_4_F0668F79-20C2-49C9-A87F-1B007ABB0CED', '~/a'),
            (6, 'unknown', '~/b'), (7, 'at_0_F0668F79-20C2-49C9-A87F-1B007ABB0CED', '~/c'),
            (8, 'at_2_F0668F79-20C2-49C9-A87F-1B007ABB0CED', '~/d');
         INSERT INTO message_attachment_join VALUES (1, 5), (1, 6), (1, 7), (1, 8), (2, 99), (1, 5);"
    ));
    let (chats, _) = everything(&source);
    let ids: Vec<_> = chats[0].1[0].attachments.iter().map(|attachment| attachment.id).collect();
    assert_eq!(ids, [7, 8, 5, 6]);
    let lost = &chats[0].1[1].attachments[0].content;
    assert!(matches!(lost, AttachmentContent::Unknown(why) if why.contains("lost its record")));
}

#[test]
fn a_utf16_database_gives_the_same_text() {
    let sql = "INSERT INTO message (ROWID, text) VALUES (1, 'Zoë 🎈'); INSERT INTO chat_message_join VALUES (2, 1)";
    let source = Files::new().with_database(DATABASE, &format!("PRAGMA encoding = 'UTF-16'; {TABLES} {sql}"));
    let (chats, _) = everything(&source);
    assert_eq!(chats[1].0.display_name.as_deref(), Some("To Naïve"));
    assert_eq!(chats[1].1[0].text.as_deref(), Some("Zoë 🎈"));
}

#[test]
fn values_of_the_wrong_kind_cost_nothing_else() {
    let source = made(
        "INSERT INTO message (ROWID, guid, text, handle_id, date, is_from_me)
            VALUES (1, 7, 12.5, 'one', x'00ff', '1'), (2, x'ff41', x'ff41', 2.0, '600000000', 0);
         INSERT INTO chat_message_join VALUES ('1', '1'), (1.0, 2);",
    );
    let (chats, skipped) = everything(&source);
    let date = Skipped::part("date of message 1", "a blob of 2 bytes (00ff) is no moment");
    assert_eq!((skipped, numbers(&chats)), (vec![date], vec![(1, vec![1, 2]), (2, vec![])]));
    let [first, second] = &chats[0].1[..] else { panic!("two messages") };
    assert_eq!((first.text.as_deref(), first.guid.as_deref(), first.is_from_me), (Some("12.5"), Some("7"), true));
    assert_eq!(second.text.as_deref(), Some("\u{fffd}A"));
    assert_eq!(second.sender.as_ref().map(|handle| handle.address.as_str()), Some("zoe@example.org"));
    assert!(second.date.is_some());
}

#[test]
fn tables_that_are_none_are_not_read() {
    let endless = "WITH RECURSIVE e(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM e)";
    let source = Files::new().with_database(
        DATABASE,
        &format!(
            "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT, handle_id INTEGER);
             INSERT INTO message VALUES (1, 'here', 1);
             CREATE VIEW chat AS {endless} SELECT n AS ROWID, n AS guid FROM e;
             CREATE VIEW handle AS {endless} SELECT n AS ROWID, n AS id FROM e;
             CREATE VIEW chat_message_join AS {endless} SELECT n AS chat_id, 1 AS message_id FROM e;"
        ),
    );
    assert_eq!(numbers(&everything(&source).0), [(0, vec![1])]);
    let view =
        Files::new().with_database(DATABASE, &format!("CREATE VIEW message AS {endless} SELECT n AS ROWID FROM e"));
    assert!(matches!(open_messages(&view), Err(SourceError::Foreign { .. })));
    let other = Files::new().with_database(DATABASE, "CREATE TABLE note (a)");
    assert!(matches!(open_messages(&other), Err(SourceError::Foreign { .. })));
    assert!(matches!(open_messages(&Files::new()), Err(SourceError::Missing { .. })));
}

/// The bytes of a database with 2,000 messages in two chats.
fn many() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sms.db");
        let sql = format!(
            "PRAGMA page_size = 1024; PRAGMA synchronous = OFF; {TABLES}
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
             INSERT INTO message (ROWID, text, date, handle_id) SELECT i, 'message number ' || i, i, 1 FROM n;
             INSERT INTO chat_message_join SELECT 1 + ROWID % 2, ROWID FROM message;"
        );
        Connection::open(&file).unwrap().execute_batch(&sql).unwrap();
        std::fs::read(&file).unwrap()
    })
}

/// The same database after damage to its pages.
fn damaged(damage: impl Fn(usize, &mut [u8])) -> Files {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sms.db");
    let mut bytes = many().to_vec();
    for (number, page) in bytes.chunks_exact_mut(1024).enumerate() {
        damage(number, page);
    }
    std::fs::write(&file, bytes).unwrap();
    Files::new().with_file(DATABASE, file).keeping(folder)
}

#[test]
fn a_damaged_page_costs_its_messages_and_no_others() {
    let whole = everything(&damaged(|_, _| ()));
    assert_eq!((whole.1.len(), numbers(&whole.0)[0].1.len(), numbers(&whole.0)[1].1.len()), (0, 1000, 1000));
    // A leaf of the table of messages: its page says so and holds their text.
    let is_leaf = |page: &[u8]| page[0] == 0x0d && page.windows(19).any(|w| w == b"message number 1234");
    let (chats, skipped) = everything(&damaged(|_, page| {
        if is_leaf(page) {
            page.fill(0xff);
        }
    }));
    let got: usize = chats.iter().map(|(_, own)| own.len()).sum();
    assert!((1950..2000).contains(&got), "{got} messages left");
    // Each message of the page is named once for its chat.
    let named = skipped.iter().filter(|skipped| skipped.item.starts_with("message ")).count();
    assert_eq!(got + named, 2000);
    assert!(skipped.iter().any(|skipped| skipped.item == "message 1234"));
}

#[test]
fn any_one_damaged_page_is_survived() {
    for victim in 1..many().len() / 1024 {
        let source = damaged(|number, page| {
            if number == victim {
                page.iter_mut().enumerate().for_each(|(at, byte)| *byte = (at * 31 + victim) as u8);
            }
        });
        let Ok(messages) = open_messages(&source) else { continue };
        let Ok(Reading { records, mut skipped }) = messages.chats(&Filter::default()) else { continue };
        let mut got = 0;
        for chat in &records {
            skipped.extend(messages.in_chat(chat, &Filter::default(), &mut going_on(|_| got += 1)).unwrap());
        }
        assert!(got >= 2000 || !skipped.is_empty(), "page {victim}: {got} messages and nothing said");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damage_to_a_real_database_is_survived(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..400),
    ) {
        let Some(folder) = shared_data("messages/ios12.4") else { return Ok(()) };
        let mut bytes = std::fs::read(folder.join("sms.db")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sms.db");
        std::fs::write(&file, bytes).unwrap();
        let source = Files::new().with_file(DATABASE, file).keeping(folder);
        let Ok(messages) = open_messages(&source) else { return Ok(()) };
        let _ = messages.count();
        for chat in messages.chats(&Filter::default()).unwrap().records {
            messages.in_chat(&chat, &Filter::default(), &mut going_on(drop)).unwrap();
        }
    }
}

#[test]
fn without_room_nothing_is_read_ahead_and_everything_comes() {
    let source = damaged(|_, _| ());
    let messages = open_messages(&source).unwrap();
    let chats = messages.chats(&Filter::default()).unwrap().records;
    let awaited = messages.awaited(&chats, &Filter::default(), 0, 2);
    assert!(!awaited.is_empty());
    let full = tempfile::NamedTempFile::new().unwrap();
    let closed = [(); 2].map(|()| File::open(full.path()).unwrap());
    messages.read_awaited(&chats, &awaited, closed.into(), &|| ControlFlow::Continue(()));
    let mut count = 0;
    for chat in &chats {
        assert_eq!(messages.in_chat(chat, &Filter::default(), &mut going_on(|_| count += 1)).unwrap(), []);
    }
    assert_eq!(count, awaited.len());
}

#[test]
fn several_threads_read_different_chats() {
    let source = damaged(|_, _| ());
    let messages = open_messages(&source).unwrap();
    let chats = messages.chats(&Filter::default()).unwrap().records;
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let read = |chat| {
            let messages = &messages;
            move || {
                let mut count = 0;
                messages.in_chat(chat, &Filter::default(), &mut going_on(|_| count += 1)).unwrap();
                count
            }
        };
        let threads: Vec<_> = chats.iter().map(|chat| scope.spawn(read(chat))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(counts, [1000, 1000]);
}

#[test]
fn the_schema_of_every_known_version_is_read() {
    let Some(folder) = shared_data("ddl") else { return };
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if !(name.starts_with("sms-") || name.starts_with("chat-")) {
            continue;
        }
        seen += 1;
        let schema = std::fs::read_to_string(&file).unwrap();
        let rows = match name.contains("iOS5") {
            true => {
                "INSERT INTO msg_group (ROWID, type) VALUES (1, 0);
                 INSERT INTO group_member (group_id, address) VALUES (1, '+15550101234');
                 INSERT INTO message (ROWID, address, date, text, flags, group_id) VALUES (1, 'x', 1331431724, 'one', 2, 1);
                 INSERT INTO message (ROWID, address, date, text, flags) VALUES (2, 'y', 1331431725, 'two', 3);"
            }
            false => {
                "INSERT INTO handle (ROWID, id, service) VALUES (1, '+15550101234', 'SMS');
                 INSERT INTO chat (ROWID, guid, chat_identifier) VALUES (1, 'c', '+15550101234');
                 INSERT INTO chat_handle_join (chat_id, handle_id) VALUES (1, 1);
                 INSERT INTO message (ROWID, guid, text, handle_id, date) VALUES (1, 'm', 'one', 1, 1), (2, 'n', 'two', 1, 2);
                 INSERT INTO chat_message_join (chat_id, message_id) VALUES (1, 1);"
            }
        };
        let source = Files::new().with_database(DATABASE, &sound(&schema, rows));
        let (chats, skipped) = everything(&source);
        assert_eq!((numbers(&chats), skipped), (vec![(0, vec![2]), (1, vec![1])], vec![]), "{name}");
        assert_eq!(chats[1].0.participants[0].address, "+15550101234", "{name}");
        if !name.contains("iOS5") {
            assert_tables_are_read_in_pages(&source, &name);
        }
    }
    assert_eq!(seen, 8);
}

fn assert_tables_are_read_in_pages(source: &dyn Source, name: &str) {
    let connection = source.database(DATABASE.0, DATABASE.1).unwrap().connect().unwrap();
    let schema = Schema::probe(&connection).unwrap();
    for table in ["message", "attachment", "chat_message_join"] {
        let columns: Vec<&str> =
            schema.columns_of(table).iter().map(String::as_str).filter(|c| *c != "rowid").collect();
        assert!(!columns.is_empty() && Layout::probe(&connection, table, &columns).is_some(), "{table} of {name}");
    }
}

#[test]
fn attachments_of_many_messages_are_those_of_each() {
    let source = made(
        "CREATE INDEX of_messages ON message_attachment_join (message_id);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         INSERT INTO message (ROWID, text, date, handle_id) SELECT i, 'x', i, 1 FROM n;
         INSERT INTO chat_message_join SELECT 1 + ROWID % 2, ROWID FROM message;
         INSERT INTO attachment SELECT ROWID, 'g' || ROWID, '~/Library/SMS/Attachments/' || ROWID || '.jpg' FROM message
            WHERE ROWID % 7 = 0 AND ROWID % 5 > 0;
         -- Some have lost their record, some are linked twice, some belong to two messages.
         INSERT INTO message_attachment_join SELECT ROWID, ROWID FROM message WHERE ROWID % 7 = 0;
         INSERT INTO message_attachment_join SELECT ROWID, ROWID FROM message WHERE ROWID % 49 = 0;
         INSERT INTO message_attachment_join SELECT ROWID + 1, ROWID FROM message WHERE ROWID % 21 = 0;",
    );
    let (chats, skipped) = everything(&source);
    assert_eq!(skipped, []);
    let counts = chats.iter().flat_map(|(_, own)| own).map(|message| (message.id, message.attachments.len()));
    let counts: BTreeMap<_, _> = counts.collect();
    let expected = |id: i64| usize::from(id % 7 == 0) + usize::from(id % 21 == 1 && id > 1);
    assert_eq!(counts.len(), 5000);
    assert!(counts.iter().all(|(id, count)| *count == expected(*id)));
}

#[test]
fn rows_from_before_a_column_was_added_have_its_default() {
    let source = made(
        "INSERT INTO message (ROWID, text, date, handle_id) VALUES (1, 'old', 1, 1);
         ALTER TABLE message ADD COLUMN is_read INTEGER DEFAULT 1;
         ALTER TABLE message ADD COLUMN is_audio_message INTEGER DEFAULT 0;
         ALTER TABLE message ADD COLUMN service TEXT DEFAULT NULL;
         ALTER TABLE message ADD COLUMN subject TEXT;
         INSERT INTO message (ROWID, text, date, is_read, service, subject) VALUES (2, 'new', 2, 0, 'SMS', 'a');
         INSERT INTO chat_message_join VALUES (1, 1), (1, 2);",
    );
    let (chats, skipped) = everything(&source);
    assert_eq!(skipped, []);
    let own = &chats[0].1;
    assert_eq!((own[0].delivery.is_read, own[0].delivery.is_audio, &own[0].service), (true, false, &None));
    assert_eq!((own[1].delivery.is_read, own[1].subject.as_deref()), (false, Some("a")));
}

#[test]
fn tables_whose_records_do_not_tell_all_are_read_all_the_same() {
    let odd = [
        // What is computed is in no record, or is in one and has no business there.
        "ALTER TABLE message ADD COLUMN subject TEXT AS (upper(text))",
        "ALTER TABLE message ADD COLUMN subject TEXT DEFAULT 'as usual'",
        "ALTER TABLE message ADD COLUMN is_read INTEGER DEFAULT 7",
        "ALTER TABLE message ADD COLUMN date_read REAL DEFAULT 5",
        "ALTER TABLE message ADD COLUMN subject STRING DEFAULT 1",
        "ALTER TABLE message ADD COLUMN subject TEXT DEFAULT 1",
        // The numbers of rows are others.
        "DROP TABLE message;
         CREATE TABLE message (ROWID INTEGER PRIMARY KEY DESC, guid TEXT, text TEXT, attributedBody BLOB,
            handle_id INTEGER, date INTEGER, is_from_me INTEGER);
         INSERT INTO message (ROWID, text, date, handle_id) VALUES (2, 'two', 2, 1), (1, 'one', 1, 1)",
        "ALTER TABLE message RENAME COLUMN is_from_me TO is_audio_message",
        "DROP TABLE chat_message_join;
         CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER PRIMARY KEY, message_date REAL)",
        "DROP TABLE chat_message_join;
         CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id)) WITHOUT ROWID",
    ];
    for odd in odd {
        let source = made(&format!(
            "INSERT INTO message (ROWID, text, date, handle_id) VALUES (1, 'one', 1, 1), (2, 'two', 2, 1);
             {odd};
             INSERT INTO chat_message_join (chat_id, message_id) VALUES (1, 1), (2, 2);"
        ));
        let (chats, skipped) = everything(&source);
        assert_eq!((numbers(&chats), skipped), (vec![(1, vec![1]), (2, vec![2])], vec![]), "{odd}");
    }
}

/// A schema that can take rows: without the triggers, whose functions only the device has, and without SQLite's own
/// tables.
fn sound(schema: &str, rows: &str) -> String {
    let connection = Connection::open_in_memory().unwrap();
    let mut kept = String::new();
    for statement in schema.split_inclusive(";\n") {
        let own = ["TRIGGER", "sqlite_sequence", "sqlite_stat1"].iter().any(|word| statement.contains(word));
        if !own && connection.execute_batch(statement).is_ok() {
            kept += statement;
        }
    }
    kept + rows
}
