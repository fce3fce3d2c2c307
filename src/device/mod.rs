//! Connected devices: list them, pair with them, back them up. The only room that opens a socket to a phone.
//!
//! From the bottom up: [`mux`] (the daemon that knows the devices), [`lockdown`] (the service that starts the others,
//! with [`record`]s and TLS), small services ([`notify`], [`afc`], [`apps`], [`heartbeat`]), the [`link`] over which a
//! backup runs, and the [`backup`] itself. Everything that comes from a device is as hostile as a backup is.

pub mod about;
pub mod afc;
pub mod apps;
pub mod backup;
mod error;
pub mod heartbeat;
pub mod link;
pub mod lockdown;
pub mod mux;
pub mod notify;
pub mod pairing;
pub mod record;
mod secure;
pub mod socket;
pub mod stream;
mod tls;
pub mod wire;

pub use error::DeviceError;
pub use mux::{Address, Attached, Connection};
