//! Address books and call histories that hold what strangers type, or nothing that makes sense.

use std::path::Path;

use rusqlite::{Connection, params};

use super::base::{HOME, plain};
use super::conversations::NASTY;
use super::{ODD_MESSAGES, Row};
use crate::database;
use crate::error::Result;
use crate::life::{calls, contacts};

pub(super) const CRAFTED: &[Row] = &[
    (
        "people-text",
        "markup, formulas, line ends, escapes and `BEGIN:VCARD` in every text of contacts and calls",
        ODD_MESSAGES,
        |root| with(root, text, no_pictures, call_text),
    ),
    (
        "people-types",
        "every column of contacts, pictures and calls has a value of the wrong type",
        ODD_MESSAGES,
        |root| with(root, |db| Ok(db.execute_batch(TYPES)?), |db| Ok(db.execute_batch(PICTURE_TYPES)?), call_types),
    ),
    (
        "people-rings",
        "groups and links in rings, values of nobody, labels and handles that do not exist",
        ODD_MESSAGES,
        |root| with(root, |db| Ok(db.execute_batch(RINGS)?), no_pictures, |db| Ok(db.execute_batch(CALL_RINGS)?)),
    ),
    (
        "people-ends",
        "days, dates, durations and crops at both ends of their range; pictures that are none",
        ODD_MESSAGES,
        |root| with(root, |db| Ok(db.execute_batch(ENDS)?), pictures, |db| Ok(db.execute_batch(CALL_ENDS)?)),
    ),
    ("people-views", "contacts, their values and calls are views without end", ODD_MESSAGES, |root| {
        with(root, |db| Ok(db.execute_batch(VIEWS)?), no_pictures, |db| Ok(db.execute_batch(CALL_VIEW)?))
    }),
];

/// The tables that readers ask for.
const TABLES: [&str; 12] = [
    "ABPerson",
    "ABMultiValue",
    "ABMultiValueLabel",
    "ABMultiValueEntry",
    "ABMultiValueEntryKey",
    "ABPersonLink",
    "ABGroup",
    "ABGroupMembers",
    "ABStore",
    "ZCALLRECORD",
    "ZHANDLE",
    "Z_2REMOTEPARTICIPANTHANDLES",
];

const GOOD_PERSON: &str = "INSERT INTO ABPerson (ROWID, First, guid) VALUES (1, 'Good', 'good');
INSERT INTO ABMultiValue (record_id, property, value, guid) VALUES (1, 3, '+14155550134', 'good');";
const GOOD_CALL: &str = "INSERT INTO ZCALLRECORD (Z_PK, ZADDRESS, ZDATE, ZDURATION, ZANSWERED, ZCALLTYPE)
VALUES (1, x'2b3134313535353530313334', 480000000, 60, 1, 1);";

const TYPES: &str = "INSERT INTO ABPerson (ROWID, First, Last, Note, Birthday, CreationDate, StoreID, PersonLink, Kind, guid)
VALUES (2, x'ff00', 7, 0.5, x'5a', 'yesterday', 'one', 'two', x'', 'types'), (3, 1e999, x'', -1, 'never', x'00', 0.5, 0.5, 'x', 7);
INSERT INTO ABMultiValue (record_id, property, label, value, guid) VALUES (2, 3, 'x', 7, 1), (2, 'three', 1, 'x', 2),
(2, 5, 1, x'ff', 3), ('two', 4, 0.5, 'x', 4), (2, 12, NULL, 'x', 5), (2, 46, 1, 0.5, 6);
INSERT INTO ABMultiValueEntry VALUES (3, 'x', x'ff'), ('x', 1, 7), (3, 1, 0.5);
INSERT INTO ABMultiValueEntryKey VALUES (x'ff'), (7);
INSERT INTO ABMultiValueLabel VALUES (x'ff'), (7);
INSERT INTO ABGroup (ROWID, Name, guid) VALUES (1, x'ff', 1), (2, 7, 2);
INSERT INTO ABGroupMembers VALUES (1, 1, 'x', 2), (2, 'x', 0, 0.5), (3, 2, 0, x'02');";
const PICTURE_TYPES: &str =
    "INSERT INTO ABFullSizeImage VALUES (1, 1, 'x', x'ff', 0.5, 'text'), (2, 'two', 0, 0, 0, 7);
