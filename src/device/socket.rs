//! The socket below a connection: what the daemon gives, read in large pieces.

use std::io::{self, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// Between two looks whether to go on waiting.
pub const TICK: Duration = Duration::from_millis(250);
/// A device that does not take what it is sent for so long is gone.
const LONGEST_WRITE: Duration = Duration::from_secs(300);
/// The most that is read from the system at once: many records of TLS, and little enough to stay in the processor's cache
/// until it is in a file.
const READ_AHEAD: usize = 256 << 10;
/// What is read at once before that much ever came: most conversations are short.
const SHORT: usize = 16 << 10;

/// A socket as the daemon gives it.
pub enum Socket {
    /// Of Apple's service on Windows, and of forwarded daemons.
    Tcp(TcpStream),
    /// Of the daemon on this computer.
    #[cfg(unix)]
    Unix(UnixStream),
}

/// A socket, and what has been read from it and not been taken yet.
pub struct ReadAhead {
    socket: Socket,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

/// Whether an error only says that nothing has come for a [`TICK`].
pub fn is_tick(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

impl ReadAhead {
    /// Takes a connected socket.
    ///
    /// # Errors
    /// When the socket does not take its settings.
    pub fn new(socket: Socket) -> io::Result<Self> {
        socket.prepare()?;
        Ok(Self { socket, buffer: vec![0; SHORT], start: 0, end: 0 })
    }

    /// What has come and not been taken yet.
    pub fn waiting(&mut self) -> &mut [u8] {
        self.buffer.get_mut(self.start..self.end).unwrap_or_default()
    }

    /// Takes so many of the bytes that are waiting.
    pub fn consume(&mut self, length: usize) {
        self.start = (self.start + length).min(self.end);
    }

    /// Reads more behind what is waiting; 0 at the end of the connection.
    ///
    /// # Errors
    /// What the system says, as a [tick](is_tick) when nothing has come; [`io::ErrorKind::InvalidData`] when nobody takes
    /// what came before.
    pub fn fill(&mut self) -> io::Result<usize> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        match self.buffer.get_mut(self.end..) {
            Some(room) if !room.is_empty() => {
                let read = self.socket.read(room)?;
                self.end += read;
                if self.end == self.buffer.len() {
                    self.buffer.resize(READ_AHEAD, 0);
                }
                Ok(read)
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

impl Read for ReadAhead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end {
            self.fill()?;
        }
        let waiting = self.waiting();
        let length = waiting.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), waiting.get(..length)) {
            to.copy_from_slice(from);
        }
        self.consume(length);
        Ok(length)
    }
}

impl Write for ReadAhead {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.socket {
            Socket::Tcp(socket) => socket.write(bytes),
            #[cfg(unix)]
            Socket::Unix(socket) => socket.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
    /// A signal ends a wait like a tick: whoever waits then looks whether to go on.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self {
            Self::Tcp(socket) => socket.read(buffer),
            #[cfg(unix)]
            Self::Unix(socket) => socket.read(buffer),
        };
        read.map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => io::ErrorKind::WouldBlock.into(),
            _ => error,
        })
    }
}
