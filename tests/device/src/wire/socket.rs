//! A connection to usbmuxd, which is a Unix or a TCP socket: after `Connect` it is the tunnel to a port of the device.

use std::io::{IoSlice, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Either kind of socket.
#[derive(Debug)]
pub enum Socket {
    /// As on Linux and macOS.
    #[cfg(unix)]
    Unix(UnixStream),
    /// As on Windows, or from another computer.
    Tcp(TcpStream),
}

macro_rules! either {
    ($socket:expr, $inner:ident => $what:expr) => {
        match $socket {
            #[cfg(unix)]
            Socket::Unix($inner) => $what,
            Socket::Tcp($inner) => $what,
        }
    };
}

impl Socket {
    /// Another handle of the same connection.
    ///
    /// # Errors
    /// When the system has no more handles.
    pub fn try_clone(&self) -> Result<Self> {
        Ok(match self {
            #[cfg(unix)]
            Self::Unix(inner) => Self::Unix(inner.try_clone()?),
            Self::Tcp(inner) => Self::Tcp(inner.try_clone()?),
        })
    }

    /// Ends the connection for all its handles, at once.
    pub fn close(&self) {
        // It may have ended already.
        let _ = either!(self, inner => inner.shutdown(Shutdown::Both));
    }

    /// How long a read may take; `None` waits for ever.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn set_patience(&self, patience: Option<Duration>) -> Result<()> {
        either!(self, inner => inner.set_read_timeout(patience))
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        either!(self, inner => inner.read(buffer))
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        either!(self, inner => inner.write(bytes))
    }

    // Without this a TLS session would write each of its records by itself.
    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> Result<usize> {
        either!(self, inner => inner.write_vectored(pieces))
    }

    fn flush(&mut self) -> Result<()> {
        either!(self, inner => inner.flush())
    }
}
