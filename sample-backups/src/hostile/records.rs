//! File records (`MBFile`) that are noise, bombs or lies. Each stands for one row, and may cost one row.

use std::path::Path;

use plist::{Uid, Value as Plist};
use rusqlite::types::Value;

use super::base::{HOME, encrypted, plain};
use super::bplist::{self, Bplist};
use super::{Codes, Row, SOME_BAD};
use crate::error::Result;
use crate::mbfile::{keyed_archive, to_binary};
use crate::plists::{dictionary, text};
use crate::record::{FileKey, Record};

pub(super) const CRAFTED: &[Row] = &[
    ("record-garbage", "records that are noise, empty, cut off, text, numbers and NULL", BAD_RECORDS, garbage),
    ("record-bombs", "records that are plist bombs: laughs, cycle, claims, depth, table", BAD_RECORDS, bombs),
    ("record-cycles", "keyed archives whose UIDs refer to themselves and each other", BAD_RECORDS, cycles),
    ("record-uids", "keyed archives whose UIDs lead behind the end", BAD_RECORDS, uids),
    ("record-types", "fields of the wrong type", BAD_RECORDS, types),
    ("record-extremes", "numbers at both ends of their range", BAD_RECORDS, extremes),
    ("record-keys", "file keys of every wrong length, of unknown and device-only classes, and noise", SOME_BAD, keys),
    ("record-no-keys", "encrypted backup, file records without a key", KEYLESS, no_keys),
];

/// Bad records may cost their rows; a plain backup does not need them for much.
const BAD_RECORDS: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };
/// Without a key the payload counts as plain.
const KEYLESS: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };

fn with_blobs(root: &Path, blobs: Vec<Value>) -> Result<()> {
    let mut backup = plain()?;
    for (index, blob) in blobs.into_iter().enumerate() {
        backup.odd_file(HOME, &format!("record {index:02}.txt"), "x", |record| record.row.blob = Some(blob));
    }
    backup.write(root)
}

