//! Odd but legal rows, each in one file whose name says what is odd, and files that are missing.

use std::path::Path;

use super::{FEW_ROUNDS, ODD_PASSWORD, PASSWORD};
use crate::builder::BackupBuilder;
use crate::database;
use crate::era::Era;
use crate::error::Result;
use crate::life::{Moment, apps, contacts, messages};
use crate::record::{Content, DATALESS, Digest, FileKey, Record, StoredForm, Wrapping};
use crate::wal;

const HOME: &str = "HomeDomain";

pub(super) fn encrypted(root: &Path) -> Result<()> {
    let mut backup = BackupBuilder::new(Era::Ios18, "odd");
    backup.encrypt(ODD_PASSWORD, Some(FEW_ROUNDS));
    messages::add_with_log(&mut backup, Moment::at("2024-01-01T00:00:00Z")?)?;
    // One attachment has no row: it was never on this device.
    backup.retain(|record| !record.path.ends_with("/IMG_2042.JPG"));
    contacts::add(&mut backup)?;
    apps::add(&mut backup)?;
    empty_files(&mut backup);
    numbers(&mut backup);
    forms(&mut backup);
    links(&mut backup);
    names(&mut backup);
    only_in_the_log(&mut backup)?;
    backup.write(root)
}

/// Nothing in three forms, and one that is only in iCloud.
fn empty_files(backup: &mut BackupBuilder) {
    backup.file(HOME, "Odd/empty, padded to 16 bytes", "");
    backup.odd_file(HOME, "Odd/empty, key and 0 bytes", "", |record| record.stored = StoredForm::Raw(Vec::new()));
    backup.odd_file(HOME, "Odd/empty, no key and 0 bytes", "", |record| {
        record.stored = StoredForm::Raw(Vec::new());
        record.key = FileKey::None;
    });
    backup.odd_file(HOME, "Odd/only in iCloud.pdf", "", |record| {
        record.stored = StoredForm::Missing;
        record.size = Some(1_234_567);
        record.bsd_flags = Some(DATALESS);
    });
}

/// Numbers that are negative, absent or wrong.
fn numbers(backup: &mut BackupBuilder) {
    backup.odd_file(HOME, "Odd/before 1970", "negative times", |record| {
        (record.modified, record.changed, record.birth) = (-86_400, -1, -2_147_483_648);
    });
    backup.odd_file(HOME, "Odd/nobody's", "negative user and group", |record| {
        (record.user_id, record.group_id) = (Some(-2), -2);
    });
    backup.odd_file(HOME, "Odd/no Size, UserID and Flags", "three keys are missing", |record| {
        (record.size, record.user_id, record.bsd_flags) = (None, None, None);
    });
    backup
        .odd_file(HOME, "Odd/Size too small", "the record counts ten bytes of these", |record| record.size = Some(10));
    backup.odd_file(HOME, "Odd/Size too large", "short", |record| record.size = Some(1 << 40));
    backup.odd_file(HOME, "Odd/Size negative", "short", |record| record.size = Some(-1));
    backup.odd_file(HOME, "Odd/uploaded flags", "flags 1 + 8 + 32 + 128", |record| {
        record.row.flags = Some(rusqlite::types::Value::Integer(1 + 8 + 32 + 128));
    });
}

/// Payloads and records in every legal form.
fn forms(backup: &mut BackupBuilder) {
    backup.odd_file(HOME, "Odd/NSData and NSString", "wrapped in objects", |record| {
        record.wrapping = Wrapping::Objects;
        record.digest = Digest::Sha1;
    });
    backup.odd_file(HOME, "Odd/bare values", "inline in the root object", |record| {
        record.wrapping = Wrapping::Inline;
        record.digest = Digest::Sha1;
        record.attributes = vec![("com.apple.test".into(), vec![1, 2, 3])];
    });
    backup.odd_file(HOME, "Odd/extended attributes", "four of them", |record| {
        record.attributes = vec![
            ("com.apple.assetsd.favorite".into(), vec![1, 0]),
            ("com.apple.metadata:kMDItemWhereFroms".into(), b"bplist00\xa0".to_vec()),
            ("user.empty".into(), Vec::new()),
            ("n\u{e6}vn".into(), "\u{1f5dd}".into()),
        ];
    });
    let unpadded = "No padding follows these words, and that is how it is. ".repeat(3);
    let whole_blocks = unpadded.len() / 16 * 16;
    backup.odd_file(HOME, "Odd/no padding", unpadded.as_bytes().get(..whole_blocks).unwrap_or_default(), |record| {
        record.stored = StoredForm::Unpadded;
    });
    backup.odd_file(HOME, "Odd/digest SHA-256", "as in transfers between devices", |record| {
        record.digest = Digest::Sha256;
    });
    for index in 0..8 {
        let path = format!("Odd/digests/{index}");
        backup.odd_file(HOME, &path, format!("content {index}"), |record| record.digest = Digest::Sha1);
    }
    backup.odd_file(HOME, "Odd/class 1", "Complete", |record| record.protection_class = 1);
    backup.odd_file(HOME, "Odd/class 2", "CompleteUnlessOpen", |record| record.protection_class = 2);
    backup.odd_file(HOME, "Odd/class 4", "None", |record| record.protection_class = 4);
    backup.odd_file(HOME, "Odd/class 3 but key of class 4", "the prefix is right", |record| {
        record.key = FileKey::OfClass(4);
    });
    backup.file(HOME, "Odd/one whole block.", "exactly 16 bytes");
    backup.file(HOME, "Odd/one chunk", vec![0xA5; 256 * 1024]);
}

