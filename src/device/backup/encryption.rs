//! Whether a device encrypts its backups, and with which password.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use corer_schemas::formats::plist::Value as PlistValue;

use super::SERVICE;
use super::empty_store::EmptyStore;
use super::observer::{BackupEvent, BackupObserver, ObserverWatchdog};
use super::side_services::{listen, optional};
use crate::device::error::DeviceError;
use crate::device::link::Link;
use crate::device::link::host::Host;
use crate::device::lockdown::Session;
use crate::device::notifications;
use crate::device::wire::{Dictionary, message};

/// How the password of a device's backups changes.
pub enum PasswordChange<'a> {
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
    change: &PasswordChange<'_>,
    observer: &Arc<dyn BackupObserver>,
) -> Result<(), DeviceError> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let listener =
        session.service(notifications::SERVICE, true).and_then(|stream| listen(stream, observer, &cancelled));
    let _listener = optional(listener)?;
    let stream = session.service(SERVICE, true)?;
    let watchdog = ObserverWatchdog { observer: observer.as_ref(), on_device: &cancelled };
    let mut link = Link::greet(stream, &watchdog)?;
    link.process(password_request(udid, change))?;
    observer.event(BackupEvent::Asked);
    let mut store = EmptyStore;
    let mut tell = |_| {};
    let response = Host::new(udid, &mut store, &mut tell).serve(&mut link);
    // The answer is there; where the connection is gone, it is gone.
    let _ = link.disconnect();
    response?.result()
}

fn password_request(udid: &str, change: &PasswordChange<'_>) -> Dictionary {
    let (old, new) = match change {
        PasswordChange::On(new) => (None, Some(*new)),
        PasswordChange::Off(old) => (Some(*old), None),
        PasswordChange::Other(old, new) => (Some(*old), Some(*new)),
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
    Ok(value.as_ref().and_then(PlistValue::to_i64).is_some_and(|number| number != 0))
}
