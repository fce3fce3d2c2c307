//! Keybags that are cut off, that lie, or that would keep a computer busy for years.

use std::path::Path;

use plist::Value;

use super::base::{edit_list, encrypted};
use super::{Codes, NO_KEYS, Row};
use crate::builder::BackupBuilder;
use crate::crypto::Encryption;
use crate::era::Era;
use crate::error::Result;
use crate::keybag::{field, number};
use crate::samples::PASSWORD;

pub(super) const CRAFTED: &[Row] = &[
    ("keybag-truncated", "the keybag ends in the middle of a field", NO_KEYS, |root| {
        spoil(root, |bag| bag.truncate(1000))
    }),
    ("keybag-length", "a field claims 2^32 - 1 bytes", NO_KEYS, |root| {
        spoil(root, |bag| put_length(bag, b"SALT", u32::MAX))
    }),
    ("keybag-empty", "the keybag has no bytes", NO_KEYS, |root| spoil(root, Vec::clear)),
    ("keybag-none", "there is no keybag", NO_KEYS, none),
    ("keybag-type", "the keybag is text", NO_KEYS, text),
    ("keybag-dpic-huge", "2^32 - 1 rounds of the first derivation", NO_KEYS, |root| {
        spoil(root, |bag| put_value(bag, b"DPIC", u32::MAX))
    }),
    ("keybag-iter-huge", "2^31 rounds of the second derivation", NO_KEYS, |root| {
        spoil(root, |bag| put_value(bag, b"ITER", 1 << 31))
    }),
    ("keybag-rounds-zero", "no rounds at all", NO_KEYS, zero_rounds),
    ("keybag-no-salt", "no salt", NO_KEYS, |root| spoil(root, |bag| rename(bag, b"SALT", b"SILT"))),
    ("keybag-no-dpsl", "rounds of the first derivation, but no salt for it", NO_KEYS, |root| {
        spoil(root, |bag| rename(bag, b"DPSL", b"DXSL"))
    }),
    ("keybag-key-lengths", "wrapped keys of 0, 8, 39, 41 and 400 bytes; class 3 is whole", FINE, key_lengths),
    ("keybag-no-class-3", "the class that every file needs is not there", NO_KEYS, |root| {
        spoil(root, |bag| no_class_3(bag))
    }),
    ("keybag-device-only", "every key needs the device", NO_KEYS, |root| spoil(root, |bag| put_all(bag, b"WRAP", 3))),
    ("keybag-twice", "every class twice, the second time with noise", FINE, |root| spoil(root, twice)),
    ("keybag-unknown", "tags that nobody knows, numbers of 3 and 8 bytes, version 99", FINE, |root| {
        spoil(root, unknown)
    }),
    ("keybag-wrong-password", "an intact keybag, but nobody knows the password", UNKNOWN, unknown_password),
    ("manifestkey-length", "`ManifestKey` of 10 bytes", NO_KEYS, |root| manifest_key(root, vec![3; 10])),
    ("manifestkey-class", "`ManifestKey` of a class that does not exist", NO_KEYS, |root| {
        manifest_key(root, class_key(99))
    }),
    ("manifestkey-device", "`ManifestKey` of a class that needs the device", NO_KEYS, |root| {
        manifest_key(root, class_key(9))
    }),
    ("manifestkey-noise", "`ManifestKey` that unwraps to nothing", NO_KEYS, |root| manifest_key(root, class_key(3))),
    ("manifestkey-type", "`ManifestKey` is a number", NO_KEYS, manifest_key_type),
];

/// A careful reader still gets everything; a stricter one may refuse and say so.
const FINE: Codes =
    Codes { info: "0", get: "0|1|3|12|15", verify: "0|1|5|12|15", messages: "0|1|3|12|15", keeps_good: false };
/// The password given does not fit.
const UNKNOWN: Codes = Codes { info: "0|12", get: "12", verify: "12", messages: "12", keeps_good: false };

fn spoil(root: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    encrypted()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        if let Some(Value::Data(bag)) = list.get_mut("BackupKeyBag") {
            change(bag);
        }
    })
}

fn none(root: &Path) -> Result<()> {
    encrypted()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.remove("BackupKeyBag");
    })
}

