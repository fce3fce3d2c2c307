//! The notification proxy: what happens on the device while corer works with it, and what other programs should know.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::error::DeviceError;
use super::socket::{TICK, is_tick};
use super::stream::Stream;
use super::wire::{self, message};

/// The name of the service.
pub const SERVICE: &str = "com.apple.mobile.notification_proxy";

/// The person wants the work to stop.
pub const SYNC_CANCEL: &str = "com.apple.itunes-client.syncCancelRequest";
/// The passcode is being asked for.
pub const PASSCODE_ASKED: &str = "com.apple.LocalAuthentication.ui.presented";
/// The question for the passcode went away.
pub const PASSCODE_DONE: &str = "com.apple.LocalAuthentication.ui.dismissed";
/// Another program is about to work with the device.
pub const SYNC_WILL_START: &str = "com.apple.itunes-mobdev.syncWillStart";
/// Asks for the lock.
pub const SYNC_LOCK_REQUEST: &str = "com.apple.itunes-mobdev.syncLockRequest";
/// The lock is held.
pub const SYNC_DID_START: &str = "com.apple.itunes-mobdev.syncDidStart";
/// The work is over.
pub const SYNC_DID_FINISH: &str = "com.apple.itunes-mobdev.syncDidFinish";

/// What is listened for during a backup.
const OBSERVED: [&str; 6] = [
    SYNC_CANCEL,
    "com.apple.itunes-client.syncSuspendRequest",
    "com.apple.itunes-client.syncResumeRequest",
    "com.apple.mobile.backup.domain_changed",
    PASSCODE_ASKED,
    PASSCODE_DONE,
];

/// Posts notifications.
pub struct Notifier(Stream);

impl Notifier {
    /// Takes a connection to the service.
    pub fn new(stream: Stream) -> Self {
        Self(stream)
    }

    /// Tells the device's programs something.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn post(&mut self, name: &str) -> Result<(), DeviceError> {
        wire::send(&mut self.0, message! { "Command": "PostNotification", "Name": name })
    }
}

/// Listens on a thread of its own until it is dropped.
pub struct Listener {
    stop: Arc<AtomicBool>,
}

impl Listener {
    /// Starts to listen. `heard` is called with each name.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn start(mut stream: Stream, heard: impl Fn(&str) + Send + 'static) -> Result<Self, DeviceError> {
        for name in OBSERVED {
            wire::send(&mut stream, message! { "Command": "ObserveNotification", "Name": name })?;
        }
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        std::thread::spawn(move || {
            while let Some(name) = next(&mut stream, &stopped) {
                heard(&name);
            }
        });
        Ok(Self { stop })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The thread ends by itself within a tick; nobody has to wait for it.
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The next name; `None` at the end.
fn next(stream: &mut Stream, stop: &AtomicBool) -> Option<String> {
    loop {
        let message = message_or_stop(stream, stop)?;
        match wire::text(&message, "Command").as_deref() {
            Some("RelayNotification") => return wire::text(&message, "Name"),
            Some("ProxyDeath") => return None,
            _ => {}
        }
    }
}

fn message_or_stop(stream: &mut Stream, stop: &AtomicBool) -> Option<corer_schemas::formats::plist::Dictionary> {
    use std::io::Read;
    let mut first = [0; 1];
    loop {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        match stream.read(&mut first) {
            Ok(1) => break,
            Err(error) if is_tick(&error) => {}
            _ => return None,
        }
    }
    let mut rest = [0; 3];
    stream.read_within(&mut rest, TICK * 40).ok()?;
    let [a] = first;
    let [b, c, d] = rest;
    let body = wire::body(stream, u32::from_be_bytes([a, b, c, d]), 1 << 20, Duration::from_secs(10)).ok()?;
    wire::dictionary(&body).ok()
}
