//! Device link: the conversation in which the device asks and this computer does.
//!
//! A message is a big-endian length and a property list: an array whose first member names the message. The host sends
//! one request; from then on the device asks for files, sends files, moves and removes them, until it answers the
//! request. Files travel between the messages as runs of blocks (see [`blocks`]).
//!
//! Facts: libimobiledevice, pymobiledevice3 and the `idevice` crate, as far as they agree, and logs of real devices.

pub mod blocks;
pub mod file_sink;
pub mod host;
pub mod path;
pub mod request;
pub mod status;
pub mod store;

use std::time::{Duration, Instant};

use corer_schemas::formats::bplist::Peek;
use corer_schemas::formats::plist::{self as reader, Dictionary as PlistDictionary, Value as PlistValue};

use super::error::DeviceError;
use super::socket::{TICK, is_tick};
use super::stream::Stream;
use super::wire::{self, Dictionary, Value, message};
use status::Status;

/// Stands where a message has nothing to say.
pub const NOTHING: &str = "___EmptyParameterString___";
/// The largest message, in bytes: a list of moves has a hundred bytes a file, and phones have a million files.
const LARGEST: u32 = 256 << 20;
/// How long a device may need between two pieces of one message.
const WITHIN_MESSAGE: Duration = Duration::from_secs(120);
/// How long a device may be silent between two messages. It scans its files for minutes before a backup, and waits as
/// long for somebody to type the passcode.
pub const BETWEEN_MESSAGES: Duration = Duration::from_secs(30 * 60);
/// How long a running message may go on once somebody asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// The bytes of a connection to a device.
pub trait Wire: std::io::Read + std::io::Write {}

impl<T: std::io::Read + std::io::Write> Wire for T {}

/// Called while nothing comes, with the time that has passed so.
pub trait Watchdog {
    /// Whether somebody asked to stop.
    fn is_cancelled(&self) -> bool;
    /// Nothing has come for so long.
    fn silent(&self, so_far: Duration);
}

/// A conversation over device link.
pub struct Link<'p, W = Stream> {
    wire: W,
    watchdog: &'p dyn Watchdog,
    message: Vec<u8>,
    /// When somebody asked to stop while a message was running.
    stopping: Option<Instant>,
}

impl<'p, W: Wire> Link<'p, W> {
    /// Agrees on versions with the device: the greeting of device link, then that of the backup service.
    ///
    /// # Errors
    /// [`DeviceError::Protocol`] when the two have no version in common.
    pub fn greet(wire: W, watchdog: &'p dyn Watchdog) -> Result<Self, DeviceError> {
        let mut link = Self { wire, watchdog, message: Vec::new(), stopping: None };
        let offer = link.list()?;
        let major = match offer.as_slice() {
            [PlistValue::String(name), major, ..] if name == "DLMessageVersionExchange" => major.as_u64(),
            _ => None,
        };
        let major = major.ok_or_else(|| DeviceError::Protocol("it does not begin as device link does".to_owned()))?;
        link.send(vec!["DLMessageVersionExchange".into(), "DLVersionsOk".into(), major.into()])?;
        match link.list()?.first().and_then(PlistValue::as_str) {
            Some("DLMessageDeviceReady") => {}
            _ => return Err(DeviceError::Protocol("it is not ready".to_owned())),
        }
        link.hello()?;
        Ok(link)
    }

    fn hello(&mut self) -> Result<(), DeviceError> {
        let mut hello = message! { "MessageName": "Hello" };
        let versions = vec![Value::Real(2.0), Value::Real(2.1)];
        hello.insert("SupportedProtocolVersions".to_owned(), Value::Array(versions));
        self.process(hello)?;
        let answer = self.list()?;
        let answer = answer.get(1).and_then(PlistValue::as_dictionary);
        match answer.and_then(|answer| answer.get("ErrorCode")).map_or(Some(0), PlistValue::to_i64) {
            Some(0) => Ok(()),
            _ => Err(DeviceError::Protocol("it speaks no version of the backup protocol that corer does".to_owned())),
        }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn process(&mut self, request: Dictionary) -> Result<(), DeviceError> {
        self.send(vec!["DLMessageProcessMessage".into(), Value::Dictionary(request)])
    }

    /// Answers a request of the device.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn answer(&mut self, status: &Status, payload: Value) -> Result<(), DeviceError> {
        let text = if status.text.is_empty() { NOTHING } else { &status.text };
        self.send(vec!["DLMessageStatusResponse".into(), status.code.into(), text.into(), payload])
    }

    /// Ends the conversation in order.
    ///
    /// # Errors
    /// Those of the connection.
    pub fn disconnect(&mut self) -> Result<(), DeviceError> {
        self.send(vec!["DLMessageDisconnect".into(), NOTHING.into()])
    }

    /// Waits for the next message and gives its bytes, as a binary property list.
    ///
    /// # Errors
    /// [`DeviceError::Cancelled`] when somebody asked to stop, between two messages.
    pub fn receive(&mut self) -> Result<Vec<u8>, DeviceError> {
        let mut length = [0; 4];
        self.wait(&mut length)?;
        let length = u32::from_be_bytes(length);
        if length > LARGEST {
            return Err(DeviceError::Protocol(format!("a message of {length} bytes, where {LARGEST} is the most")));
        }
        // The room of the last message is used again, so that many messages cost no more than one.
        let mut bytes = std::mem::take(&mut self.message);
        bytes.clear();
        self.read_into(&mut bytes, length as usize)?;
        if bytes.starts_with(b"bplist") { Ok(bytes) } else { in_binary(&bytes) }
    }

