//! The ciphers of locked notes.

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U0, U12, U16, U32};
use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::aes::{Aes128, Aes256};
use aes_kw::{KwAes128, KwAes256};
use zeroize::Zeroizing;

/// A key, wiped from memory when it is no longer needed.
pub(super) type Key = Zeroizing<Vec<u8>>;

/// Unwraps a key (RFC 3394). `None` where the check value in it does not fit: the password is another one.
pub(super) fn unwrap(key: &[u8], wrapped: &[u8]) -> Option<Key> {
    let length = wrapped.len().checked_sub(8).filter(|length| matches!(length, 16 | 32))?;
    let mut unwrapped = Zeroizing::new(vec![0; length]);
    match key.len() {
        16 => KwAes128::new_from_slice(key).ok()?.unwrap_key(wrapped, &mut unwrapped).ok().map(|_| ()),
        32 => KwAes256::new_from_slice(key).ok()?.unwrap_key(wrapped, &mut unwrapped).ok().map(|_| ()),
        _ => None,
    }?;
    Some(unwrapped)
}

/// Opens what AES-GCM sealed, with a nonce as long as it is stored. `None` where the tag does not fit.
pub(super) fn decrypt(key: &[u8], nonce: &[u8], authenticated: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    match (key.len(), nonce.len()) {
        (16, 0) => with::<AesGcm<Aes128, U0>>(key, nonce, authenticated, text),
        (16, 12) => with::<AesGcm<Aes128, U12>>(key, nonce, authenticated, text),
        (16, 16) => with::<AesGcm<Aes128, U16>>(key, nonce, authenticated, text),
        (16, 32) => with::<AesGcm<Aes128, U32>>(key, nonce, authenticated, text),
        (32, 0) => with::<AesGcm<Aes256, U0>>(key, nonce, authenticated, text),
        (32, 12) => with::<AesGcm<Aes256, U12>>(key, nonce, authenticated, text),
        (32, 16) => with::<AesGcm<Aes256, U16>>(key, nonce, authenticated, text),
        (32, 32) => with::<AesGcm<Aes256, U32>>(key, nonce, authenticated, text),
        _ => None,
    }
}

fn with<C: KeyInit + Aead>(key: &[u8], nonce: &[u8], aad: &[u8], msg: &[u8]) -> Option<Vec<u8>> {
    let nonce = Nonce::<C>::try_from(nonce).ok()?;
    C::new_from_slice(key).ok()?.decrypt(&nonce, Payload { msg, aad }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_without_a_nonce_opens() {
        // Put together from AES alone, in Python, after NIST SP 800-38D.
        let sealed = [
            "042f67fdfab5c03e285bd38c0b97482b760198d6934c90982e876ccae7fe0d667b",
            "873402c625ccebc5c7d6f55e26a1531c31729f56c63d586c80a5926c98be295eaa",
        ];
        for (sealed, length) in sealed.into_iter().zip([16_u8, 32]) {
            let key: Vec<u8> = (0..length).collect();
            let sealed: Vec<u8> =
                (0..sealed.len()).step_by(2).map(|at| u8::from_str_radix(&sealed[at..at + 2], 16).unwrap()).collect();
            assert_eq!(decrypt(&key, b"", b"", &sealed).as_deref(), Some(&b"without a nonce!?"[..]));
            assert_eq!(decrypt(&key, &[0], b"", &sealed), None);
        }
    }
}
