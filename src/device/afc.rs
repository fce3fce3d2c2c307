//! AFC: the files of the device's media folder; here for the lock that programs hold while they work with a device, and
//! for the few files that `Info.plist` quotes.
//!
//! A packet is `CFA6LPAA`, then little-endian numbers of eight bytes: the complete length, the length of this header and the
//! arguments, a packet number, the operation.

use std::time::Duration;

use super::error::DeviceError;
use super::stream::Stream;
use super::wire;

/// The name of the service.
pub const SERVICE: &str = "com.apple.afc";
/// The file whose lock says that a program works with the device.
const LOCK_FILE: &str = "/com.apple.itunes.lock_sync";

const MAGIC: &[u8] = b"CFA6LPAA";
const HEADER: u64 = 40;
/// The largest packet that is taken, in bytes.
const LARGEST: u64 = 4 << 20;
/// The largest file that is read.
const LARGEST_FILE: usize = 16 << 20;

const STATUS: u64 = 0x01;
const DATA: u64 = 0x02;
const OPEN: u64 = 0x0d;
const OPENED: u64 = 0x0e;
const READ: u64 = 0x0f;
const CLOSE: u64 = 0x14;
const LOCK: u64 = 0x1b;

const MODE_READ: u64 = 1;
const MODE_READ_WRITE: u64 = 2;
const LOCK_EXCLUSIVE_AT_ONCE: u64 = 2 | 4;
const UNLOCK: u64 = 8 | 4;
/// Somebody else holds the lock.
const WOULD_BLOCK: u64 = 19;
const NOT_FOUND: u64 = 8;

/// How often the lock is asked for, and how long between: Finder lets go within ten seconds when it is asked.
const TRIES: usize = 50;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// A conversation with AFC.
pub struct Afc {
    stream: Stream,
    packet: u64,
}

/// An answer: its operation, its arguments and data.
struct Packet {
    operation: u64,
    body: Vec<u8>,
}

impl Afc {
    /// Takes a connection to the service.
    pub fn new(stream: Stream) -> Self {
        Self { stream, packet: 0 }
    }

    /// Takes the lock that keeps other programs away. `None` while another one has it.
    ///
    /// # Errors
    /// [`DeviceError::Cancelled`] when `is_cancelled` says so, else those of the conversation.
    pub fn lock(&mut self, is_cancelled: &dyn Fn() -> bool) -> Result<Option<u64>, DeviceError> {
        let handle = self.open(LOCK_FILE, MODE_READ_WRITE)?;
        let handle = handle.ok_or_else(|| DeviceError::Protocol("it has no file for the lock".to_owned()))?;
        for _ in 0..TRIES {
            if is_cancelled() {
                return Err(DeviceError::Cancelled);
            }
            let answer = self.ask(LOCK, &[handle, LOCK_EXCLUSIVE_AT_ONCE], b"")?;
            match status(&answer) {
                0 => return Ok(Some(handle)),
                WOULD_BLOCK => std::thread::sleep(BETWEEN_TRIES),
                other => return Err(DeviceError::Protocol(format!("AFC gives error {other} for the lock"))),
            }
        }
        self.ask(CLOSE, &[handle], b"")?;
        Ok(None)
    }

    /// Whether another program has the lock, at this moment.
    ///
    /// # Errors
    /// Those of the conversation.
    pub fn is_locked(&mut self) -> Result<bool, DeviceError> {
        let Some(handle) = self.open(LOCK_FILE, MODE_READ_WRITE)? else { return Ok(false) };
        let answer = self.ask(LOCK, &[handle, LOCK_EXCLUSIVE_AT_ONCE], b"")?;
        match status(&answer) {
            WOULD_BLOCK => Ok(true),
            _ => self.unlock(handle).map(|()| false),
        }
    }

    /// Gives the lock back.
    ///
    /// # Errors
    /// Those of the conversation; the lock ends with it anyway.
    pub fn unlock(&mut self, handle: u64) -> Result<(), DeviceError> {
        self.ask(LOCK, &[handle, UNLOCK], b"")?;
        self.ask(CLOSE, &[handle], b"")?;
        Ok(())
    }

    /// A complete file; `None` when there is no such file, or it is larger than makes sense.
    ///
    /// # Errors
    /// Those of the conversation.
    pub fn file(&mut self, path: &str) -> Result<Option<Vec<u8>>, DeviceError> {
        let Some(handle) = self.open(path, MODE_READ)? else { return Ok(None) };
        let mut content = Vec::new();
        let whole = loop {
            let answer = self.ask(READ, &[handle, 64 << 10], b"")?;
            match answer.operation {
                DATA if answer.body.is_empty() => break Some(content),
                DATA => content.extend(answer.body),
                _ => break (status(&answer) == 0).then_some(content),
            }
            if content.len() > LARGEST_FILE {
                break None;
            }
        };
        self.ask(CLOSE, &[handle], b"")?;
        Ok(whole)
    }

    fn open(&mut self, path: &str, mode: u64) -> Result<Option<u64>, DeviceError> {
        let mut name = path.as_bytes().to_vec();
        name.push(0);
        let answer = self.ask(OPEN, &[mode], &name)?;
        match answer.operation {
            OPENED => Ok(Some(number(&answer.body, 0))),
            STATUS if status(&answer) == NOT_FOUND => Ok(None),
            STATUS if mode == MODE_READ => Ok(None),
            _ => Err(DeviceError::Protocol(format!("AFC gives error {} for {path}", status(&answer)))),
        }
    }

    fn ask(&mut self, operation: u64, numbers: &[u64], data: &[u8]) -> Result<Packet, DeviceError> {
        let arguments: Vec<u8> =
            numbers.iter().flat_map(|number| number.to_le_bytes()).chain(data.iter().copied()).collect();
        let length = HEADER + arguments.len() as u64;
        let mut packet = MAGIC.to_vec();
        for number in [length, length, self.packet, operation] {
            packet.extend(number.to_le_bytes());
        }
        packet.extend(arguments);
        self.packet += 1;
        self.stream.send(&packet)?;
        self.receive()
    }

    fn receive(&mut self) -> Result<Packet, DeviceError> {
        let mut header = [0; HEADER as usize];
        self.stream.read_within(&mut header, wire::ANSWER_TIMEOUT)?;
        let length = number(&header, 8);
        if !header.starts_with(MAGIC) || !(HEADER..=LARGEST).contains(&length) {
            return Err(DeviceError::Protocol("a packet of AFC that is none".to_owned()));
        }
        let rest = u32::try_from(length - HEADER).unwrap_or(u32::MAX);
        let body = wire::body(&mut self.stream, rest, LARGEST as u32, wire::ANSWER_TIMEOUT)?;
        Ok(Packet { operation: number(&header, 32), body })
    }
}

/// The code of a status; anything else is none that stands for success.
fn status(packet: &Packet) -> u64 {
    match packet.operation {
        STATUS => number(&packet.body, 0),
        _ => u64::MAX,
    }
}

fn number(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}
