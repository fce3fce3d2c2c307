//! `sms.db` that is noise, a bomb, or holds what strangers write.

use std::path::Path;

use rusqlite::{Connection, ToSql};

use super::base::{HOME, messages, plain, put, with_messages};
use super::bplist;
use super::{BAD_MESSAGES, Codes, ODD_MESSAGES, Row};
use crate::database::insert;
use crate::error::Result;
use crate::wal;

pub(super) const CRAFTED: &[Row] = &[
    ("sms-noise", "`sms.db` is noise", BAD_MESSAGES, |root| with_messages(root, vec![0x5a; 3000])),
    ("sms-empty", "`sms.db` has no bytes", NO_MESSAGES, |root| with_messages(root, Vec::new())),
    ("sms-header-only", "a header and nothing else", NO_MESSAGES, header_only),
    ("sms-no-tables", "a database without tables", NO_MESSAGES, no_tables),
    ("sms-view-infinite", "`message` is a view without end", BAD_MESSAGES, |root| schema(root, VIEW)),
    ("sms-view-chat", "`chat` and `handle` are views without end", BAD_OR_ODD, |root| schema(root, VIEWS)),
    ("sms-page-corrupt", "a page of `message` is noise", BAD_OR_ODD, page_corrupt),
    ("sms-blob-claim", "a text that claims two gigabytes", BAD_OR_ODD, blob_claim),
    ("sms-generated", "`text` computes a gigabyte for each row", BAD_OR_ODD, |root| schema(root, GENERATED)),
    ("sms-no-columns", "`message` has hardly a column", BAD_OR_ODD, |root| schema(root, NO_COLUMNS)),
    ("sms-types", "every column has a value of the wrong type", ODD_MESSAGES, types),
    ("sms-not-utf8", "texts that are not UTF-8", ODD_MESSAGES, not_utf8),
    ("sms-dates", "dates at both ends of their range", ODD_MESSAGES, dates),
    ("sms-orphans", "conversations, senders and attachments that do not exist", ODD_MESSAGES, orphans),
    ("sms-cycles", "replies and reactions in a ring", ODD_MESSAGES, cycles),
    ("sms-many-chats", "one message in five hundred conversations", ODD_MESSAGES, many_chats),
    ("sms-typedstream", "bodies that are bombs: depth, lengths, arrays, references", ODD_MESSAGES, typedstreams),
    ("sms-plists", "`payload_data` and `message_summary_info` that are plist bombs", ODD_MESSAGES, plists),
    ("sms-html", "markup, links, formulas and escape sequences in every text", ODD_MESSAGES, html),
    ("sms-chat-names", "conversation names that are paths, reserved names, or very long", ODD_MESSAGES, chat_names),
    (
        "sms-attachments",
        "attachments whose paths lead out or name other files of the backup",
        ODD_MESSAGES,
        attachments,
    ),
    ("sms-wal-checksums", "a log whose sums do not fit", LOST_LOG, wal_checksums),
    ("sms-wal-noise", "a log of noise", LOST_LOG, wal_noise),
    ("sms-wal-sizes", "a log that claims pages of another size and two billion pages", LOST_LOG, wal_sizes),
];

/// What the log held is lost, and every command that looks into the database says so.
const LOST_LOG: Codes = Codes { info: "3", get: "0", verify: "0|5", messages: "3", keeps_good: true };
const NO_MESSAGES: Codes = Codes { info: "0", get: "0", verify: "0|5", messages: "0|1|3|4|15", keeps_good: true };
const BAD_OR_ODD: Codes = Codes { info: "0", get: "0", verify: "0|5", messages: "0|1|3|15", keeps_good: true };

const VIEW: &str = "ALTER TABLE message RENAME TO real; CREATE VIEW message AS
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS ROWID, 'g' || n AS guid, 'again' AS text,
1 AS handle_id, 'iMessage' AS service, n AS date, 0 AS is_from_me FROM r;";

