//! What goes on beside a backup: the lock, the notifications, the heartbeat over Wi-Fi.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::observer::{BackupEvent, BackupObserver};
use crate::device::afc::{self, Afc};
use crate::device::error::DeviceError;
use crate::device::heartbeat::Heartbeat;
use crate::device::lockdown::Session;
use crate::device::notifications::{self, Listener, Notifier};
use crate::device::stream::Stream;
use crate::device::usbmux::ConnectionKind;

/// What goes on beside a backup: the lock, the notifications, the heartbeat over Wi-Fi.
pub(super) struct SideServices {
    pub(super) afc: Option<Afc>,
    lock: Option<u64>,
    notifier: Option<Notifier>,
    _listener: Option<Listener>,
    _heartbeat: Option<Heartbeat>,
    /// Whether somebody asked to stop, on the device.
    pub(super) cancelled: Arc<AtomicBool>,
}

impl SideServices {
    pub(super) fn start(
        session: &mut Session,
        connection: ConnectionKind,
        observer: &Arc<dyn BackupObserver>,
    ) -> Result<Self, DeviceError> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let heartbeat = (connection == ConnectionKind::Wifi).then(|| Heartbeat::start(session)).and_then(Result::ok);
        let listener =
            session.service(notifications::SERVICE, true).and_then(|stream| listen(stream, observer, &cancelled));
        let notifier = session.service(notifications::SERVICE, true).map(Notifier::new);
        let mut helpers = Self {
            afc: None,
            lock: None,
            notifier: optional(notifier)?,
            _listener: optional(listener)?,
            _heartbeat: heartbeat,
            cancelled,
        };
        helpers.lock(session, observer)?;
        Ok(helpers)
    }

    fn lock(&mut self, session: &mut Session, observer: &Arc<dyn BackupObserver>) -> Result<(), DeviceError> {
        self.post(notifications::SYNC_WILL_START);
        let Some(mut afc) = optional(session.service(afc::SERVICE, true).map(Afc::new))? else { return Ok(()) };
        self.post(notifications::SYNC_LOCK_REQUEST);
        observer.event(BackupEvent::WaitingForLock);
        match afc.lock(&|| observer.is_cancelled())? {
            Some(lock) => self.lock = Some(lock),
            None => {
                self.post(notifications::SYNC_DID_FINISH);
                return Err(DeviceError::Busy(
                    "Another program (Finder, iTunes, Apple Devices, another computer) is syncing or backing up the device."
                        .to_owned(),
                ));
            }
        }
        self.afc = Some(afc);
        self.post(notifications::SYNC_DID_START);
        Ok(())
    }

    /// Other programs that do not hear it go on without.
    fn post(&mut self, name: &str) {
        if let Some(notifier) = &mut self.notifier {
            let _ = notifier.post(name);
        }
    }

    pub(super) fn finish(mut self, _session: &mut Session) {
        if let (Some(afc), Some(lock)) = (&mut self.afc, self.lock) {
            // The lock ends with the connection in any case.
            let _ = afc.unlock(lock);
        }
        self.post(notifications::SYNC_DID_FINISH);
    }
}

/// Listens to what the device says beside the backup.
pub(super) fn listen(
    stream: Stream,
    observer: &Arc<dyn BackupObserver>,
    cancelled: &Arc<AtomicBool>,
) -> Result<Listener, DeviceError> {
    let (observer, cancelled) = (Arc::clone(observer), Arc::clone(cancelled));
    Listener::start(stream, move |name| match name {
        notifications::SYNC_CANCEL => cancelled.store(true, Ordering::Relaxed),
        notifications::PASSCODE_ASKED => observer.event(BackupEvent::PasscodeAsked),
        notifications::PASSCODE_DONE => observer.event(BackupEvent::PasscodeDone),
        _ => {}
    })
}

/// What the device does not offer is done without; what a person can mend is not.
pub(super) fn optional<T>(result: Result<T, DeviceError>) -> Result<Option<T>, DeviceError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(DeviceError::Refused { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