INSERT INTO ABThumbnailImage VALUES (1, 1, 'x', 'x', 0.5), (2, 2, x'ff', 1, NULL);";

const RINGS: &str = "INSERT INTO ABGroup (ROWID, Name, guid) VALUES (1, 'one', 1), (2, 'two', 2), (3, 'self', 3);
INSERT INTO ABGroupMembers VALUES (1, 1, 1, 2), (2, 2, 1, 1), (3, 3, 1, 3), (4, 1, 0, 1), (5, 9, 0, 1), (6, 1, 0, 99);
INSERT INTO ABPersonLink VALUES (1, 2, 3, 'a'), (2, 99, -1, 'b');
INSERT INTO ABPerson (ROWID, First, PersonLink, StoreID, guid) VALUES (2, 'a', 1, 99, 'c'), (3, 'b', 1, -1, 'd'), (4, 'c', 7, 0, 'e'),
(-5, 'negative', 2, 1, 'f'), (9223372036854775807, 'last', 2, 1, 'g');
INSERT INTO ABMultiValue (UID, record_id, property, label, value, guid) VALUES (10, 99, 3, 99, 'of nobody', 1), (11, 2, 5, -1, NULL, 2),
(12, 3, 3, 9223372036854775807, '+14155550134', 3), (-1, 3, -3, 1, 'x', 4);
INSERT INTO ABMultiValueEntry VALUES (11, 99, 'no such part'), (98, 1, 'of no value'), (11, -1, 'x');";
const CALL_RINGS: &str =
    "INSERT INTO ZCALLRECORD (Z_PK, ZADDRESS, ZDATE) VALUES (2, NULL, 480000001), (-3, x'', 480000002);
INSERT INTO ZHANDLE (Z_PK, ZVALUE) VALUES (1, '+14155550134'), (2, NULL);
INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES (1, 1), (1, 2), (1, 99), (99, 1), (2, 2), (-3, 1);";

const ENDS: &str = "INSERT INTO ABPerson (ROWID, First, Birthday, CreationDate, ModificationDate, guid) VALUES
(2, 'a', '9223372036854775807', 9223372036854775807, -9223372036854775808, 2), (3, 'b', '-1e300', -9223372036854775807, 0, 3),
(4, 'c', 'nan', 1e999, -1e999, 4), (5, '', '', 0, 0, 5), (6, '   ', '-12500000000.0', 1, 1, 6);
INSERT INTO ABMultiValue (record_id, property, value, guid) VALUES (2, 12, '1e400', 1), (3, 12, '-62135596800', 2), (4, 3, '', 3);";
const CALL_ENDS: &str =
    "INSERT INTO ZCALLRECORD (Z_PK, ZADDRESS, ZDATE, ZDURATION, ZCALLTYPE) VALUES (2, x'31', 1e300, 1e300, 99),
(3, x'32', -1e300, -1, -9223372036854775808), (4, x'33', 9223372036854775807, 9223372036854775807, 1),
(5, x'34', NULL, 1e-300, NULL), (6, x'35', -1e999, 1e999, 8);";

const VIEWS: &str = "ALTER TABLE ABPerson RENAME TO people; ALTER TABLE ABMultiValue RENAME TO vals;
CREATE VIEW ABPerson AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS ROWID, 'x' || n AS First FROM r;
CREATE VIEW ABMultiValue AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
SELECT n AS UID, 1 AS record_id, 3 AS property, 'x' || n AS value FROM r;";
const CALL_VIEW: &str = "ALTER TABLE ZCALLRECORD RENAME TO real; CREATE VIEW ZCALLRECORD AS
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS Z_PK, 'x' || n AS ZADDRESS, n AS ZDATE FROM r;";

/// A backup whose address book, pictures and call history hold one good record each and what is added here.
fn with(root: &Path, book: Change, pictures: Change, history: Change) -> Result<()> {
    let mut backup = plain()?;
    let mut add = |path: &str, schema: &str, good: &str, change: Change| -> Result<()> {
        let wanted = |line: &&str| TABLES.iter().any(|table| line.starts_with(&format!("CREATE TABLE {table} ")));
        let tables: Vec<&str> = schema.lines().filter(wanted).collect();
        let schema = if tables.is_empty() { schema.to_owned() } else { tables.join("\n") };
        let bytes = database::build(&schema, |db| {
            db.execute_batch(good)?;
            change(db)
        })?;
        backup.file(HOME, path, bytes);
        Ok(())
    };
    add(contacts::PATH, contacts::IOS_18, GOOD_PERSON, book)?;
    add(contacts::IMAGES_PATH, contacts::IMAGES, "", pictures)?;
    add(calls::PATH, calls::IOS_18, GOOD_CALL, history)?;
    backup.write(root)
}

