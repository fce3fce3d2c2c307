//! Backing up a device: the old backup stays what it is until the new one is whole.

mod disk;
mod examine;
mod info;
mod inventory;
mod journal;
mod nowhere;
mod parked;
mod path;
mod staging;
mod tally;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use corer_schemas::formats::plist::Value as Read;

use super::afc::{self, Afc};
use super::error::DeviceError;
use super::heartbeat::Heartbeat;
use super::link::host::{Event, Host, Refused};
use super::link::{Link, Patience};
use super::lockdown::Session;
use super::mux::Connection;
use super::notify::{self, Listener, Notifier};
use super::stream::Stream;
use super::wire::{Dictionary, Value, message};
pub use examine::Before;
use inventory::Inventory;
pub use journal::{Left, Workplace};
use staging::Staging;

/// The service that backs up.
const SERVICE: &str = "com.apple.mobilebackup2";
/// What must be free before anything begins: a backup smaller than this there is none.
const LEAST_ROOM: u64 = 256 << 20;

/// What happens during a backup, for the person who waits.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// An earlier run had left something.
    Left(Left),
    /// The old backup was looked at.
    Before(Before),
    /// Another program is working with the device; corer waits for it.
    WaitingForLock,
    /// The device has been asked for a backup.
    Asked,
    /// The device asks for its passcode.
    PasscodeAsked,
    /// The question for the passcode is gone.
    PasscodeDone,
    /// The device has said nothing for so long.
    Silent(Duration),
    /// So many bytes came.
    Bytes(u64),
    /// A file came.
    File,
    /// The whole work is so far, in percent.
    Percent(f64),
    /// The device lacks so many bytes of room on this computer.
    NoRoom(u64),
    /// The device is done; the files are put into place.
    Committing,
}

/// How the caller watches.
pub trait Watch: Send + Sync {
    /// Something happened.
    fn news(&self, news: News);
    /// Whether somebody asked to stop.
    fn is_cancelled(&self) -> bool;
}

/// What to back up, and where to.
pub struct Job<'a> {
    /// The identifier of the device.
    pub udid: &'a str,
    /// How it is connected.
    pub connection: Connection,
    /// The folder that holds the backup's folder.
    pub root: &'a Path,
    /// Whether everything is to be sent anew.
    pub full: bool,
}

