//! Backups that were interrupted, in the three states that a reader meets.
//!
//! While a device backs up, new payloads and a new manifest land in `Snapshot/`. *Uploading*: the folder itself is
//! still the previous, good backup. *Moving*: the new manifest holds, its payloads are in either place. A first backup
//! that was interrupted has nothing but `Snapshot/`.

use std::fs;
use std::path::Path;

use crate::builder::BackupBuilder;
use crate::era::Era;
use crate::error::Result;
use crate::life::{apps, contacts, messages};
use crate::plists::State;
use crate::record::{Content, Record, StoredForm};

/// Files that the second backup has and the first has not.
const NEW: [&str; 3] = ["Documents/new 1.txt", "Documents/new 2.txt", "Documents/new 3.txt"];

fn backup(made_at: &str, snapshot_state: &str) -> Result<BackupBuilder> {
    let mut backup = BackupBuilder::new(Era::Ios18, "interrupted");
    backup.made_at(made_at);
    backup.state(State { backup: "old".into(), snapshot: snapshot_state.into(), is_full: false });
    messages::add_everyday(&mut backup)?;
    contacts::add(&mut backup)?;
    apps::add(&mut backup)?;
    backup.file("HomeDomain", "Documents/kept.txt", "in both backups");
    Ok(backup)
}

fn earlier(snapshot_state: &str) -> Result<BackupBuilder> {
    let mut backup = backup("2024-10-27T20:00:00Z", snapshot_state)?;
    backup.file("HomeDomain", "Documents/old.txt", "only in the earlier backup");
    Ok(backup)
}

fn later(snapshot_state: &str) -> Result<BackupBuilder> {
    let mut backup = backup("2024-11-03T21:14:09Z", snapshot_state)?;
    for path in NEW {
        backup.file("HomeDomain", path, format!("{path}: only in the later backup"));
    }
    Ok(backup)
}

fn placeholder(domain: &str, path: &str) -> Record {
    let mut record = Record::file(domain, path, "");
    record.stored = StoredForm::Missing;
    record.row.is_placeholder = true;
    record
}

/// Writes the later backup into `Snapshot/`, which has no Info.plist and no Status.plist.
fn write_snapshot(backup: &BackupBuilder, root: &Path) -> Result<()> {
    let snapshot = root.join("Snapshot");
    backup.write(&snapshot)?;
    fs::remove_file(snapshot.join("Info.plist"))?;
    Ok(fs::remove_file(snapshot.join("Status.plist"))?)
}

pub(super) fn uploading(root: &Path) -> Result<()> {
    let mut old = earlier("uploading")?;
    old.record(placeholder("HomeDomain", "Documents/new 2.txt"))
        .record(placeholder("HomeDomain", "Documents/new 3.txt"));
    old.write(root)?;
    let mut new = later("uploading")?;
    new.change(|record| match record.path.as_str() {
        "Documents/new 1.txt" => (),
        path => *record = placeholder(&record.domain, path),
    });
    new.without_directories();
    write_snapshot(&new, root)
}

pub(super) fn moving(root: &Path) -> Result<()> {
    earlier("moving")?.write(root)?;
    let new = later("moving")?;
    write_snapshot(&new, root)?;
    let files = new.records().into_iter().filter(|record| matches!(record.content, Content::File(_)));
    // Every other payload has been moved already; what did not change was never in the snapshot.
    for (index, file) in files.enumerate() {
        let name = file.file_id();
        let place = Path::new(name.get(..2).unwrap_or_default()).join(&name);
        let (from, to) = (root.join("Snapshot").join(&place), root.join(&place));
        let is_unchanged = to.exists() && fs::read(&from)? == fs::read(&to)?;
        if is_unchanged {
            fs::remove_file(from)?;
        } else if index % 2 == 0 {
            fs::create_dir_all(to.parent().unwrap_or(root))?;
            fs::rename(from, to)?;
        }
    }
    remove_empty_folders(&root.join("Snapshot"))
}

pub(super) fn first(root: &Path) -> Result<()> {
    let mut only = later("uploading")?;
    only.change(|record| {
        if record.path == "Documents/new 2.txt" {
            record.stored = StoredForm::Missing;
        }
    });
    only.retain(|record| record.path != "Documents/new 3.txt");
    only.record(placeholder("HomeDomain", "Documents/new 3.txt"));
    only.write(&root.join("Snapshot"))?;
    fs::rename(root.join("Snapshot/Info.plist"), root.join("Info.plist"))?;
    Ok(fs::rename(root.join("Snapshot/Status.plist"), root.join("Status.plist"))?)
}

fn remove_empty_folders(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && fs::read_dir(&path)?.next().is_none() {
            fs::remove_dir(path)?;
        }
    }
    Ok(())
}
