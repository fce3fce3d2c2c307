//! `com.apple.afc`: files of the media folder, and the lock that says that a computer is syncing \[S\].
//!
//! Packets are `CFA6LPAA, u64 LE whole length, u64 length of header and arguments, u64 number, u64 operation`, then the
//! arguments, then data. The lock lives as long as the connection that took it.

use std::collections::BTreeMap;
use std::io::Write;

use crate::error::{Error, Result};
use crate::wire::Channel;
use crate::world::World;

const SERVICE: &str = "afc";
const MAGIC: &[u8; 8] = b"CFA6LPAA";
const HEADER: u64 = 40;
const LONGEST: u64 = 16 << 20;

/// The file that is locked.
const SYNC_LOCK: &str = "/com.apple.itunes.lock_sync";
/// Exclusive, and do not wait.
const EXCLUSIVE: u64 = 6;
/// Unlock, and do not wait.
const UNLOCK: u64 = 12;

mod operation {
    pub const STATUS: u64 = 0x01;
    pub const DATA: u64 = 0x02;
    pub const READ_DIRECTORY: u64 = 0x03;
    pub const REMOVE: u64 = 0x08;
    pub const MAKE_DIRECTORY: u64 = 0x09;
    pub const FILE_INFO: u64 = 0x0a;
    pub const DEVICE_INFO: u64 = 0x0b;
    pub const OPEN: u64 = 0x0d;
    pub const OPENED: u64 = 0x0e;
    pub const READ: u64 = 0x0f;
    pub const WRITE: u64 = 0x10;
    pub const CLOSE: u64 = 0x14;
    pub const LOCK: u64 = 0x1b;
}

mod status {
    pub const OK: u64 = 0;
    pub const UNKNOWN_OPERATION: u64 = 3;
    pub const INVALID_ARGUMENT: u64 = 7;
    pub const NOT_FOUND: u64 = 8;
    pub const WOULD_BLOCK: u64 = 19;
}

/// Serves one connection.
///
/// # Errors
/// When the connection breaks or a packet makes no sense.
pub fn serve(world: &World, mut channel: Channel) -> Result<()> {
    let mut session = Session { world, number: world.cable.number(), handles: BTreeMap::new(), files: BTreeMap::new() };
    let ended = session.converse(&mut channel);
    session.unlock();
    ended
}

/// What an operation gives back.
enum Answer {
    Status(u64),
    Data(Vec<u8>),
    Opened(u64),
}

/// An open file.
struct Handle {
    path: String,
    at: usize,
}

struct Session<'a> {
    world: &'a World,
    number: u64,
    handles: BTreeMap<u64, Handle>,
    /// Files and (without content) folders that the host made.
    files: BTreeMap<String, Option<Vec<u8>>>,
}

