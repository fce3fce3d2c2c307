//! usbmuxd: lists the device, keeps pairing records, and turns a connection into a tunnel to a port of the device \[S\].
//!
//! Frames are little-endian `u32 length (with these 16 bytes), version (1), message (8), tag` and a property list in XML.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use plist::{Dictionary, Value};
use sample_backups::plists::{dictionary, text};

use crate::error::{Error, Result};
use crate::services;
use crate::wire::{Channel, Socket};
use crate::world::{SYSTEM_BUID, World};

const SERVICE: &str = "usbmuxd";
const HEADER: usize = 16;
const LONGEST: usize = 1 << 20;
const PLIST_VERSION: u32 = 1;
const PLIST_MESSAGE: u32 = 8;

/// What `Result` answers.
const OK: u32 = 0;
const BAD_COMMAND: u32 = 1;
/// "No such file or directory" for records, "no such device" for connections.
const BAD_DEVICE: u32 = 2;
const REFUSED: u32 = 3;
const BAD_VERSION: u32 = 6;

/// The numbers under which the device is listed.
const USB: u32 = 1;
const WIFI: u32 = 2;

/// Serves one connection to its end.
pub fn serve(world: &Arc<World>, mut socket: Socket) {
    let number = world.cable.number();
    let daemon = Daemon { world, number };
    match daemon.converse(&mut socket) {
        Ok(()) | Err(Error::Io(_) | Error::Pulled) => {}
        Err(error) => world.log.violation(SERVICE, error.to_string()),
    }
    world.cable.release(number);
}

/// Tells everybody who listens that the phone has come or gone.
pub fn announce(world: &World, plugged: bool) {
    world.log.device(SERVICE, if plugged { "attached" } else { "detached" });
    world.cable.set_plugged(plugged, |socket| {
        for message in arrivals(world, plugged) {
            // Whoever does not listen any more need not know.
            let _ = write(socket, 0, &message);
        }
    });
}

struct Daemon<'a> {
    world: &'a Arc<World>,
    number: u64,
}

/// What to do after a request was answered.
enum Next {
    More,
    Tunnel(u16),
}

impl Daemon<'_> {
    fn converse(&self, socket: &mut Socket) -> Result<()> {
        while let Some((tag, version, request)) = read(socket)? {
            if version != PLIST_VERSION {
                write(socket, tag, &result(BAD_VERSION))?;
                continue;
            }
            if let Next::Tunnel(port) = self.answer(socket, tag, &request)? {
                let tunnel = socket.try_clone()?;
                self.world.cable.hold_tunnel(self.number, socket.try_clone()?);
                services::serve(self.world, port, Channel::new(tunnel));
                return Ok(());
            }
        }
        Ok(())
    }

    fn answer(&self, socket: &mut Socket, tag: u32, request: &Dictionary) -> Result<Next> {
        let name = request.get("MessageType").and_then(Value::as_string).unwrap_or_default();
        self.world.log.asked(SERVICE, name);
        let answer = match name {
            "ListDevices" => dictionary([("DeviceList", Value::Array(self.devices()))]),
            "Listen" => return self.listen(socket, tag),
            "ReadBUID" => dictionary([("BUID", text(SYSTEM_BUID))]),
            "ReadPairRecord" => self.read_record(request),
            "SavePairRecord" => self.save_record(request),
            "DeletePairRecord" => self.delete_record(request),
            "Connect" => return self.connect(socket, tag, request),
            _ => {
                self.world.log.violation(SERVICE, format!("no request is called {name:?}"));
                result(BAD_COMMAND)
            }
        };
        write(socket, tag, &answer)?;
        Ok(Next::More)
    }

    fn devices(&self) -> Vec<Value> {
        if self.world.cable.is_plugged() { arrivals(self.world, true) } else { Vec::new() }
    }

    fn listen(&self, socket: &mut Socket, tag: u32) -> Result<Next> {
        write(socket, tag, &result(OK))?;
        for arrival in self.devices() {
            write(socket, 0, &arrival)?;
        }
        self.world.cable.hold_listener(self.number, socket.try_clone()?);
        Ok(Next::More)
    }

    fn connect(&self, socket: &mut Socket, tag: u32, request: &Dictionary) -> Result<Next> {
        let number = |key: &str| request.get(key).and_then(Value::as_unsigned_integer);
        let device = number("DeviceID");
        let is_here = self.world.cable.is_plugged()
            && (device == Some(USB.into()) || (self.world.has_wifi && device == Some(WIFI.into())));
        // The port comes in network byte order, whatever the order of the computer.
        let port = number("PortNumber").and_then(|port| u16::try_from(port).ok()).map(u16::from_be);
        let verdict = match port {
            None => BAD_COMMAND,
            Some(_) if !is_here => BAD_DEVICE,
            Some(port) if !services::is_open(self.world, port) => REFUSED,
            Some(_) => OK,
        };
        write(socket, tag, &result(verdict))?;
        Ok(port.filter(|_| verdict == OK).map_or(Next::More, Next::Tunnel))
    }

    fn read_record(&self, request: &Dictionary) -> Value {
        let records = self.world.records();
        let record = record_name(request).and_then(|name| records.get(&name));
        record.map_or(result(BAD_DEVICE), |record| dictionary([("PairRecordData", Value::Data(record.clone()))]))
    }

    fn save_record(&self, request: &Dictionary) -> Value {
        let data = request.get("PairRecordData").and_then(Value::as_data);
        let Some((name, data)) = record_name(request).zip(data) else {
            self.world.log.violation(SERVICE, "SavePairRecord without name or data");
            return result(BAD_COMMAND);
        };
        self.world.records().insert(name, data.to_vec());
        result(OK)
    }

    fn delete_record(&self, request: &Dictionary) -> Value {
        let removed = record_name(request).and_then(|name| self.world.records().remove(&name));
        result(removed.map_or(BAD_DEVICE, |_| OK))
    }
}

