//! The backup keybag: one wrapped key per protection class, as tag-length-value.
//!
//! ```text
//! 4 ASCII bytes, u32 big-endian length, value;  4-byte values are u32 big-endian
//! header  VERS TYPE UUID HMCK WRAP SALT ITER [DPWT DPIC DPSL]
//! class   UUID CLAS WRAP KTYP WPKY     one after another, from the second UUID on
//! ```

use std::collections::BTreeMap;

use crate::crypto::{self, Encryption, Key, WrappedKey};
use crate::era::Era;
use crate::error::{Error, Result};
use crate::seed::Seed;

/// Bit of `WRAP`: wrapped with the key that never leaves the device.
const DEVICE: u32 = 1;
/// Bit of `WRAP`: wrapped with the key that the password gives.
const PASSWORD: u32 = 2;

/// A keybag and the class keys in it.
#[derive(Clone)]
pub struct Keybag {
    encoded: Vec<u8>,
    classes: BTreeMap<u32, Key>,
}

impl Keybag {
    /// Makes the keybag of an encrypted backup.
    ///
    /// # Errors
    /// Passes on errors of the cipher.
    pub fn encrypted(era: Era, encryption: &Encryption, seed: &Seed) -> Result<Self> {
        let first = encryption.rounds.map(|rounds| (seed.bytes::<20>("DPSL"), rounds));
        let salt: [u8; 20] = seed.bytes("SALT");
        let by = crypto::derive(
            encryption.password.as_bytes(),
            first.as_ref().map(|(salt, rounds)| (salt.as_slice(), *rounds)),
            &salt,
            encryption.iterations,
        );
        let mut bag = header(era, seed, encryption.iterations, &salt)?;
        if let Some((salt, rounds)) = &first {
            number(&mut bag, b"DPWT", 1);
            number(&mut bag, b"DPIC", *rounds);
            field(&mut bag, b"DPSL", salt);
        }
        Self::with_classes(bag, era, &by, seed, is_password_class)
    }

    /// Makes the keybag that unencrypted backups carry too: a password nobody knows, keychain classes for the device.
    /// `rounds` of the first derivation stand in it from the era on that has one.
    ///
    /// # Errors
    /// Passes on errors of the cipher.
    pub fn plain(era: Era, rounds: u32, seed: &Seed) -> Result<Self> {
        let by = seed.bytes("the password nobody knows");
        let mut bag = header(era, seed, 10_000, &seed.bytes::<20>("SALT"))?;
        if era.encrypts_manifest() {
            number(&mut bag, b"DPWT", 1);
            number(&mut bag, b"DPIC", rounds);
            field(&mut bag, b"DPSL", &seed.bytes::<20>("DPSL"));
        }
        Self::with_classes(bag, era, &by, seed, |class| class < 5)
    }

    fn with_classes(
        mut bag: Vec<u8>,
        era: Era,
        by: &Key,
        seed: &Seed,
        with_password: impl Fn(u32) -> bool,
    ) -> Result<Self> {
        let mut classes = BTreeMap::new();
        for class in era.keybag_classes().rev() {
            let key: Key = seed.bytes(&format!("class key {class}"));
            field(&mut bag, b"UUID", &seed.bytes::<16>(&format!("class uuid {class}")));
            number(&mut bag, b"CLAS", class);
            number(&mut bag, b"WRAP", if with_password(class) { PASSWORD } else { PASSWORD | DEVICE });
            number(&mut bag, b"KTYP", 0);
            field(&mut bag, b"WPKY", &crypto::wrap(by, &key)?);
            classes.insert(class, key);
        }
        Ok(Self { encoded: bag, classes })
    }

    /// The keybag as it stands in Manifest.plist.
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    /// Wraps a key for a protection class.
    ///
    /// # Errors
    /// When the keybag has no such class.
    pub fn wrap(&self, class: u32, key: &Key) -> Result<WrappedKey> {
        let by = self.classes.get(&class).ok_or_else(|| Error::Request(format!("no protection class {class}")))?;
        crypto::wrap(by, key)
    }

    /// Wraps a key and puts its class before it, as file records and `ManifestKey` hold it.
    ///
    /// # Errors
    /// When the keybag has no such class.
    pub fn wrap_with_class(&self, class: u32, key: &Key) -> Result<Vec<u8>> {
        let mut out = class.to_le_bytes().to_vec();
        out.extend(self.wrap(class, key)?);
        Ok(out)
    }
}

/// In the real keybags that we know, the password wraps 1 to 4 and 6 to 8; the others need the device as well.
fn is_password_class(class: u32) -> bool {
    matches!(class, 1..=4 | 6..=8)
}

fn header(era: Era, seed: &Seed, iterations: u32, salt: &[u8]) -> Result<Vec<u8>> {
    let mut bag = Vec::new();
    number(&mut bag, b"VERS", era.keybag_version());
    number(&mut bag, b"TYPE", 1);
    field(&mut bag, b"UUID", &seed.bytes::<16>("keybag uuid"));
    field(&mut bag, b"HMCK", &crypto::wrap(&seed.bytes("HMCK by"), &seed.bytes("HMCK"))?);
    number(&mut bag, b"WRAP", 0);
    field(&mut bag, b"SALT", salt);
    number(&mut bag, b"ITER", iterations);
    Ok(bag)
}

/// Appends one tag-length-value field to a keybag.
pub fn field(bag: &mut Vec<u8>, tag: &[u8; 4], value: &[u8]) {
    bag.extend(tag);
    bag.extend((value.len() as u32).to_be_bytes());
    bag.extend(value);
}

/// Appends one number to a keybag.
pub fn number(bag: &mut Vec<u8>, tag: &[u8; 4], value: u32) {
    field(bag, tag, &value.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_real_keybags() {
        let seed = Seed::new("keybag");
        let modern = Keybag::encrypted(Era::Ios18, &Encryption::new("x", Some(1)), &seed).unwrap();
        assert_eq!(modern.encoded().len(), 1712);
        let old = Keybag::encrypted(Era::Ios9, &Encryption::new("x", None), &seed).unwrap();
        assert_eq!(old.encoded().len(), 1336);
    }
}