const VIEWS: &str = "ALTER TABLE chat RENAME TO real_chat; ALTER TABLE handle RENAME TO real_handle;
CREATE VIEW chat AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS ROWID, 'g' || n AS guid,
45 AS style, 'x' AS chat_identifier, 'iMessage' AS service_name FROM r;
CREATE VIEW handle AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
SELECT n AS ROWID, 'x' || n AS id, 'iMessage' AS service FROM r;";

const GENERATED: &str = "ALTER TABLE message RENAME TO old;
CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid TEXT, text BLOB AS (zeroblob(900000000)), handle_id INTEGER,
service TEXT, date INTEGER, is_from_me INTEGER);
INSERT INTO message SELECT ROWID, guid, handle_id, service, date, is_from_me FROM old; DROP TABLE old;";

const NO_COLUMNS: &str = "DROP TABLE message; CREATE TABLE message (ROWID INTEGER PRIMARY KEY, text TEXT);
INSERT INTO message VALUES (1, 'only a text'), (2, NULL);";

fn schema(root: &Path, sql: &str) -> Result<()> {
    with(root, |db| {
        db.execute_batch("PRAGMA legacy_alter_table=ON;")?;
        Ok(db.execute_batch(sql)?)
    })
}

fn with(root: &Path, change: impl FnOnce(&Connection) -> Result<()>) -> Result<()> {
    with_messages(root, messages(change)?)
}

/// Adds a message to the good conversation.
fn say(db: &Connection, guid: &str, columns: &[(&str, &dyn ToSql)]) -> Result<i64> {
    let mut row: Vec<(&str, &dyn ToSql)> = vec![("guid", &guid), ("service", &"iMessage")];
    for (name, value) in [("handle_id", &1 as &dyn ToSql), ("date", &480_000_100)] {
        if !columns.iter().any(|column| column.0 == name) {
            row.push((name, value));
        }
    }
    row.extend(columns);
    let id = insert(db, "message", &row)?;
    insert(db, "chat_message_join", &[("chat_id", &1), ("message_id", &id)])?;
    Ok(id)
}

fn header_only(root: &Path) -> Result<()> {
    let mut bytes = messages(|_| Ok(()))?;
    bytes.truncate(100);
    with_messages(root, bytes)
}

fn no_tables(root: &Path) -> Result<()> {
    with_messages(root, crate::database::build("PRAGMA user_version = 1;", |_| Ok(()))?)
}

fn page_corrupt(root: &Path) -> Result<()> {
    let mut bytes = messages(|db| {
        for index in 0..60 {
            say(
                db,
                &format!("FILL-{index}"),
                &[("text", &"words that fill a page, so that the table becomes a tree")],
            )?;
        }
        Ok(())
    })?;
    // The page that holds the message in the middle.
    let marker = b"FILL-30";
    if let Some(place) = bytes.windows(marker.len()).position(|window| window == marker) {
        put(&mut bytes, place / 512 * 512, &[0x5a; 512]);
    }
    with_messages(root, bytes)
}

/// The only text of 61 bytes gets a type that claims two gigabytes; the rest of the header takes the blame.
fn blob_claim(root: &Path) -> Result<()> {
    let text = "a text whose length will be changed into two gigabytes, so it";
    let mut bytes = messages(|db| say(db, "CLAIM", &[("text", &text)]).map(|_| ()))?;
    // Types of the columns: row id, guid of 5 bytes, text of 61 bytes.
    let header = [0x00, 0x17, 0x81, 0x07];
    if let Some(place) = bytes.windows(header.len()).position(|window| window == header) {
        put(&mut bytes, place + 2, &[0x90, 0x80, 0x80, 0x80, 0x01]);
    }
    with_messages(root, bytes)
}

