//! What goes on beside a backup: the lock, the notifications, the heartbeat over Wi-Fi.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::watch::{News, Watch};
use crate::device::afc::{self, Afc};
use crate::device::error::DeviceError;
use crate::device::heartbeat::Heartbeat;
use crate::device::lockdown::Session;
use crate::device::mux::Connection;
use crate::device::notify::{self, Listener, Notifier};
use crate::device::stream::Stream;

/// What goes on beside a backup: the lock, the notifications, the heartbeat over Wi-Fi.
pub(super) struct Helpers {
    pub(super) afc: Option<Afc>,
    lock: Option<u64>,
    notifier: Option<Notifier>,
    _listener: Option<Listener>,
    _heartbeat: Option<Heartbeat>,
    /// Whether somebody asked to stop, on the device.
    pub(super) cancelled: Arc<AtomicBool>,
}

impl Helpers {
    pub(super) fn start(
        session: &mut Session,
        connection: Connection,
        watch: &Arc<dyn Watch>,
    ) -> Result<Self, DeviceError> {
        let cancelled = Arc::new(AtomicBool::new(false));
        let heartbeat = (connection == Connection::Wifi).then(|| Heartbeat::start(session)).and_then(Result::ok);
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

    pub(super) fn finish(mut self, _session: &mut Session) {
        if let (Some(afc), Some(lock)) = (&mut self.afc, self.lock) {
            // The lock ends with the connection in any case.
            let _ = afc.unlock(lock);
        }
        self.post(notify::SYNC_DID_FINISH);
    }
}

/// Listens to what the device says beside the backup.
pub(super) fn listen(
    stream: Stream,
    watch: &Arc<dyn Watch>,
    cancelled: &Arc<AtomicBool>,
) -> Result<Listener, DeviceError> {
    let (watch, cancelled) = (Arc::clone(watch), Arc::clone(cancelled));
    Listener::start(stream, move |name| match name {
        notify::SYNC_CANCEL => cancelled.store(true, Ordering::Relaxed),
        notify::PASSCODE_ASKED => watch.news(News::PasscodeAsked),
        notify::PASSCODE_DONE => watch.news(News::PasscodeDone),
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
