//! `Manifest.db` that is a view, a bomb, a lie or noise.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::base::{HOME, edit_bytes, encrypted, plain, put};
use super::{Codes, NO_MANIFEST, PART_OF_MANIFEST, Row, SOME_BAD, UNSAFE_NAMES, WHOLE};
use crate::database::settle_header;
use crate::error::Result;

pub(super) const CRAFTED: &[Row] = &[
    ("db-view-infinite", "`Files` is a view without end", NO_MANIFEST, |root| sql(root, VIEW_INFINITE)),
    ("db-view-product", "`Files` is a view of 10^18 rows", NO_MANIFEST, |root| sql(root, VIEW_PRODUCT)),
    ("db-triggers", "triggers that would delete every row", WHOLE, |root| sql(root, TRIGGERS)),
    ("db-no-table", "there is no table `Files`", NO_MANIFEST, |root| sql(root, "DROP TABLE Files;")),
    ("db-no-columns", "`Files` lacks columns", NO_MANIFEST, |root| sql(root, NO_COLUMNS)),
    ("db-more-columns", "`Files` has more columns, in another order", WHOLE, |root| sql(root, MORE_COLUMNS)),
    ("db-types", "every column of a row has the wrong type", ROWS, |root| sql(root, TYPES)),
    ("db-without-rowid", "`Files` is WITHOUT ROWID", PART_OF_MANIFEST, |root| sql(root, WITHOUT_ROWID)),
    ("db-no-key", "rows that are there twice", UNSAFE_NAMES, |root| sql(root, TWICE)),
    ("db-generated", "column `file` computes a gigabyte for each row", PART_OF_MANIFEST, |root| sql(root, GENERATED)),
    ("db-virtual", "`Files` is a virtual table of an unknown module", NO_MANIFEST, |root| schema(root, VIRTUAL)),
    ("db-collation", "columns of an unknown collation", PART_OF_MANIFEST, |root| schema(root, COLLATION)),
    ("db-schema-noise", "the schema is no SQL", NO_MANIFEST, |root| schema(root, NOISE)),
    ("db-utf16", "the database is in UTF-16", WHOLE, utf16),
    ("db-page-corrupt", "a page of `Files` is noise", PART_OF_MANIFEST, page_corrupt),
    ("db-tree-loop", "a page of `Files` is its own child", PART_OF_MANIFEST, tree_loop),
    ("db-freelist-loop", "the list of free pages is a ring", PART_OF_MANIFEST, freelist_loop),
    ("db-blob-claim", "a record claims to be two gigabytes long", PART_OF_MANIFEST, blob_claim),
    ("db-empty", "no bytes", NO_MANIFEST, |root| replace(root, b"")),
    ("db-header-only", "a header and nothing else", NO_MANIFEST, |root| bytes(root, |db| db.truncate(100))),
    ("db-truncated", "half of the file is gone", PART_OF_MANIFEST, |root| bytes(root, |db| db.truncate(db.len() / 2))),
    ("db-text", "text in place of a database", NO_MANIFEST, |root| {
        replace(root, b"This is not the file you are looking for.\n")
    }),
    ("db-noise", "the magic words, then noise", NO_MANIFEST, noise),
    ("db-page-size", "the header claims pages of 64 KiB", PART_OF_MANIFEST, |root| {
        bytes(root, |db| put(db, 16, &[0, 1]))
    }),
    ("db-page-size-odd", "the header claims pages of 7 bytes", NO_MANIFEST, |root| {
        bytes(root, |db| put(db, 16, &[0, 7]))
    }),
    ("db-reserved", "the header reserves the whole of each page", NO_MANIFEST, |root| {
        bytes(root, |db| put(db, 20, &[255]))
    }),
    ("db-encoding", "the header claims an encoding that does not exist", PART_OF_MANIFEST, |root| {
        bytes(root, |db| put(db, 56, &[0, 0, 0, 9]))
    }),
    ("db-wal", "a log of noise and a hot journal lie beside the database", PART_OF_MANIFEST, beside),
    ("db-encrypted-cut", "encrypted; the manifest ends within a block", PART_OF_MANIFEST, |root| {
        encrypted_bytes(root, |db| db.truncate(db.len() - 7))
    }),
    ("db-encrypted-half", "encrypted; half of the manifest is gone", PART_OF_MANIFEST, |root| {
        encrypted_bytes(root, |db| db.truncate(db.len() / 2))
    }),
    ("db-encrypted-noise", "encrypted; the manifest decrypts to noise", NO_MANIFEST, |root| {
        encrypted_bytes(root, |db| db.fill(0x5a))
    }),
    ("db-encrypted-empty", "encrypted; the manifest has no bytes", NO_MANIFEST, |root| {
        encrypted_bytes(root, Vec::clear)
    }),
    ("db-rows-bad", "twenty rows, every second one unreadable in its own way", SOME_BAD, rows_bad),
    ("db-missing", "the property lists are there, the manifest is not", MISSING, |root| {
        plain()?.write(root)?;
        Ok(fs::remove_file(root.join("Manifest.db"))?)
    }),
];

