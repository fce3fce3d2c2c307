//! Pairing: keys and certificates, and the record that a host keeps of it.
//!
//! A host makes three certificates when it pairs: a root, its own, and one for the device over the device's public key,
//! all signed by the root, with empty names \[S\]. The device keeps the public halves and gives the host an escrow bag;
//! the host keeps everything in `<udid>.plist`, which usbmuxd stores for it.
//!
//! The private keys of the device and of the host that has paired before are made once a process.

use std::sync::OnceLock;
use std::time::Duration;

use plist::{Dictionary, Value};
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::pkcs1v15::SigningKey;
use rsa::rand_core::OsRng;
use rsa::sha2::Sha256;
use rsa::{RsaPrivateKey, RsaPublicKey};
use rustls::pki_types::PrivatePkcs1KeyDer;
use x509_cert::Certificate;
use x509_cert::builder::{Builder, CertificateBuilder, Profile};
use x509_cert::der::{DecodePem, Encode, EncodePem};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{EncodePublicKey, SubjectPublicKeyInfoOwned};
use x509_cert::time::Validity;

use crate::error::{Error, Result};

static DEVICE_KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
static HOST_KEY: OnceLock<RsaPrivateKey> = OnceLock::new();

/// The length of the keys, that of real devices \[S\].
const BITS: usize = 2048;

const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// The identifier of the computer that has paired before the test begins.
pub const EARLIER_HOST: &str = "C0DE0000-0000-4000-8000-00000000C0DE";

/// What the device knows of a host that it trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairedHost {
    /// Who it is.
    pub host_id: String,
    /// The certificate that the host made for the device, DER.
    pub device_certificate: Vec<u8>,
    /// The host's own certificate, DER.
    pub host_certificate: Vec<u8>,
    /// The root that signed both, DER.
    pub root_certificate: Vec<u8>,
    /// What lets this host in while the phone is locked.
    pub escrow_bag: Vec<u8>,
}

impl PairedHost {
    /// Reads the record of a `Pair` request.
    ///
    /// # Errors
    /// When a part is missing or no certificate, or the device's certificate is over another key.
    pub fn from_request(record: &Dictionary, escrow_bag: Vec<u8>) -> Result<Self> {
        let certificate = |name: &str| {
            let pem = record.get(name).and_then(Value::as_data).ok_or_else(|| missing(name))?;
            let der = Certificate::from_pem(pem).map_err(failed)?;
            Ok::<_, Error>((der.to_der().map_err(failed)?, der))
        };
        let host_id = record.get("HostID").and_then(Value::as_string).ok_or_else(|| missing("HostID"))?;
        let (device_certificate, device) = certificate("DeviceCertificate")?;
        let own = SubjectPublicKeyInfoOwned::try_from(device_public()?.to_public_key_der().map_err(failed)?.as_bytes());
        if device.tbs_certificate.subject_public_key_info != own.map_err(failed)? {
            return Err(Error::Violation("made a DeviceCertificate over another key than the device's".into()));
        }
        Ok(Self {
            host_id: host_id.to_owned(),
            device_certificate,
            host_certificate: certificate("HostCertificate")?.0,
            root_certificate: certificate("RootCertificate")?.0,
            escrow_bag,
        })
    }
}

/// The device's public key as lockdown gives it: PKCS#1 in PEM \[S\].
///
/// # Errors
/// Never with the key of this file; the codec's own error is passed on.
pub fn device_public_pem() -> Result<String> {
    device_public()?.to_pkcs1_pem(LineEnding::LF).map_err(failed)
}

/// The device's private key.
///
/// # Errors
/// Never with the key of this file; the codec's own error is passed on.
pub fn device_key() -> Result<PrivatePkcs1KeyDer<'static>> {
    let key = made_once(&DEVICE_KEY)?;
    Ok(PrivatePkcs1KeyDer::from(key.to_pkcs1_der().map_err(failed)?.as_bytes().to_vec()))
}

/// Pairs as a host would, and gives the whole record that it would store.
///
/// # Errors
/// Never with the keys of this file; the codec's own errors are passed on.
pub fn earlier_record(system_buid: &str, wifi_address: &str, escrow_bag: &[u8]) -> Result<Dictionary> {
    let host_key = made_once(&HOST_KEY)?;
    let leaf = Profile::Leaf { issuer: Name::default(), enable_key_agreement: false, enable_key_encipherment: true };
    let root = certificate(Profile::Root, host_key, &host_key.to_public_key())?;
    let host = certificate(leaf.clone(), host_key, &host_key.to_public_key())?;
    let device = certificate(leaf, host_key, &device_public()?)?;
    let private = host_key.to_pkcs1_pem(LineEnding::LF).map_err(failed)?;
    let mut record = Dictionary::new();
    for (name, bytes) in [
        ("DeviceCertificate", device.into_bytes()),
        ("EscrowBag", escrow_bag.to_vec()),
        ("HostCertificate", host.into_bytes()),
        ("HostPrivateKey", private.as_bytes().to_vec()),
        ("RootCertificate", root.into_bytes()),
        ("RootPrivateKey", private.as_bytes().to_vec()),
    ] {
        record.insert(name.into(), Value::Data(bytes));
    }
    for (name, text) in [("HostID", EARLIER_HOST), ("SystemBUID", system_buid), ("WiFiMACAddress", wifi_address)] {
        record.insert(name.into(), Value::String(text.into()));
    }
    Ok(record)
}

fn device_public() -> Result<RsaPublicKey> {
    Ok(made_once(&DEVICE_KEY)?.to_public_key())
}

/// A private key of this process.
fn made_once(key: &'static OnceLock<RsaPrivateKey>) -> Result<&'static RsaPrivateKey> {
    if key.get().is_none() {
        // When two threads come at once, the first one's key stays.
        let _ = key.set(RsaPrivateKey::new(&mut OsRng, BITS).map_err(failed)?);
    }
    key.get().ok_or_else(|| missing("a private key"))
}

fn certificate(profile: Profile, signer: &RsaPrivateKey, of: &RsaPublicKey) -> Result<String> {
    let serial = SerialNumber::new(&[1]).map_err(failed)?;
    let validity = Validity::from_now(TEN_YEARS).map_err(failed)?;
    let key = of.to_public_key_der().map_err(failed)?;
    let key = SubjectPublicKeyInfoOwned::try_from(key.as_bytes()).map_err(failed)?;
    let signer = SigningKey::<Sha256>::new(signer.clone());
    let builder = CertificateBuilder::new(profile, serial, validity, Name::default(), key, &signer).map_err(failed)?;
    builder.build().map_err(failed)?.to_pem(LineEnding::LF).map_err(failed)
}

fn missing(name: &str) -> Error {
    Error::Violation(format!("sent a pairing record without {name}"))
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Pairing(error.to_string())
}
