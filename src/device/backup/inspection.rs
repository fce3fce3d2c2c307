//! Looking at a backup before the device does, and after it says that it is done.

use std::path::Path;
use std::sync::Arc;

use corer_schemas::formats::plist::{self as reader, Value as PlistValue};

use super::inventory::Inventory;
use super::snapshot::Snapshot;
use crate::backup::facts::Facts;
use crate::backup::tree::{FileTree, Folder};
use crate::backup::verify::{Level, Watch, verify};
use crate::backup::{BackupError, LockedBackup};
use crate::device::error::DeviceError;
use crate::device::wire;

/// The largest property list that is read back, in bytes.
const LARGEST_PLIST: u64 = 64 << 20;

/// What is in the folder before a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EarlierBackup {
    /// No backup: the first one is a full one.
    Absent,
    /// A complete backup, on which the device may build.
    Complete,
    /// A backup on which nothing should be built, and why: the next one has to be a full one.
    Unusable(String),
}

/// Looks at the backup in a folder; nothing of it is changed. `inventory` is what corer itself noted of it.
pub fn before(backup: &Path, inventory: Option<&Inventory>) -> EarlierBackup {
    let tree: Arc<dyn FileTree> = Arc::new(Folder::new(backup));
    let has = |name: &str| tree.size_of(name).is_some();
    if !has("Manifest.db") && !has("Manifest.mbdb") && !has("Manifest.plist") && !has("Status.plist") {
        return EarlierBackup::Absent;
    }
    let (facts, _) = Facts::read(tree.as_ref(), "");
    let broken = facts.problems.iter().find(|problem| problem.item != "Info.plist");
    if let Some(problem) = broken {
        return EarlierBackup::Unusable(format!("{}: {}", problem.item, problem.why));
    }
    let locked = match LockedBackup::open(Arc::clone(&tree)) {
        Ok(locked) => locked,
        Err(BackupError::NoManifest(_)) => return EarlierBackup::Unusable("it has no manifest".to_owned()),
        Err(error) => return EarlierBackup::Unusable(error.to_string()),
    };
    if locked.interrupted().is_some() {
        return EarlierBackup::Unusable("another program's backup stopped before its end".to_owned());
    }
    if let Some(why) = locked.manifest_damage() {
        return EarlierBackup::Unusable(why);
    }
    match inventory {
        Some(noted) => match Inventory::take(backup).map(|now| noted.differences(&now)) {
            Ok(0) => EarlierBackup::Complete,
            Ok(folders) => {
                EarlierBackup::Unusable(format!("files changed or went missing in {folders} of its folders"))
            }
            Err(error) => EarlierBackup::Unusable(error.to_string()),
        },
        None => by_manifest(&locked),
    }
}

/// The manifest of a backup that another program made tells, where it can be read without a password.
fn by_manifest(locked: &LockedBackup) -> EarlierBackup {
    if locked.is_encrypted() {
        return EarlierBackup::Complete;
    }
    let watch = Watch { advance: &|_| {}, is_interrupted: &|| false };
    match locked.open_plain() {
        Ok(backup) => {
            let mut found = verify(&backup, locked.facts(), Level::Quick, &watch);
            found.damage.append(&mut found.unchecked);
            match found.damage.as_slice() {
                [] => EarlierBackup::Complete,
                [one] => EarlierBackup::Unusable(format!("{}: {}", one.item, one.why())),
                [one, rest @ ..] => {
                    EarlierBackup::Unusable(format!("{}: {} (and {} more)", one.item, one.why(), rest.len()))
                }
            }
        }
        Err(error) => EarlierBackup::Unusable(error.to_string()),
    }
}

/// Whether what the device left is a complete backup.
///
/// # Errors
/// [`DeviceError::Incomplete`] says what is wrong.
pub fn after(snapshot: &Snapshot) -> Result<(), DeviceError> {
    let read = |name: &'static str| {
        let bytes = snapshot.read(name, LARGEST_PLIST);
        let bytes = bytes.map_err(|error| DeviceError::Incomplete(format!("{name} cannot be read ({error})")))?;
        match reader::read(&bytes) {
            Ok(PlistValue::Dictionary(dictionary)) => Ok(dictionary),
            Ok(_) => Err(DeviceError::Incomplete(format!("{name} holds something else than it should"))),
            Err(error) => Err(DeviceError::Incomplete(format!("{name}: {error}"))),
        }
    };
    let status = read("Status.plist")?;
    match wire::text(&status, "SnapshotState").as_deref() {
        Some("finished") | None => {}
        Some(other) => return Err(DeviceError::Incomplete(format!("its files are in the state \"{other}\""))),
    }
    read("Manifest.plist")?;
    let has = |name: &'static str| snapshot.read(name, 16).is_ok_and(|start| !start.is_empty());
    match has("Manifest.db") || has("Manifest.mbdb") {
        true => Ok(()),
        false => Err(DeviceError::Incomplete("it left no manifest".to_owned())),
    }
}