const ROWS: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };
const MISSING: Codes =
    Codes { info: "0|1|3|10|15", get: "1|3|10|15", verify: "1|5|10|15", messages: "1|3|10|15", keeps_good: false };

const VIEW_INFINITE: &str = "ALTER TABLE Files RENAME TO Real;
CREATE VIEW Files AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
SELECT printf('%040x', n) AS fileID, 'HomeDomain' AS domain, 'x' || n AS relativePath, 1 AS flags, x'' AS file FROM r;";

const VIEW_PRODUCT: &str = "ALTER TABLE Files RENAME TO Real;
CREATE TABLE t (x); INSERT INTO t WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 1000) SELECT 1 FROM r;
CREATE VIEW Files AS SELECT printf('%040x', a.rowid) AS fileID, 'HomeDomain' AS domain, a.x AS relativePath, 1 AS flags,
x'' AS file FROM t a, t b, t c, t d, t e, t f ORDER BY random();";

const TRIGGERS: &str = "CREATE TRIGGER a AFTER INSERT ON Files BEGIN DELETE FROM Files; END;
CREATE TRIGGER b AFTER UPDATE ON Files BEGIN DELETE FROM Files; END;
CREATE TRIGGER c AFTER DELETE ON Properties BEGIN SELECT load_extension('/tmp/evil.so'); END;";

const NO_COLUMNS: &str = "DROP TABLE Files; CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT);
INSERT INTO Files VALUES ('0000000000000000000000000000000000000000', 'HomeDomain');";

const MORE_COLUMNS: &str = "ALTER TABLE Files RENAME TO Old;
CREATE TABLE Files (newest BLOB, file BLOB, flags INTEGER, relativePath TEXT, domain TEXT, fileID TEXT PRIMARY KEY, more);
INSERT INTO Files SELECT zeroblob(9), file, flags, relativePath, domain, fileID, 0.5 FROM Old; DROP TABLE Old;";

const TYPES: &str = "INSERT INTO Files VALUES ('00000000000000000000000000000000000000a1', 7, x'ff00', 'one', 'text');
INSERT INTO Files VALUES ('00000000000000000000000000000000000000a2', x'c328', 0.5, NULL, 12);
INSERT INTO Files VALUES ('00000000000000000000000000000000000000a3', NULL, NULL, -1, NULL);
INSERT INTO Files VALUES ('00000000000000000000000000000000000000a4', '', '', 9223372036854775807, x'');";

const WITHOUT_ROWID: &str = "ALTER TABLE Files RENAME TO Old;
CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB) WITHOUT ROWID;
INSERT INTO Files SELECT * FROM Old; DROP TABLE Old;";

const TWICE: &str = "ALTER TABLE Files RENAME TO Old;
CREATE TABLE Files (fileID TEXT, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
INSERT INTO Files SELECT * FROM Old; INSERT INTO Files SELECT * FROM Old; DROP TABLE Old;";

const GENERATED: &str = "ALTER TABLE Files RENAME TO Old;
CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB AS (zeroblob(1000000000)));
INSERT INTO Files SELECT fileID, domain, relativePath, flags FROM Old; DROP TABLE Old;";

const VIRTUAL: &str =
    "UPDATE sqlite_master SET sql = 'CREATE VIRTUAL TABLE Files USING evil(x)', rootpage = 0 WHERE name = 'Files';
DELETE FROM sqlite_master WHERE type = 'index' AND tbl_name = 'Files';";

const COLLATION: &str =
    "UPDATE sqlite_master SET sql = replace(sql, 'domain TEXT', 'domain TEXT COLLATE evil') WHERE name = 'Files';";

const NOISE: &str = "UPDATE sqlite_master SET sql = 'CREATE TABLE Files (((((' WHERE name = 'Files';";

/// Runs SQL on the manifest of a plain backup.
fn sql(root: &Path, statements: &str) -> Result<()> {
    plain()?.write(root)?;
    run(root, statements)
}

/// Runs SQL that may change the schema itself.
fn schema(root: &Path, statements: &str) -> Result<()> {
    sql(root, &format!("PRAGMA writable_schema=ON; {statements} PRAGMA writable_schema=OFF;"))
}

fn run(root: &Path, statements: &str) -> Result<()> {
    let path = root.join("Manifest.db");
    let db = Connection::open(&path)?;
    db.execute_batch("PRAGMA journal_mode=OFF; PRAGMA legacy_alter_table=ON;")?;
    db.execute_batch(statements)?;
    db.close().map_err(|(_, error)| error)?;
    settle_header(&path)
}

fn bytes(root: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    plain()?.write(root)?;
    edit_bytes(&root.join("Manifest.db"), change)
}

fn encrypted_bytes(root: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    encrypted()?.write(root)?;
    edit_bytes(&root.join("Manifest.db"), change)
}

fn replace(root: &Path, new: &[u8]) -> Result<()> {
    bytes(root, |db| *db = new.to_vec())
}