fn record_name(request: &Dictionary) -> Option<String> {
    Some(request.get("PairRecordID")?.as_string()?.to_owned())
}

fn result(number: u32) -> Value {
    dictionary([("MessageType", text("Result")), ("Number", Value::Integer(number.into()))])
}

/// `Attached` or `Detached`, once for each way to the device.
fn arrivals(world: &World, plugged: bool) -> Vec<Value> {
    let wifi = world.has_wifi.then_some(WIFI);
    let numbers = std::iter::once(USB).chain(wifi);
    let message = |number: u32| {
        let id = Value::Integer(number.into());
        if !plugged {
            return dictionary([("MessageType", text("Detached")), ("DeviceID", id)]);
        }
        let properties = properties(world, number);
        dictionary([("MessageType", text("Attached")), ("DeviceID", id), ("Properties", properties)])
    };
    numbers.map(message).collect()
}

fn properties(world: &World, number: u32) -> Value {
    let mut properties = Dictionary::new();
    let mut add = |key: &str, value: Value| properties.insert(key.into(), value);
    add("DeviceID", Value::Integer(number.into()));
    add("SerialNumber", text(&world.phone().device.udid));
    if number == USB {
        add("ConnectionType", text("USB"));
        add("ConnectionSpeed", Value::Integer(480_000_000.into()));
        add("LocationID", Value::Integer(0x0001_0001.into()));
        add("ProductID", Value::Integer(0x12a8.into()));
    } else {
        add("ConnectionType", text("Network"));
        add(
            "EscapedFullServiceName",
            text(format!("{}@fe80::c0de._apple-mobdev2._tcp.local.", crate::world::WIFI_ADDRESS)),
        );
        add("InterfaceIndex", Value::Integer(1.into()));
        // 192.0.2.7, from the range for documentation, as Apple's systems lay an address out: length, family, …
        let mut address = vec![16, 2, 0, 0, 192, 0, 2, 7];
        address.resize(128, 0);
        add("NetworkAddress", Value::Data(address));
    }
    Value::Dictionary(properties)
}

/// Reads one request: tag, version, content. `None` at the end of the connection.
fn read(socket: &mut Socket) -> Result<Option<(u32, u32, Dictionary)>> {
    let mut header = [0; HEADER];
    if socket.read(header.get_mut(..1).unwrap_or_default())? == 0 {
        return Ok(None);
    }
    socket.read_exact(header.get_mut(1..).unwrap_or_default())?;
    let number = |at: usize| {
        let bytes = header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_le_bytes)
    };
    let length = (number(0) as usize).saturating_sub(HEADER);
    if length > LONGEST {
        return Err(Error::Violation(format!("announced {length} bytes")));
    }
    let mut body = vec![0; length];
    socket.read_exact(&mut body)?;
    let request = match number(8) {
        PLIST_MESSAGE => Value::from_reader(Cursor::new(body))?.into_dictionary().unwrap_or_default(),
        _ => Dictionary::new(),
    };
    Ok(Some((number(12), number(4), request)))
}

fn write(socket: &mut Socket, tag: u32, message: &Value) -> Result<()> {
    let mut body = Vec::new();
    message.to_writer_xml(&mut body)?;
    let mut frame = Vec::with_capacity(HEADER + body.len());
    for number in [(HEADER + body.len()) as u32, PLIST_VERSION, PLIST_MESSAGE, tag] {
        frame.extend(number.to_le_bytes());
    }
    frame.extend(body);
    Ok(socket.write_all(&frame)?)
}
