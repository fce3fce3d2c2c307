//! A connection to one service: frames of property lists, plain or in TLS.
//!
//! Lockdown and every service behind it send `u32 big-endian length, property list` \[S\].

use std::io::{Cursor, ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use plist::Value;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::Socket;
use crate::error::{Error, Result};

/// Messages are a few hundred bytes; more than this is a host gone astray.
const LONGEST: usize = 64 << 20;
/// Written bytes wait until there are so many of them, so that a batch of files is few system calls.
const ENOUGH: usize = 256 << 10;

/// How a property list is written. Devices answer lockdown in XML and device link in binary \[S\].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text.
    Xml,
    /// Binary.
    Binary,
}

/// What came within the time given.
#[derive(Debug)]
pub enum Polled {
    /// A whole message.
    Message(Value),
    /// Nothing yet.
    Nothing,
    /// The host closed the connection.
    End,
}

enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ServerConnection, Socket>>),
}

/// One end of a connection.
pub struct Channel {
    stream: Option<Stream>,
    input: Vec<u8>,
    taken: usize,
    output: Vec<u8>,
    /// Bytes a second that the device sends at most.
    pub pace: Option<u64>,
}

impl Channel {
    /// Speaks over a socket, without TLS at first.
    pub fn new(socket: Socket) -> Self {
        Self { stream: Some(Stream::Plain(socket)), input: Vec::new(), taken: 0, output: Vec::new(), pace: None }
    }

    /// Speaks TLS from here on.
    ///
    /// # Errors
    /// When the handshake fails.
    pub fn start_tls(&mut self, config: Arc<ServerConfig>) -> Result<()> {
        self.flush()?;
        let Some(Stream::Plain(mut socket)) = self.stream.take() else { return Err(gone()) };
        let mut session = ServerConnection::new(config)?;
        while session.is_handshaking() {
            session.complete_io(&mut socket)?;
        }
        self.stream = Some(Stream::Tls(Box::new(StreamOwned::new(session, socket))));
        Ok(())
    }

    /// Speaks unencrypted from here on, as lockdown does after `StopSession`.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn stop_tls(&mut self) -> Result<()> {
        self.flush()?;
        if let Some(Stream::Tls(mut stream)) = self.stream.take() {
            stream.conn.send_close_notify();
            stream.flush()?;
            // What the host still sends in TLS is its own close-notify.
            let _ = stream.read(&mut [0; 16]);
            let StreamOwned { sock, .. } = *stream;
            self.stream = Some(Stream::Plain(sock));
        }
        Ok(())
    }

    /// Writes one message.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn send(&mut self, message: &Value, format: Format) -> Result<()> {
        let mut body = Vec::new();
        match format {
            Format::Xml => message.to_writer_xml(&mut body)?,
            Format::Binary => message.to_writer_binary(&mut body)?,
        }
        self.write_all(&(body.len() as u32).to_be_bytes())?;
        self.write_all(&body)?;
        Ok(self.flush()?)
    }

    /// Reads one message; `None` when the host closed the connection between two of them.
    ///
    /// # Errors
    /// When the connection breaks or what comes is no property list.
    pub fn receive(&mut self) -> Result<Option<Value>> {
        if self.waiting().is_empty() && !self.fill()? {
            return Ok(None);
        }
        let length = self.number()?;
        let body = self.take(length as usize)?;
        Ok(Some(Value::from_reader(Cursor::new(body))?))
    }

    /// Reads one message if it is there within `patience`.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub fn poll(&mut self, patience: Duration) -> Result<Polled> {
        loop {
            if let Some((length, body)) = self.waiting().split_first_chunk::<4>()
                && body.len() >= u32::from_be_bytes(*length) as usize
            {
                return Ok(self.receive()?.map_or(Polled::End, Polled::Message));
            }
            self.socket()?.set_patience(Some(patience))?;
            let filled = self.fill();
            self.socket()?.set_patience(None)?;
            match filled {
                Ok(true) => {}
                Ok(false) => return Ok(Polled::End),
                Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Ok(Polled::Nothing);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads a big-endian number.
    ///
    /// # Errors
    /// When the connection ends before.
    pub fn number(&mut self) -> Result<u32> {
        let bytes = self.take(4)?;
        Ok(bytes.try_into().map_or(0, u32::from_be_bytes))
    }

    /// Reads exactly `length` bytes.
    ///
    /// # Errors
    /// When the connection ends before, or no sane message is so long.
    pub fn take(&mut self, length: usize) -> Result<Vec<u8>> {
        if length > LONGEST {
            return Err(Error::Violation(format!("announced {length} bytes")));
        }
        while self.waiting().len() < length {
            if !self.fill()? {
                return Err(std::io::Error::from(ErrorKind::UnexpectedEof).into());
            }
        }
        let bytes = self.waiting().get(..length).unwrap_or_default().to_vec();
        self.taken += length;
        Ok(bytes)
    }

    /// The socket below.
    ///
    /// # Errors
    /// When a failed handshake took it.
    pub fn socket(&self) -> Result<&Socket> {
        match &self.stream {
            Some(Stream::Plain(socket)) => Ok(socket),
            Some(Stream::Tls(stream)) => Ok(stream.get_ref()),
            None => Err(gone()),
        }
    }

    fn waiting(&self) -> &[u8] {
        self.input.get(self.taken..).unwrap_or_default()
    }

    /// Reads what is there, at least a byte; false at the end.
    fn fill(&mut self) -> Result<bool> {
        self.flush()?;
        self.input.drain(..self.taken);
        self.taken = 0;
        let mut buffer = [0; 64 << 10];
        let read = match self.stream.as_mut().ok_or_else(gone)? {
            Stream::Plain(socket) => socket.read(&mut buffer)?,
            Stream::Tls(stream) => match stream.read(&mut buffer) {
                // Hosts close the socket without a close-notify.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => 0,
                other => other?,
            },
        };
        self.input.extend(buffer.get(..read).unwrap_or_default());
        Ok(read > 0)
    }
}

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.output.extend(bytes);
        if self.output.len() >= ENOUGH {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        if let Some(pace) = self.pace {
            std::thread::sleep(Duration::from_secs_f64(self.output.len() as f64 / pace.max(1) as f64));
        }
        match self.stream.as_mut().ok_or_else(|| std::io::Error::from(ErrorKind::NotConnected))? {
            Stream::Plain(socket) => socket.write_all(&self.output)?,
            Stream::Tls(stream) => {
                stream.write_all(&self.output)?;
                stream.flush()?;
            }
        }
        self.output.clear();
        Ok(())
    }
}

fn gone() -> Error {
    std::io::Error::from(ErrorKind::NotConnected).into()
}
