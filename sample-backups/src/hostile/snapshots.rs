//! Interrupted backups whose `Snapshot` is a trap, and backups that lack their property lists.

use std::fs;
use std::path::Path;

use super::base::{HOME, plain};
use super::{Codes, PART_OF_MANIFEST, Row};
use crate::builder::BackupBuilder;
use crate::error::Result;
use crate::plists::State;
use crate::writer::link;

pub(super) const CRAFTED: &[Row] = &[
    ("snapshot-link", "state *moving*, `Snapshot` is a link to /etc", PART_OF_MANIFEST, |root| linked(root, "/etc")),
    ("snapshot-self", "state *moving*, `Snapshot` is a link to the backup itself", PART_OF_MANIFEST, |root| {
        linked(root, ".")
    }),
    ("snapshot-noise", "state *moving*, the new manifest is noise", PART_OF_MANIFEST, noise),
    ("snapshot-payloads", "state *moving*, payloads in `Snapshot` are links and folders", MOVING, payloads),
    ("snapshot-state", "states that nobody knows", KNOWN, state),
    ("lists-missing", "no Manifest.plist, no Info.plist, no Status.plist", LISTLESS, missing),
];

/// What lies in the backup itself comes out; the traps do not.
const MOVING: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };
const KNOWN: Codes = Codes { info: "0", get: "0", verify: "5", messages: "0", keeps_good: true };
/// Without its lists the backup is taken as plain; some will call that damage.
const LISTLESS: Codes = Codes { info: "0|3", get: "0|3", verify: "0|5", messages: "0", keeps_good: true };

fn moving() -> Result<BackupBuilder> {
    let mut backup = plain()?;
    backup.state(State { backup: "new".into(), snapshot: "moving".into(), is_full: false });
    Ok(backup)
}

fn linked(root: &Path, target: &str) -> Result<()> {
    moving()?.write(root)?;
    link(target, &root.join("Snapshot"))
}

fn noise(root: &Path) -> Result<()> {
    moving()?.write(root)?;
    fs::create_dir(root.join("Snapshot"))?;
    for name in ["Manifest.db", "Manifest.plist"] {
        fs::write(root.join("Snapshot").join(name), [0x5a; 600])?;
    }
    Ok(())
}

fn payloads(root: &Path) -> Result<()> {
    moving()?.write(root)?;
    let mut new = moving()?;
    new.file(HOME, "a link.txt", "x").file(HOME, "a folder.txt", "x");
    let snapshot = root.join("Snapshot");
    new.write(&snapshot)?;
    let a_link = super::base::payload(&snapshot, HOME, "a link.txt");
    fs::remove_file(&a_link)?;
    link("/etc/passwd", &a_link)?;
    let a_folder = super::base::payload(&snapshot, HOME, "a folder.txt");
    fs::remove_file(&a_folder)?;
    fs::create_dir(&a_folder)?;
    Ok(fs::write(a_folder.join("inside"), "x")?)
}

fn state(root: &Path) -> Result<()> {
    let mut backup = plain()?;
    backup.state(State { backup: "\u{1b}[2J".into(), snapshot: "../../escaped".into(), is_full: true });
    backup.write(root)
}

fn missing(root: &Path) -> Result<()> {
    plain()?.write(root)?;
    for name in ["Manifest.plist", "Info.plist", "Status.plist"] {
        fs::remove_file(root.join(name))?;
    }
    Ok(())
}
