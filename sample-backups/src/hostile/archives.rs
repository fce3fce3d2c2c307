//! Zip archives that mean harm, those that hold bombs too large to lie here unpacked, and files that are no backup.

use std::fs;
use std::path::Path;

use super::base::{HOME, encrypted, plain};
use super::bplist;
use super::keybags;
use super::zipfile::{Entry, archive, entries};
use super::{Codes, NO_KEYS, NOTHING, PART_OF_MANIFEST, Row, SOME_BAD, WHOLE};
use crate::builder::BackupBuilder;
use crate::error::Result;
use crate::record::{StoredForm, file_id};

pub(super) const CRAFTED: &[Row] = &[
    ("zip-good.zip", "an ordinary archive of a good backup", WHOLE, |path| zip(path, "", |_| Ok(()))),
    ("zip-folder.zip", "an archive of a good backup in a folder", WHOLE, |path| zip(path, "backup/", |_| Ok(()))),
    ("zip-dots.zip", "entries named `../escaped` beside a good backup", ZIP, |path| {
        with_names(path, &["../escaped", "a/../../escaped", "..\\escaped"])
    }),
    ("zip-absolute.zip", "entries with absolute names beside a good backup", ZIP, |path| {
        with_names(path, &["/tmp/corer-escaped", "C:/escaped", "//server/share/x"])
    }),
    ("zip-names.zip", "entries whose names are not UTF-8, empty or hold control characters", ZIP, odd_names),
    ("zip-links.zip", "a payload is a link to /etc/passwd", ZIP_BAD, links),
    ("zip-duplicates.zip", "1,500 entries of one name", ZIP, duplicates),
    ("zip-count.zip", "the directory claims 65,535 entries", ZIP, count),
    ("zip-encrypted.zip", "every entry claims to be encrypted", ZIP, |path| {
        zip(path, "", |all| each(all, |entry| entry.flags |= 1))
    }),
    ("zip-method.zip", "every entry is compressed in a way that nobody knows", ZIP, |path| {
        zip(path, "", |all| each(all, |entry| entry.method = 99))
    }),
    ("zip-sums.zip", "one payload does not fit its sum", ZIP_BAD, sums),
    ("zip-sizes.zip", "sizes that lie: one byte that inflates to 20 MB, 4 GB that are five bytes", ZIP, sizes),
    ("zip-overlap.zip", "300 payloads of 10 MB share ten kilobytes", OVERLAP, overlap),
    ("zip-bomb-info.zip", "Info.plist inflates to 64 MB of nothing", ZIP, |path| {
        with_list(path, "Info.plist", &vec![b' '; 64 << 20])
    }),
    ("zip-bomb-manifest.zip", "Manifest.db inflates to 64 MB of nothing", ZIP, |path| {
        with_list(path, "Manifest.db", &vec![0; 64 << 20])
    }),
    ("zip-nested.zip", "an archive in an archive in an archive", ZIP_NOTHING, nested),
    ("zip-truncated.zip", "the directory is gone", ZIP_NOTHING, truncated),
    ("zip-empty.zip", "an archive of nothing", NOTHING, |path| Ok(fs::write(path, archive(&[]))?)),
    ("zip-xml-deep.zip", "Manifest.plist: 3 MB of XML, 200,000 arrays deep", PART_OF_MANIFEST, |path| {
        with_list(path, "Manifest.plist", &deep_xml())
    }),
    ("zip-xml-deep-info.zip", "Info.plist: the same", ZIP, |path| with_list(path, "Info.plist", &deep_xml())),
    ("zip-binary-deep.zip", "Manifest.plist: 20,000 arrays deep, binary", PART_OF_MANIFEST, |path| {
        with_list(path, "Manifest.plist", &bplist::deep(20_000))
    }),
    ("zip-xml-wide.zip", "Info.plist: a million empty strings", ZIP, |path| with_list(path, "Info.plist", &wide_xml())),
    ("zip-keybag-classes.zip", "a keybag of 100,000 classes", CLASSES, classes),
    ("zip-encrypted-backup.zip", "a good encrypted backup in an archive", WHOLE, |path| pack(path, &encrypted()?)),
    ("zip-payload-missing.zip", "a payload is not in the archive", SOME_BAD, missing),
    ("single-noise.db", "a file of noise in place of a backup", NOTHING_OR_DATABASE, |path| {
        Ok(fs::write(path, vec![0x5a; 3000])?)
    }),
    ("single-header.db", "the magic words of SQLite and nothing else", NOTHING_OR_DATABASE, |path| {
        Ok(fs::write(path, b"SQLite format 3\0")?)
    }),
    ("single-empty.db", "a file without bytes", NOTHING_OR_DATABASE, |path| Ok(fs::write(path, b"")?)),
];

