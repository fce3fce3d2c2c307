//! One connection to a service of a device: a socket of the daemon, plain or inside TLS.
//!
//! Everything blocks: a backup is one long conversation, and waking a scheduler for each of its messages would cost more
//! than the messages. A read returns every quarter of a second so that its caller can look whether to go on.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::ClientConfig;

use super::error::DeviceError;
use super::socket::{ReadAhead, Socket, is_tick};
use super::tls_stream::TlsStream;

/// How long TLS may take to begin.
const LONGEST_GREETING: Duration = Duration::from_secs(30);

/// A connection.
pub struct Stream {
    inner: Inner,
}

enum Inner {
    Plain(ReadAhead),
    Tls(Box<TlsStream>),
}

impl Stream {
    /// Takes a connected socket.
    ///
    /// # Errors
    /// When the socket does not take its settings.
    pub fn new(socket: Socket) -> io::Result<Self> {
        Ok(Self { inner: Inner::Plain(ReadAhead::new(socket)?) })
    }

    /// Goes on inside TLS, as the client.
    ///
    /// # Errors
    /// [`DeviceError::Tls`] when the two do not agree, or the device is another one than the record's.
    pub fn into_tls(self, config: &Arc<ClientConfig>) -> Result<Self, DeviceError> {
        let Inner::Plain(socket) = self.inner else {
            return Err(DeviceError::Tls("it is encrypted already".to_owned()));
        };
        match TlsStream::greet(socket, config, Instant::now() + LONGEST_GREETING) {
            Ok(secure) => Ok(Self { inner: Inner::Tls(Box::new(secure)) }),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(DeviceError::Tls("the device hung up".to_owned()))
            }
            Err(error) => Err(DeviceError::Tls(error.to_string())),
        }
    }

    /// Fills `buffer`, for at most `timeout` without a byte.
    ///
    /// # Errors
    /// [`DeviceError::Silent`], [`DeviceError::Disconnected`].
    pub fn read_within(&mut self, buffer: &mut [u8], timeout: Duration) -> Result<(), DeviceError> {
        let mut filled = 0;
        let mut heard = Instant::now();
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read(rest) {
                Ok(0) => return Err(DeviceError::Disconnected),
                Ok(read) => {
                    filled += read;
                    heard = Instant::now();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_tick(&error) && heard.elapsed() < timeout => {}
                Err(error) if is_tick(&error) => return Err(DeviceError::Silent(timeout.as_secs())),
                Err(error) => return Err(DeviceError::wire(&error)),
            }
        }
        Ok(())
    }

    /// Writes all of `bytes` and sends them off.
    ///
    /// # Errors
    /// [`DeviceError::Disconnected`].
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        self.write_all(bytes).and_then(|()| self.flush()).map_err(|error| DeviceError::wire(&error))
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::Plain(socket) => socket.read(buffer),
            Inner::Tls(tls) => tls.read(buffer),
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
