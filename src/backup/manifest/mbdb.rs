//! `Manifest.mbdb` of iOS 9 and earlier: a list of records, unencrypted also in encrypted backups.
//!
//! After `"mbdb" 05 00` come records until the end. Integers are big-endian; texts and data are a u16 length and bytes,
//! the length FFFF meaning "none":
//!
//! domain, path, link target, digest, wrapped key, u16 mode, u64 inode, u32 user, u32 group, u32 modified, u32 status
//! change, u32 birth, u64 size, u8 protection class, u8 count, then as many pairs of attribute name and value.
//!
//! A record has no marker of its own: where one cannot be read, everything after it is lost too.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use corer_schemas::Skipped;
use corer_schemas::source::SourceError;

use super::catalog::Catalog;
use super::database::{ManifestError, kind_of_mode};
use super::facts::{Details, Facts, RecordKind};
use super::{FileId, mbfile};

const MAGIC: &[u8] = b"mbdb\x05\x00";

/// A manifest that is a list of records.
pub struct Mbdb {
    bytes: Vec<u8>,
    /// Where each record begins, found when somebody first asks for details.
    starts: OnceLock<HashMap<FileId, usize>>,
}

impl Mbdb {
    /// Takes the content of the file.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, starts: OnceLock::new() }
    }

    /// Reads every record.
    ///
    /// # Errors
    /// When this is no such list.
    pub fn catalog(&self) -> Result<Catalog, ManifestError> {
        let mut rest = self.bytes.strip_prefix(MAGIC).ok_or(ManifestError::Mbdb("it does not begin as one"))?;
        let mut catalog = Catalog::default();
        while !rest.is_empty() {
            let position = self.bytes.len() - rest.len();
            let Some(record) = RawRecord::read(&mut rest) else {
                catalog
                    .note(Skipped::new(format!("Manifest.mbdb from byte {position} on"), "it is cut off or damaged"));
                break;
            };
            match record.facts() {
                Some(facts) => catalog.push(&record.domain(), &record.path(), &facts),
                None => catalog.note(Skipped::new(
                    format!("{}/{}", record.domain(), record.path()),
                    "it is neither file, directory nor link",
                )),
            }
        }
        catalog.finish();
        Ok(catalog)
    }

    /// Reads what is seldom asked of the record with this file ID.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn details(&self, file_id: FileId) -> Result<Details, SourceError> {
        let start = self.starts.get_or_init(|| self.find_starts()).get(&file_id);
        let mut record = start.and_then(|start| self.bytes.get(*start..)).unwrap_or_default();
        let record = RawRecord::read(&mut record);
        record.map(|record| record.details()).ok_or_else(|| SourceError::unreadable("Manifest.mbdb", "no such record"))
    }

    fn find_starts(&self) -> HashMap<FileId, usize> {
        let mut rest = self.bytes.strip_prefix(MAGIC).unwrap_or_default();
        let mut starts = HashMap::new();
        loop {
            let start = self.bytes.len() - rest.len();
            let Some(record) = RawRecord::read(&mut rest) else { return starts };
            starts.entry(FileId::of(&record.domain(), &record.path())).or_insert(start);
        }
    }
}

