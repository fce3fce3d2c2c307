//! Pairing records: what this computer and a device know of each other after "Trust".
//!
//! A property list with certificates and private keys as PEM. Whoever has it can talk to the device as this computer.

use corer_schemas::formats::plist::{self as reader, Value as PlistValue};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::DeviceError;
use super::wire;

/// A pairing record, as far as corer uses it.
pub struct PairingRecord {
    /// What the device calls this computer.
    pub host_id: String,
    /// What the daemon calls this computer.
    pub system_buid: String,
    /// What opens a locked device's services; data that only the device understands.
    pub escrow_bag: Option<Vec<u8>>,
    /// The device's certificate.
    pub device_certificate: CertificateDer<'static>,
    /// This computer's certificate.
    pub host_certificate: CertificateDer<'static>,
    /// The key of that certificate.
    pub host_key: PrivateKeyDer<'static>,
}

impl PairingRecord {
    /// Reads a record.
    ///
    /// # Errors
    /// [`DeviceError::Record`] says what it lacks.
    pub fn parse(bytes: &[u8]) -> Result<Self, DeviceError> {
        let lacks = |what: &str| DeviceError::Record(format!("has no usable {what}"));
        let Ok(PlistValue::Dictionary(record)) = reader::read(bytes) else {
            return Err(DeviceError::Record("is no property list".to_owned()));
        };
        let data = |key: &str| record.get(key).and_then(PlistValue::as_data);
        let certificate =
            |key: &str| data(key).and_then(|pem| CertificateDer::from_pem_slice(pem).ok()).ok_or_else(|| lacks(key));
        let key = data("HostPrivateKey").and_then(|pem| PrivateKeyDer::from_pem_slice(pem).ok());
        Ok(Self {
            host_id: wire::text(&record, "HostID").ok_or_else(|| lacks("HostID"))?,
            system_buid: wire::text(&record, "SystemBUID").ok_or_else(|| lacks("SystemBUID"))?,
            escrow_bag: data("EscrowBag").map(<[u8]>::to_vec),
            device_certificate: certificate("DeviceCertificate")?,
            host_certificate: certificate("HostCertificate")?,
            host_key: key.ok_or_else(|| lacks("HostPrivateKey"))?,
        })
    }
}