    /// Gives the room of a message back.
    pub fn recycle(&mut self, bytes: Vec<u8>) {
        const KEPT: usize = 1 << 20;
        if bytes.capacity() <= KEPT {
            self.message = bytes;
        }
    }

    /// The members of the next message, when it is a short one.
    fn list(&mut self) -> Result<Vec<PlistValue>, DeviceError> {
        let bytes = self.receive()?;
        match reader::read(&bytes) {
            Ok(PlistValue::Array(members)) => Ok(members),
            Ok(_) => Err(DeviceError::Protocol("a message that is no list".to_owned())),
            Err(error) => Err(DeviceError::Protocol(error.to_string())),
        }
    }

    fn send(&mut self, members: Vec<Value>) -> Result<(), DeviceError> {
        let mut whole = wire::binary(&Value::Array(members), 4)?;
        let length = u32::try_from(whole.len() - 4).unwrap_or(u32::MAX);
        if let Some(head) = whole.first_chunk_mut::<4>() {
            *head = length.to_be_bytes();
        }
        self.write(&whole)?;
        self.flush()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        self.wire.write_all(bytes).map_err(|error| DeviceError::wire(&error))
    }

    fn flush(&mut self) -> Result<(), DeviceError> {
        self.wire.flush().map_err(|error| DeviceError::wire(&error))
    }

    /// Reads the beginning of a message, however long it takes to come.
    fn wait(&mut self, buffer: &mut [u8; 4]) -> Result<(), DeviceError> {
        let began = Instant::now();
        let filled = loop {
            if self.watchdog.is_cancelled() {
                return Err(DeviceError::Cancelled);
            }
            match self.wire.read(buffer) {
                Ok(0) => return Err(DeviceError::Disconnected),
                Ok(read) => break read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if is_tick(&error) && began.elapsed() < BETWEEN_MESSAGES => {
                    self.watchdog.silent(began.elapsed());
                }
                Err(error) if is_tick(&error) => return Err(DeviceError::Silent(BETWEEN_MESSAGES.as_secs())),
                Err(error) => return Err(DeviceError::wire(&error)),
            }
        };
        self.read_exactly(buffer.get_mut(filled..).unwrap_or_default())
    }

    fn read_into(&mut self, bytes: &mut Vec<u8>, length: usize) -> Result<(), DeviceError> {
        const STEP: usize = 1 << 20;
        while bytes.len() < length {
            let old = bytes.len();
            bytes.resize(length.min(old + STEP), 0);
            self.read_exactly(bytes.get_mut(old..).unwrap_or_default())?;
        }
        Ok(())
    }

    fn read_exactly(&mut self, mut buffer: &mut [u8]) -> Result<(), DeviceError> {
        while !buffer.is_empty() {
            let read = self.read_some(buffer)?;
            buffer = buffer.get_mut(read..).unwrap_or_default();
        }
        Ok(())
    }

    /// Reads what has come, at least one byte, inside of a message.
    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, DeviceError> {
        // Most reads give something at once: the clock is not asked before one did not.
        let mut began = None;
        loop {
            match self.wire.read(buffer) {
                Ok(0) => return Err(DeviceError::Disconnected),
                Ok(read) => return Ok(read),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if is_tick(&error) => {
                    let so_far = began.get_or_insert_with(Instant::now).elapsed();
                    if so_far > WITHIN_MESSAGE {
                        return Err(DeviceError::Silent(WITHIN_MESSAGE.as_secs()));
                    }
                    self.check_grace()?;
                    if so_far > TICK * 4 {
                        self.watchdog.silent(so_far);
                    }
                }
                Err(error) => return Err(DeviceError::wire(&error)),
            }
        }
    }

    /// Lets a running message go on for a while after somebody asked to stop, and no longer.
    fn check_grace(&mut self) -> Result<(), DeviceError> {
        if !self.watchdog.is_cancelled() {
            return Ok(());
        }
        let since = *self.stopping.get_or_insert_with(Instant::now);
        if since.elapsed() > GRACE { Err(DeviceError::Cancelled) } else { Ok(()) }
    }
}

/// Devices send binary lists; an XML one is read under its budgets and written anew.
fn in_binary(bytes: &[u8]) -> Result<Vec<u8>, DeviceError> {
    let value = reader::read(bytes).map_err(|error| DeviceError::Protocol(error.to_string()))?;
    wire::binary(&wire::to_send(&value), 0)
}

/// What a device answers a request with, at the end.
#[derive(Debug, Clone)]
pub struct Response {
    /// 0 is success; else a number of `MBErrorDomain`.
    pub code: i64,
    /// What the device says about it.
    pub text: String,
}

impl Response {
    fn of(answer: &PlistDictionary) -> Self {
        Self {
            code: answer.get("ErrorCode").and_then(PlistValue::to_i64).unwrap_or(0),
            text: wire::text(answer, "ErrorDescription").unwrap_or_default(),
        }
    }

    /// Success, or the error.
    ///
    /// # Errors
    /// [`DeviceError::Backup`].
    pub fn result(self) -> Result<(), DeviceError> {
        match self.code {
            0 => Ok(()),
            code => Err(DeviceError::Backup { code, text: self.text }),
        }
    }
}

/// Looks into a message.
fn peek(bytes: &[u8]) -> Result<Peek<'_>, DeviceError> {
    Peek::new(bytes).map_err(|error| DeviceError::Protocol(error.to_string()))
}

#[cfg(test)]
mod tests;
