//! `corer whatsapp`: real chats as another tool reads them, every row of a database told, and the files and pages that come of it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{Corer, sample, shared};

/// The columns that matter here, as WhatsApp 2.23 has them.
const TABLES: &str = "
    CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZARCHIVED INTEGER, ZSESSIONTYPE INTEGER, ZGROUPINFO INTEGER,
        ZCONTACTIDENTIFIER VARCHAR, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
    CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZCHATSESSION INTEGER, ZCONTACTNAME VARCHAR, ZFIRSTNAME VARCHAR,
        ZMEMBERJID VARCHAR);
    CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZGROUPEVENTTYPE INTEGER, ZISFROMME INTEGER, ZMESSAGEERRORSTATUS INTEGER,
        ZMESSAGETYPE INTEGER, ZSTARRED INTEGER, ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER, ZMEDIAITEM INTEGER,
        ZMESSAGEINFO INTEGER, ZMESSAGEDATE TIMESTAMP, ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR,
        ZTOJID VARCHAR);
    CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZFILESIZE INTEGER, ZMEDIAORIGIN INTEGER, ZMOVIEDURATION INTEGER,
        ZMESSAGE INTEGER, ZLATITUDE FLOAT, ZLONGITUDE FLOAT, ZMEDIALOCALPATH VARCHAR, ZMEDIAURL VARCHAR, ZTITLE VARCHAR,
        ZVCARDNAME VARCHAR, ZVCARDSTRING VARCHAR, ZXMPPTHUMBPATH VARCHAR, ZMETADATA BLOB);
    CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZRECEIPTINFO BLOB);
    INSERT INTO ZWACHATSESSION (Z_PK, ZSESSIONTYPE, ZCONTACTJID, ZPARTNERNAME) VALUES
        (1, 0, '15550100001@s.whatsapp.net', 'Anna Berg'), (2, 3, '15550100001@status', 'Anna Berg'),
        (3, 1, '1@g.us', 'Boats');
    INSERT INTO ZWAGROUPMEMBER VALUES (1, 3, 'Ben <Holm>', NULL, '200000000000001@lid');";

const ROWS: &str = "
    INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZSTANZAID, ZTEXT, ZGROUPMEMBER, ZMEDIAITEM, ZGROUPEVENTTYPE) VALUES
        (1, 1, 0, 0, 700000000, 'A1', 'Hello <b>there</b>', NULL, NULL, 0), (2, 1, 1, 0, 700000060, 'A2', 'Line one' || char(10) || 'line two', NULL, NULL, 0),
        (3, 2, 0, 0, 700000070, 'A3', 'Out at sea', NULL, NULL, 0), (4, 3, 0, 1, 700000080, 'A4', NULL, 1, 1, 0),
        (5, 3, 0, 14, 700000090, 'A5', NULL, 1, NULL, 0), (6, 3, 0, 4711, 700000100, 'A6', 'odd', 1, NULL, 0),
        (7, 3, 0, 10, 700000110, 'A7', NULL, NULL, NULL, 2), (8, 1, 0, 4, 700000120, 'A8', NULL, NULL, 2, 0),
        (9, 1, 0, 59, 700000130, 'A9', NULL, NULL, NULL, 0), (10, 99, 0, 0, 700000140, 'AA', 'lost', NULL, NULL, 0);
    INSERT INTO ZWAMEDIAITEM (Z_PK, ZMEDIAURL, ZTITLE, ZVCARDNAME, ZVCARDSTRING) VALUES
        (1, 'https://mmg.whatsapp.net/x', 'The harbour', NULL, 'image/jpeg'),
        (2, NULL, NULL, 'Cara', 'BEGIN:VCARD' || char(10) || 'VERSION:3.0' || char(10) || 'FN:Cara' || char(10) || 'END:VCARD');";

struct Made {
    corer: Corer,
    database: PathBuf,
}

impl Made {
    fn of(rows: &str) -> Self {
        let corer = Corer::new();
        let database = corer.home.path().join("ChatStorage.sqlite");
        Connection::open(&database).unwrap().execute_batch(&format!("{TABLES}{rows}")).unwrap();
        Self { corer, database }
    }

    fn run(&self, more: &[&str]) -> crate::support::Answer {
        let backup = self.database.to_str().unwrap();
        self.corer.run(&[&["whatsapp", "-b", backup, "--tz", "UTC"], more].concat())
    }

    fn export(&self, more: &[&str], code: i32) -> PathBuf {
        let out = self.corer.home.path().join("out");
        self.run(&[more, &["-o", out.to_str().unwrap()]].concat()).ends_with(code);
        out
    }
}

fn of_type<'r>(records: &'r [Value], kind: &str) -> Vec<&'r Value> {
    records.iter().filter(|record| record["type"] == kind).collect()
}