/// Symbolic links, hard links, and a payload under a name that is not its hash.
fn links(backup: &mut BackupBuilder) {
    let now = backup.now();
    backup.record(Record::symlink(HOME, "Odd/link", "/var/mobile/Library/SMS").at(now));
    backup.record(Record::symlink(HOME, "Odd/link to nowhere", "../\u{ff0f}/nowhere").at(now));
    for path in ["Odd/hard link 1", "Odd/hard link 2"] {
        backup.odd_file(HOME, path, "one inode, two names", |record| record.inode = 77);
    }
    backup.odd_file(HOME, "Odd/other file ID", "stored under another name", |record| {
        record.row.file_id = Some(rusqlite::types::Value::Text("0dd0dd0dd0dd0dd0dd0dd0dd0dd0dd0dd0dd0dd0".into()));
    });
    backup.record(Record::directory(HOME, "Odd/empty directory").at(now));
}

/// Names that a phone allows and other systems may not.
fn names(backup: &mut BackupBuilder) {
    let names = [
        "Blåbær",
        "Bla\u{30a}bær, decomposed",
        "caf\u{e9}",
        "cafe\u{301}",
        "case",
        "Case",
        "CASE",
        "Ελληνικά",
        "Кириллица",
        "עברית.txt",
        "العربية.txt",
        "हिन्दी",
        "ไทย",
        "日本語・한국어",
        "👩🏽‍🚀.txt",
        "a:b",
        "a\\b",
        "question? star* pipe| <angle> \"quote\"",
        "CON",
        "nul.txt",
        "trailing dot.",
        "trailing space ",
        "tab\tand\nnewline",
        " leading space",
        "-rf",
        "~",
        "%41",
        "…",
    ];
    for name in names {
        backup.file(HOME, &format!("Odd/names/{name}"), name);
    }
    let long = "n".repeat(255);
    backup.file(HOME, &format!("Odd/names/{long}"), "255 bytes");
    let deep = vec!["deep"; 60].join("/");
    backup.file(HOME, &format!("Odd/names/{deep}"), "60 levels");
}

/// A database whose only table stands in the log.
fn only_in_the_log(backup: &mut BackupBuilder) -> Result<()> {
    let mut old = database::build("PRAGMA user_version = 1;", |_| Ok(()))?;
    let mut new = database::build("PRAGMA user_version = 1; CREATE TABLE t (x TEXT);", |db| {
        database::insert(db, "t", &[("x", &"only in the log")])?;
        Ok(())
    })?;
    wal::mark(&mut old);
    wal::mark(&mut new);
    let log = wal::between(&old, &new, database::SMALL_PAGE as usize);
    backup.file(HOME, "Odd/log.db", old);
    backup.file(HOME, "Odd/log.db-wal", log);
    Ok(())
}

pub(super) fn missing(root: &Path) -> Result<()> {
    let mut backup = BackupBuilder::new(Era::Ios18, "odd-missing");
    backup.encrypt(PASSWORD, Some(FEW_ROUNDS));
    messages::add_everyday(&mut backup)?;
    contacts::add(&mut backup)?;
    backup.file(HOME, "Documents/here.txt", "here");
    backup.odd_file(HOME, "Documents/not here.txt", "not here", |record| record.stored = StoredForm::Missing);
    backup.odd_file(HOME, "Documents/only in iCloud.txt", "", |record| {
        record.stored = StoredForm::Missing;
        record.size = Some(99);
        record.bsd_flags = Some(DATALESS);
    });
    backup.change(|record| {
        if matches!(record.content, Content::File(_)) && record.path.ends_with("/IMG_0412.JPG") {
            record.stored = StoredForm::Missing;
        }
    });
    backup.write(root)
}
