//! TLS with a device. Its certificate was made when the two were paired and names nobody: instead of a name, the key is
//! checked, which must be the one of the pairing record. No other program of this field does.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, CipherSuite, DigitallySignedStruct, Error, SignatureScheme};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

use super::error::DeviceError;
use super::pairing_record::PairingRecord;

/// What TLS needs to know of a pairing.
///
/// # Errors
/// [`DeviceError::Record`] for a key that is none.
pub fn config(record: &PairingRecord) -> Result<Arc<ClientConfig>, DeviceError> {
    let provider = Arc::new(provider());
    let pinned = Pinned { certificate: record.device_certificate.clone(), provider: Arc::clone(&provider) };
    let unusable = |error: Error| DeviceError::Record(format!("is of no use for TLS: {error}"));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(pinned))
        .with_client_auth_cert(vec![record.host_certificate.clone()], record.host_key.clone_key())
        .map_err(unusable)?;
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    Ok(Arc::new(config))
}

/// What is offered to a device: all that the provider has, AES with keys of 128 bits first. Nobody breaks either, and each
/// block of a backup takes ten rounds of it instead of the fourteen of 256 bits.
fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    provider.cipher_suites.sort_by_key(|suite| !is_aes_128(suite.suite()));
    provider
}

fn is_aes_128(suite: CipherSuite) -> bool {
    matches!(
        suite,
        CipherSuite::TLS13_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    )
}

/// Takes the one device of the record and nobody else.
#[derive(Debug)]
struct Pinned {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        presented: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let is_same = presented == &self.certificate
            || public_key(presented).is_some_and(|key| Some(key) == public_key(&self.certificate));
        match is_same {
            true => Ok(ServerCertVerified::assertion()),
            false => Err(CertificateError::ApplicationVerificationFailure.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The public key in a certificate, encoded.
fn public_key(certificate: &CertificateDer<'_>) -> Option<Vec<u8>> {
    let certificate = Certificate::from_der(certificate).ok()?;
    certificate.tbs_certificate.subject_public_key_info.to_der().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_offered_and_the_cheaper_aes_first() {
        let (all, offered) = (ring::default_provider().cipher_suites, provider().cipher_suites);
        assert_eq!(offered.len(), all.len());
        assert!(all.iter().all(|suite| offered.contains(suite)));
        assert_eq!(offered.iter().take_while(|suite| is_aes_128(suite.suite())).count(), 3);
    }
}
