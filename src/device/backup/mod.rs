//! Backing up a device: the old backup stays what it is until the new one is complete.

mod disk;
mod early_placement;
mod empty_store;
mod encryption;
mod info;
mod inspection;
mod inventory;
mod journal;
#[cfg(test)]
mod model;
mod observer;
mod overlay;
mod payload_count;
mod side_services;
mod snapshot;
mod staged_files;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::error::DeviceError;
use super::link::Link;
use super::link::host::{Host, TransferEvent, UnreadableFile};
use super::lockdown::Session;
use super::usbmux::ConnectionKind;
use super::wire::{Value, message};
pub use encryption::{PasswordChange, change_password, will_encrypt};
pub use inspection::EarlierBackup;
use inventory::Inventory;
pub use journal::{Leftover, Workspace};
use observer::ObserverWatchdog;
pub use observer::{BackupEvent, BackupObserver};
use side_services::SideServices;
use snapshot::Snapshot;

/// The service that backs up.
const SERVICE: &str = "com.apple.mobilebackup2";
/// What must be free before anything begins: a backup smaller than this there is none.
const LEAST_ROOM: u64 = 256 << 20;

/// What to back up, and where to.
pub struct BackupJob<'a> {
    /// The identifier of the device.
    pub udid: &'a str,
    /// How it is connected.
    pub connection: ConnectionKind,
    /// The folder that holds the backup's folder.
    pub root: &'a Path,
    /// Whether everything is to be sent anew.
    pub full: bool,
}

/// How a backup ended well.
#[derive(Debug)]
pub struct BackupResult {
    /// Where it lies.
    pub backup: PathBuf,
    /// What the device could not read.
    pub refused: Vec<UnreadableFile>,
    /// How many files came.
    pub files: u64,
    /// How many bytes came.
    pub bytes: u64,
    /// Whether everything was sent anew.
    pub is_full: bool,
}

/// The folder of a device's backup. One level too low is forgiven.
pub fn folder_of(root: &Path, udid: &str) -> PathBuf {
    match root.file_name().is_some_and(|name| name == udid) {
        true => root.to_owned(),
        false => root.join(udid),
    }
}

/// Makes the folder that holds backups, for the owner alone.
///
/// # Errors
/// [`DeviceError::Io`].
pub fn make_root(root: &Path) -> Result<(), DeviceError> {
    disk::make_folders(root).map_err(|error| DeviceError::io(format!("{} cannot be made", root.display()), error))
}

/// How much is free where backups go.
///
/// # Errors
/// What the operating system says.
pub fn free_space(root: &Path) -> std::io::Result<u64> {
    let there = root.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    fs4::available_space(there)
}

/// Backs up a device.
///
/// # Errors
/// [`DeviceError`] says what to do. The backup that was there before is still there, and complete.
pub fn back_up(
    session: &mut Session,
    job: &BackupJob<'_>,
    observer: &Arc<dyn BackupObserver>,
) -> Result<BackupResult, DeviceError> {
    make_root(job.root)?;
    let (place, left) = Workspace::take(&folder_of(job.root, job.udid))?;
    observer.event(BackupEvent::Leftover(left));
    let free = free_space(&place.files()).map_err(|error| DeviceError::io("The free space is not known", error))?;
    if free < LEAST_ROOM {
        return Err(DeviceError::NoSpace { needed: LEAST_ROOM, free });
    }
    let before = inspection::before(&place.backup, Inventory::read(&place.own(inventory::NAME)).as_ref());
    observer.event(BackupEvent::EarlierBackup(before.clone()));
    let result = run(session, job, observer, &place, &before);
    let Err(error) = result else { return result };
    // What cannot be thrown away now, the next run throws away.
    let _ = place.roll_back();
    match unreadable_lists(&error) {
        // It would say so at every run: what it cannot read, an encrypted manifest say, need not be damaged to the eye.
        Some(number) if before == EarlierBackup::Complete && !job.full && !observer.is_cancelled() => {
            let why = format!("the device cannot read its lists, error {number}");
            anew(session, job, observer, &place, EarlierBackup::Unusable(why))
        }
        _ => Err(error),
    }
}

/// The number with which a device says that it cannot read the lists of the earlier backup.
fn unreadable_lists(error: &DeviceError) -> Option<i64> {
    match error {
        DeviceError::Backup { code: code @ (11 | 103 | 205), .. } => Some(*code),
        _ => None,
    }
}

/// Once more, from nothing.
fn anew(
    session: &mut Session,
    job: &BackupJob<'_>,
    observer: &Arc<dyn BackupObserver>,
    place: &Workspace,
    before: EarlierBackup,
) -> Result<BackupResult, DeviceError> {
    observer.event(BackupEvent::EarlierBackup(before.clone()));
    let result = run(session, job, observer, place, &before);
    if result.is_err() {
        let _ = place.roll_back();
    }
    result
}