/// How a backup ended well.
#[derive(Debug)]
pub struct Done {
    /// Where it lies.
    pub backup: PathBuf,
    /// What the device could not read.
    pub refused: Vec<Refused>,
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
/// [`DeviceError`] says what to do. The backup that was there before is still there, and whole.
pub fn back_up(session: &mut Session, job: &Job<'_>, watch: &Arc<dyn Watch>) -> Result<Done, DeviceError> {
    make_root(job.root)?;
    let (place, left) = Workplace::take(&folder_of(job.root, job.udid))?;
    watch.news(News::Left(left));
    let free = free_space(&place.files()).map_err(|error| DeviceError::io("The free space is not known", error))?;
    if free < LEAST_ROOM {
        return Err(DeviceError::NoRoom { needed: LEAST_ROOM, free });
    }
    let before = examine::before(&place.backup, Inventory::read(&place.own(inventory::NAME)).as_ref());
    watch.news(News::Before(before.clone()));
    let result = run(session, job, watch, &place, &before);
    let Err(error) = result else { return result };
    // What cannot be thrown away now, the next run throws away.
    let _ = place.roll_back();
    match unreadable_lists(&error) {
        // It would say so at every run: what it cannot read, an encrypted manifest say, need not be damaged to the eye.
        Some(number) if before == Before::Whole && !job.full && !watch.is_cancelled() => {
            let why = format!("the device cannot read its lists, error {number}");
            anew(session, job, watch, &place, Before::Unfit(why))
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
    job: &Job<'_>,
    watch: &Arc<dyn Watch>,
    place: &Workplace,
    before: Before,
) -> Result<Done, DeviceError> {
    watch.news(News::Before(before.clone()));
    let result = run(session, job, watch, place, &before);
    if result.is_err() {
        let _ = place.roll_back();
    }
    result
}

fn run(
    session: &mut Session,
    job: &Job<'_>,
    watch: &Arc<dyn Watch>,
    place: &Workplace,
    before: &Before,
) -> Result<Done, DeviceError> {
    let failed = |error| DeviceError::io(format!("{} cannot be written", place.files().display()), error);
    let mut staging = Staging::begin(job.udid, &place.backup, &place.files()).map_err(failed)?;
    hide_unfit(&mut staging, before);
    let mut helpers = Helpers::start(session, job, watch)?;
    let info = info::info_plist(session, helpers.afc.as_mut(), job.udid)?;
    staging.write("Info.plist", &info).map_err(failed)?;
    // Of a first backup the device knows by itself that it is one.
    let anew = job.full || matches!(before, Before::Unfit(_));
    let done = converse(session, job, watch, &mut staging, &helpers, anew);
    helpers.finish(session);
    let (refused, files, bytes) = done?;
    staging.settle().map_err(failed)?;
    examine::after(&staging)?;
    watch.news(News::Committing);
    place.commit(&staging).map_err(failed)?;
    let counted = staging.tally().cloned().map_or_else(|| Inventory::take(&place.backup), Ok);
    counted.and_then(|now| now.write(&place.own(inventory::NAME))).map_err(failed)?;
    let is_full = anew || *before == Before::Nothing;
    Ok(Done { backup: place.backup.clone(), refused, files, bytes, is_full })
}

/// A folder `Snapshot` in a backup that is whole is a leftover, at which devices stumble. Lists that are broken make them
/// give up; without them they begin anew.
fn hide_unfit(staging: &mut Staging, before: &Before) {
    staging.hide("Snapshot");
    if matches!(before, Before::Unfit(_)) {
        for name in ["Status.plist", "Manifest.plist", "Manifest.db", "Manifest.mbdb"] {
            staging.hide(name);
        }
    }
}

fn converse(
    session: &mut Session,
    job: &Job<'_>,
    watch: &Arc<dyn Watch>,
    staging: &mut Staging,
    helpers: &Helpers,
    anew: bool,
) -> Result<(Vec<Refused>, u64, u64), DeviceError> {
    let stream = session.service(SERVICE, true)?;
    let patience = Waiting { watch: watch.as_ref(), on_device: &helpers.cancelled };
    let mut link = Link::greet(stream, &patience)?;
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
    watch.news(News::Asked);
    let (mut files, mut bytes) = (0, 0);
    let mut tell = |event| match event {
        Event::Bytes(more) => {
            bytes += more;
            watch.news(News::Bytes(more));
        }
        Event::File => {
            files += 1;
            watch.news(News::File);
        }
        Event::Percent(percent) => watch.news(News::Percent(percent)),
        Event::NoRoom(more) => watch.news(News::NoRoom(more)),
        Event::Sent(_) => {}
    };
    let mut host = Host::new(staging, &mut tell);
    let served = host.serve(&mut link);
    let (refused, failure) = (std::mem::take(&mut host.refused), host.failure.take());
    // Also after Ctrl-C between two messages. Where the connection is gone, it is gone.
    let _ = link.disconnect();
    match served.and_then(|response| response.result()) {
        Ok(()) => Ok((refused, files, bytes)),
        Err(DeviceError::Cancelled) if helpers.cancelled.load(Ordering::Relaxed) => Err(DeviceError::CancelledOnDevice),
        Err(error) => Err(failure.map_or(error, |own| DeviceError::io("The files could not be written", own))),
    }
}

/// Waiting for the device.
struct Waiting<'a> {
    watch: &'a dyn Watch,
    on_device: &'a AtomicBool,
}

impl Patience for Waiting<'_> {
    fn is_cancelled(&self) -> bool {
        self.watch.is_cancelled() || self.on_device.load(Ordering::Relaxed)
    }

    fn silent(&self, so_far: Duration) {
        self.watch.news(News::Silent(so_far));
    }
}

/// What goes on beside a backup: the lock, the notifications, the heartbeat over Wi-Fi.
struct Helpers {
    afc: Option<Afc>,
    lock: Option<u64>,
    notifier: Option<Notifier>,
    _listener: Option<Listener>,
    _heartbeat: Option<Heartbeat>,
    /// Whether somebody asked to stop, on the device.
    cancelled: Arc<AtomicBool>,
}

impl Helpers {
    fn start(session: &mut Session, job: &Job<'_>, watch: &Arc<dyn Watch>) -> Result<Self, DeviceError> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let heartbeat = (job.connection == Connection::Wifi).then(|| Heartbeat::start(session)).and_then(Result::ok);
        let listener = session.service(notify::SERVICE, true).and_then(|stream| listen(stream, watch, &cancelled));
        let notifier = session.service(notify::SERVICE, true).map(Notifier::new);
        let mut helpers = Self {
            afc: None,
            lock: None,
            notifier: optional(notifier)?,
            _listener: optional(listener)?,
            _heartbeat: heartbeat,
            cancelled,
        };
        helpers.lock(session, watch)?;
        Ok(helpers)
    }

