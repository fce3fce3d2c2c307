//! Trying passwords.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::cipher::{Key, decrypt, unwrap};
use super::{Columns, FileLock, Opening, Sealed};

/// More rounds than Apple has ever used for notes, by far: 20,000 are usual.
const MOST_ROUNDS: u64 = 10_000_000;
/// How many rounds all notes may cost together: a minute or two.
const ALL_ROUNDS: u64 = 500_000_000;

/// How long the keys are that open archives, in bytes.
const NEO_KEY: usize = 32;
/// So many keys that opened something are kept: each account and each change of its password has one.
const MOST_PROVEN: usize = 64;

/// What a derived key belongs to: the password by its place, salt, rounds and length.
type KeyOf = (usize, Vec<u8>, u32, usize);

/// The passwords that may open notes. They are wiped from memory when they are no longer needed.
#[derive(Default)]
pub struct NotePasswords {
    passwords: Vec<Zeroizing<Vec<u8>>>,
    /// Notes of one account share salt and rounds: a password costs its rounds once, and not for each note.
    keys: RefCell<BTreeMap<KeyOf, Zeroizing<Vec<u8>>>>,
    spent: Cell<u64>,
    /// The keys that opened something, each once.
    proven: RefCell<Vec<Key>>,
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
            let Some(own) = unwrap(&key, sealed.wrapped) else { continue };
            self.prove(key);
            let nonce_and_text = decrypt(&own, sealed.nonce, sealed.authenticated, sealed.text);
            return nonce_and_text.map_or_else(
                || Opening::Impossible("the password is right, but its content is damaged".to_owned()),
                Opening::Open,
            );
        }
        Opening::Wrong
    }

    /// What opens a file whose row has these columns, once its note is open. `None` where no password does.
    pub(in crate::notes) fn file_lock(&self, columns: &Columns) -> Option<FileLock> {
        let rounds =
            u32::try_from(columns.rounds).ok().filter(|rounds| (1..=MOST_ROUNDS).contains(&u64::from(*rounds)));
        let sealed = columns.of_file();
        let own = rounds.filter(|_| !columns.salt.is_empty() && !columns.wrapped.is_empty()).and_then(|rounds| {
            (0..self.passwords.len()).find_map(|number| unwrap(&self.key(number, &sealed, rounds)?, &columns.wrapped))
        });
        let proven: Vec<Key> = self.proven.borrow().iter().filter(|key| key.len() == NEO_KEY).cloned().collect();
        let (nonce, tag) = (columns.nonce.clone(), columns.tag.clone());
        (own.is_some() || !proven.is_empty()).then_some(FileLock { own, proven, nonce, tag })
    }

    fn prove(&self, key: Key) {
        let mut proven = self.proven.borrow_mut();
        if !proven.contains(&key) && proven.len() < MOST_PROVEN {
            proven.push(key);
        }
    }

    /// The key that a password makes. `None` where that would take too long.
    fn key(&self, number: usize, sealed: &Sealed<'_>, rounds: u32) -> Option<Key> {
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

#[cfg(test)]
mod tests;
