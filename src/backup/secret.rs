//! Key material: wiped from memory when dropped, without `Debug`, never printed.

use aes_kw::KeyInit;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A 256-bit key.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// Takes key bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw bytes, for the cipher.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Unwraps another 256-bit key that was wrapped with this one (RFC 3394). `None` when the check value inside does
    /// not fit: this is not the right key, or the wrapped bytes are damaged.
    pub fn unwrap(&self, wrapped: &[u8; 40]) -> Option<Key> {
        let mut key = Key([0; 32]);
        aes_kw::KwAes256::new(&self.0.into()).unwrap_key(wrapped, &mut key.0).ok()?;
        Some(key)
    }
}
