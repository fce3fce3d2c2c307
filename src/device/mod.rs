//! Connected devices: list them, pair with them, back them up. The only room that opens a socket to a phone.
//!
//! From the bottom up: [`usbmux`] (the daemon that knows the devices), [`lockdown`] (the service that starts the others,
//! with [`pairing_record`]s and TLS), small services ([`notifications`], [`afc`], [`apps`], [`heartbeat`]), the [`link`] over which a
//! backup runs, and the [`backup`] itself. Everything that comes from a device is as hostile as a backup is.

pub mod afc;
pub mod apps;
pub mod backup;
pub mod device_info;
mod error;
pub mod heartbeat;
pub mod link;
pub mod lockdown;
pub mod notifications;
pub mod pairing;
pub mod pairing_record;
pub mod socket;
pub mod stream;
mod tls;
mod tls_stream;
pub mod usbmux;
pub mod wire;

pub use error::DeviceError;
pub use usbmux::{AttachedDevice, ConnectionKind, DaemonAddress};