type Change = fn(&Connection) -> Result<()>;

fn no_pictures(_: &Connection) -> Result<()> {
    Ok(())
}

/// Texts that mean something in cards, tables, pages or terminals.
fn texts() -> impl Iterator<Item = String> {
    let lines = [
        "\r\nTEL:+666\r\n",
        "a\nEND:VCARD\nBEGIN:VCARD\nFN:b",
        "\u{2028}X-A:b\u{85}\u{b}",
        "=0D=0A;,:\\n",
        "../../CON",
        "@x\tb",
    ];
    let long = ["é🎈".repeat(400), String::new(), " ".to_owned()];
    NASTY.into_iter().chain(lines).map(str::to_owned).chain(long)
}

fn text(db: &Connection) -> Result<()> {
    for (id, text) in (2_i64..).zip(texts()) {
        db.execute(
            "INSERT INTO ABPerson (ROWID, First, Last, Prefix, Nickname, Organization, Department, JobTitle, Note, Birthday, guid) \
             VALUES (?1, ?2, ?2, ?2, ?2, ?2, ?2, ?2, ?2, ?2, ?1 || ?2)",
            params![id, text],
        )?;
        db.execute("INSERT OR IGNORE INTO ABMultiValueLabel VALUES (?)", [&text])?;
        for property in [3, 4, 12, 22, 23, 99] {
            db.execute(
                "INSERT INTO ABMultiValue (record_id, property, label, value, guid) VALUES (?1, ?2, ?1 - 1, ?3, ?1 || '-' || ?2)",
                params![id, property, text],
            )?;
        }
        db.execute("INSERT INTO ABGroup (ROWID, Name, guid) VALUES (?1, ?2, ?1)", params![id, text])?;
        db.execute("INSERT INTO ABGroupMembers (group_id, member_type, member_id) VALUES (?1, 0, ?1)", [id])?;
    }
    Ok(())
}

fn call_text(db: &Connection) -> Result<()> {
    for (id, text) in (2_i64..).zip(texts()) {
        db.execute(
            "INSERT INTO ZCALLRECORD (Z_PK, ZADDRESS, ZDATE, ZDURATION, ZCALLTYPE, ZISO_COUNTRY_CODE, ZLOCATION, ZNAME, \
             ZSERVICE_PROVIDER, ZUNIQUE_ID, ZJUNKIDENTIFICATIONCATEGORY) VALUES (?1, ?2, 480000000 + ?1, 1, 0, ?3, ?3, ?3, ?3, ?3, ?3)",
            params![id, text.as_bytes(), text],
        )?;
    }
    Ok(())
}

/// Every column of a call is bytes that are no text, then a number, then a text.
fn call_types(db: &Connection) -> Result<()> {
    let columns: Vec<String> = database::columns(db, "ZCALLRECORD")?.into_iter().skip(1).collect();
    for value in ["x'ff00'", "0.5", "'text'", "-7"] {
        let values = vec![value; columns.len()].join(",");
        db.execute(&format!("INSERT INTO ZCALLRECORD ({}) VALUES ({values})", columns.join(",")), [])?;
    }
    Ok(db.execute_batch("INSERT INTO ZHANDLE VALUES (1, 'x', 'x', 'x', x'ff', 7); INSERT INTO Z_2REMOTEPARTICIPANTHANDLES VALUES ('x', 1), (1, 1);")?)
}

/// Pictures with the beginning of one and nothing else, with none, and with crops that lead out.
fn pictures(db: &Connection) -> Result<()> {
    let begun: [&[u8]; 5] =
        [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftypheic", b"<svg onload=alert(1)>", b""];
    for (id, bytes) in (1_i64..).zip(begun) {
        db.execute(
            "INSERT INTO ABFullSizeImage VALUES (NULL, ?1, ?2, ?2, ?3, ?4)",
            params![id, i64::MIN, i64::MAX, bytes],
        )?;
    }
    Ok(())
}
