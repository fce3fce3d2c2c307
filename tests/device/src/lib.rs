//! A simulated iPhone behind a simulated usbmuxd, for tests of whatever backs devices up.
//!
//! It listens on a Unix and a TCP socket; a host finds it through `USBMUXD_SOCKET_ADDRESS`. Behind it answer lockdown with
//! TLS and pairing, `mobilebackup2`, the notification proxy, AFC with the sync lock, the installation proxy, icons,
//! diagnostics and heartbeat. It backs up the life that `sample-backups` tells, plain or encrypted, fully or incrementally,
//! and its files can be changed in between.
//!
//! ```no_run
//! # fn main() -> corer_simulated_device::Result<()> {
//! use corer_simulated_device::{Setup, Simulator};
//!
//! let device = Simulator::start(Setup { password: Some("mira-1961".into()), ..Setup::default() })?;
//! // … run a host with USBMUXD_SOCKET_ADDRESS set to `device.address()` …
//! device.phone().files.write("HomeDomain", "Documents/new.txt", "new");
//! assert!(device.log().violations().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! Facts of the protocol carry a mark: \[L\] seen in logs of real devices, \[S\] in the code of several independent
//! programs, \[1\] in that of one, \[?\] inferred.

mod backup;
mod error;
pub mod faults;
pub mod files;
mod lockdown;
pub mod log;
mod mux;
pub mod pairing;
pub mod phone;
mod services;
mod simulator;
mod values;
mod wire;
mod world;

pub use error::{Error, Result};
pub use faults::{Cut, Faults, Hostile, Passcode, Person, Stage, Trust};
pub use files::Content;
pub use log::{Course, Log};
pub use phone::{Phone, Setup};
pub use simulator::{Running, Simulator};
