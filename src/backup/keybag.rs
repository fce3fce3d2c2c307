//! The backup keybag: the class keys of a backup, wrapped with a key derived from the password.
//!
//! A keybag is a run of `tag (4 ASCII bytes) | length (u32 big-endian) | value`. The header describes the derivation;
//! the second `UUID` starts the list of classes, and each further `UUID` the next class. Unknown tags are skipped.
//!
//! | tag | meaning |
//! | --- | --- |
//! | `VERS` `TYPE` | version; 1 = backup keybag |
//! | `SALT` `ITER` | PBKDF2-HMAC-SHA1, always |
//! | `DPSL` `DPIC` | PBKDF2-HMAC-SHA256 before it, since iOS 10.2 |
//! | `CLAS` `WRAP` `WPKY` | per class: number, how it is wrapped (bit 0 device key, bit 1 password), wrapped key |
//!
//! Facts: published descriptions of iOS backups, and the real keybags of iOS 9.3 and 10.2 that the tests read.

use std::collections::BTreeMap;

use sha1::Sha1;
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::secret::Key;

/// The class key was wrapped with a key derived from the device's own, which never leaves the device.
const WRAPPED_WITH_DEVICE_KEY: u32 = 1;
/// The class key was wrapped with a key derived from the backup password.
const WRAPPED_WITH_PASSWORD: u32 = 2;

/// More rounds than this are refused: iOS uses 10 million, and 2^32 would keep a computer busy for minutes.
const MOST_SHA256_ROUNDS: u32 = 50_000_000;
/// The same for the second derivation, of which iOS uses 10,000 rounds.
const MOST_SHA1_ROUNDS: u32 = 5_000_000;
/// Current devices write 14 classes.
const MOST_CLASSES: usize = 256;

/// A parsed keybag: still locked.
pub struct Keybag {
    /// The format version: 3 to 5 have been seen.
    pub version: u32,
    salt: Vec<u8>,
    rounds: u32,
    first_pass: Option<FirstPass>,
    classes: Vec<WrappedClass>,
}

/// The derivation that iOS 10.2 put before the old one.
struct FirstPass {
    salt: Vec<u8>,
    rounds: u32,
}

struct WrappedClass {
    number: u32,
    wrap: u32,
    key: [u8; 40],
}

/// The keys of an unlocked keybag, by protection class.
pub struct ClassKeys {
    keys: BTreeMap<u32, Key>,
    device_only: Vec<u32>,
    damaged: Vec<u32>,
}

/// Why the bytes are no keybag.
#[derive(Debug, thiserror::Error)]
pub enum KeybagError {
    /// A value is said to be longer than what is left.
    #[error("the keybag ends in the middle of {0}")]
    CutOff(String),
    /// A value that is needed is not there, or has the wrong length.
    #[error("the keybag has no usable {0}")]
    Lacks(&'static str),
    /// More classes than any device has.
    #[error("the keybag claims more than {MOST_CLASSES} classes")]
    TooManyClasses,
}

/// Why a keybag stays locked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// No class key could be unwrapped: this is not the password.
    #[error("this is not the password of this backup")]
    WrongPassword,
    /// The keybag asks for more work than any device does.
    #[error("the keybag asks for {0} rounds of key derivation, where a device uses 10,000,000")]
    TooManyRounds(u32),
    /// No class is protected by the password.
    #[error("the keybag holds no key that a password protects")]
    NothingToUnlock,
}