/// A record as it is stored.
struct RawRecord<'a> {
    domain: &'a [u8],
    path: &'a [u8],
    target: &'a [u8],
    digest: &'a [u8],
    key: &'a [u8],
    mode: u16,
    inode: u64,
    user: u32,
    group: u32,
    modified: u32,
    birth: u32,
    size: u64,
    class: u8,
    attributes: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> RawRecord<'a> {
    fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let (domain, path, target) = (data(rest)?, data(rest)?, data(rest)?);
        let (digest, key) = (data(rest)?, data(rest)?);
        let mode = u16::from_be_bytes(take(rest)?);
        let inode = u64::from_be_bytes(take(rest)?);
        let [user, group, modified, _status_change, birth] = five_numbers(rest)?;
        let size = u64::from_be_bytes(take(rest)?);
        let [class, count] = take(rest)?;
        let attributes = (0..count).map(|_| Some((data(rest)?, data(rest)?))).collect::<Option<_>>()?;
        Some(Self {
            domain,
            path,
            target,
            digest,
            key,
            mode,
            inode,
            user,
            group,
            modified,
            birth,
            size,
            class,
            attributes,
        })
    }

    fn domain(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.domain)
    }

    fn path(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.path)
    }

    fn facts(&self) -> Option<Facts> {
        let kind = RecordKind::Entry(kind_of_mode(self.mode.into())?);
        let key = self.key.try_into().ok();
        Some(Facts {
            mode: Some(self.mode.into()),
            size: Some(self.size),
            modified: Some(seconds(self.modified)),
            created: Some(seconds(self.birth)),
            class: self.class.into(),
            key,
            key_is_damaged: key.is_none() && !self.key.is_empty(),
            digest: mbfile::digest(self.digest),
            ..Facts::bare(FileId::of(&self.domain(), &self.path()), kind)
        })
    }

    fn details(&self) -> Details {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Details {
            target: Some(text(self.target)).filter(|target| !target.is_empty()),
            owner: Some((signed(self.user), signed(self.group))),
            inode: i64::try_from(self.inode).ok(),
            attributes: self.attributes.iter().map(|(name, value)| (text(name), value.to_vec())).collect(),
        }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (now, later) = rest.split_first_chunk::<N>()?;
    *rest = later;
    Some(*now)
}

fn five_numbers(rest: &mut &[u8]) -> Option<[u32; 5]> {
    let mut numbers = [0; 5];
    for number in &mut numbers {
        *number = u32::from_be_bytes(take(rest)?);
    }
    Some(numbers)
}

/// Text or data; "none" reads as empty.
fn data<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = match u16::from_be_bytes(take(rest)?) {
        u16::MAX => 0,
        length => length.into(),
    };
    let (now, later) = rest.split_at_checked(length)?;
    *rest = later;
    Some(now)
}

/// Times are 32 bits that the device fills from a signed number.
fn seconds(stored: u32) -> i64 {
    signed(stored)
}

fn signed(stored: u32) -> i64 {
    stored.cast_signed().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |part: &[u8]| bytes.extend_from_slice(part);
        for text in ["HomeDomain", path] {
            put(&(text.len() as u16).to_be_bytes());
            put(text.as_bytes());
        }
        put(&[0xff; 6]);
        put(&0o100_644_u16.to_be_bytes());
        put(&7_u64.to_be_bytes());
        for number in [501_u32, -2_i32 as u32, 1_300_000_000, 1, -5_i32 as u32] {
            put(&number.to_be_bytes());
        }
        put(&42_u64.to_be_bytes());
        put(&[3, 1, 0, 1, b'n', 0, 2, b'v', b'v']);
        bytes
    }

    #[test]
    fn records_and_their_details() {
        let list = Mbdb::new([MAGIC, &record("b"), &record("a")].concat());
        let catalog = list.catalog().unwrap();
        let facts = catalog.record(1).unwrap().facts();
        assert_eq!((facts.size, facts.modified, facts.created), (Some(42), Some(1_300_000_000), Some(-5)));
        assert_eq!((facts.class, facts.file_id), (3, FileId::of("HomeDomain", "b")));
        let details = list.details(facts.file_id).unwrap();
        assert_eq!(details.owner, Some((501, -2)));
        assert_eq!(details.attributes, [("n".to_owned(), b"vv".to_vec())]);
    }

    #[test]
    fn a_cut_off_list_gives_what_is_whole_and_says_so() {
        let whole = [MAGIC, &record("a"), &record("b")].concat();
        for end in MAGIC.len() + record("a").len() + 1..whole.len() {
            let catalog = Mbdb::new(whole[..end].to_vec()).catalog().unwrap();
            assert_eq!((catalog.records().len(), catalog.problems().len()), (1, 1));
        }
        assert!(Mbdb::new(b"mbdb\x04\x00".to_vec()).catalog().is_err());
    }
}