fn text(root: &Path) -> Result<()> {
    encrypted()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.insert("BackupKeyBag".into(), Value::String("VERS".into()));
    })
}

/// Where the fields with this tag begin.
fn places(bag: &[u8], tag: &[u8; 4]) -> Vec<usize> {
    bag.windows(4).enumerate().filter(|(_, window)| window == tag).map(|(place, _)| place).collect()
}

fn put(bag: &mut [u8], at: usize, value: [u8; 4]) {
    super::base::put(bag, at, &value);
}

fn put_length(bag: &mut [u8], tag: &[u8; 4], length: u32) {
    if let Some(place) = places(bag, tag).first() {
        put(bag, place + 4, length.to_be_bytes());
    }
}

fn put_value(bag: &mut [u8], tag: &[u8; 4], value: u32) {
    if let Some(place) = places(bag, tag).first() {
        put(bag, place + 8, value.to_be_bytes());
    }
}

fn put_all(bag: &mut [u8], tag: &[u8; 4], value: u32) {
    for place in places(bag, tag) {
        put(bag, place + 8, value.to_be_bytes());
    }
}

fn rename(bag: &mut [u8], tag: &[u8; 4], new: &[u8; 4]) {
    for place in places(bag, tag) {
        put(bag, place, *new);
    }
}

fn zero_rounds(root: &Path) -> Result<()> {
    spoil(root, |bag| {
        put_value(bag, b"DPIC", 0);
        put_value(bag, b"ITER", 0);
    })
}

/// Adds classes whose wrapped keys have every wrong length; numbers that no file uses.
fn key_lengths(root: &Path) -> Result<()> {
    spoil(root, |bag| {
        for (class, length) in [(20, 0), (21, 8), (22, 39), (23, 41), (24, 400)] {
            field(bag, b"UUID", &[7; 16]);
            number(bag, b"CLAS", class);
            number(bag, b"WRAP", 2);
            field(bag, b"WPKY", &vec![0x5a; length]);
        }
    })
}

fn no_class_3(bag: &mut [u8]) {
    for place in places(bag, b"CLAS") {
        if bag.get(place + 8..place + 12) == Some(&3u32.to_be_bytes()) {
            put(bag, place + 8, 33u32.to_be_bytes());
        }
    }
}

fn twice(bag: &mut Vec<u8>) {
    for class in 1..=14 {
        field(bag, b"UUID", &[8; 16]);
        number(bag, b"CLAS", class);
        number(bag, b"WRAP", 2);
        number(bag, b"KTYP", 0);
        field(bag, b"WPKY", &[0x5a; 40]);
    }
}

fn unknown(bag: &mut Vec<u8>) {
    put_value(bag, b"VERS", 99);
    field(bag, b"ZZZZ", b"whatever");
    field(bag, b"\xff\xfe\x00\x01", &[]);
    field(bag, b"UUID", &[9; 16]);
    field(bag, b"CLAS", &[0, 0, 1]);
    field(bag, b"WRAP", &[0; 8]);
    field(bag, b"PBKY", &[1; 32]);
}

fn unknown_password(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    backup.encrypt_with(Encryption::new("nobody knows this", Some(1_000)));
    backup.write(root)
}

fn class_key(class: u32) -> Vec<u8> {
    let mut key = class.to_le_bytes().to_vec();
    key.resize(44, 0x5a);
    key
}

fn manifest_key(root: &Path, key: Vec<u8>) -> Result<()> {
    encrypted()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.insert("ManifestKey".into(), Value::Data(key));
    })
}

fn manifest_key_type(root: &Path) -> Result<()> {
    encrypted()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.insert("ManifestKey".into(), Value::Integer(3.into()));
    })
}

/// A keybag with a hundred thousand classes, for the archives: two megabytes that compress to a few kilobytes.
pub(super) fn many_classes(root: &Path) -> Result<()> {
    let mut backup = BackupBuilder::new(Era::Ios18, "hostile");
    backup.encrypt(PASSWORD, Some(1_000));
    backup.file(super::base::GOOD.0, super::base::GOOD.1, "good\n");
    backup.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        if let Some(Value::Data(bag)) = list.get_mut("BackupKeyBag") {
            for _ in 0..100_000 {
                field(bag, b"UUID", &[]);
                number(bag, b"CLAS", 77);
            }
        }
    })
}
