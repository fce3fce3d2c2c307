//! Over Wi-Fi a device drops a computer that does not answer its heartbeat.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::DeviceError;
use super::lockdown::Session;
use super::wire::{self, message};

/// The name of the service.
const SERVICE: &str = "com.apple.mobile.heartbeat";

/// Answers on a thread of its own until it is dropped.
pub struct Heartbeat {
    stop: Arc<AtomicBool>,
}

impl Heartbeat {
    /// Starts to answer.
    ///
    /// # Errors
    /// When the device does not offer the service.
    pub fn start(session: &mut Session) -> Result<Self, DeviceError> {
        let mut stream = session.service(SERVICE, true)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        std::thread::spawn(move || {
            // The device asks every ten seconds or so and says how long it waits.
            while !stopped.load(Ordering::Relaxed) {
                match wire::receive(&mut stream, std::time::Duration::from_secs(2)) {
                    Ok(_) => {
                        if wire::send(&mut stream, message! { "Command": "Polo" }).is_err() {
                            return;
                        }
                    }
                    Err(DeviceError::Silent(_)) => {}
                    Err(_) => return,
                }
            }
        });
        Ok(Self { stop })
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        // The thread ends by itself within seconds; nobody has to wait for it.
        self.stop.store(true, Ordering::Relaxed);
    }
}