fn types(root: &Path) -> Result<()> {
    with(root, |db| {
        let blob: &[u8] = &[0xff, 0x00, 0x5a];
        say(db, "TYPES-1", &[("text", &blob), ("date", &"yesterday"), ("handle_id", &"one"), ("is_from_me", &"yes")])?;
        say(db, "TYPES-2", &[("text", &7), ("date", &0.5), ("attributedBody", &"text"), ("subject", &blob)])?;
        say(db, "TYPES-3", &[("text", &f64::INFINITY), ("item_type", &"x"), ("service", &7)])?;
        db.execute("UPDATE message SET guid = x'ff' WHERE guid = 'TYPES-3'", [])?;
        db.execute("UPDATE chat SET style = 'x', display_name = x'00ff', properties = 'text'", [])?;
        Ok(())
    })
}

fn not_utf8(root: &Path) -> Result<()> {
    with(root, |db| {
        say(db, "UTF-1", &[("text", &"x")])?;
        say(db, "UTF-2", &[("text", &"x")])?;
        db.execute_batch(
            "UPDATE message SET text = CAST(x'6869ff20c328' AS TEXT) WHERE guid = 'UTF-1';
             UPDATE message SET text = CAST(x'eda080edb080' AS TEXT), subject = CAST(x'00' AS TEXT) WHERE guid = 'UTF-2';
             UPDATE chat SET display_name = CAST(x'fffe' AS TEXT);",
        )?;
        Ok(())
    })
}

fn dates(root: &Path) -> Result<()> {
    with(root, |db| {
        for (index, date) in [i64::MIN, i64::MAX, -1, 0, 1, 999_999_999_999, 1_000_000_000_000].iter().enumerate() {
            say(db, &format!("DATE-{index}"), &[("text", &date), ("date", date), ("date_read", date)])?;
        }
        Ok(())
    })
}

fn orphans(root: &Path) -> Result<()> {
    with(root, |db| {
        say(db, "ORPHAN-1", &[("text", &"from nobody"), ("handle_id", &999)])?;
        say(db, "ORPHAN-2", &[("text", &"from less than nobody"), ("handle_id", &i64::MIN)])?;
        db.execute_batch(
            "INSERT INTO chat_message_join VALUES (77, 1), (1, 7777), (88, 8888);
             INSERT INTO message_attachment_join VALUES (1, 55), (66, 66);
             INSERT INTO chat_handle_join VALUES (1, 99), (99, 1);",
        )?;
        Ok(())
    })
}

fn cycles(root: &Path) -> Result<()> {
    with(root, |db| {
        db.execute_batch(
            "ALTER TABLE message ADD COLUMN thread_originator_guid TEXT; ALTER TABLE message ADD COLUMN reply_to_guid TEXT;
             ALTER TABLE message ADD COLUMN associated_message_guid TEXT;
             ALTER TABLE message ADD COLUMN associated_message_type INTEGER DEFAULT 0;",
        )?;
        for (guid, other) in [("RING-1", "RING-2"), ("RING-2", "RING-1"), ("RING-3", "RING-3")] {
            say(db, guid, &[("text", &guid), ("thread_originator_guid", &other), ("reply_to_guid", &other)])?;
        }
        for (guid, other) in [("TAP-1", "p:0/TAP-2"), ("TAP-2", "bp:TAP-1"), ("TAP-3", "p:-1/TAP-3"), ("TAP-4", "p:/")]
        {
            say(db, guid, &[("text", &guid), ("associated_message_guid", &other), ("associated_message_type", &2000)])?;
        }
        Ok(())
    })
}

fn many_chats(root: &Path) -> Result<()> {
    with(root, |db| {
        for index in 0..500 {
            let row: [(&str, &dyn ToSql); 3] =
                [("guid", &format!("MANY-{index}")), ("style", &43), ("display_name", &"Same name")];
            let chat = insert(db, "chat", &row)?;
            insert(db, "chat_message_join", &[("chat_id", &chat), ("message_id", &1)])?;
        }
        Ok(())
    })
}