#[test]
fn real_chats_are_as_another_tool_reads_them() {
    let Some(folder) = shared("ios15.3.1") else { return };
    let answers = Path::new(&folder).join("answers/whatsApp.whatsAppMessages.josh_ios15_ffs.20250621193412.json");
    let answers: Value = serde_json::from_slice(&fs::read(answers).unwrap()).unwrap();
    let rows = answers["data"].as_array().unwrap();
    let records = Corer::new().run(&["whatsapp", "-b", &folder, "--tz", "UTC", "--json"]).ends_with(0).json_lines();
    assert_eq!(of_type(&records, "chat").len(), 5);
    let mut messages = of_type(&records, "message");
    messages.sort_by_key(|message| message["id"].as_i64());
    assert_eq!((messages.len(), rows.len()), (32, 32));
    for (message, row) in messages.iter().zip(rows) {
        let date: jiff::Timestamp = message["date"].as_str().unwrap().parse().unwrap();
        assert_eq!(Some(date.as_second()), row[0].as_i64(), "{message}");
        assert_eq!(message["text"], row[5], "{message}");
        // Who began a group is told by the group, which that tool does not look at.
        let is_begun = message["announcement"]["what"] == "created";
        assert!(is_begun || message["is_from_me"].as_bool() == Some(row[1] == "Local User"), "{message}");
    }
}

#[test]
fn every_row_is_told_and_unknown_ones_are_named() {
    let made = Made::of(ROWS);
    let records = made.run(&["--json"]).ends_with(0).json_lines();
    let count: i64 = Connection::open(&made.database)
        .unwrap()
        .query_row("SELECT count(*) FROM ZWAMESSAGE", [], |row| row.get(0))
        .unwrap();
    let messages = of_type(&records, "message");
    assert_eq!(messages.len() as i64, count);
    let by_id = |id: i64| *messages.iter().find(|message| message["id"] == id).unwrap();
    assert_eq!(by_id(6)["kind"], "unsupported");
    assert!(by_id(6)["what"].as_str().unwrap().contains("4711"));
    assert_eq!(by_id(5)["marks"]["is_revoked"], true);
    assert_eq!(by_id(7)["announcement"]["what"], "encrypted");
    assert_eq!(by_id(4)["attachments"][0]["status"], "missing");
    assert_eq!(by_id(10)["chat_id"], 0);
    let sorts: Vec<&Value> = of_type(&records, "chat").iter().map(|chat| &chat["sort"]).collect();
    assert!(sorts.contains(&&Value::from("status")), "{sorts:?}");
}

#[test]
fn pages_keep_a_status_apart_from_the_chat_of_the_same_name() {
    let made = Made::of(ROWS);
    let out = made.export(&[], 0);
    let start = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(start.contains("<h1>WhatsApp</h1>") && start.contains("Status updates"), "{start}");
    let folders: Vec<PathBuf> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
    let named = folders.iter().filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("Anna Berg"));
    let pages: Vec<String> = named.map(|folder| fs::read_to_string(folder.join("index.html")).unwrap()).collect();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().any(|page| page.contains("Out at sea") && !page.contains("Hello")));
    assert!(
        pages.iter().any(|page| page.contains("Hello &#60;b&#62;there")
            && page.contains("Cara.vcf")
            && page.contains("called"))
    );
    let group = fs::read_to_string(out.join("Boats/index.html")).unwrap();
    for words in [
        "Ben &#60;Holm&#62;",
        "The harbour",
        "may never have been downloaded",
        "This was deleted for everyone",
        "4711",
        "end-to-end",
    ] {
        assert!(group.contains(words), "{words}: {group}");
    }
    let card = fs::read_dir(out.join("attachments")).unwrap().next().unwrap().unwrap().path();
    assert!(fs::read_to_string(card).unwrap().contains("FN:Cara"));
}

/// What a program that reads the text of a chat takes for its messages: who, and what; each begins with a head.
fn heads(text: &str) -> Vec<(String, String)> {
    let mut messages: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let bare = line.trim_start_matches('\u{200e}');
        let body = bare
            .starts_with("[08/")
            .then(|| bare.split_once("] "))
            .flatten()
            .and_then(|(_, rest)| rest.split_once(": "));
        match (body, messages.last_mut()) {
            (Some((who, said)), _) => messages.push((who.to_owned(), said.to_owned())),
            (None, Some((_, said))) => *said = format!("{said}\n{line}"),
            (None, None) => {}
        }
    }
    messages
}

#[test]
fn the_text_that_the_app_exports_has_the_dates_of_the_place() {
    let forms = [
        ("whatsapp", "[08/03/2023, 20:26:40] Anna Berg: Hello"),
        ("whatsapp-us", "[3/8/23, 8:26:40\u{202f}PM] Anna Berg: Hello"),
        ("whatsapp-de", "[08.03.23, 20:26:40] Anna Berg: Hello"),
        ("whatsapp-fr", "[08/03/2023 20:26:40] Anna Berg: Hello"),
        ("whatsapp-nl", "[08-03-2023 20:26:40] Anna Berg: Hello"),
    ];
    for (layout, line) in forms {
        let made = Made::of(ROWS);
        let out = made.export(&["-f", "txt", "--layout", layout, "--chat", "1"], 0);
        let text = fs::read_to_string(out.join("Anna Berg/_chat.txt")).unwrap();
        assert!(text.lines().any(|own| own.starts_with(line)), "{layout}: {text}");
    }
    Made::of(ROWS).run(&["-f", "csv", "--layout", "whatsapp", "-o", "x"]).ends_with(2);
    let of_messages =
        Corer::new().run(&["messages", "-b", &sample("ios18"), "-f", "txt", "--layout", "whatsapp", "-o", "x"]);
    of_messages.ends_with(2);
}

