//! What `corer messages` says is what the data says: nobody is named, nothing arrives and nothing was read that no row
//! tells of, and what cannot be read is named.

use std::path::{Path, PathBuf};

use crate::support::{Answer, Corer};
use rusqlite::Connection;
use serde_json::Value;

/// The tables of iOS 18, as far as they matter here, with one person and a conversation with them.
const TABLES: &str = "
    CREATE TABLE message (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT, text TEXT, attributedBody BLOB,
        handle_id INTEGER DEFAULT 0, service TEXT DEFAULT 'iMessage', error INTEGER DEFAULT 0, date INTEGER,
        date_read INTEGER, date_delivered INTEGER, date_played INTEGER, date_edited INTEGER, date_retracted INTEGER,
        is_from_me INTEGER DEFAULT 0, item_type INTEGER DEFAULT 0, other_handle INTEGER DEFAULT 0, group_title TEXT,
        group_action_type INTEGER DEFAULT 0, share_status INTEGER, share_direction INTEGER,
        associated_message_guid TEXT, associated_message_type INTEGER DEFAULT 0, balloon_bundle_id TEXT,
        payload_data BLOB, message_summary_info BLOB, thread_originator_guid TEXT, thread_originator_part TEXT,
        filter_action INTEGER DEFAULT 0, filter_sub_action INTEGER DEFAULT 0);
    CREATE TABLE chat (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT, style INTEGER, chat_identifier TEXT,
        service_name TEXT, display_name TEXT);
    CREATE TABLE handle (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, service TEXT DEFAULT 'iMessage',
        person_centric_id TEXT);
    CREATE TABLE attachment (ROWID INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT UNIQUE, filename TEXT,
        transfer_name TEXT, mime_type TEXT, total_bytes INTEGER, attribution_info BLOB);
    CREATE TABLE chat_message_join (chat_id INTEGER, message_id INTEGER, PRIMARY KEY (chat_id, message_id));
    CREATE TABLE chat_handle_join (chat_id INTEGER, handle_id INTEGER);
    CREATE TABLE message_attachment_join (message_id INTEGER, attachment_id INTEGER, UNIQUE (message_id, attachment_id));
    INSERT INTO handle (ROWID, id) VALUES (1, '+15550100001');
    INSERT INTO chat (ROWID, guid, style, chat_identifier) VALUES (1, 'iMessage;-;+15550100001', 45, '+15550100001');
    INSERT INTO chat_handle_join VALUES (1, 1);";

/// 2025-01-01, in the unit of the database.
const DAY: i64 = 757_382_400_000_000_000;

/// A database, and what corer makes of it.
struct Made {
    corer: Corer,
    database: PathBuf,
}

impl Made {
    /// The tables, with these rows in them. Messages that no chat was given to go into the first.
    fn of(rows: &str) -> Self {
        Self::with(|connection| connection.execute_batch(rows).unwrap())
    }

    fn with(fill: impl FnOnce(&Connection)) -> Self {
        let corer = Corer::new();
        let database = corer.home.path().join("sms.db");
        let connection = Connection::open(&database).unwrap();
        connection.execute_batch(TABLES).unwrap();
        fill(&connection);
        let rest = "INSERT INTO chat_message_join SELECT 1, ROWID FROM message
            WHERE ROWID NOT IN (SELECT message_id FROM chat_message_join)";
        connection.execute_batch(rest).unwrap();
        drop(connection);
        Self { corer, database }
    }

    fn run(&self, args: &[&str]) -> Answer {
        self.corer.run(&[&["messages", "-b", self.database.to_str().unwrap()], args].concat())
    }

    fn out(&self) -> PathBuf {
        self.corer.home.path().join("out")
    }

    /// Writes all formats, which ends so.
    fn export(&self, code: i32) -> Export {
        let out = self.out();
        self.run(&["-o", out.to_str().unwrap(), "-f", "html,csv,jsonl,txt"]).ends_with(code);
        Export::at(&out)
    }
}

/// What an export says.
struct Export {
    out: PathBuf,
    records: Vec<Value>,
    report: Value,
}