fn typedstreams(root: &Path) -> Result<()> {
    let head = b"\x04\x0bstreamtyped\x81\xe8\x03";
    let object = b"\x84\x84\x84\x08NSObject\x00\x85";
    let bodies: Vec<Vec<u8>> = vec![
        // Each object holds the next.
        [&head[..], b"\x84\x01@", object, &b"\x92\x84\x93".repeat(3000)].concat(),
        [&head[..], b"\x84\x01@", &object[..4], b"\x82\xff\xff\xff\x7fx"].concat(),
        [&head[..], b"\x84\x0d[2147483647i]\x01\x02"].concat(),
        [&head[..], b"\x84\x0c[[9999[9999c"].concat(),
        [&head[..], &[0x84, 0x81, 0x00, 0x20], &[b'{'; 0x2000]].concat(),
        [&head[..], &[0x84, 0x81, 0x00, 0x20], &[b'@'; 0x2000], &[0x85; 0x2000]].concat(),
        [&head[..], b"\x84\x01@\x84\x92\x92\x93\x92\xff\xfe"].concat(),
        [&head[..], b"\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x93\x92\x92"].concat(),
        head.to_vec(),
        b"\x04\x0bstreamtyped".to_vec(),
        vec![0x84; 4000],
        b"bplist00 not a typed stream".to_vec(),
    ];
    with(root, |db| {
        for (index, body) in bodies.iter().enumerate() {
            say(db, &format!("BODY-{index}"), &[("text", &format!("text {index}")), ("attributedBody", body)])?;
            say(db, &format!("ONLY-{index}"), &[("attributedBody", body)])?;
        }
        Ok(())
    })
}

fn plists(root: &Path) -> Result<()> {
    let bombs = [
        bplist::laughs(),
        bplist::cycle(),
        bplist::claims(),
        bplist::deep(500),
        bplist::huge_table(),
        bplist::no_width(),
        bplist::odd_keys(),
        vec![0x5a; 64],
    ];
    with(root, |db| {
        db.execute_batch(
            "ALTER TABLE message ADD COLUMN payload_data BLOB; ALTER TABLE message ADD COLUMN balloon_bundle_id TEXT;
             ALTER TABLE message ADD COLUMN message_summary_info BLOB; ALTER TABLE message ADD COLUMN date_edited INTEGER;",
        )?;
        for (index, bomb) in bombs.iter().enumerate() {
            let link = "com.apple.messages.URLBalloonProvider";
            say(
                db,
                &format!("BOMB-{index}"),
                &[
                    ("text", &format!("bomb {index}")),
                    ("payload_data", bomb),
                    ("balloon_bundle_id", &link),
                    ("message_summary_info", bomb),
                    ("date_edited", &1),
                ],
            )?;
            db.execute("UPDATE chat SET properties = ?", [bomb])?;
        }
        Ok(())
    })
}

/// What means something to pages, tables, templates or terminals.
pub(super) const NASTY: [&str; 12] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "'-alert(1)-'",
    "</title></style></textarea><script>alert(1)</script>",
    "javascript:alert(1)",
    "<a href=\"javascript:alert(1)\">click</a>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "=cmd|' /C calc'!A0",
    "\u{1b}[2J\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}31m",
    "\u{202e}txt.exe \u{2066}\u{feff}\0end",
    "]]><!--<![CDATA[",
];

fn html(root: &Path) -> Result<()> {
    with(root, |db| {
        for (index, text) in NASTY.iter().enumerate() {
            say(db, &format!("HTML-{index}-{text}"), &[("text", text), ("subject", text), ("service", text)])?;
            let handle = insert(db, "handle", &[("id", text), ("service", &"iMessage")])?;
            insert(db, "chat_handle_join", &[("chat_id", &1), ("handle_id", &handle)])?;
            let attachment: [(&str, &dyn ToSql); 4] =
                [("guid", text), ("transfer_name", text), ("mime_type", text), ("filename", text)];
            let attachment = insert(db, "attachment", &attachment)?;
            insert(db, "message_attachment_join", &[("message_id", &1), ("attachment_id", &attachment)])?;
        }
        db.execute("UPDATE chat SET display_name = ?1, service_name = ?1", [NASTY.concat()])?;
        Ok(())
    })
}

