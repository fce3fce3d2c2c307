//! Trying passwords.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::{U12, U16, U32};
use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::aes::{Aes128, Aes256};
use aes_kw::{KwAes128, KwAes256};
use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::{Opening, Sealed};

/// More rounds than Apple has ever used for notes, by far: 20,000 are usual.
const MOST_ROUNDS: u64 = 10_000_000;
/// How many rounds all notes may cost together: a minute or two.
const ALL_ROUNDS: u64 = 500_000_000;

/// What a derived key belongs to: the password by its place, salt, rounds and length.
type KeyOf = (usize, Vec<u8>, u32, usize);

/// The passwords that may open notes. They are wiped from memory when they are no longer needed.
#[derive(Default)]
pub struct NotePasswords {
    passwords: Vec<Zeroizing<Vec<u8>>>,
    /// Notes of one account share salt and rounds: a password costs its rounds once, and not for each note.
    keys: RefCell<BTreeMap<KeyOf, Zeroizing<Vec<u8>>>>,
    spent: Cell<u64>,
}

impl NotePasswords {
    /// Takes passwords in UTF-8, in the order in which they are tried. What has two spellings in Unicode is tried in both.
    pub fn new<'p>(passwords: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let mut own = Self::default();
        for password in passwords {
            own.add(password.to_vec());
            if let Ok(text) = std::str::from_utf8(password) {
                own.add(text.nfc().collect::<String>().into_bytes());
                own.add(text.nfd().collect::<String>().into_bytes());
            }
        }
        own
    }

    fn add(&mut self, password: Vec<u8>) {
        let password = Zeroizing::new(password);
        if !password.is_empty() && !self.passwords.contains(&password) {
            self.passwords.push(password);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.passwords.is_empty()
    }

    /// Tries all passwords.
    pub(in crate::notes) fn open(&self, sealed: &Sealed<'_>) -> Opening {
        let Ok(rounds) = u32::try_from(sealed.rounds.min(u64::from(u32::MAX))) else { return Opening::Wrong };
        if rounds == 0 || sealed.salt.is_empty() || sealed.wrapped.is_empty() {
            return Opening::Impossible("what its key is wrapped with is not there".to_owned());
        }
        if u64::from(rounds) > MOST_ROUNDS {
            return Opening::Impossible(format!("it asks for {rounds} rounds of key derivation, more than any device"));
        }
        if self.passwords.is_empty() {
            return Opening::NoPassword;
        }
        for number in 0..self.passwords.len() {
            let Some(key) = self.key(number, sealed, rounds) else {
                return Opening::Impossible("trying passwords on all of these notes would take too long".to_owned());
            };
            let Some(key) = unwrap(&key, sealed.wrapped) else { continue };
            let nonce_and_text = decrypt(&key, sealed.nonce, sealed.authenticated, sealed.text);
            return nonce_and_text.map_or_else(
                || Opening::Impossible("the password is right, but its content is damaged".to_owned()),
                Opening::Open,
            );
        }
        Opening::Wrong
    }

    /// The key that a password makes. `None` where that would take too long.
    fn key(&self, number: usize, sealed: &Sealed<'_>, rounds: u32) -> Option<Zeroizing<Vec<u8>>> {
        let of = (number, sealed.salt.to_vec(), rounds, sealed.key_length);
        if let Some(known) = self.keys.borrow().get(&of) {
            return Some(known.clone());
        }
        let spent = self.spent.get() + u64::from(rounds);
        (spent <= ALL_ROUNDS).then_some(())?;
        self.spent.set(spent);
        let mut key = Zeroizing::new(vec![0; sealed.key_length]);
        pbkdf2_hmac::<Sha256>(self.passwords.get(number)?, sealed.salt, rounds, &mut key);
        self.keys.borrow_mut().insert(of, key.clone());
        Some(key)
    }
}

/// Says how many there are, and nothing else.
impl fmt::Debug for NotePasswords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotePasswords").field("count", &self.passwords.len()).finish_non_exhaustive()
    }
}

/// Unwraps a key (RFC 3394). `None` where the check value in it does not fit: the password is another one.
fn unwrap(key: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
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
fn decrypt(key: &[u8], nonce: &[u8], authenticated: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    match (key.len(), nonce.len()) {
        (16, 12) => with::<AesGcm<Aes128, U12>>(key, nonce, authenticated, text),
        (16, 16) => with::<AesGcm<Aes128, U16>>(key, nonce, authenticated, text),
        (16, 32) => with::<AesGcm<Aes128, U32>>(key, nonce, authenticated, text),
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
mod tests;