impl Keybag {
    /// Parses the value of `BackupKeyBag` in `Manifest.plist`.
    ///
    /// # Errors
    /// When a length goes beyond the end or the derivation's parameters are missing.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeybagError> {
        let mut header = Fields::new();
        let mut classes: Vec<Fields<'_>> = Vec::new();
        for field in TagLengthValue(bytes) {
            let (tag, value) = field?;
            if tag == b"UUID" && header.contains_key(b"UUID".as_slice()) {
                if classes.len() == MOST_CLASSES {
                    return Err(KeybagError::TooManyClasses);
                }
                classes.push(Fields::new());
            }
            classes.last_mut().unwrap_or(&mut header).insert(tag, value);
        }
        Ok(Self {
            version: number(&header, b"VERS").unwrap_or(0),
            salt: header.get(b"SALT".as_slice()).ok_or(KeybagError::Lacks("SALT"))?.to_vec(),
            rounds: number(&header, b"ITER").ok_or(KeybagError::Lacks("ITER"))?,
            first_pass: first_pass(&header),
            classes: classes.iter().filter_map(wrapped_class).collect(),
        })
    }

    /// Derives the key from the password and unwraps the class keys. The password is tried as typed, then in the two
    /// Unicode normal forms where they differ: the device never normalises, keyboards do.
    ///
    /// # Errors
    /// [`UnlockError::WrongPassword`] when no class that the password protects can be unwrapped.
    pub fn unlock(&self, password: &[u8]) -> Result<ClassKeys, UnlockError> {
        let mut outcome = self.unlock_exactly(password);
        for spelling in other_spellings(password) {
            if matches!(outcome, Err(UnlockError::WrongPassword)) {
                outcome = self.unlock_exactly(&spelling);
            }
        }
        outcome
    }

    fn unlock_exactly(&self, password: &[u8]) -> Result<ClassKeys, UnlockError> {
        if !self.classes.iter().any(WrappedClass::is_usable) {
            return Err(UnlockError::NothingToUnlock);
        }
        self.class_keys(&self.derive(password)?)
    }

    /// Unwraps every class. One password class that opens proves the password; others that do not are damaged.
    fn class_keys(&self, key: &Key) -> Result<ClassKeys, UnlockError> {
        let mut opened = ClassKeys { keys: BTreeMap::new(), device_only: Vec::new(), damaged: Vec::new() };
        for class in &self.classes {
            match key.unwrap(&class.key) {
                None => opened.damaged.push(class.number),
                Some(key) if class.is_usable() => {
                    opened.keys.insert(class.number, key);
                }
                // What comes out is still encrypted with the device's own key.
                Some(_) => opened.device_only.push(class.number),
            }
        }
        opened.device_only.sort_unstable();
        opened.damaged.sort_unstable();
        if opened.keys.is_empty() { Err(UnlockError::WrongPassword) } else { Ok(opened) }
    }

    /// One or two runs of PBKDF2. The refusal comes before the work.
    fn derive(&self, password: &[u8]) -> Result<Key, UnlockError> {
        let first_rounds = self.first_pass.as_ref().map_or(0, |first| first.rounds);
        if first_rounds > MOST_SHA256_ROUNDS || self.rounds > MOST_SHA1_ROUNDS {
            return Err(UnlockError::TooManyRounds(first_rounds.max(self.rounds)));
        }
        let mut secret = Zeroizing::new(password.to_vec());
        if let Some(first) = &self.first_pass {
            let mut derived = Zeroizing::new(vec![0; 32]);
            pbkdf2::pbkdf2_hmac::<Sha256>(&secret, &first.salt, first.rounds, &mut derived);
            secret = derived;
        }
        let mut key = Zeroizing::new([0; 32]);
        pbkdf2::pbkdf2_hmac::<Sha1>(&secret, &self.salt, self.rounds, key.as_mut());
        Ok(Key::new(*key))
    }
}

impl WrappedClass {
    fn is_usable(&self) -> bool {
        self.wrap & WRAPPED_WITH_PASSWORD != 0 && self.wrap & WRAPPED_WITH_DEVICE_KEY == 0
    }
}

impl ClassKeys {
    /// The key of a protection class.
    pub fn get(&self, class: u32) -> Option<&Key> {
        self.keys.get(&class)
    }

    /// The classes that can be used, in order.
    pub fn usable(&self) -> impl Iterator<Item = u32> + '_ {
        self.keys.keys().copied()
    }

    /// The classes whose keys only the device itself can use (`…ThisDeviceOnly` of the keychain).
    pub fn device_only(&self) -> &[u32] {
        &self.device_only
    }

    /// The classes whose wrapped key is damaged, though the password was right.
    pub fn damaged(&self) -> &[u32] {
        &self.damaged
    }
}

type Fields<'a> = BTreeMap<&'a [u8], &'a [u8]>;

/// Walks over the fields; ends after the first error.
struct TagLengthValue<'a>(&'a [u8]);

impl<'a> Iterator for TagLengthValue<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), KeybagError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = split_field(self.0);
        self.0 = field.map_or(&[], |(_, _, rest)| rest);
        Some(match field {
            Some((tag, value, _)) => Ok((tag, value)),
            None => Err(KeybagError::CutOff("a field".to_owned())),
        })
    }
}

fn split_field(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (tag, rest) = bytes.split_at_checked(4)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    Some((tag, value, rest))
}

fn number(fields: &Fields<'_>, tag: &[u8]) -> Option<u32> {
    fields.get(tag).and_then(|value| <[u8; 4]>::try_from(*value).ok()).map(u32::from_be_bytes)
}

fn first_pass(header: &Fields<'_>) -> Option<FirstPass> {
    let salt = header.get(b"DPSL".as_slice())?.to_vec();
    Some(FirstPass { salt, rounds: number(header, b"DPIC")? })
}

/// A class without a wrapped key of 40 bytes (asymmetric ones have other lengths) protects no file of a backup.
fn wrapped_class(fields: &Fields<'_>) -> Option<WrappedClass> {
    let key = <[u8; 40]>::try_from(*fields.get(b"WPKY".as_slice())?).ok()?;
    Some(WrappedClass { number: number(fields, b"CLAS")?, wrap: number(fields, b"WRAP")?, key })
}

/// The composed and decomposed forms of a password, as far as they differ from what was typed.
fn other_spellings(password: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let Ok(text) = std::str::from_utf8(password) else { return Vec::new() };
    // With room from the start: a text that grows leaves copies behind.
    let spelled = |letters: &mut dyn Iterator<Item = char>| {
        let mut spelling = String::with_capacity(text.len().saturating_mul(4));
        letters.for_each(|letter| spelling.push(letter));
        Zeroizing::new(spelling.into_bytes())
    };
    let composed = spelled(&mut text.nfc());
    let decomposed = spelled(&mut text.nfd());
    [composed, decomposed].into_iter().filter(|spelling| spelling.as_slice() != password).collect()
}
