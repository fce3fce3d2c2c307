//! What a backup's folder held when corer had made it: whether anything has gone since is found out without a password.
//!
//! A device believes in the payloads that its manifest names, and sends none of them again. One that is missing or cut
//! off would be missing in every backup from then on. For each of the 256 folders a line says how many payloads there
//! were, how many bytes, and a hash over names and sizes.
//!
//! The hash of a folder is that of its files, each by itself, put together bit by bit: the order does not matter, so that
//! a first backup is counted while it comes and need not be looked through at the end.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::disk;

/// The file beside the backup.
pub const NAME: &str = "inventory.json";
/// The largest inventory that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// What lies in the folders of payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    folders: BTreeMap<String, Folder>,
}

/// What lies in one folder of payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Folder {
    files: u64,
    bytes: u64,
    #[serde(with = "digits")]
    names_and_sizes_mixed: [u8; 20],
}

/// A hash, written as digits.
mod digits {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(hash: &[u8; 20], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 20], D::Error> {
        let text = String::deserialize(from)?;
        let mut hash = [0; 20];
        if text.len() != 2 * hash.len() || !text.is_ascii() {
            return Err(D::Error::custom("a hash has forty digits"));
        }
        for (at, byte) in hash.iter_mut().enumerate() {
            let pair = text.get(2 * at..2 * at + 2).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).map_err(D::Error::custom)?;
        }
        Ok(hash)
    }
}

impl Inventory {
    /// Looks at what is there.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn take(backup: &Path) -> io::Result<Self> {
        let mut folders = BTreeMap::new();
        for entry in fs::read_dir(backup)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if is_covered(&name) && entry.file_type()?.is_dir() {
                folders.insert(name, Folder::take(&entry.path())?);
            }
        }
        folders.retain(|_, folder| folder.files > 0);
        Ok(Self { folders })
    }

    /// Adds a payload that came, by its path: once, and with the size that it has on the disk.
    pub fn add(&mut self, place: &str, size: u64) {
        let Some((folder, name)) = place.split_once('/') else { return };
        match self.folders.get_mut(folder) {
            Some(there) => there.add(name, size),
            None => self.folders.entry(folder.to_owned()).or_default().add(name, size),
        }
    }

    /// Reads what was written; `None` when there is nothing of use.
    pub fn read(file: &Path) -> Option<Self> {
        let small = fs::metadata(file).ok().filter(|metadata| metadata.len() <= LARGEST);
        serde_json::from_slice(&fs::read(small.map(|_| file)?).ok()?).ok()
    }

    /// Writes it down.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().ok_or(io::ErrorKind::InvalidInput)?;
        disk::make_folders(folder)?;
        let mut part = tempfile::NamedTempFile::new_in(folder)?;
        part.write_all(&serde_json::to_vec(self)?)?;
        part.persist(file)?;
        Ok(())
    }

    /// How many folders hold something else than they did.
    pub fn differences(&self, now: &Self) -> usize {
        let names = self.folders.keys().chain(now.folders.keys()).collect::<std::collections::BTreeSet<_>>();
        names.into_iter().filter(|name| self.folders.get(*name) != now.folders.get(*name)).count()
    }
}

/// Whether files in a folder of this name are counted.
pub fn is_covered(folder: &str) -> bool {
    folder.len() == 2
}

impl Folder {
    fn take(path: &Path) -> io::Result<Self> {
        let mut folder = Self::default();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                folder.add(&entry.file_name().to_string_lossy(), metadata.len());
            }
        }
        Ok(folder)
    }

    fn add(&mut self, name: &str, size: u64) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(size);
        let hash = Sha1::new().chain_update(name).chain_update([0]).chain_update(size.to_be_bytes()).finalize();
        for (mixed, byte) in self.names_and_sizes_mixed.iter_mut().zip(hash) {
            *mixed ^= byte;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_goes_or_shrinks_shows() {
        let root = tempfile::tempdir().unwrap();
        let backup = root.path().join("b");
        fs::create_dir_all(backup.join("ab")).unwrap();
        fs::create_dir_all(backup.join("cd")).unwrap();
        for file in ["ab/1", "ab/2", "cd/3", "Status.plist"] {
            fs::write(backup.join(file), file).unwrap();
        }
        let file = root.path().join("x/inventory.json");
        let before = Inventory::take(&backup).unwrap();
        before.write(&file).unwrap();
        assert_eq!(Inventory::read(&file).as_ref(), Some(&before));
        assert_eq!(before.differences(&Inventory::take(&backup).unwrap()), 0);
        let mut counted = Inventory::default();
        for place in ["cd/3", "ab/2", "ab/1"] {
            counted.add(place, 4);
        }
        assert_eq!(counted, before);
        fs::write(backup.join("Status.plist"), "other").unwrap();
        fs::write(backup.join("ab/1"), "").unwrap();
        assert_eq!(before.differences(&Inventory::take(&backup).unwrap()), 1);
        fs::remove_file(backup.join("cd/3")).unwrap();
        assert_eq!(before.differences(&Inventory::take(&backup).unwrap()), 2);
        assert_eq!(Inventory::read(&root.path().join("none")), None);
    }
}
