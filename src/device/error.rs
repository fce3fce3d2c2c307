//! What can go wrong with a connected device, told apart by what a person can do about it.

use std::io;

/// Why something with a device did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// No program that talks to devices (usbmuxd) answers.
    #[error("nothing that talks to devices answers at {address}: {error}")]
    NoDaemon {
        /// Where it was looked for.
        address: String,
        /// What the operating system says.
        error: io::Error,
    },
    /// No device is connected, or not the one that was asked for.
    #[error("{0}")]
    NotFound(String),
    /// The device does not know this computer.
    #[error("the device does not trust this computer")]
    NotPaired,
    /// The person has not answered the question on the device.
    #[error("nobody has answered the question \"Trust This Computer?\" on the device")]
    TrustPending,
    /// The person said no.
    #[error("somebody tapped \"Don't Trust\" on the device")]
    TrustDenied,
    /// The device is locked, or nobody typed its passcode.
    #[error("the device is locked")]
    Locked,
    /// Lockdown does not do what was asked, in its own word.
    #[error("the device refuses {request}: {answer}")]
    Refused {
        /// What was asked.
        request: String,
        /// Its word.
        answer: String,
    },
    /// The connection ended.
    #[error("the connection to the device broke off")]
    Disconnected,
    /// Nothing came for longer than makes sense.
    #[error("the device has been silent for {0} seconds")]
    Silent(u64),
    /// The encrypted connection cannot be had.
    #[error("no encrypted connection to the device: {0}")]
    Tls(String),
    /// What the device says makes no sense.
    #[error("the device says something that makes no sense: {0}")]
    Protocol(String),
    /// A pairing record is of no use.
    #[error("the pairing record {0}")]
    Record(String),
    /// The person at the computer asked to stop.
    #[error("stopped")]
    Cancelled,
    /// The person at the device asked to stop.
    #[error("stopped on the device")]
    CancelledOnDevice,
    /// Another program is working with the device or the folder.
    #[error("{0}")]
    Busy(String),
    /// The device ended a backup, or a change of the password, with an error.
    #[error("the device ended with error {code}: {text}")]
    Backup {
        /// The number, of `MBErrorDomain`.
        code: i64,
        /// What it says.
        text: String,
    },
    /// The device said that it was done, and what it left is no complete backup.
    #[error("the device says that it is done, but {0}")]
    Incomplete(String),
    /// There is not enough room.
    #[error("there is not enough room: {needed} bytes are needed, {free} are free")]
    NoSpace {
        /// How much is needed.
        needed: u64,
        /// How much is free.
        free: u64,
    },
    /// A file of this computer cannot be read or written.
    #[error("{what}: {error}")]
    Io {
        /// What was done, to what.
        what: String,
        /// What the operating system says.
        error: io::Error,
    },
}

impl DeviceError {
    /// An error of a file of this computer.
    pub fn io(what: impl Into<String>, error: io::Error) -> Self {
        Self::Io { what: what.into(), error }
    }

    /// An error on the way to or from a device.
    pub(super) fn wire(error: &io::Error) -> Self {
        match error.kind() {
            // Other programs may close a connection in any of these ways.
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::NotConnected => Self::Disconnected,
            io::ErrorKind::InvalidData => Self::Tls(error.to_string()),
            _ => Self::Protocol(error.to_string()),
        }
    }
}
