//! Bytes between a host and the device: sockets, TLS, frames.

mod channel;
mod socket;
pub mod tls;

pub use channel::{Channel, Format, Polled};
pub use socket::Socket;