impl Export {
    fn at(out: &Path) -> Self {
        let text = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
        let records = text("messages.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let report: Value = serde_json::from_str(&text("report.json")).unwrap();
        Self { out: out.to_owned(), records, report: report["kinds"][0].clone() }
    }

    fn of_type(&self, name: &str) -> Vec<&Value> {
        self.records.iter().filter(|record| record["type"] == name).collect()
    }

    fn message(&self, id: i64) -> &Value {
        self.of_type("message").into_iter().find(|message| message["id"] == id).unwrap()
    }

    /// The pages, the plain texts and the table, one after the other.
    fn words(&self) -> [String; 3] {
        [
            self.all("index.html"),
            self.all("messages.txt"),
            std::fs::read_to_string(self.out.join("messages.csv")).unwrap(),
        ]
    }

    /// The files of a name in the folders of all conversations.
    fn all(&self, name: &str) -> String {
        let folders = std::fs::read_dir(&self.out).unwrap().map(|entry| entry.unwrap().path().join(name));
        folders.filter_map(|file| std::fs::read_to_string(file).ok()).collect()
    }

    /// The titles of the conversations.
    fn titles(&self) -> Vec<&str> {
        self.of_type("chat").into_iter().map(|chat| chat["title"].as_str().unwrap()).collect()
    }

    fn skipped(&self) -> Vec<String> {
        let skipped = self.report["skipped"].as_array().unwrap().iter();
        skipped.map(|item| format!("{}: {}", item["item"].as_str().unwrap(), item["why"].as_str().unwrap())).collect()
    }
}

/// A case of the shared ones, where they are at hand.
fn case(name: &str) -> Option<String> {
    let data = crate::support::shared("README.md")?;
    let case = Path::new(&data).parent()?.parent()?.join("cases").join(name);
    case.exists().then(|| case.to_str().unwrap().to_owned())
}

/// The payload of an extension: an archive of a template with these words.
fn payload(words: &[(&str, &str)], url: &str, summary: &str) -> Vec<u8> {
    let dictionary = |pairs: Vec<(&str, plist::Value)>| {
        plist::Value::Dictionary(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let words = words.iter().map(|(key, word)| (*key, plist::Value::from(*word))).collect();
    let template = dictionary(vec![("URL", url.into()), ("ldtext", summary.into()), ("userInfo", dictionary(words))]);
    let archive = dictionary(vec![
        ("$archiver", "NSKeyedArchiver".into()),
        ("$version", 100_000.into()),
        ("$top", dictionary(vec![("root", plist::Value::Uid(plist::Uid::new(1)))])),
        ("$objects", plist::Value::Array(vec!["$null".into(), template])),
    ]);
    let mut bytes = Vec::new();
    archive.to_writer_binary(&mut bytes).unwrap();
    bytes
}

fn insert_app(connection: &Connection, bundle: &str, payload: &[u8]) {
    let bundle = format!("com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:{bundle}");
    let sql = "INSERT INTO message (guid, text, handle_id, date, balloon_bundle_id, payload_data)
        VALUES (hex(randomblob(8)), '\u{fffc}', 1, ?1, ?2, ?3)";
    connection.execute(sql, rusqlite::params![DAY, bundle, payload]).unwrap();
}

#[test]
fn a_check_in_claims_no_arrival() {
    let made = Made::with(|connection| {
        for (caption, url) in [
            ("Check In: Timer Started", "?messageType=1&sendDate=1735689600.5"),
            ("Check In: Has not checked in when expected", "?messageType=3&sendDate=1735693200.5"),
            ("Check In: On the way", "?messageType=1&estimatedEndTime=1735693200&sendDate=1735689600"),
        ] {
            let payload = payload(&[("caption", caption)], url, caption);
            insert_app(connection, "com.apple.SafetyMonitorApp.SafetyMonitorMessages", &payload);
        }
    });
    let export = made.export(0);
    for id in 1..=3 {
        let content = &export.message(id)["app"]["content"];
        assert_eq!(content["arrived"], Value::Null, "{content}");
        assert!(content["sent"].as_str().unwrap().starts_with("2025-01-01T0"), "{content}");
    }
    assert_eq!(export.message(3)["app"]["content"]["expected"], "2025-01-01T01:00:00+00:00");
    for words in export.words() {
        assert!(!words.contains("rrived"), "{words}");
        assert!(words.contains("Check In: Timer Started") && words.contains("Expected 2025-01-01 01:00"), "{words}");
    }
    let Some(case) = case("messages-checkin-arrived/sms.db") else { return };
    let answer = made.corer.run(&["messages", "-b", &case]).ends_with(0);
    assert!(answer.stdout.contains("Timer Started") && !answer.stdout.contains("rrived"), "{}", answer.stdout);
}

#[test]
fn who_wrote_what_is_lost_is_not_known() {
    let rows = format!(
        "INSERT INTO message (guid, text, handle_id, date, thread_originator_guid, thread_originator_part) VALUES
            ('a', 'yes', 1, {DAY}, 'lost', '0:0:3'), ('b', 'no', 1, {DAY} + 1, 'a', '0:0:3')"
    );
    let made = Made::of(&rows);
    let export = made.export(0);
    let reply = &export.message(1)["reply_to"];
    assert_eq!((&reply["guid"], &reply["id"], &reply["sender"]), (&"lost".into(), &Value::Null, &Value::Null));
    assert!(reply.get("is_from_me").is_none(), "{reply}");
    let known = &export.message(2)["reply_to"];
    assert_eq!((&known["is_from_me"], &known["sender"]["handle"]), (&false.into(), &"+15550100001".into()));
    let [page, text, table] = export.words();
    assert!(page.contains("<p class=re><bdi>a message that is not in the backup</bdi></p>"), "{page}");
    assert!(text.contains("[to a message that is not in the backup] yes"), "{text}");
    assert!(table.contains(",a message that is not in the backup,"), "{table}");
    for words in [page, text, table] {
        assert!(!words.contains("+15550100001: a message"), "{words}");
    }
    let shown = made.run(&[]).ends_with(0).stdout;
    assert!(shown.contains("[to a message that is not in the backup] yes"), "{shown}");
    assert!(shown.contains("[to +15550100001: yes] no"), "{shown}");
}

#[test]
fn the_summary_of_a_card_is_kept_where_it_has_other_words() {
    let made = Made::with(|connection| {
        let words = [("caption", "Paddles"), ("subcaption", "Round 2")];
        insert_app(connection, "com.example.games", &payload(&words, "?a=1", "Battle of the Paddles"));
        insert_app(connection, "com.example.games", &payload(&words, "?a=1", "Paddles: round 2"));
        insert_app(connection, "com.example.games", &payload(&[], "?a=1", "Only this"));
    });
    let export = made.export(0);
    let app = |id| export.message(id)["app"].clone();
    assert_eq!(app(1)["lines"], serde_json::json!(["Round 2", "Battle of the Paddles"]));
    assert_eq!(app(2)["lines"], serde_json::json!(["Round 2"]), "said already, in other order");
    assert_eq!((&app(3)["title"], &app(3)["lines"]), (&"Only this".into(), &serde_json::json!([])));
    assert_eq!(app(2)["summary"], "Paddles: round 2", "the data has it as stored");
    for words in export.words() {
        assert_eq!(words.matches("Battle of the Paddles").count(), 1, "{words}");
    }
    assert!(made.run(&[]).stdout.contains("Battle of the Paddles"));
    let Some(case) = case("messages-app-summary-lost/sms.db") else { return };
    let answer = made.corer.run(&["messages", "-b", &case, "--json"]).ends_with(0);
    assert!(answer.stdout.contains("Battle of the Paddles"), "{}", answer.stdout);
}

#[test]
fn a_date_that_cannot_be_read_is_named_and_its_row_stays() {
    let columns = ["date", "date_read", "date_delivered", "date_played", "date_edited", "date_retracted"];
    // As SQL writes a value, and what the report says of it.
    let values = [
        ("473385600000", "473385600000"),
        ("'abc'", "\u{201c}abc\u{201d}"),
        ("x'00ff'", "a blob of 2 bytes (00ff)"),
        ("9e999", "inf"),
        ("-9e999", "-inf"),
        ("1e300", "1000000000000000"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("'nan'", "\u{201c}nan\u{201d}"),
    ];
    let mut rows = String::new();
    for column in columns {
        for (value, _) in values {
            rows += &format!("INSERT INTO message (text, handle_id, {column}) VALUES ('words', 1, {value});");
        }
    }
    // These are moments, however they are stored.
    for sound in ["757382400", "'757382400'", "757382400.0", "-86400", "757382400000000000", "0", "NULL"] {
        rows += &format!("INSERT INTO message (text, handle_id, date) VALUES ('sound', 1, {sound});");
    }
    let made = Made::of(&rows);
    let export = made.export(3);
    let skipped = export.skipped();
    assert_eq!(skipped.len(), columns.len() * values.len());
    // All rows were found and all are there: what is lost is a part of each.
    let all = Connection::open(&made.database).unwrap().query_row("SELECT count(*) FROM message", [], |row| row.get(0));
    let all: i64 = all.unwrap();
    assert_eq!((export.report["found"].as_i64(), export.report["exported"].as_i64()), (Some(all), Some(all)));
    let mut id = 0;
    for column in columns {
        for (value, said) in values {
            id += 1;
            let item = format!("{column} of message {id} in");
            let own: Vec<_> = skipped.iter().filter(|line| line.starts_with(&item)).collect();
            assert!(own.len() == 1 && own[0].contains(said), "{column} {value}: {own:?}");
            let message = export.message(id);
            assert_eq!(message["text"], "words");
            let field = if column == "date_retracted" { "date_edited" } else { column };
            assert_eq!(message.get(field).unwrap_or(&Value::Null), &Value::Null, "{column} {value}");
        }
    }
    let sound = export.of_type("message").into_iter().filter(|message| message["text"] == "sound");
    let dates: Vec<_> = sound.map(|message| message["date"].as_str()).collect();
    let day = Some("2025-01-01T00:00:00+00:00");
    assert_eq!(dates, [None, None, Some("2000-12-31T00:00:00+00:00"), day, day, day, day]);
    let shown = made.run(&[]).ends_with(3);
    assert!(shown.stderr.contains("date of message 1: 473385600000 is no moment"), "{}", shown.stderr);
    let Some(case) = case("messages-date-unreadable/sms.db") else { return };
    let answer = made.corer.run(&["messages", "-b", &case]).ends_with(3);
    assert!(answer.stderr.contains("473385600000") && answer.stderr.contains("abc"), "{}", answer.stderr);
}

/// Handles from 2 on, each with a person of the database, and a conversation by each.
fn handles(handles: &[(&str, &str)]) -> String {
    let each = handles.iter().enumerate().map(|(at, (address, person))| {
        let id = at + 2;
        format!(
            "INSERT INTO handle (ROWID, id, person_centric_id) VALUES ({id}, '{address}', '{person}');
             INSERT INTO chat (ROWID, guid, style, chat_identifier) VALUES ({id}, 'g{id}', 45, '{address}');
             INSERT INTO chat_handle_join VALUES ({id}, {id});
             INSERT INTO message (ROWID, text, handle_id, date) VALUES ({id}, 'words', {id}, {DAY});
             INSERT INTO chat_message_join VALUES ({id}, {id});"
        )
    });
    each.collect()
}

#[test]
fn without_an_address_book_the_database_says_who_is_one_person() {
    let rows = handles(&[("+4791234567", "K"), ("kari@example.com", "K"), ("+4790000001", ""), ("+4790000002", "")]);
    let group = "INSERT INTO chat (ROWID, guid, style, chat_identifier) VALUES (9, 'g9', 43, 'chat9');
        INSERT INTO chat_handle_join VALUES (9, 2), (9, 3), (9, 4);
        INSERT INTO message (ROWID, text, handle_id, date) VALUES (9, 'all', 2, 1), (10, 'who', 0, 1);
        INSERT INTO chat_message_join VALUES (9, 9), (9, 10);";
    let made = Made::of(&(rows + group));
    let export = made.export(0);
    assert_eq!(export.titles(), ["kari@example.com", "+4790000001", "+4790000002", "+4791234567, +4790000001"]);
    assert_eq!(export.of_type("chat")[0]["participants"].as_array().unwrap().len(), 2, "the data has both");
    assert_eq!(export.of_type("chat")[0]["is_group"], false);
    assert_eq!(export.message(10)["sender"], Value::Null, "nobody is named in a group");
    assert!(export.report["notes"].to_string().contains("1 conversation without a message"), "{}", export.report);
}

#[test]
fn what_has_no_handle_is_the_other_persons() {
    let rows = format!("INSERT INTO message (text, handle_id, date) VALUES ('zero', 0, {DAY}), ('none', NULL, {DAY})");
    let export = Made::of(&rows).export(0);
    for id in [1, 2] {
        assert_eq!(export.message(id)["sender"]["handle"], "+15550100001");
    }
    // Where no row says who takes part, the identifier does, if it is an address.
    let silent = format!("DELETE FROM chat_handle_join; UPDATE chat SET chat_identifier = '+15550100077'; {rows}");
    assert_eq!(Made::of(&silent).export(0).message(1)["sender"]["handle"], "+15550100077");
    let nobody = format!("DELETE FROM chat_handle_join; UPDATE chat SET chat_identifier = 'chat77'; {rows}");
    assert_eq!(Made::of(&nobody).export(0).message(1)["sender"], Value::Null);
}

#[test]
fn a_person_with_two_handles_is_titled_once() {
    let Some(case) = case("messages-title-repeats/source") else { return };
    let answer = Corer::new().run(&["messages", "-b", &case, "--json"]).ends_with(0);
    let chats: Vec<_> = answer.json_lines().into_iter().filter(|record| record["type"] == "chat").collect();
    assert_eq!((chats.len(), &chats[0]["title"], &chats[0]["is_group"]), (1, &"Kari Nordmann".into(), &false.into()));
}

#[test]
fn conversations_without_messages_are_counted_and_not_listed() {
    let mut rows = String::from("INSERT INTO message (text, handle_id, date) VALUES ('hi', 1, 1);");
    for id in 2..=31 {
        rows += &format!("INSERT INTO chat (guid, style, chat_identifier) VALUES ('g{id}', 45, '+1555010{id:04}');");
    }
    let made = Made::of(&rows);
    let export = made.export(0);
    assert_eq!(export.titles(), ["+15550100001"]);
    assert_eq!(export.of_type("completion")[0]["chats"], 1);
    assert_eq!(export.of_type("completion")[0]["chats_without_messages"], 30);
    let start = std::fs::read_to_string(export.out.join("index.html")).unwrap();
    assert!(start.contains("1 conversation, 1 message") && !start.contains("No messages"), "{start}");
    assert!(export.report["notes"].to_string().contains("30 conversations without a message"), "{}", export.report);
    let Some(case) = case("messages-empty-conversations/sms.db") else { return };
    let lines = made.corer.run(&["messages", "-b", &case, "--json"]).ends_with(0).json_lines();
    assert_eq!(lines.iter().filter(|line| line["type"] == "chat").count(), 1);
}

#[test]
fn a_companys_number_is_no_title() {
    let company = "urn:biz:1b2c3d4e-0000-0000-0000-000000000000";
    let made = Made::of(&handles(&[(company, "")]));
    let export = made.export(0);
    assert_eq!(export.titles(), ["Business 1b2c3d4e"]);
    assert_eq!(export.of_type("chat")[0]["identifier"], company, "the data has it");
    assert!(export.all("index.html").contains("Business") && !export.all("index.html").contains("urn:biz:"));
}

#[test]
fn a_sentence_keeps_its_direction_and_each_name_its_own() {
    let name = "\u{623}\u{645}\u{644}";
    let rows = format!(
        "UPDATE chat SET style = 43;
         INSERT INTO handle (ROWID, id) VALUES (2, '{name}'), (3, 'anna@example.org');
         INSERT INTO chat_handle_join VALUES (1, 2), (1, 3);
         INSERT INTO message (text, handle_id, date, item_type, group_action_type, other_handle, group_title) VALUES
            (NULL, 2, 1, 1, 0, 3, NULL), (NULL, 2, 2, 2, 0, 0, '{name} & co');"
    );
    let made = Made::of(&rows);
    let export = made.export(0);
    let page = export.all("index.html");
    let added = format!("<p dir=ltr><bdi>{name}</bdi> added <bdi>anna@example.org</bdi> to the conversation</p>");
    let named =
        format!("<p dir=ltr><bdi>{name}</bdi> named the conversation \u{201c}<bdi>{name} &#38; co</bdi>\u{201d}</p>");
    assert!(page.contains(&added) && page.contains(&named), "{page}");
    let title = format!("<h1><bdi>+15550100001</bdi>, <bdi>{name}</bdi>, <bdi>anna@example.org</bdi></h1>");
    assert!(page.contains(&title), "{page}");
    let start = std::fs::read_to_string(export.out.join("index.html")).unwrap();
    assert!(start.contains(&format!("<span class=line><bdi>{name}</bdi> named the conversation")), "{start}");
}

#[test]
fn lists_of_ios_27_have_names_and_are_found() {
    let mut rows = String::new();
    for action in 0..=5 {
        rows +=
            &format!("INSERT INTO message (text, handle_id, date, filter_action) VALUES ('a', 1, {DAY}, {action});");
    }
    let made = Made::of(&rows);
    let lines = made.run(&["--json", "--only", "filtered"]).ends_with(0).json_lines();
    let found = lines.iter().filter(|line| line["type"] == "message");
    let found: Vec<_> =
        found.map(|m| (m["delivery"]["filter"][0].as_i64(), m["delivery"]["filter_name"].as_str())).collect();
    assert_eq!(
        found,
        [(Some(2), Some("junk")), (Some(3), Some("promotion")), (Some(4), Some("transaction")), (Some(5), None)]
    );
    let allowed = made.run(&["--json"]).json_lines();
    assert!(allowed.iter().any(|line| line["delivery"]["filter_name"] == "allow"));
    assert!(made.run(&[]).stdout.contains("Sorted as a promotion"));
}

#[test]
fn an_attachment_names_the_app_that_it_came_from() {
    let bundle =
        "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.PaperKit.MessagesDrawingBoard";
    let made = Made::with(|connection| {
        let mut list = plist::Dictionary::new();
        list.insert("bundle-id".into(), bundle.into());
        list.insert("name".into(), "Drawing".into());
        let mut info = Vec::new();
        plist::Value::Dictionary(list).to_writer_binary(&mut info).unwrap();
        let sql = "INSERT INTO attachment (ROWID, guid, transfer_name, mime_type, attribution_info)
            VALUES (1, 'at', 'drawing.png', 'image/png', ?1)";
        connection.execute(sql, [info]).unwrap();
        let rows = format!(
            "INSERT INTO message (text, handle_id, date) VALUES ('\u{fffc}', 1, {DAY});
             INSERT INTO message_attachment_join VALUES (1, 1);"
        );
        connection.execute_batch(&rows).unwrap();
    });
    let export = made.export(0);
    let app = &export.message(1)["attachments"][0]["app"];
    assert_eq!((&app["name"], &app["bundle_id"]), (&"Drawing".into(), &bundle.into()));
    for words in export.words() {
        assert!(words.contains("From Drawing"), "{words}");
    }
}

#[test]
fn a_text_that_is_stored_with_other_words_is_noted() {
    let body = |text: &str| -> Vec<u8> {
        let before = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\0\x84\x84\x08NSObject\0\x85\x92\x84\x84\x84\x08NSString\x01\x94\x84\x01+";
        let after = b"\x86\x84\x02iI\x01\x04\x92\x84\x84\x84\x0cNSDictionary\0\x94\x84\x01i\0\x86\x86";
        let length = u8::try_from(text.len()).unwrap();
        [before.as_slice(), &[length], text.as_bytes(), after].concat()
    };
    let made = Made::with(|connection| {
        let sql = "INSERT INTO message (text, attributedBody, handle_id, date) VALUES (?1, ?2, 1, 1)";
        for (text, attributed) in [("same", "same"), ("left", "righ"), ("blank ", "blan")] {
            connection.execute(sql, rusqlite::params![text, body(attributed)]).unwrap();
        }
    });
    let export = made.export(0);
    let other = |id| export.message(id).get("attributed_text").and_then(Value::as_str);
    assert_eq!([other(1), other(2), other(3)], [None, Some("righ"), Some("blan")]);
    assert_eq!(export.message(2)["text"], "left");
    let notes = export.report["notes"].to_string();
    assert!(notes.contains("2 messages") && notes.contains("message 2 in"), "{notes}");
    for words in export.words() {
        assert!(words.contains("Stored with other words too: \u{201c}righ\u{201d}"), "{words}");
    }
}
