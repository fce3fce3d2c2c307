//! Payloads that are not what their records promise.

use std::fs;
use std::path::Path;

use super::base::{HOME, edit_bytes, encrypted, payload, plain};
use super::{Codes, Row, SOME_BAD};
use crate::error::Result;
use crate::record::{Digest, StoredForm};

pub(super) const CRAFTED: &[Row] = &[
    ("payload-cut", "encrypted payloads of 1, 15, 17 and 31 bytes", SOME_BAD, cut),
    ("payload-padding", "padding that is none: last bytes 0, 17 and 255", ADVISORY, padding),
    ("payload-junk", "a block of noise behind the last one", ADVISORY, junk),
    ("payload-wrong-key", "a payload that was encrypted with another key", ADVISORY, wrong_key),
    ("payload-empty", "no bytes where the record counts a thousand", ADVISORY, empty),
    ("payload-short", "plain; shorter than the record says", ADVISORY, short),
    ("payload-digest", "one of ten digests does not fit", DIGEST, digest),
    ("payload-folder", "a folder in place of a payload", SOME_BAD, folder),
    ("payload-missing", "a payload is gone", SOME_BAD, missing),
    ("payload-images", "pictures that claim 2^31 times 2^31 pixels, or end after the header", IMAGES, images),
];

/// Sizes and padding are advisory: a reader may take the bytes as they are, or call them damaged.
const ADVISORY: Codes = Codes { info: "0", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };
const DIGEST: Codes = Codes { info: "0", get: "0|3", verify: "5", messages: "0", keeps_good: true };
const IMAGES: Codes = Codes { info: "0", get: "0", verify: "5", messages: "0", keeps_good: true };

fn cut(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    for length in [1usize, 15, 17, 31] {
        backup.odd_file(HOME, &format!("cut {length}.txt"), "x".repeat(length), |record| {
            record.stored = StoredForm::Raw(vec![0x5a; length]);
        });
    }
    backup.write(root)
}

fn padding(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    for last in [0u8, 17, 255] {
        let mut content = vec![b'x'; 31];
        content.push(last);
        backup.odd_file(HOME, &format!("padding {last}.txt"), content, |record| record.stored = StoredForm::Unpadded);
    }
    backup.write(root)
}

fn junk(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    backup.file(HOME, "junk.txt", "noise follows");
    backup.write(root)?;
    edit_bytes(&payload(root, HOME, "junk.txt"), |bytes| bytes.extend([0x5a; 16]))
}

fn wrong_key(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    backup.file(HOME, "one.txt", "one two three four").file(HOME, "two.txt", "five six seven eight");
    backup.write(root)?;
    fs::copy(payload(root, HOME, "one.txt"), payload(root, HOME, "two.txt"))?;
    Ok(())
}

fn empty(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    backup.odd_file(HOME, "empty.txt", vec![b'x'; 1000], |record| record.stored = StoredForm::Raw(Vec::new()));
    backup.write(root)
}

fn short(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.odd_file(HOME, "short.txt", vec![b'x'; 1000], |record| record.stored = StoredForm::Raw(vec![b'x'; 10]));
    backup.write(root)
}

fn digest(root: &Path) -> Result<()> {
    let mut backup = encrypted()?;
    for index in 0..10 {
        backup.odd_file(HOME, &format!("digest {index}.txt"), format!("content {index}"), |record| {
            record.digest = if index == 7 { Digest::Wrong } else { Digest::Sha1 };
        });
    }
    backup.write(root)
}

fn folder(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.odd_file(HOME, "folder.txt", "x", |record| record.stored = StoredForm::Missing);
    backup.write(root)?;
    let path = payload(root, HOME, "folder.txt");
    fs::create_dir_all(&path)?;
    Ok(fs::write(path.join("inside"), "x")?)
}

fn missing(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.odd_file(HOME, "missing.txt", "x", |record| record.stored = StoredForm::Missing);
    backup.write(root)
}

fn images(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 16, 6, 0, 0, 0, 0, 0, 0, 0]);
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3];
    jpeg.extend([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
    let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".to_vec();
    heic.extend(b"\xff\xff\xff\xffmeta\0\0\0\0");
    for (name, bytes) in
        [("IMG_0001.PNG", png), ("IMG_0002.JPG", jpeg), ("IMG_0003.HEIC", heic), ("IMG_0004.JPG", Vec::new())]
    {
        backup.file("CameraRollDomain", &format!("Media/DCIM/100APPLE/{name}"), bytes);
    }
    backup.write(root)
}
