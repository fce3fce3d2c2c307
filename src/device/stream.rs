//! One connection to a service of a device: a socket of the daemon, in clear or inside TLS.
//!
//! Everything blocks: a backup is one long conversation, and waking a scheduler for each of its messages would cost more
//! than the messages. A read returns every quarter of a second so that its caller can look whether to go on.

use std::io::{self, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::error::DeviceError;

/// Between two looks whether to go on waiting.
pub const TICK: Duration = Duration::from_millis(250);
/// A device that does not take what it is sent for so long is gone.
const LONGEST_WRITE: Duration = Duration::from_secs(300);
/// The most that is read from the system at once. rustls asks for 4 KB at a time.
const READ_AHEAD: usize = 128 << 10;

/// A connection.
pub struct Stream {
    inner: Inner,
}

enum Inner {
    Plain(ReadAhead),
    Tls(Box<StreamOwned<ClientConnection, ReadAhead>>),
}

/// A socket as the daemon gives it.
pub enum Socket {
    /// Of Apple's service on Windows, and of forwarded daemons.
    Tcp(TcpStream),
    /// Of the daemon on this computer.
    #[cfg(unix)]
    Unix(UnixStream),
}

/// A socket that is read in large pieces.
struct ReadAhead {
    socket: Socket,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
}

impl Stream {
    /// Takes a connected socket.
    ///
    /// # Errors
    /// When the socket does not take its settings.
    pub fn new(socket: Socket) -> io::Result<Self> {
        socket.prepare()?;
        let buffer = vec![0; READ_AHEAD].into_boxed_slice();
        Ok(Self { inner: Inner::Plain(ReadAhead { socket, buffer, start: 0, end: 0 }) })
    }

    /// Goes on inside TLS, as the client.
    ///
    /// # Errors
    /// [`DeviceError::Tls`] when the two do not agree, or the device is another one than the record's.
    pub fn into_tls(self, config: &Arc<ClientConfig>) -> Result<Self, DeviceError> {
        let Inner::Plain(mut socket) = self.inner else {
            return Err(DeviceError::Tls("it is encrypted already".to_owned()));
        };
        let tls = |error: &dyn std::fmt::Display| DeviceError::Tls(error.to_string());
        // The name is sent to no one: devices have none.
        let name = ServerName::try_from("device").map_err(|error| tls(&error))?;
        let mut connection = ClientConnection::new(Arc::clone(config), name).map_err(|error| tls(&error))?;
        let until = Instant::now() + Duration::from_secs(30);
        while connection.is_handshaking() {
            match connection.complete_io(&mut socket) {
                Ok(_) => {}
                Err(error) if is_tick(&error) && Instant::now() < until => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(tls(&"the device hung up")),
                Err(error) => return Err(tls(&error)),
            }
        }
        Ok(Self { inner: Inner::Tls(Box::new(StreamOwned::new(connection, socket))) })
    }

    /// Fills `buffer`, for at most `patience` without a byte.
    ///
    /// # Errors
    /// [`DeviceError::Silent`], [`DeviceError::Gone`].
    pub fn read_within(&mut self, buffer: &mut [u8], patience: Duration) -> Result<(), DeviceError> {
        let mut filled = 0;
        let mut heard = Instant::now();
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest) {
                Ok(0) => return Err(DeviceError::Gone),
                Ok(read) => {
                    filled += read;
                    heard = Instant::now();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_tick(&error) && heard.elapsed() < patience => {}
                Err(error) if is_tick(&error) => return Err(DeviceError::Silent(patience.as_secs())),
                Err(error) => return Err(DeviceError::wire(&error)),
            }
        }
        Ok(())
    }

    /// Writes all of `bytes` and sends them off.
    ///
    /// # Errors
    /// [`DeviceError::Gone`].
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        self.write_all(bytes).and_then(|()| self.flush()).map_err(|error| DeviceError::wire(&error))
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Plain(socket) => socket.read(buffer),
            Inner::Tls(tls) => match tls.read(buffer) {
                // Devices hang up without saying so inside TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
                other => other,
            },
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Plain(socket) => socket.write(bytes),
            Inner::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.inner {
            Inner::Plain(socket) => socket.flush(),
            Inner::Tls(tls) => tls.flush(),
        }
    }
}

/// Whether an error only says that nothing has come for a [`TICK`].
pub fn is_tick(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

impl Socket {
    fn prepare(&self) -> io::Result<()> {
        match self {
            Self::Tcp(socket) => {
                // Without it each short answer waits 40 ms for the next one.
                socket.set_nodelay(true)?;
                socket.set_read_timeout(Some(TICK))?;
                socket.set_write_timeout(Some(LONGEST_WRITE))
            }
            #[cfg(unix)]
            Self::Unix(socket) => {
                socket.set_read_timeout(Some(TICK))?;
                socket.set_write_timeout(Some(LONGEST_WRITE))
            }
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.read(buffer),
            #[cfg(unix)]
            Self::Unix(socket) => socket.read(buffer),
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Tcp(socket) => socket.write(bytes),
            #[cfg(unix)]
            Self::Unix(socket) => socket.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end {
            if buffer.len() >= self.buffer.len() {
                return self.socket.read(buffer);
            }
            self.start = 0;
            self.end = 0;
            self.end = self.socket.read(&mut self.buffer)?;
        }
        let ahead = self.buffer.get(self.start..self.end).unwrap_or_default();
        let take = ahead.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..take), ahead.get(..take)) {
            to.copy_from_slice(from);
        }
        self.start += take;
        Ok(take)
    }
}

impl Write for ReadAhead {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}