#[test]
fn the_text_that_the_app_exports_has_every_message_once_and_all_of_its_words() {
    const MORE: &str = "
        INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZMESSAGETYPE, ZMESSAGEDATE, ZTEXT, ZMEDIAITEM) VALUES
            (20, 1, 0, 1, 700000200, 'Two boats', 3), (21, 1, 0, 0, NULL, 'long ago', NULL), (22, 1, 0, 5, 700000220, NULL, 4),
            (23, 1, 0, 0, 700000230, 'see' || char(10) || '[08/03/2023, 20:26:40] Ben: I never said this', NULL);
        INSERT INTO ZWAMEDIAITEM (Z_PK, ZVCARDSTRING, ZTITLE, ZVCARDNAME, ZLATITUDE, ZLONGITUDE) VALUES
            (3, 'image/jpeg', NULL, NULL, NULL, NULL), (4, NULL, 'The pier', 'Harbour Street 1', 54.5, 10.25);";
    let made = Made::of(&format!("{ROWS}{MORE}"));
    let out = made.export(&["-f", "txt,jsonl", "--layout", "whatsapp", "--chat", "1"], 0);
    let text = fs::read_to_string(out.join("Anna Berg/_chat.txt")).unwrap();
    let read = heads(&text);
    let said = |number: usize| (read[number].0.as_str(), read[number].1.as_str());
    assert_eq!(said(0), ("Anna Berg", "Hello <b>there</b>"));
    assert_eq!(said(1), ("Me", "Line one\nline two"));
    assert!(said(2).1.starts_with("\u{200e}Cara \u{200e}<attached: ") && said(2).1.ends_with("Cara.vcf>"), "{read:?}");
    assert_eq!(said(4), ("Anna Berg", "Two boats \u{200e}image omitted"));
    let place =
        "\u{200e}The pier\nHarbour Street 1\n54.50000, 10.25000\nLocation: https://maps.google.com/?q=54.5,10.25";
    assert_eq!(said(5), ("Anna Berg", place));
    // What looks like a head inside of a text is none.
    assert_eq!(said(6), ("Anna Berg", "see\n[\u{2060}08/03/2023, 20:26:40] Ben: I never said this"));
    assert_eq!(read.len(), 7, "{read:?}");
    // One without a date can have no head, and is there to be read.
    assert!(text.starts_with("Anna Berg: long ago\n"), "{text}");
}

#[test]
fn the_table_of_another_program_has_the_dates_of_the_database() {
    let dates = "UPDATE ZWAMESSAGE SET ZSENTDATE = 700003600 WHERE Z_PK = 2; UPDATE ZWAMESSAGE SET ZSENTDATE = 700000005 WHERE Z_PK = 1;";
    let made = Made::of(&format!("{ROWS}{dates}"));
    let out = made.export(&["-f", "csv", "--layout", "imazing", "--chat", "1"], 0);
    let table = fs::read_to_string(out.join("csv/Messages - Anna Berg.csv")).unwrap();
    assert!(table.contains("Chat Session,Message Date,Sent Date,Type,Sender ID,Sender Name,Status,Forwarded,Replying to,Text,Reactions,Attachment,Attachment type,Attachment info"), "{table}");
    assert!(table.contains("Anna Berg,2023-03-08 20:27:40,2023-03-08 21:26:40,Outgoing"), "{table}");
    assert!(table.contains("Anna Berg,2023-03-08 20:26:40,2023-03-08 20:26:45,Incoming"), "{table}");
    assert!(table.contains("Anna Berg,2023-03-08 20:28:40,,Incoming"), "{table}");
}

#[test]
fn the_chats_of_a_sample_come_out_with_their_media() {
    let corer = Corer::new();
    let out = corer.home.path().join("out");
    corer.run(&["whatsapp", "-b", &sample("ios18"), "-o", out.to_str().unwrap(), "--tz", "UTC"]).ends_with(0);
    let records = fs::read_to_string(out.join("messages.jsonl")).unwrap();
    let records: Vec<Value> = records.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((of_type(&records, "chat").len(), of_type(&records, "message").len()), (2, 7));
    let saved: Vec<&Value> =
        of_type(&records, "message").into_iter().flat_map(|own| own["attachments"].as_array().unwrap()).collect();
    assert!(saved.len() == 1 && saved[0]["status"] == "saved", "{saved:?}");
}