fn noise(root: &Path) -> Result<()> {
    bytes(root, |db| {
        for (index, byte) in db.iter_mut().enumerate().skip(100) {
            *byte = ((index as u32).wrapping_mul(2_654_435_761) >> 24) as u8;
        }
    })
}

fn utf16(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    let (from, to) = (root.join("Manifest.db"), root.join("Manifest.new"));
    let db = Connection::open(&to)?;
    db.execute_batch(
        "PRAGMA page_size=512; PRAGMA encoding='UTF-16le'; PRAGMA journal_mode=OFF; PRAGMA user_version=2;",
    )?;
    db.execute_batch(
        "CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
         CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);",
    )?;
    let old = Connection::open(&from)?;
    let mut rows = old.prepare("SELECT fileID, domain, relativePath, flags, file FROM Files")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let values: Vec<rusqlite::types::Value> =
            (0..5).map(|column| row.get(column)).collect::<rusqlite::Result<_>>()?;
        db.execute("INSERT INTO Files VALUES (?, ?, ?, ?, ?)", rusqlite::params_from_iter(values))?;
    }
    db.close().map_err(|(_, error)| error)?;
    fs::rename(&to, &from)?;
    settle_header(&from)
}

/// A manifest of many rows, so that its table is a tree, and the number of the tree's root page.
fn many_rows(root: &Path) -> Result<usize> {
    let mut backup = plain()?;
    for index in 0..40 {
        backup.file(HOME, &format!("row {index}.txt"), "x");
    }
    backup.write(root)?;
    let db = Connection::open(root.join("Manifest.db"))?;
    let page: i64 = db.query_row("SELECT rootpage FROM sqlite_master WHERE name = 'Files'", [], |row| row.get(0))?;
    Ok(page as usize)
}

const PAGE: usize = crate::database::SMALL_PAGE as usize;

/// The first child of an interior page: the cell that the first pointer leads to begins with its number.
fn first_child(db: &[u8], page: usize) -> usize {
    let start = (page - 1) * PAGE;
    let read = |at: usize, length: usize| {
        db.get(at..at + length).unwrap_or_default().iter().fold(0usize, |number, byte| number << 8 | usize::from(*byte))
    };
    read(start + read(start + 12, 2), 4)
}

fn page_corrupt(root: &Path) -> Result<()> {
    let page = many_rows(root)?;
    edit_bytes(&root.join("Manifest.db"), |db| {
        let child = first_child(db, page);
        put(db, (child - 1) * PAGE, &[0x5a; PAGE]);
    })
}

fn tree_loop(root: &Path) -> Result<()> {
    let page = many_rows(root)?;
    edit_bytes(&root.join("Manifest.db"), |db| put(db, (page - 1) * PAGE + 8, &(page as u32).to_be_bytes()))
}

fn freelist_loop(root: &Path) -> Result<()> {
    bytes(root, |db| {
        let pages = (db.len() / PAGE) as u32 + 1;
        db.extend(pages.to_be_bytes());
        db.extend([0; PAGE - 4]);
        put(db, 28, &pages.to_be_bytes());
        put(db, 32, &[pages.to_be_bytes(), 1u32.to_be_bytes()].concat());
    })
}

/// The header of a record is rewritten so that its last column claims (2^32 - 12) / 2 bytes.
fn blob_claim(root: &Path) -> Result<()> {
    sql(
        root,
        "INSERT INTO Files VALUES ('00000000000000000000000000000000000000b1', 'HomeDomain', 'huge', 1, zeroblob(300));",
    )?;
    edit_bytes(&root.join("Manifest.db"), |db| {
        let header = [0x07, 0x5d, 0x21, 0x15, 0x09, 0x84, 0x64];
        if let Some(place) = db.windows(header.len()).position(|window| window == header) {
            put(db, place, &[0x0a, 0x5d, 0x21, 0x15, 0x09, 0x90, 0x80, 0x80, 0x80, 0x00]);
        }
    })
}

fn beside(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    let mut log = 0x377f_0682u32.to_be_bytes().to_vec();
    log.extend(3_007_000u32.to_be_bytes());
    log.extend([0x5a; 4096]);
    fs::write(root.join("Manifest.db-wal"), log)?;
    let mut journal = vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, 0xff, 0xff, 0xff, 0xff];
    journal.extend([0x5a; 2048]);
    Ok(fs::write(root.join("Manifest.db-journal"), journal)?)
}

fn rows_bad(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    for index in 0..20 {
        backup.odd_file(HOME, &format!("row {index:02}.txt"), format!("row {index}"), |record| match index % 8 {
            1 => record.row.file_id = Some(rusqlite::types::Value::Text(format!("../escaped {index}"))),
            3 => record.stored = crate::StoredForm::Missing,
            5 => record.stored = crate::StoredForm::LinkTo("/etc/passwd".into()),
            7 => record.row.blob = Some(rusqlite::types::Value::Blob(vec![0xff; 40])),
            _ => (),
        });
    }
    backup.write(root)
}
