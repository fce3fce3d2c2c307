//! lockdownd: the service of a device that answers questions, opens sessions and starts other services.
//!
//! A message is a big-endian length and a property list. Facts: libimobiledevice and pymobiledevice3, which agree.

use std::sync::Arc;

use corer_schemas::formats::plist::{Dictionary as PlistDictionary, Value as PlistValue};
use rustls::ClientConfig;

use super::error::DeviceError;
use super::pairing_record::PairingRecord;
use super::stream::Stream;
use super::tls;
use super::usbmux::{AttachedDevice, DaemonAddress};
use super::wire::{self, Dictionary, Value, message};

/// The port of lockdownd.
const PORT: u16 = 62078;

/// A conversation with lockdownd.
pub struct Lockdown {
    address: DaemonAddress,
    device: u64,
    stream: Stream,
}

/// A conversation that the device trusts: it tells more, and starts services.
pub struct Session {
    lockdown: Lockdown,
    record: PairingRecord,
    tls: Arc<ClientConfig>,
}

impl Lockdown {
    /// Connects to the lockdownd of a device.
    ///
    /// # Errors
    /// Those of the daemon, and [`DeviceError::Protocol`] for a device in another mode than the usual one.
    pub fn connect(address: &DaemonAddress, device: &AttachedDevice) -> Result<Self, DeviceError> {
        let stream = address.connect()?.connect(device.id, PORT)?;
        let mut lockdown = Self { address: address.clone(), device: device.id, stream };
        let answer = lockdown.ask("QueryType", Dictionary::new())?;
        match wire::text(&answer, "Type").as_deref() {
            Some("com.apple.mobile.lockdown") => Ok(lockdown),
            other => Err(DeviceError::Protocol(format!(
                "it is in the mode \"{}\", not running iOS as usual",
                other.unwrap_or_default()
            ))),
        }
    }

    /// The value of a key, or all values of a domain; `None` where there is none or it may not be known.
    ///
    /// # Errors
    /// Those of the conversation.
    pub fn value(&mut self, domain: Option<&str>, key: Option<&str>) -> Result<Option<PlistValue>, DeviceError> {
        let mut request = Dictionary::new();
        for (name, value) in [("Domain", domain), ("Key", key)] {
            if let Some(value) = value {
                request.insert(name.to_owned(), value.into());
            }
        }
        match self.ask("GetValue", request) {
            Ok(answer) => Ok(answer.get("Value").cloned()),
            Err(DeviceError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks for something. An answer with an error is that error.
    ///
    /// # Errors
    /// [`DeviceError::Refused`] with lockdown's word where there is none of our own for it.
    pub fn ask(&mut self, request: &str, mut fields: Dictionary) -> Result<PlistDictionary, DeviceError> {
        fields.extend(message! { "Label": "corer", "Request": request });
        let answer = wire::ask(&mut self.stream, fields)?;
        match wire::text(&answer, "Error") {
            None => Ok(answer),
            Some(word) => Err(error_of(request, word)),
        }
    }

    /// Opens a session with a pairing record. Every iOS encrypts it; a device that does not want to is not the one of the
    /// record, and would get the escrow bag unencrypted.
    ///
    /// # Errors
    /// [`DeviceError::NotPaired`] when the device has forgotten this computer, [`DeviceError::Tls`] when it is another one.
    pub fn into_session(mut self, record: PairingRecord) -> Result<Session, DeviceError> {
        let request = message! { "HostID": record.host_id.as_str(), "SystemBUID": record.system_buid.as_str() };
        let answer = self.ask("StartSession", request)?;
        let tls = tls::config(&record)?;
        if answer.get("EnableSessionSSL").and_then(PlistValue::as_bool) != Some(true) {
            return Err(DeviceError::Tls("it wants to talk unencrypted".to_owned()));
        }
        self.stream = self.stream.into_tls(&tls)?;
        Ok(Session { lockdown: self, record, tls })
    }
}

impl Session {
    /// The value of a key, or all values of a domain.
    ///
    /// # Errors
    /// As [`Lockdown::value`].
    pub fn value(&mut self, domain: Option<&str>, key: Option<&str>) -> Result<Option<PlistValue>, DeviceError> {
        self.lockdown.value(domain, key)
    }

    /// Starts a service and connects to it. With `escrow` a locked device starts it too.
    ///
    /// # Errors
    /// [`DeviceError::Locked`], [`DeviceError::Refused`].
    pub fn service(&mut self, name: &str, escrow: bool) -> Result<Stream, DeviceError> {
        let mut request = message! { "Service": name };
        if let Some(bag) = self.record.escrow_bag.as_ref().filter(|_| escrow) {
            request.insert("EscrowBag".to_owned(), Value::Data(bag.clone()));
        }
        let answer = self.lockdown.ask("StartService", request)?;
        let port = answer.get("Port").and_then(PlistValue::to_i64).and_then(|port| u16::try_from(port).ok());
        let port = port.ok_or_else(|| DeviceError::Protocol(format!("the service {name} has no port")))?;
        let stream = self.lockdown.address.connect()?.connect(self.lockdown.device, port)?;
        match answer.get("EnableServiceSSL").and_then(PlistValue::as_bool) {
            Some(true) => stream.into_tls(&self.tls),
            _ => Ok(stream),
        }
    }
}

/// The words of lockdown that a person can do something about.
fn error_of(request: &str, word: String) -> DeviceError {
    match word.as_str() {
        "InvalidHostID" | "InvalidPairRecord" | "NotPaired" | "MissingPairRecord" => DeviceError::NotPaired,
        "PairingDialogResponsePending" => DeviceError::TrustPending,
        "UserDeniedPairing" => DeviceError::TrustDenied,
        "PasswordProtected" | "EscrowLocked" => DeviceError::Locked,
        _ => DeviceError::Refused { request: request.to_owned(), answer: word },
    }
}
