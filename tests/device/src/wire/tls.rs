//! The device's side of TLS: the host is the client and presents the certificate that it made when it paired.
//!
//! Version 1.2, as logs of real devices show \[L\]. Names in the certificates are empty, so that nothing but the bytes
//! themselves can be compared \[S\]: the device knows the host by its certificate (libimobiledevice presents the root
//! certificate instead), and a careful host knows the device by the one in its record.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};

use crate::error::Result;
use crate::pairing::{self, PairedHost};

/// TLS with this host and nobody else.
///
/// # Errors
/// When the device's key or certificate cannot be used.
pub fn config(host: &PairedHost) -> Result<Arc<ServerConfig>> {
    let key = PrivateKeyDer::from(pairing::device_key()?);
    let key = ring::sign::any_supported_type(&key)?;
    let certified = CertifiedKey::new(vec![CertificateDer::from(host.device_certificate.clone())], key);
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&rustls::version::TLS12])?
        .with_client_cert_verifier(Arc::new(TheHost(host.clone())))
        .with_cert_resolver(Arc::new(TheDevice(Arc::new(certified))));
    Ok(Arc::new(config))
}

/// The one certificate of the device that this host made; no name can be asked for.
#[derive(Debug)]
struct TheDevice(Arc<CertifiedKey>);

impl ResolvesServerCert for TheDevice {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// Lets in whoever presents a certificate of the host's pairing record.
#[derive(Debug)]
struct TheHost(PairedHost);

impl ClientCertVerifier for TheHost {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> std::result::Result<ClientCertVerified, rustls::Error> {
        if [&self.0.host_certificate, &self.0.root_certificate].contains(&&end_entity.to_vec()) {
            return Ok(ClientCertVerified::assertion());
        }
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = ring::default_provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