fn garbage(root: &Path) -> Result<()> {
    let good = to_binary(&archive(vec![root_object(vec![])]))?;
    let half = good.get(..good.len() / 2).unwrap_or_default().to_vec();
    let noise: Vec<u8> = (0..500u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    with_blobs(
        root,
        vec![
            Value::Blob(noise),
            Value::Blob(Vec::new()),
            Value::Blob(half),
            Value::Blob(b"bplist00".to_vec()),
            Value::Text("not a blob".into()),
            Value::Integer(i64::MIN),
            Value::Real(f64::INFINITY),
            Value::Null,
            Value::Blob(b"<?xml version=\"1.0\"?><plist><dict/></plist>".to_vec()),
        ],
    )
}

fn bombs(root: &Path) -> Result<()> {
    let bombs = [
        bplist::laughs(),
        bplist::cycle(),
        bplist::claims(),
        bplist::deep(1_000),
        bplist::huge_table(),
        bplist::no_width(),
        bplist::odd_keys(),
    ];
    with_blobs(root, bombs.map(Value::Blob).into())
}

fn uid(number: u64) -> Plist {
    Plist::Uid(Uid::new(number))
}

fn root_object(fields: Vec<(&'static str, Plist)>) -> Plist {
    let mut object: plist::Dictionary = [
        ("LastModified", Plist::Integer(0.into())),
        ("Mode", Plist::Integer(0o100_644.into())),
        ("Size", Plist::Integer(1.into())),
        ("RelativePath", text("x")),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    object.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Plist::Dictionary(object)
}

fn archive(objects: Vec<Plist>) -> Plist {
    keyed_archive(std::iter::once(text("$null")).chain(objects).collect())
}

fn blobs(archives: Vec<Plist>) -> Result<Vec<Value>> {
    archives.iter().map(|archive| to_binary(archive).map(Value::Blob)).collect()
}

fn cycles(root: &Path) -> Result<()> {
    let data = |inner: u64| dictionary([("NS.data", uid(inner)), ("$class", uid(1))]);
    with_blobs(
        root,
        blobs(vec![
            archive(vec![root_object(vec![("RelativePath", uid(1)), ("EncryptionKey", uid(1))])]),
            archive(vec![root_object(vec![("EncryptionKey", uid(2)), ("Size", uid(2))]), uid(2)]),
            archive(vec![root_object(vec![("EncryptionKey", uid(2))]), data(2)]),
            archive(vec![root_object(vec![("EncryptionKey", uid(2)), ("Mode", uid(3))]), data(3), data(2)]),
            archive(vec![uid(1)]),
        ])?,
    )
}

fn uids(root: &Path) -> Result<()> {
    let mut values = blobs(vec![
        archive(vec![root_object(vec![("RelativePath", uid(99)), ("Target", uid(u64::from(u32::MAX)))])]),
        archive(vec![]),
        keyed_archive(vec![]),
    ])?;
    // `$top` points nowhere, and an array refers to objects that the list does not have.
    let mut list = Bplist::default();
    list.dictionary(&[1, 2], &[3, 4]);
    list.text("$top");
    list.text("$objects");
    list.dictionary(&[5], &[6]);
    list.array(&[0xffff, 0x1000]);
    list.text("root");
    list.uid(u32::MAX);
    values.push(Value::Blob(list.finish(0)));
    with_blobs(root, values)
}

fn types(root: &Path) -> Result<()> {
    let wrong = |value: Plist| {
        let names = [
            "Mode",
            "Size",
            "LastModified",
            "Birth",
            "UserID",
            "Flags",
            "ProtectionClass",
            "InodeNumber",
            "RelativePath",
            "EncryptionKey",
            "Digest",
            "ExtendedAttributes",
            "Target",
        ];
        archive(vec![root_object(names.into_iter().map(|name| (name, value.clone())).collect())])
    };
    with_blobs(
        root,
        blobs(vec![
            wrong(text("text")),
            wrong(Plist::Real(f64::NAN)),
            wrong(Plist::Array(vec![Plist::Boolean(true)])),
            wrong(Plist::Boolean(false)),
            wrong(Plist::Data(vec![0xff; 3])),
            wrong(dictionary([("NS.data", text("text"))])),
        ])?,
    )
}

fn extremes(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    for (index, number) in [i64::MIN, i64::MAX, -1, i64::from(i32::MIN), i64::from(u32::MAX)].into_iter().enumerate() {
        backup.odd_file(HOME, &format!("extreme {index}.txt"), "x", |record| {
            *record = record.clone().at(number);
            record.size = Some(number);
            record.user_id = Some(number);
            record.group_id = number;
            record.inode = number;
            record.bsd_flags = Some(number & !crate::record::DATALESS);
        });
    }
    for (index, mode) in [0o777_777, 0o010_644, 0o060_000, 0o140_777, 0o104_777, 0].into_iter().enumerate() {
        let record = Record::file(HOME, &format!("mode {index}.txt"), "x");
        let blob = archive(vec![root_object(vec![("Mode", Plist::Integer(i64::from(mode).into()))])]);
        let blob = to_binary(&blob)?;
        backup.record(record).change(|record| {
            if record.path == format!("mode {index}.txt") {
                record.row.blob = Some(Value::Blob(blob.clone()));
            }
        });
    }
    backup.write(root)
}

fn keys(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    let mut key = |name: String, bytes: Vec<u8>| {
        backup.odd_file(HOME, &format!("key {name}.txt"), "x", |record| record.key = FileKey::Raw(bytes));
    };
    for length in [0usize, 1, 3, 4, 5, 12, 39, 43, 45, 52, 1_000] {
        let mut bytes = 3u32.to_le_bytes().to_vec();
        bytes.resize(length, 0x5a);
        key(format!("of {length} bytes"), bytes);
    }
    for class in [0u32, 5, 9, 99, u32::MAX] {
        let mut bytes = class.to_le_bytes().to_vec();
        bytes.resize(44, 0x5a);
        key(format!("of class {class}"), bytes);
    }
    backup.write(root)
}

fn no_keys(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    backup.odd_file(HOME, "no key.txt", "stored plain", |record| record.key = FileKey::None);
    backup.odd_file(HOME, "no key, one block.txt", "exactly 16 bytes", |record| record.key = FileKey::None);
    backup.write(root)
}
