//! How a record of one backup is found again in another one of the same device.
//!
//! Row numbers do not serve: a restore gives new ones, and a row that was deleted leaves its number to the next. Where the
//! device gave a record an identifier of its own, that is what it is known by. Where it did not, its content is: whatever was
//! fixed when the record was made. Equal ones are counted in the order in which they come.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::source::Entry;
use crate::time::AppleTime;

/// A record that can be found again.
pub trait Identified: Clone + Serialize + DeserializeOwned {
    /// What it is known by. Each kind says in `docs/formats/` what that is.
    fn key(&self) -> Key;

    /// What else it may have been known by: what is remembered under one of these, and is no record of its own in the backup, is
    /// part of this one now. Contacts that the device links are one, and a card without an identifier gets one.
    fn other_keys(&self) -> Vec<Key> {
        Vec::new()
    }

    /// What stands by itself in some backups and is part of this record in others: what is remembered under one of these is not
    /// lacking where this record has it.
    fn contained_keys(&self) -> Vec<Key> {
        Vec::new()
    }

    /// What it is part of where that is there: a record that some backups have by itself.
    fn part_of(&self) -> Option<Key> {
        None
    }

    /// Whether the backup does not say what it belongs to. Where it is remembered as part of something, there it stays.
    fn is_adrift(&self) -> bool {
        false
    }

    /// Takes over what an earlier version says it belongs to.
    fn settle(&mut self, earlier: &Self) {
        let _ = earlier;
    }

    /// When it was, where it has a date: readers hand records on in this order, those without a date first.
    fn moment(&self) -> Option<AppleTime>;

    /// What it says. Two that differ in that are two versions of it; what changes though nothing happened to the record, such as row
    /// numbers and names that an address book gave, is not among it, and neither is what only some versions of iOS or of this
    /// crate know.
    fn essence(&self) -> Vec<String>;

    /// Whether it lacks something that an earlier backup may have had beside files.
    fn lacks(&self) -> bool {
        false
    }

    /// Takes over what another version of it has and it lacks: files, and its [`belongings`](Self::belongings).
    fn inherit(&mut self, other: &Self) {
        let _ = other;
    }

    /// What else belongs to it and may be lost by itself: reactions, votes, files, each by what tells it from others. Where they
    /// are the same as before, there is nothing to [`inherit`](Self::inherit) but the content of files.
    fn belongings(&self) -> Vec<String> {
        Vec::new()
    }

    /// Forgets the row numbers of other records: it is of another backup than those around it, where they mean others.
    fn forget_rows(&mut self) {}

    /// The files that belong to it, each with its number among them.
    fn entries(&mut self) -> Vec<(usize, &mut Entry)> {
        Vec::new()
    }
}

/// What a record is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// The identifier that the device gave it.
    Given(String),
    /// What was fixed when it was made.
    Content(Vec<String>),
}

/// The short form of a [`Key`], which tells records that are equal in it apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId([u8; 16]);

impl RecordId {
    /// Of the record that is number `nth`, from 0, of those with this key.
    pub fn new(key: &Key, nth: u64) -> Self {
        let mut hash = Sha256::new();
        let mut feed = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        match key {
            Key::Given(identifier) => {
                feed("given");
                feed(identifier);
            }
            Key::Content(parts) => {
                feed("content");
                parts.iter().for_each(|part| feed(part));
            }
        }
        hash.update(nth.to_le_bytes());
        let mut id = [0; 16];
        id.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Self(id)
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let digits = Some(text.as_str()).filter(|text| text.len() == 32 && text.bytes().all(|c| c.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u128::from_str_radix(digits, 16).ok());
        number.map(|number| Self(number.to_be_bytes())).ok_or_else(|| D::Error::custom("no identifier of a record"))
    }
}

/// Gives the records of one reading their identifiers.
#[derive(Debug, Default)]
pub struct Identities {
    seen: HashMap<RecordId, u64, foldhash::fast::RandomState>,
    within: Option<String>,
}

impl Identities {
    /// Those of records that belong to something which is known by `key`: two that are equal and belong to different ones are two.
    pub fn within(key: String) -> Self {
        Self { within: Some(key), ..Self::default() }
    }

    /// The identifier of the next record. Ask once for each, in the order of the reader.
    pub fn of(&mut self, record: &impl Identified) -> RecordId {
        let mut key = record.key();
        if let (Key::Content(parts), Some(within)) = (&mut key, &self.within) {
            parts.push(within.clone());
        }
        let first = RecordId::new(&key, 0);
        let nth = self.seen.entry(first).and_modify(|count| *count += 1).or_insert(0);
        if *nth == 0 { first } else { RecordId::new(&key, *nth) }
    }
}
