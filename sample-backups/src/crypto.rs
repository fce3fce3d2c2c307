//! The three pieces of cryptography a backup needs: deriving a key from a password, wrapping a key, encrypting a payload.
//!
//! ```text
//! k1  = PBKDF2-HMAC-SHA256(password, DPSL, DPIC, 32)   iOS 10.2 and later, else k1 = password
//! KEK = PBKDF2-HMAC-SHA1(k1, SALT, ITER, 32)
//! wrapped class key = RFC 3394 (KEK, class key);  wrapped file key = RFC 3394 (class key, file key)
//! payload = AES-256-CBC (file key, IV 0, PKCS#7)
//! ```

use std::io::{Read, Write};

use aes::cipher::{Block, BlockModeEncrypt, InnerIvInit, KeyInit};
use pbkdf2::pbkdf2_hmac;
use sha1::{Digest, Sha1};
use sha2::Sha256;

use crate::error::{Error, Result};

/// A 256-bit key.
pub type Key = [u8; 32];

/// A key wrapped as RFC 3394 says.
pub type WrappedKey = [u8; 40];

const BLOCK: usize = 16;
const CHUNK: usize = 1 << 18;

/// How a backup is encrypted.
#[derive(Debug, Clone)]
pub struct Encryption {
    /// The password, exactly as typed.
    pub password: String,
    /// Rounds of the first derivation (`DPIC`); `None` before iOS 10.2, which had only the second.
    pub rounds: Option<u32>,
    /// Rounds of the second derivation (`ITER`).
    pub iterations: u32,
}

impl Encryption {
    /// Encrypts with `password`, the usual 10,000 iterations, and `rounds` of the first derivation.
    pub fn new(password: &str, rounds: Option<u32>) -> Self {
        Self { password: password.to_owned(), rounds, iterations: 10_000 }
    }
}

/// Derives the key that wraps the class keys. `first` is the salt (`DPSL`) and rounds (`DPIC`) of the first derivation.
pub fn derive(password: &[u8], first: Option<(&[u8], u32)>, salt: &[u8], iterations: u32) -> Key {
    let mut key = [0; 32];
    match first {
        Some((first_salt, rounds)) => {
            let mut intermediate = [0; 32];
            pbkdf2_hmac::<Sha256>(password, first_salt, rounds, &mut intermediate);
            pbkdf2_hmac::<Sha1>(&intermediate, salt, iterations, &mut key);
        }
        None => pbkdf2_hmac::<Sha1>(password, salt, iterations, &mut key),
    }
    key
}

/// Wraps `key` with `by`.
///
/// # Errors
/// Never for these lengths; the cipher's own error is passed on.
pub fn wrap(by: &Key, key: &Key) -> Result<WrappedKey> {
    let mut out = [0; 40];
    aes_kw::KwAes256::new(by.into())
        .wrap_key(key, &mut out)
        .map_err(|error| Error::Request(format!("cannot wrap a key: {error}")))?;
    Ok(out)
}

/// What was written to one payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Bytes of content before encryption.
    pub plain: u64,
    /// SHA-1 of the stored bytes.
    pub sha1: [u8; 20],
    /// SHA-256 of the stored bytes.
    pub sha256: [u8; 32],
}

/// A writer that hashes what passes through it.
struct Hashing<'a> {
    inner: &'a mut dyn Write,
    hashes: Option<(Sha1, Sha256)>,
}

impl Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Some((sha1, sha256)) = &mut self.hashes {
            sha1.update(bytes);
            sha256.update(bytes);
        }
        self.inner.write_all(bytes)
    }
}

/// Copies `from` to `to`, encrypted with `key` if there is one, padded unless `pad` is false (then the content must fill
/// whole blocks). The hashes are computed only when `hash` asks for them; else they are zero.
///
/// # Errors
/// When reading or writing fails, or unpadded content does not fill its last block.
pub fn store(from: &mut dyn Read, to: &mut dyn Write, key: Option<&Key>, pad: bool, hash: bool) -> Result<Stored> {
    let mut out = Hashing { inner: to, hashes: hash.then(|| (Sha1::new(), Sha256::new())) };
    let plain = match key {
        Some(key) => encrypt(from, &mut out, key, pad)?,
        None => copy(from, &mut out)?,
    };
    let (sha1, sha256) = out.hashes.map_or(([0; 20], [0; 32]), |(a, b)| (a.finalize().into(), b.finalize().into()));
    Ok(Stored { plain, sha1, sha256 })
}

