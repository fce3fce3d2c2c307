//! Records of iOS 10.0, encrypted one by one inside a plain `Manifest.db`.
//!
//! The `file` column is the base64 text of AES-128-CBC with the IV 00 01 … 0F; the key is the first half of
//! SHA-1(password ‖ salt), the salt stands in `Properties`. One published reader of such backups describes it so; no
//! real one was at hand.

use aes::Aes128Dec;
use aes::cipher::{BlockModeDecrypt, InnerIvInit, KeyInit, block_padding::NoPadding};
use base64::Engine;
use sha1::{Digest, Sha1};

const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Makes such records readable.
pub struct RecordDecryptor {
    cipher: Aes128Dec,
}

impl RecordDecryptor {
    /// Derives the key.
    pub fn new(password: &[u8], salt: &[u8]) -> Self {
        let hash: [u8; 20] = Sha1::new().chain_update(password).chain_update(salt).finalize().into();
        let mut key = [0; 16];
        key.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Self { cipher: Aes128Dec::new(&key.into()) }
    }

    /// The archive inside a record; `None` when it is not of this form, or the key does not fit. What the padding is
    /// nobody says: an archive does not mind bytes behind its end as little as it minds none, so it is looked for.
    pub fn record(&self, blob: &[u8]) -> Option<Vec<u8>> {
        let text: Vec<u8> = blob.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let mut bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
        let plain = cbc::Decryptor::inner_iv_init(self.cipher.clone(), &IV.into());
        let length = plain.decrypt_padded::<NoPadding>(&mut bytes).ok()?.len();
        bytes.truncate(length);
        let padding = usize::from(*bytes.last()?);
        if (1..=16).contains(&padding) && bytes.iter().rev().take(padding).all(|byte| usize::from(*byte) == padding) {
            bytes.truncate(bytes.len() - padding);
        }
        bytes.starts_with(b"bplist").then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::Aes128Enc;
    use aes::cipher::{BlockModeEncrypt, block_padding::Pkcs7};

    #[test]
    fn a_record_comes_back() {
        let hash: [u8; 20] = Sha1::digest(b"secretsalt").into();
        let key: [u8; 16] = hash[..16].try_into().unwrap();
        let plain = b"bplist00 and what follows";
        let mut buffer = [plain.as_slice(), &[0; 16]].concat();
        let cipher = cbc::Encryptor::inner_iv_init(Aes128Enc::new(&key.into()), &IV.into());
        let stored = cipher.encrypt_padded::<Pkcs7>(&mut buffer, plain.len()).unwrap();
        let stored = base64::engine::general_purpose::STANDARD.encode(stored);

        assert_eq!(
            RecordDecryptor::new(b"secret", b"salt").record(stored.as_bytes()).as_deref(),
            Some(plain.as_slice())
        );
        assert_eq!(RecordDecryptor::new(b"wrong", b"salt").record(stored.as_bytes()), None);
        assert_eq!(RecordDecryptor::new(b"secret", b"salt").record(b"not base64!"), None);
    }
}