fn run(
    session: &mut Session,
    job: &BackupJob<'_>,
    observer: &Arc<dyn BackupObserver>,
    place: &Workspace,
    before: &EarlierBackup,
) -> Result<BackupResult, DeviceError> {
    let failed = |error| DeviceError::io(format!("{} cannot be written", place.files().display()), error);
    let mut snapshot = Snapshot::begin(&place.backup, &place.files()).map_err(failed)?;
    hide_unfit(&mut snapshot, before).map_err(failed)?;
    let mut helpers = SideServices::start(session, job.connection, observer)?;
    let info = info::info_plist(session, helpers.afc.as_mut(), job.udid)?;
    snapshot.write("Info.plist", &info).map_err(failed)?;
    // Of a first backup the device knows by itself that it is one.
    let anew = job.full || matches!(before, EarlierBackup::Unusable(_));
    let done = converse(session, job, observer, &mut snapshot, &helpers, anew);
    helpers.finish(session);
    let (refused, files, bytes) = done?;
    snapshot.materialize().map_err(failed)?;
    inspection::after(&snapshot)?;
    observer.event(BackupEvent::Committing);
    place.commit(&snapshot).map_err(failed)?;
    let counted = snapshot.counted().cloned().map_or_else(|| Inventory::take(&place.backup), Ok);
    counted.and_then(|now| now.write(&place.own(inventory::NAME))).map_err(failed)?;
    let is_full = anew || *before == EarlierBackup::Absent;
    Ok(BackupResult { backup: place.backup.clone(), refused, files, bytes, is_full })
}

/// A folder `Snapshot` in a complete backup is a leftover, at which devices stumble. Lists that are broken make them
/// give up; without them they begin anew.
fn hide_unfit(snapshot: &mut Snapshot, before: &EarlierBackup) -> std::io::Result<()> {
    snapshot.hide("Snapshot")?;
    if matches!(before, EarlierBackup::Unusable(_)) {
        for name in ["Status.plist", "Manifest.plist", "Manifest.db", "Manifest.mbdb"] {
            snapshot.hide(name)?;
        }
    }
    Ok(())
}

fn converse(
    session: &mut Session,
    job: &BackupJob<'_>,
    observer: &Arc<dyn BackupObserver>,
    snapshot: &mut Snapshot,
    helpers: &SideServices,
    anew: bool,
) -> Result<(Vec<UnreadableFile>, u64, u64), DeviceError> {
    let stream = session.service(SERVICE, true)?;
    let watchdog = ObserverWatchdog { observer: observer.as_ref(), on_device: &helpers.cancelled };
    let mut link = Link::greet(stream, &watchdog)?;
    let mut request = message! {
        "MessageName": "Backup",
        "TargetIdentifier": job.udid,
        "SourceIdentifier": job.udid,
    };
    if anew {
        let options = message! { "ForceFullBackup": true };
        request.insert("Options".to_owned(), Value::Dictionary(options));
    }
    link.process(request)?;
    observer.event(BackupEvent::Asked);
    let (mut files, mut bytes) = (0, 0);
    let mut tell = |event| match event {
        TransferEvent::Bytes(more) => {
            bytes += more;
            observer.event(BackupEvent::Bytes(more));
        }
        TransferEvent::File => {
            files += 1;
            observer.event(BackupEvent::File);
        }
        TransferEvent::Percent(percent) => observer.event(BackupEvent::Percent(percent)),
        TransferEvent::NoSpace(more) => observer.event(BackupEvent::NoSpace(more)),
        TransferEvent::Sent(_) => {}
    };
    let mut host = Host::new(job.udid, snapshot, &mut tell);
    let served = host.serve(&mut link);
    let (refused, failure) = (std::mem::take(&mut host.refused), host.failure.take());
    // Also after Ctrl-C between two messages. Where the connection is gone, it is gone.
    let _ = link.disconnect();
    match served.and_then(|response| response.result()) {
        // A device that ends well though this computer said that it could not write has not backed up everything.
        Ok(()) => match failure.filter(|own| own.raw_os_error().is_some()) {
            Some(own) => Err(DeviceError::io("The files could not be written", own)),
            None => Ok((refused, files, bytes)),
        },
        Err(DeviceError::Cancelled) if helpers.cancelled.load(Ordering::Relaxed) => Err(DeviceError::CancelledOnDevice),
        Err(error) => Err(failure.map_or(error, |own| DeviceError::io("The files could not be written", own))),
    }
}
