//! usbmuxd: the program on this computer that knows which devices are connected and opens connections to them.
//!
//! A message is four little-endian numbers (length with these 16 bytes, version 1, kind 8, a tag that the answer repeats)
//! and an XML property list. The daemon listens on a Unix socket; Apple's service on Windows on TCP. Facts: the message
//! formats of libusbmuxd and pymobiledevice3, which agree.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use corer_schemas::formats::plist::{Dictionary as PlistDictionary, Value as PlistValue};

use super::error::DeviceError;
use super::socket::Socket;
use super::stream::Stream;
use super::wire::{self, Dictionary, message};

/// Where the daemon listens, unless the variable says otherwise.
#[cfg(not(windows))]
const STANDARD: &str = "/var/run/usbmuxd";
#[cfg(windows)]
const STANDARD: &str = "127.0.0.1:27015";
/// The variable that names another address.
const VARIABLE: &str = "USBMUXD_SOCKET_ADDRESS";
/// The largest answer, in bytes.
const LARGEST: u32 = 16 << 20;
/// How long the daemon may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaemonAddress {
    /// A Unix socket.
    Path(String),
    /// A host and a port.
    Tcp(String),
}

/// How a device is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectionKind {
    /// By cable.
    Usb,
    /// Over the network.
    Wifi,
}

/// A device that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedDevice {
    /// The daemon's number for it.
    pub id: u64,
    /// The identifier of the device.
    pub udid: String,
    /// How it is connected.
    pub connection: ConnectionKind,
}

impl DaemonAddress {
    /// The address that the environment names, else the usual one of this system.
    pub fn of_environment() -> Self {
        std::env::var(VARIABLE).ok().as_deref().and_then(Self::parse).unwrap_or_else(|| Self::of(STANDARD))
    }

    /// Reads the spellings of all programs of this field: `UNIX:/path`, `/path`, `host:port`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self::of(text))
    }

    fn of(text: &str) -> Self {
        match text.strip_prefix("UNIX:") {
            Some(path) => Self::Path(path.to_owned()),
            None if text.contains(':') && !text.starts_with('/') => Self::Tcp(text.to_owned()),
            None => Self::Path(text.to_owned()),
        }
    }

    /// Connects.
    ///
    /// # Errors
    /// [`DeviceError::NoDaemon`].
    pub fn connect(&self) -> Result<Usbmux, DeviceError> {
        let stream = self.socket().and_then(Stream::new);
        let stream = stream.map_err(|error| DeviceError::NoDaemon { address: self.to_string(), error })?;
        Ok(Usbmux { stream, tag: 0 })
    }

    fn socket(&self) -> io::Result<Socket> {
        match self {
            Self::Tcp(address) => TcpStream::connect(address).map(Socket::Tcp),
            #[cfg(unix)]
            Self::Path(path) => std::os::unix::net::UnixStream::connect(path).map(Socket::Unix),
            #[cfg(not(unix))]
            Self::Path(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

impl std::fmt::Display for DaemonAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Path(text) | Self::Tcp(text)) = self;
        f.write_str(text)
    }
}

/// A conversation with the daemon. Once it has connected to a device it is the connection to the device.
pub struct Usbmux {
    stream: Stream,
    tag: u32,
}

impl Usbmux {
    /// The devices that are connected, those by cable first.
    ///
    /// # Errors
    /// Those of the conversation.
    pub fn devices(&mut self) -> Result<Vec<AttachedDevice>, DeviceError> {
        let answer = self.ask("ListDevices", Dictionary::new())?;
        let list = answer.get("DeviceList").and_then(PlistValue::as_array).unwrap_or_default();
        let mut devices: Vec<AttachedDevice> = list.iter().filter_map(|item| attached(item.as_dictionary()?)).collect();
        devices.sort_by(|a, b| (a.connection, &a.udid).cmp(&(b.connection, &b.udid)));
        Ok(devices)
    }

    /// The daemon's name for this computer.
    ///
    /// # Errors
    /// Those of the conversation.
    pub fn buid(&mut self) -> Result<String, DeviceError> {
        let answer = self.ask("ReadBUID", Dictionary::new())?;
        wire::text(&answer, "BUID").ok_or_else(|| DeviceError::Protocol("the daemon has no BUID".to_owned()))
    }

    /// The pairing record of a device, as stored; `None` when there is none.
    ///
    /// # Errors
    /// Those of the conversation.
    pub fn record(&mut self, udid: &str) -> Result<Option<Vec<u8>>, DeviceError> {
        let answer = self.ask("ReadPairRecord", message! { "PairRecordID": udid })?;
        Ok(answer.get("PairRecordData").and_then(PlistValue::as_data).map(<[u8]>::to_vec))
    }

