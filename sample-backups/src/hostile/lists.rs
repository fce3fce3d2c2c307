//! Property lists that are bombs or nonsense, in place of the three that every backup has.

use std::fs;
use std::path::Path;

use plist::Value;

use super::base::{edit_list, plain};
use super::bplist;
use super::{Codes, Row, WHOLE};
use crate::error::Result;
use crate::plists::{dictionary, text};

/// The list of files is there, but what Manifest.plist says of it cannot be read.
const NO_LIST: Codes =
    Codes { info: "0|1|3|15", get: "0|1|3|15", verify: "0|1|5|15", messages: "0|1|3|15", keeps_good: false };
/// Info.plist or Status.plist is nonsense; the backup is none the worse.
const NO_INFO: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0|3", keeps_good: true };

pub(super) const CRAFTED: &[Row] = &[
    ("plist-laughs", "Manifest.plist: 400 bytes that stand for a trillion nodes", NO_LIST, |root| {
        manifest(root, &bplist::laughs())
    }),
    ("plist-laughs-info", "Info.plist and Status.plist: the same", NO_INFO, |root| both(root, &bplist::laughs())),
    ("plist-cycle", "Manifest.plist: an array that holds itself", NO_LIST, |root| manifest(root, &bplist::cycle())),
    ("plist-cycle-info", "Info.plist and Status.plist: the same", NO_INFO, |root| both(root, &bplist::cycle())),
    ("plist-claims", "Manifest.plist: sizes of 2^60", NO_LIST, |root| manifest(root, &bplist::claims())),
    ("plist-claims-info", "Info.plist and Status.plist: the same", NO_INFO, |root| both(root, &bplist::claims())),
    ("plist-deep", "Manifest.plist: 2,000 nested arrays, binary", NO_LIST, |root| manifest(root, &bplist::deep(2_000))),
    ("plist-deep-info", "Info.plist and Status.plist: the same", NO_INFO, |root| both(root, &bplist::deep(2_000))),
    ("plist-huge-table", "Manifest.plist: 2^61 objects in a table behind the end", NO_LIST, |root| {
        manifest(root, &bplist::huge_table())
    }),
    ("plist-no-width", "Manifest.plist: offsets and references of no width", NO_LIST, |root| {
        manifest(root, &bplist::no_width())
    }),
    ("plist-odd-keys", "Manifest.plist: keys that are no text, or twice the same", NO_LIST, |root| {
        manifest(root, &bplist::odd_keys())
    }),
    ("plist-entities", "Info.plist: XML entities that multiply, and one that names a file", NO_INFO, entities),
    ("plist-garbage", "Manifest.plist: noise", NO_LIST, |root| manifest(root, b"bplist00\xde\xad\xbe\xef")),
    ("plist-empty", "Manifest.plist, Info.plist and Status.plist: no bytes", NO_LIST, empty),
    ("plist-types", "every key of the three lists has a value of the wrong type", NO_LIST, types),
    ("plist-not-a-dictionary", "the three lists are arrays", NO_LIST, arrays),
    (
        "plist-terminal",
        "escape sequences, markup and a name of 100,000 letters in Info.plist and Lockdown",
        NO_INFO,
        terminal,
    ),
    ("plist-version", "Manifest.plist: `Version` is the number 10, the date lies in the year 292,277", WHOLE, version),
    ("encrypted-wrong-type", "`IsEncrypted` is the text `true`, in a plain backup", NO_LIST, encrypted_text),
    (
        "encrypted-lie",
        "`IsEncrypted` is true, but nothing is encrypted and no password can fit",
        NO_LOCK,
        encrypted_lie,
    ),
];

const NO_LOCK: Codes =
    Codes { info: "0|3|12", get: "0|1|3|12|15", verify: "0|1|5|12|15", messages: "0|1|3|12|15", keeps_good: false };

fn manifest(root: &Path, bytes: &[u8]) -> Result<()> {
    plain()?.write(root)?;
    Ok(fs::write(root.join("Manifest.plist"), bytes)?)
}

fn both(root: &Path, bytes: &[u8]) -> Result<()> {
    plain()?.write(root)?;
    fs::write(root.join("Info.plist"), bytes)?;
    Ok(fs::write(root.join("Status.plist"), bytes)?)
}

fn entities(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE plist [<!ENTITY file SYSTEM \"file:///etc/passwd\">\n<!ENTITY l0 \"ha\">\n",
    );
    for level in 1..30 {
        let below = level - 1;
        xml.push_str(&format!("<!ENTITY l{level} \"&l{below};&l{below};&l{below};&l{below};\">\n"));
    }
    xml.push_str(
        "]>\n<plist version=\"1.0\"><dict><key>Device Name</key><string>&l29;&file;</string></dict></plist>\n",
    );
    Ok(fs::write(root.join("Info.plist"), xml)?)
}

fn empty(root: &Path) -> Result<()> {
    manifest(root, b"")?;
    fs::write(root.join("Info.plist"), b"")?;
    Ok(fs::write(root.join("Status.plist"), b"")?)
}

/// Swaps the type of every value: text becomes a number, everything else text.
fn types(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    for name in ["Manifest.plist", "Info.plist", "Status.plist"] {
        edit_list(&root.join(name), |list| {
            for value in list.values_mut() {
                *value = if value.as_string().is_some() { Value::Integer((-1).into()) } else { text("nonsense") };
            }
        })?;
    }
    Ok(())
}

fn arrays(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    for name in ["Manifest.plist", "Info.plist", "Status.plist"] {
        Value::Array(vec![text("a"), Value::Integer(1.into())]).to_file_binary(root.join(name))?;
    }
    Ok(())
}

fn terminal(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    let nasty = "\u{1b}[2J\u{1b}]52;c;ZXZpbA==\u{7}<script>alert(1)</script>\r\n\u{202e}txt.exe\0";
    edit_list(&root.join("Info.plist"), |list| {
        for key in ["Device Name", "Display Name", "Product Name", "Serial Number", "Phone Number", "Unique Identifier"]
        {
            list.insert(key.into(), text(nasty));
        }
        list.insert("Product Version".into(), text("9".repeat(100_000)));
        list.insert(nasty.into(), text("a key, too"));
    })?;
    edit_list(&root.join("Manifest.plist"), |list| {
        let lockdown =
            [("DeviceName", text(nasty)), ("ProductVersion", text(nasty)), ("UniqueDeviceID", text("../../escaped"))];
        list.insert("Lockdown".into(), dictionary(lockdown));
    })
}

fn version(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.insert("Version".into(), Value::Integer(10.into()));
        list.insert("Date".into(), Value::Real(9.2e12));
    })
}

fn encrypted_text(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.insert("IsEncrypted".into(), text("true"));
    })
}

fn encrypted_lie(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    edit_list(&root.join("Manifest.plist"), |list| {
        list.insert("IsEncrypted".into(), Value::Boolean(true));
    })
}