/// A reader may refuse the archive, or leave out what is wrong with it.
const ZIP: Codes = Codes {
    info: "0|1|3|10|15",
    get: "0|1|3|10|15",
    verify: "0|1|5|10|15",
    messages: "0|1|3|10|15",
    keeps_good: false,
};
/// Three gigabytes out of ten kilobytes: no reader should write them.
const OVERLAP: Codes =
    Codes { info: "0|1|3|10|15", get: "1|3|10|15", verify: "1|5|10|15", messages: "0|1|3|10|15", keeps_good: false };
const ZIP_BAD: Codes = Codes { info: "0|1|15", get: "1|3|15", verify: "1|5|15", messages: "0|1|15", keeps_good: false };
const ZIP_NOTHING: Codes = NOTHING;
const CLASSES: Codes = Codes {
    info: NO_KEYS.info,
    get: "0|1|3|12|15",
    verify: "0|1|5|12|15",
    messages: "0|1|3|4|12|15",
    keeps_good: false,
};
const NOTHING_OR_DATABASE: Codes = Codes {
    info: "0|1|3|10|15",
    get: "0|1|3|10|15",
    verify: "0|1|5|10|15",
    messages: "0|1|3|4|10|15",
    keeps_good: false,
};

fn each(all: &mut [Entry], change: impl FnMut(&mut Entry)) -> Result<()> {
    all.iter_mut().for_each(change);
    Ok(())
}

/// Packs a backup, after a change of its entries.
fn pack_with(
    path: &Path,
    backup: &BackupBuilder,
    prefix: &str,
    change: impl FnOnce(&mut Vec<Entry>) -> Result<()>,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    backup.write(folder.path())?;
    let mut all = entries(folder.path(), prefix)?;
    change(&mut all)?;
    Ok(fs::write(path, archive(&all))?)
}

fn pack(path: &Path, backup: &BackupBuilder) -> Result<()> {
    pack_with(path, backup, "", |_| Ok(()))
}

fn zip(path: &Path, prefix: &str, change: impl FnOnce(&mut Vec<Entry>) -> Result<()>) -> Result<()> {
    pack_with(path, &plain()?, prefix, change)
}

fn with_names(path: &Path, names: &[&str]) -> Result<()> {
    zip(path, "", |all| {
        for name in names {
            all.push(Entry::deflated(name, b"escaped")?);
        }
        Ok(())
    })
}

fn odd_names(path: &Path) -> Result<()> {
    zip(path, "", |all| {
        for name in [&b"\xff\xfe"[..], b"", b"\x1b[2J\0", b"\xc3\x28/x", b"."] {
            let mut entry = Entry::deflated("", b"x")?;
            entry.name = name.to_vec();
            all.push(entry);
        }
        Ok(())
    })
}

/// The entry of a payload.
fn payload_name(path: &str) -> String {
    let name = file_id(HOME, path);
    format!("{}/{name}", name.get(..2).unwrap_or_default())
}