fn copy(from: &mut dyn Read, out: &mut Hashing<'_>) -> Result<u64> {
    let mut buffer = Vec::with_capacity(CHUNK);
    let mut total = 0;
    while fill(from, &mut buffer)? > 0 {
        out.write(&buffer)?;
        total += buffer.len() as u64;
    }
    Ok(total)
}

fn encrypt(from: &mut dyn Read, out: &mut Hashing<'_>, key: &Key, pad: bool) -> Result<u64> {
    let cipher = aes::Aes256::new(key.into());
    let mut mode = cbc::Encryptor::<aes::Aes256>::inner_iv_init(cipher, &[0; BLOCK].into());
    let mut buffer = Vec::with_capacity(CHUNK + BLOCK);
    let mut total = 0;
    loop {
        let last = fill(from, &mut buffer)? < CHUNK;
        total += buffer.len() as u64;
        if last && pad {
            let missing = BLOCK - buffer.len() % BLOCK;
            buffer.resize(buffer.len() + missing, missing as u8);
        }
        let (blocks, rest) = Block::<aes::Aes256>::slice_as_chunks_mut(&mut buffer);
        if !rest.is_empty() {
            return Err(Error::Request("unpadded content must fill whole blocks".into()));
        }
        mode.encrypt_blocks(blocks);
        out.write(&buffer)?;
        if last {
            return Ok(total);
        }
    }
}

/// Fills `buffer` with up to [`CHUNK`] bytes and says how many there were; fewer only at the end.
fn fill(from: &mut dyn Read, buffer: &mut Vec<u8>) -> Result<usize> {
    buffer.clear();
    Ok(from.take(CHUNK as u64).read_to_end(buffer)?)
}

/// Encrypts a keychain item: AES-256-GCM with a nonce of no bytes at all. Gives ciphertext and tag.
///
/// # Errors
/// Never for items of sane size; the cipher's own error is passed on.
pub fn seal_keychain_item(key: &Key, plain: &[u8]) -> Result<Vec<u8>> {
    use aes_gcm::aead::{Aead, consts::U0};
    let cipher = aes_gcm::AesGcm::<aes::Aes256, U0>::new(key.into());
    cipher.encrypt(&[].into(), plain).map_err(|_| Error::Request("cannot seal a keychain item".into()))
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-1 of `bytes`.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    Sha1::digest(bytes).into()
}

/// Only here so that a decryptor can prove the encryptor in tests.
#[cfg(test)]
pub(crate) fn decrypt(key: &Key, stored: &[u8]) -> Vec<u8> {
    use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
    let mut buffer = stored.to_vec();
    cbc::Decryptor::<aes::Aes256>::new(key.into(), &[0; BLOCK].into())
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .unwrap()
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_decrypt_to_what_they_were() {
        let key = [7; 32];
        for length in [0, 1, 15, 16, 17, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
            let plain: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let mut stored = Vec::new();
            let told = store(&mut plain.as_slice(), &mut stored, Some(&key), true, true).unwrap();
            assert_eq!(stored.len(), (length / 16 + 1) * 16);
            assert_eq!(told.plain, length as u64);
            assert_eq!(told.sha1, sha1(&stored));
            assert!(decrypt(&key, &stored) == plain, "{length}");
        }
    }

    #[test]
    fn wrapping_follows_rfc_3394() {
        // RFC 3394 section 4.6: 256 bits of key data with a 256-bit key.
        let by: Key = std::array::from_fn(|i| i as u8);
        let key: Key = std::array::from_fn(|i| if i < 16 { (i * 0x11) as u8 } else { i as u8 - 16 });
        let expected = "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21";
        assert_eq!(hex(&wrap(&by, &key).unwrap()), expected);
    }
}
