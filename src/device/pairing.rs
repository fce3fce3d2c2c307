//! Pairing: the question "Trust This Computer?" on the device, and the record that both keep afterwards.
//!
//! The computer makes a certificate authority of its own, and with it a certificate for itself and one for the device's
//! key. All of them name nobody. The device keeps the certificates and gives an escrow bag.

use std::time::Duration;

use corer_schemas::formats::plist::Value as PlistValue;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::rand_core::{OsRng, RngCore};
use rsa::sha2::Sha256;
use rsa::{RsaPrivateKey, RsaPublicKey};
use x509_cert::Certificate;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::EncodePem;
use x509_cert::der::asn1::GeneralizedTime;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use super::error::DeviceError;
use super::lockdown::Lockdown;
use super::usbmux::{AttachedDevice, DaemonAddress};
use super::wire::{self, Dictionary, Value, message};

/// The strength of the keys, in bits: that of every program of this field.
const BITS: usize = 2048;
/// How long a pairing is good for.
const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// A pairing that was prepared and that the device has not agreed to yet.
pub struct Pairing {
    lockdown: Lockdown,
    /// What the device gets to see.
    public: Dictionary,
    /// What this computer keeps for itself.
    private: Dictionary,
}

impl Pairing {
    /// Makes the keys and certificates for a device.
    ///
    /// # Errors
    /// When the device does not give its key, or gives nonsense for it.
    pub fn prepare(address: &DaemonAddress, device: &AttachedDevice) -> Result<Self, DeviceError> {
        let mut lockdown = Lockdown::connect(address, device)?;
        let key = lockdown.value(None, Some("DevicePublicKey"))?;
        let wifi = lockdown.value(None, Some("WiFiAddress"))?.as_ref().and_then(PlistValue::to_text);
        let buid = address.connect()?.buid()?;
        let key = key.as_ref().and_then(PlistValue::as_data).unwrap_or_default();
        let key = std::str::from_utf8(key).ok().and_then(|pem| RsaPublicKey::from_pkcs1_pem(pem).ok());
        let key = key.ok_or_else(|| DeviceError::Protocol("its public key is none".to_owned()))?;
        let made = certificates(&key).map_err(|error| DeviceError::Record(format!("cannot be made: {error}")))?;
        let mut public = message! { "HostID": uuid(), "SystemBUID": buid };
        for (name, pem) in
            [("DeviceCertificate", made.device), ("HostCertificate", made.host), ("RootCertificate", made.root)]
        {
            public.insert(name.to_owned(), Value::Data(pem.into_bytes()));
        }
        let mut private = Dictionary::new();
        for (name, pem) in [("HostPrivateKey", made.host_key), ("RootPrivateKey", made.root_key)] {
            private.insert(name.to_owned(), Value::Data(pem.into_bytes()));
        }
        if let Some(wifi) = wifi {
            private.insert("WiFiMACAddress".to_owned(), wifi.into());
        }
        Ok(Self { lockdown, public, private })
    }

    /// Asks the device once. Once it agrees, gives the record to be stored.
    ///
    /// # Errors
    /// [`DeviceError::TrustPending`] while nobody has tapped: ask again. [`DeviceError::Locked`] while it is locked.
    pub fn ask(&mut self) -> Result<Vec<u8>, DeviceError> {
        let mut request = message! { "ProtocolVersion": "2" };
        request.insert("PairRecord".to_owned(), Value::Dictionary(self.public.clone()));
        request.insert("PairingOptions".to_owned(), Value::Dictionary(message! { "ExtendedPairingErrors": true }));
        let answer = self.lockdown.ask("Pair", request)?;
        let mut record = self.public.clone();
        record.extend(self.private.clone());
        if let Some(bag) = answer.get("EscrowBag").and_then(PlistValue::as_data) {
            record.insert("EscrowBag".to_owned(), Value::Data(bag.to_vec()));
        }
        wire::xml(record)
    }
}

/// What a pairing is made of, as PEM.
struct Certificates {
    root: String,
    root_key: String,
    host: String,
    host_key: String,
    device: String,
}

type CertificateError = Box<dyn std::error::Error>;

fn certificates(device: &RsaPublicKey) -> Result<Certificates, CertificateError> {
    let root_key = RsaPrivateKey::new(&mut OsRng, BITS)?;
    let host_key = RsaPrivateKey::new(&mut OsRng, BITS)?;
    let signer = SigningKey::<Sha256>::new(root_key.clone());
    let leaf = || Profile::Leaf { issuer: Name::default(), enable_key_agreement: false, enable_key_encipherment: true };
    let pem = |profile, key: &RsaPublicKey| -> Result<String, CertificateError> {
        Ok(certificate(profile, key, &signer)?.to_pem(LineEnding::LF)?)
    };
    Ok(Certificates {
        root: pem(Profile::Root, &root_key.to_public_key())?,
        host: pem(leaf(), &host_key.to_public_key())?,
        device: pem(leaf(), device)?,
        root_key: root_key.to_pkcs8_pem(LineEnding::LF)?.to_string(),
        host_key: host_key.to_pkcs8_pem(LineEnding::LF)?.to_string(),
    })
}

fn certificate(
    profile: Profile,
    key: &RsaPublicKey,
    signer: &SigningKey<Sha256>,
) -> Result<Certificate, CertificateError> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let time = |moment| GeneralizedTime::from_unix_duration(moment).map(Time::GeneralTime);
    let validity = Validity { not_before: time(now)?, not_after: time(now + TEN_YEARS)? };
    let key = SubjectPublicKeyInfoOwned::from_key(key.clone())?;
    let builder = CertificateBuilder::new(profile, SerialNumber::new(&[1])?, validity, Name::default(), key, signer)?;
    Ok(builder.build()?)
}

/// A random identifier, in capital letters as Apple's programs write it.
pub fn uuid() -> String {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    let mut number = u128::from_be_bytes(bytes);
    // Version 4, variant 1.
    number = number & !(0xf << 76) | 0x4 << 76;
    number = number & !(0x3 << 62) | 0x2 << 62;
    let digits = format!("{number:032X}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::pairing_record::PairingRecord;
    use crate::device::tls;

    #[test]
    fn a_pairing_makes_a_record_that_tls_takes() {
        let device = RsaPrivateKey::new(&mut OsRng, BITS).unwrap();
        let made = certificates(&device.to_public_key()).unwrap();
        let mut record = message! { "HostID": uuid(), "SystemBUID": uuid() };
        for (name, pem) in
            [("DeviceCertificate", made.device), ("HostCertificate", made.host), ("HostPrivateKey", made.host_key)]
        {
            record.insert(name.to_owned(), Value::Data(pem.into_bytes()));
        }
        let record = PairingRecord::parse(&wire::xml(record).unwrap()).unwrap();
        assert!(tls::config(&record).is_ok());
    }

    #[test]
    fn identifiers_are_random_and_well_formed() {
        let (one, other) = (uuid(), uuid());
        assert_ne!(one, other);
        assert_eq!((one.len(), &one[14..15]), (36, "4"));
        assert!(matches!(&one[19..20], "8" | "9" | "A" | "B"));
    }
}