fn with_payload(path: &Path, entry: impl FnOnce(&mut Entry)) -> Result<()> {
    let mut backup = plain()?;
    backup.file(HOME, "spoiled.txt", "spoiled");
    let name = payload_name("spoiled.txt");
    pack_with(path, &backup, "", |all| {
        if let Some(found) = all.iter_mut().find(|entry| entry.name == name.as_bytes()) {
            entry(found);
        }
        Ok(())
    })
}

fn links(path: &Path) -> Result<()> {
    let target = Entry::deflated("", b"/etc/passwd")?;
    with_payload(path, |entry| {
        *entry = Entry { name: entry.name.clone(), attributes: 0o120_777 << 16, ..target };
    })
}

fn sums(path: &Path) -> Result<()> {
    with_payload(path, |entry| entry.crc ^= 1)
}

fn duplicates(path: &Path) -> Result<()> {
    zip(path, "", |all| {
        let last = Entry::deflated("Manifest.plist", b"x")?;
        all.extend(vec![last.sharing("Manifest.plist"); 1500]);
        Ok(())
    })
}

fn count(path: &Path) -> Result<()> {
    zip(path, "", |_| Ok(()))?;
    super::base::edit_bytes(path, |bytes| {
        let end = bytes.len() - 22;
        super::base::put(bytes, end + 8, &[0xff; 4]);
    })
}

fn sizes(path: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.file(HOME, "inflates.bin", vec![0; 20 << 20]).file(HOME, "claims.bin", "claim");
    let (inflates, claims) = (payload_name("inflates.bin"), payload_name("claims.bin"));
    pack_with(path, &backup, "", |all| {
        each(all, |entry| {
            if entry.name == inflates.as_bytes() {
                entry.size = 1;
            } else if entry.name == claims.as_bytes() {
                entry.size = u32::MAX - 1;
            }
        })
    })
}

fn overlap(path: &Path) -> Result<()> {
    let kernel = Entry::deflated("kernel", &vec![0; 10 << 20])?;
    let mut backup = plain()?;
    let mut names = Vec::new();
    for index in 0..300 {
        let name = format!("bomb {index:03}.bin");
        backup.odd_file(HOME, &name, "", |record| {
            record.stored = StoredForm::Missing;
            record.size = Some(10 << 20);
        });
        names.push(payload_name(&name));
    }
    pack_with(path, &backup, "", |all| {
        all.push(kernel.clone());
        all.extend(names.iter().map(|name| kernel.sharing(name)));
        Ok(())
    })
}

fn with_list(path: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let new = Entry::deflated(name, bytes)?;
    zip(path, "", |all| {
        each(all, |entry| {
            if entry.name == name.as_bytes() {
                *entry = new.clone();
            }
        })
    })
}

fn nested(path: &Path) -> Result<()> {
    zip(path, "", |_| Ok(()))?;
    for level in 0..3 {
        let inner = Entry::deflated(&format!("backup {level}.zip"), &fs::read(path)?)?;
        fs::write(path, archive(&[inner]))?;
    }
    Ok(())
}

fn truncated(path: &Path) -> Result<()> {
    zip(path, "", |_| Ok(()))?;
    super::base::edit_bytes(path, |bytes| bytes.truncate(bytes.len() * 2 / 3))
}

const XML_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">";

fn deep_xml() -> Vec<u8> {
    let depth = 200_000;
    [XML_HEAD, &"<array>".repeat(depth), &"</array>".repeat(depth), "</plist>"].concat().into_bytes()
}

fn wide_xml() -> Vec<u8> {
    [XML_HEAD, "<array>", &"<string/>".repeat(1_000_000), "</array></plist>"].concat().into_bytes()
}

fn classes(path: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("backup");
    keybags::many_classes(&root)?;
    Ok(fs::write(path, archive(&entries(&root, "")?))?)
}

fn missing(path: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.odd_file(HOME, "missing.txt", "x", |record| record.stored = StoredForm::Missing);
    pack(path, &backup)
}