impl Session<'_> {
    fn converse(&mut self, channel: &mut Channel) -> Result<()> {
        let mut expected = None;
        while let Some(packet) = read(channel)? {
            if expected.is_some_and(|expected| expected != packet.number) {
                self.world.log.violation(SERVICE, format!("packet {} out of order", packet.number));
            }
            expected = Some(packet.number.wrapping_add(1));
            let answer = self.answer(&packet);
            write(channel, packet.number, &answer)?;
        }
        Ok(())
    }

    fn answer(&mut self, packet: &Packet) -> Answer {
        use operation::{
            CLOSE, DEVICE_INFO, FILE_INFO, LOCK, MAKE_DIRECTORY, OPEN, READ, READ_DIRECTORY, REMOVE, WRITE,
        };
        match packet.operation {
            OPEN => self.open(packet),
            LOCK => self.lock(packet.argument(0), packet.argument(8)),
            CLOSE => {
                if self.handles.remove(&packet.argument(0)).is_some_and(|handle| handle.path == SYNC_LOCK) {
                    self.unlock();
                }
                Answer::Status(status::OK)
            }
            READ => self.read(packet.argument(0), packet.argument(8)),
            WRITE => self.write(packet.argument(0), &packet.data),
            FILE_INFO => self.info(&packet.path(0)),
            READ_DIRECTORY => self.list(&packet.path(0)),
            MAKE_DIRECTORY => {
                self.files.insert(packet.path(0), None);
                Answer::Status(status::OK)
            }
            REMOVE => {
                let removed = self.files.remove(&packet.path(0));
                Answer::Status(removed.map_or(status::NOT_FOUND, |_| status::OK))
            }
            DEVICE_INFO => Answer::Data(strings(&["Model", "iPhone15,2", "FSBlockSize", "4096"])),
            _ => Answer::Status(status::UNKNOWN_OPERATION),
        }
    }

    fn open(&mut self, packet: &Packet) -> Answer {
        let (mode, path) = (packet.argument(0), packet.path(8));
        self.world.log.asked(SERVICE, format!("open {path} mode {mode}"));
        let creates = matches!(mode, 2..=6);
        if path == SYNC_LOCK || creates {
            self.files.entry(path.clone()).or_insert_with(|| Some(Vec::new()));
        }
        if !matches!(self.files.get(&path), Some(Some(_))) {
            return Answer::Status(status::NOT_FOUND);
        }
        let number = self.world.cable.number();
        self.handles.insert(number, Handle { path, at: 0 });
        Answer::Opened(number)
    }

    fn lock(&mut self, handle: u64, how: u64) -> Answer {
        if self.handles.get(&handle).is_none_or(|handle| handle.path != SYNC_LOCK) {
            return Answer::Status(status::INVALID_ARGUMENT);
        }
        match how {
            UNLOCK => {
                self.unlock();
                Answer::Status(status::OK)
            }
            EXCLUSIVE => {
                let mut phone = self.world.phone();
                let is_busy = phone.sync_lock.is_some_and(|holder| holder != self.number) || phone.faults.busy_lock > 0;
                phone.faults.busy_lock = phone.faults.busy_lock.saturating_sub(1);
                if is_busy {
                    return Answer::Status(status::WOULD_BLOCK);
                }
                phone.sync_lock = Some(self.number);
                self.world.log.asked(SERVICE, "the sync lock");
                Answer::Status(status::OK)
            }
            _ => Answer::Status(status::INVALID_ARGUMENT),
        }
    }

    fn unlock(&self) {
        let mut phone = self.world.phone();
        if phone.sync_lock == Some(self.number) {
            phone.sync_lock = None;
        }
    }

    fn read(&mut self, handle: u64, length: u64) -> Answer {
        let Some(handle) = self.handles.get_mut(&handle) else { return Answer::Status(status::INVALID_ARGUMENT) };
        let bytes = self.files.get(&handle.path).and_then(Option::as_deref).unwrap_or_default();
        let rest = bytes.get(handle.at..).unwrap_or_default();
        let length = rest.len().min(length as usize);
        handle.at += length;
        Answer::Data(rest.get(..length).unwrap_or_default().to_vec())
    }

    fn write(&mut self, handle: u64, data: &[u8]) -> Answer {
        let file = self.handles.get(&handle).and_then(|handle| self.files.get_mut(&handle.path)?.as_mut());
        let Some(file) = file else { return Answer::Status(status::INVALID_ARGUMENT) };
        file.extend(data);
        Answer::Status(status::OK)
    }

    fn info(&self, path: &str) -> Answer {
        match self.files.get(path) {
            _ if path == "/" => Answer::Data(strings(&["st_size", "0", "st_ifmt", "S_IFDIR"])),
            Some(Some(bytes)) => {
                Answer::Data(strings(&["st_size", &bytes.len().to_string(), "st_ifmt", "S_IFREG", "st_nlink", "1"]))
            }
            Some(None) => Answer::Data(strings(&["st_size", "0", "st_ifmt", "S_IFDIR"])),
            None => Answer::Status(status::NOT_FOUND),
        }
    }

    fn list(&self, path: &str) -> Answer {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let names = self.files.keys().filter_map(|file| file.strip_prefix(&prefix));
        let mut all = vec![".", ".."];
        all.extend(names.filter(|name| !name.contains('/')));
        Answer::Data(strings(&all))
    }
}

struct Packet {
    number: u64,
    operation: u64,
    arguments: Vec<u8>,
    data: Vec<u8>,
}

impl Packet {
    fn argument(&self, at: usize) -> u64 {
        let bytes = self.arguments.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    }

    /// A path, always from the root: hosts write it with or without the slash.
    fn path(&self, at: usize) -> String {
        let bytes = self.arguments.get(at..).unwrap_or_default();
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        format!("/{}", String::from_utf8_lossy(text).trim_matches('/'))
    }
}

fn read(channel: &mut Channel) -> Result<Option<Packet>> {
    let header = match channel.take(HEADER as usize) {
        Ok(header) => header,
        Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let number =
        |at: usize| header.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
    let (whole, this) = (number(8), number(16));
    if !header.starts_with(MAGIC) || this < HEADER || whole < this || whole > LONGEST {
        return Err(Error::Violation("sent no AFC packet".into()));
    }
    let arguments = channel.take((this - HEADER) as usize)?;
    let data = channel.take((whole - this) as usize)?;
    Ok(Some(Packet { number: number(24), operation: number(32), arguments, data }))
}

fn write(channel: &mut Channel, number: u64, answer: &Answer) -> Result<()> {
    let (operation, arguments, data): (u64, Vec<u8>, &[u8]) = match answer {
        Answer::Status(code) => (operation::STATUS, code.to_le_bytes().to_vec(), &[]),
        Answer::Opened(handle) => (operation::OPENED, handle.to_le_bytes().to_vec(), &[]),
        Answer::Data(bytes) => (operation::DATA, Vec::new(), bytes),
    };
    let this = HEADER + arguments.len() as u64;
    channel.write_all(MAGIC)?;
    for field in [this + data.len() as u64, this, number, operation] {
        channel.write_all(&field.to_le_bytes())?;
    }
    channel.write_all(&arguments)?;
    channel.write_all(data)?;
    Ok(channel.flush()?)
}

/// Texts, each with a NUL after it.
fn strings(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| text.bytes().chain([0])).collect()
}