fn chat_names(root: &Path) -> Result<()> {
    let long = "long ".repeat(2000);
    let names = [
        "../../../escaped",
        "/tmp/corer-escaped",
        "C:\\escaped",
        "CON",
        "NUL.",
        "..",
        ".",
        "",
        " ",
        "a/b\\c:d",
        &long,
        "\0",
        "index.html",
        "same",
        "Same",
        "SAME",
    ];
    with(root, |db| {
        for (index, name) in names.iter().enumerate() {
            let row: [(&str, &dyn ToSql); 4] =
                [("guid", name), ("style", &43), ("display_name", name), ("chat_identifier", name)];
            let chat = insert(db, "chat", &row)?;
            let row: [(&str, &dyn ToSql); 3] =
                [("guid", &format!("NAME-{index}")), ("text", name), ("date", &(480_001_000 + index as i64))];
            let message = insert(db, "message", &row)?;
            insert(db, "chat_message_join", &[("chat_id", &chat), ("message_id", &message)])?;
        }
        Ok(())
    })
}

fn attachments(root: &Path) -> Result<()> {
    let paths = [
        "~/Library/SMS/Attachments/../../../../../../etc/passwd",
        "/etc/passwd",
        "~/../../../etc/passwd",
        "/var/mobile/Library/SMS/../../../../etc/passwd",
        "~/Library/SMS/sms.db",
        "~/Library/SMS/Attachments/ok/<img src=x onerror=alert(1)>.jpg",
        "~/Library/SMS/Attachments/ok/CON.txt",
        "~/Library/SMS/Attachments/ok/evil.html",
        "~/Library/SMS/Attachments/ok/evil.svg",
        "file:///etc/passwd",
        "",
        "~",
        "~/Library/SMS/Attachments/ok/nul\0byte.jpg",
    ];
    let database = messages(|db| {
        for (index, path) in paths.iter().enumerate() {
            let name = path.rsplit('/').next().unwrap_or_default();
            let row: [(&str, &dyn ToSql); 5] = [
                ("guid", &format!("FILE-{index}")),
                ("filename", path),
                ("transfer_name", &format!("../../{name}")),
                ("mime_type", &"text/html"),
                ("total_bytes", &i64::MAX),
            ];
            let attachment = insert(db, "attachment", &row)?;
            let message = say(db, &format!("WITH-{index}"), &[("text", &"\u{fffc}\u{fffc}")])?;
            insert(db, "message_attachment_join", &[("message_id", &message), ("attachment_id", &attachment)])?;
        }
        Ok(())
    })?;
    let mut backup = plain()?;
    backup.retain(|record| !record.path.ends_with("sms.db"));
    backup.file(HOME, "Library/SMS/sms.db", database);
    let script = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for name in ["<img src=x onerror=alert(1)>.jpg", "CON.txt", "evil.html", "evil.svg"] {
        backup.file("MediaDomain", &format!("Library/SMS/Attachments/ok/{name}"), script);
    }
    backup.write(root)
}

fn with_log(root: &Path, spoil: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    let mut old = messages(|_| Ok(()))?;
    let mut new = messages(|db| say(db, "LATER", &[("text", &"only in the log")]).map(|_| ()))?;
    wal::mark(&mut old);
    wal::mark(&mut new);
    let mut log = wal::between(&old, &new, 512);
    spoil(&mut log);
    let mut backup = plain()?;
    backup.retain(|record| !record.path.ends_with("sms.db"));
    backup.file(HOME, "Library/SMS/sms.db", old);
    backup.file(HOME, "Library/SMS/sms.db-wal", log);
    backup.write(root)
}

fn wal_checksums(root: &Path) -> Result<()> {
    with_log(root, |log| put(log, 48, &[0xff; 8]))
}

fn wal_noise(root: &Path) -> Result<()> {
    with_log(root, |log| *log = vec![0x5a; 5000])
}

fn wal_sizes(root: &Path) -> Result<()> {
    with_log(root, |log| {
        put(log, 8, &65_536u32.to_be_bytes());
        put(log, 36, &i32::MAX.to_be_bytes());
    })
}
