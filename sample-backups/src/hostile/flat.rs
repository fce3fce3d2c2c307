//! `Manifest.mbdb` that is cut off or lies.

use std::path::Path;

use super::base::{edit_bytes, of_era};
use super::{Codes, NO_MANIFEST, PART_OF_MANIFEST, Row, UNSAFE_NAMES};
use crate::era::Era;
use crate::error::Result;
use crate::mbdb;
use crate::record::Record;

pub(super) const CRAFTED: &[Row] = &[
    ("mbdb-truncated", "the last record is cut off", PART_OF_MANIFEST, |root| {
        spoil(root, |list| list.truncate(list.len() - 9))
    }),
    ("mbdb-length", "a string that is longer than the file", PART_OF_MANIFEST, |root| {
        spoil(root, |list| list.extend([0xff, 0xfe, b'x']))
    }),
    ("mbdb-properties", "255 extended attributes, of which none is there", PART_OF_MANIFEST, |root| {
        spoil(root, properties)
    }),
    ("mbdb-nulls", "a record whose every string is null", ODD_ROW, |root| spoil(root, nulls)),
    ("mbdb-magic", "other magic words", NO_MANIFEST, |root| spoil(root, |list| super::base::put(list, 0, b"mbdx"))),
    ("mbdb-version", "version 99", PART_OF_MANIFEST, |root| spoil(root, |list| super::base::put(list, 4, &[99, 99]))),
    ("mbdb-empty", "no bytes", NO_MANIFEST, |root| spoil(root, Vec::clear)),
    ("mbdb-only-magic", "the magic words and not one record", NO_FILES, |root| spoil(root, |list| list.truncate(6))),
    ("mbdb-names", "domains and paths that lead out, are not UTF-8 or hold control characters", UNSAFE_NAMES, |root| {
        spoil(root, names)
    }),
    ("mbdb-extremes", "the largest of all numbers, a mode of no kind", UNSAFE_NAMES, |root| spoil(root, extremes)),
    ("mbdb-noise", "noise after the last record", PART_OF_MANIFEST, |root| {
        spoil(root, |list| list.extend([0x5a; 300]))
    }),
];

const ODD_ROW: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };
const NO_FILES: Codes =
    Codes { info: "0|3|15", get: "0|3|4|15", verify: "0|5|15", messages: "0|1|3|4|15", keeps_good: false };

fn spoil(root: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    of_era(Era::Ios9)?.write(root)?;
    edit_bytes(&root.join("Manifest.mbdb"), change)
}

fn properties(list: &mut Vec<u8>) {
    mbdb::append(list, &Record::file("HomeDomain", "properties.txt", "x"), 1, None, None);
    if let Some(count) = list.last_mut() {
        *count = 255;
    }
}

fn nulls(list: &mut Vec<u8>) {
    list.extend([0xff; 10]);
    list.extend([0; 40]);
}

/// Appends a record as its own payload would have it; there is no payload, as the names cannot be hashed the same.
fn append(list: &mut Vec<u8>, domain: &[u8], path: &[u8]) {
    mbdb::data(list, Some(domain));
    mbdb::data(list, Some(path));
    list.extend([0xff; 6]);
    list.extend(0o040_755u16.to_be_bytes());
    list.extend([0; 8 + 5 * 4 + 8 + 2]);
}

fn names(list: &mut Vec<u8>) {
    for (domain, path) in [
        (&b"HomeDomain"[..], &b"../../escaped"[..]),
        (b"../..", b"escaped"),
        (b"/tmp", b"corer-escaped"),
        (b"HomeDomain", b"/tmp/corer-escaped"),
        (b"HomeDomain", b"\xff\xfe\x00"),
        (b"\xc3\x28", b"x"),
        (b"HomeDomain", b"\x1b[2J\x00"),
        (b"", b""),
    ] {
        append(list, domain, path);
    }
}

fn extremes(list: &mut Vec<u8>) {
    mbdb::data(list, Some(b"HomeDomain"));
    mbdb::data(list, Some(b"extreme.txt"));
    list.extend([0xff; 6]);
    list.extend([0xff; 2 + 8 + 5 * 4 + 8]);
    list.extend([0xff, 0]);
}