    /// Stores the pairing record of a device.
    ///
    /// # Errors
    /// [`DeviceError::Refused`] when the daemon does not take it.
    pub fn save_record(&mut self, udid: &str, record: &[u8], device: Option<u64>) -> Result<(), DeviceError> {
        let mut request = message! { "PairRecordID": udid };
        request.insert("PairRecordData".to_owned(), plist::Value::Data(record.to_vec()));
        if let Some(device) = device {
            request.insert("DeviceID".to_owned(), device.into());
        }
        let answer = self.ask("SavePairRecord", request)?;
        result("to store the pairing record", &answer)
    }

    /// Connects to a port of a device.
    ///
    /// # Errors
    /// [`DeviceError::Disconnected`] when the device is not there any more, [`DeviceError::Refused`] when nothing listens.
    pub fn connect(mut self, device: u64, port: u16) -> Result<Stream, DeviceError> {
        // The daemon wants the port in the network's byte order inside a number in the computer's.
        let request = message! { "DeviceID": device, "PortNumber": u64::from(port.swap_bytes()) };
        let answer = self.ask("Connect", request)?;
        match answer.get("Number").and_then(PlistValue::to_i64) {
            Some(2) => Err(DeviceError::Disconnected),
            _ => result("the connection", &answer).map(|()| self.stream),
        }
    }

    fn ask(&mut self, kind: &str, mut request: Dictionary) -> Result<PlistDictionary, DeviceError> {
        request.extend(message! {
            "MessageType": kind,
            "ClientVersionString": concat!("corer ", env!("CARGO_PKG_VERSION")),
            "ProgName": "corer",
            "kLibUSBMuxVersion": 3,
        });
        let body = wire::xml(request)?;
        self.tag = self.tag.wrapping_add(1);
        let length = u32::try_from(body.len() + 16).unwrap_or(u32::MAX);
        let mut whole: Vec<u8> = [length, 1, 8, self.tag].into_iter().flat_map(u32::to_le_bytes).collect();
        whole.extend(body);
        self.stream.send(&whole)?;
        self.receive()
    }

    fn receive(&mut self) -> Result<PlistDictionary, DeviceError> {
        loop {
            let mut head = [0; 16];
            self.stream.read_within(&mut head, ANSWER_TIMEOUT)?;
            let number = |at: usize| head.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
            let length = number(0).checked_sub(16).ok_or_else(|| DeviceError::Protocol("a short frame".to_owned()))?;
            let body = wire::body(&mut self.stream, length, LARGEST, ANSWER_TIMEOUT)?;
            if number(12) == self.tag {
                return wire::dictionary(&body);
            }
        }
    }
}

/// Zero is success.
fn result(request: &str, answer: &PlistDictionary) -> Result<(), DeviceError> {
    let word = match answer.get("Number").and_then(PlistValue::to_i64) {
        None | Some(0) => return Ok(()),
        Some(1) => "it does not know the request".to_owned(),
        Some(2) => "there is no such device".to_owned(),
        Some(3) => "nothing on the device listens".to_owned(),
        Some(other) => format!("number {other}"),
    };
    Err(DeviceError::Refused { request: request.to_owned(), answer: word })
}

fn attached(item: &PlistDictionary) -> Option<AttachedDevice> {
    let properties = item.get("Properties")?.as_dictionary()?;
    let id = properties.get("DeviceID").or_else(|| item.get("DeviceID"))?.as_u64()?;
    let udid = dashed(properties.get("SerialNumber")?.as_str()?)?;
    let is_network = properties.get("ConnectionType").and_then(PlistValue::as_str) == Some("Network");
    Some(AttachedDevice { id, udid, connection: if is_network { ConnectionKind::Wifi } else { ConnectionKind::Usb } })
}

/// The identifier with its dash, which some daemons leave out. It becomes the name of a folder, so nothing else is one.
fn dashed(udid: &str) -> Option<String> {
    let is_legal =
        (8..=64).contains(&udid.len()) && udid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_legal || udid.starts_with('-') {
        return None;
    }
    match udid.split_at_checked(8) {
        Some((front, back)) if udid.len() == 24 && !udid.contains('-') => Some(format!("{front}-{back}")),
        _ => Some(udid.to_owned()),
    }
}

#[cfg(test)]
mod tests;