    fn lock(&mut self, session: &mut Session, watch: &Arc<dyn Watch>) -> Result<(), DeviceError> {
        self.post(notify::SYNC_WILL_START);
        let Some(mut afc) = optional(session.service(afc::SERVICE, true).map(Afc::new))? else { return Ok(()) };
        self.post(notify::SYNC_LOCK_REQUEST);
        watch.news(News::WaitingForLock);
        match afc.lock(&|| watch.is_cancelled())? {
            Some(lock) => self.lock = Some(lock),
            None => {
                self.post(notify::SYNC_DID_FINISH);
                return Err(DeviceError::Busy(
                    "Another program (Finder, iTunes, Apple Devices, another computer) is syncing or backing up the device."
                        .to_owned(),
                ));
            }
        }
        self.afc = Some(afc);
        self.post(notify::SYNC_DID_START);
        Ok(())
    }

    /// Other programs that do not hear it go on without.
    fn post(&mut self, name: &str) {
        if let Some(notifier) = &mut self.notifier {
            let _ = notifier.post(name);
        }
    }

    fn finish(mut self, _session: &mut Session) {
        if let (Some(afc), Some(lock)) = (&mut self.afc, self.lock) {
            // The lock ends with the connection in any case.
            let _ = afc.unlock(lock);
        }
        self.post(notify::SYNC_DID_FINISH);
    }
}

fn listen(stream: Stream, watch: &Arc<dyn Watch>, cancelled: &Arc<AtomicBool>) -> Result<Listener, DeviceError> {
    let (watch, cancelled) = (Arc::clone(watch), Arc::clone(cancelled));
    Listener::start(stream, move |name| match name {
        notify::SYNC_CANCEL => cancelled.store(true, Ordering::Relaxed),
        notify::PASSCODE_ASKED => watch.news(News::PasscodeAsked),
        notify::PASSCODE_DONE => watch.news(News::PasscodeDone),
        _ => {}
    })
}

/// What the device does not offer is done without; what a person can mend is not.
fn optional<T>(result: Result<T, DeviceError>) -> Result<Option<T>, DeviceError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(DeviceError::Refused { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How the password of a device's backups changes.
pub enum Change<'a> {
    /// Encrypt from now on, with this password.
    On(&'a str),
    /// Encrypt no more.
    Off(&'a str),
    /// From the first to the second.
    Other(&'a str, &'a str),
}

/// Changes the encryption of a device's backups. No folder is needed: the device keeps the password.
///
/// # Errors
/// [`DeviceError::Backup`] with 207 for a wrong password.
pub fn change_password(
    session: &mut Session,
    udid: &str,
    change: &Change<'_>,
    watch: &Arc<dyn Watch>,
) -> Result<(), DeviceError> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let listener = session.service(notify::SERVICE, true).and_then(|stream| listen(stream, watch, &cancelled));
    let _listener = optional(listener)?;
    let stream = session.service(SERVICE, true)?;
    let patience = Waiting { watch: watch.as_ref(), on_device: &cancelled };
    let mut link = Link::greet(stream, &patience)?;
    link.process(password_request(udid, change))?;
    watch.news(News::Asked);
    let mut store = nowhere::Nowhere;
    let mut tell = |_| {};
    let response = Host::new(&mut store, &mut tell).serve(&mut link);
    // The answer is there; where the connection is gone, it is gone.
    let _ = link.disconnect();
    response?.result()
}

fn password_request(udid: &str, change: &Change<'_>) -> Dictionary {
    let (old, new) = match change {
        Change::On(new) => (None, Some(*new)),
        Change::Off(old) => (Some(*old), None),
        Change::Other(old, new) => (Some(*old), Some(*new)),
    };
    let mut request = message! { "MessageName": "ChangePassword", "TargetIdentifier": udid };
    for (key, password) in [("OldPassword", old), ("NewPassword", new)] {
        if let Some(password) = password {
            request.insert(key.to_owned(), password.into());
        }
    }
    request
}

/// Whether a device encrypts its backups.
///
/// # Errors
/// Those of the conversation.
pub fn will_encrypt(session: &mut Session) -> Result<bool, DeviceError> {
    let value = session.value(Some("com.apple.mobile.backup"), Some("WillEncrypt"))?;
    Ok(value.as_ref().and_then(Read::to_i64).is_some_and(|number| number != 0))
}
