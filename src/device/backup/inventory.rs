//! What a backup's folder held when corer had made it: whether anything has gone since is found out without a password.
//!
//! A device believes in the payloads that its manifest names, and sends none of them again. One that is missing or cut
//! off would be missing in every backup from then on. For each of the 256 folders a line says how many payloads there
//! were, how many bytes, and a hash over names and sizes.

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

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Folder {
    files: u64,
    bytes: u64,
    names_and_sizes: String,
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
            if name.len() == 2 && entry.file_type()?.is_dir() {
                folders.insert(name, Folder::take(&entry.path())?);
            }
        }
        folders.retain(|_, folder| folder.files > 0);
        Ok(Self { folders })
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

impl Folder {
    fn take(path: &Path) -> io::Result<Self> {
        let mut files: Vec<(String, u64)> = Vec::new();
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                files.push((entry.file_name().to_string_lossy().into_owned(), metadata.len()));
            }
        }
        files.sort();
        let mut hash = Sha1::new();
        for (name, size) in &files {
            hash.update(name);
            hash.update([0]);
            hash.update(size.to_be_bytes());
        }
        let digits = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let bytes = files.iter().map(|(_, size)| size).sum();
        Ok(Self { files: files.len() as u64, bytes, names_and_sizes: digits })
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
        fs::write(backup.join("Status.plist"), "other").unwrap();
        fs::write(backup.join("ab/1"), "").unwrap();
        assert_eq!(before.differences(&Inventory::take(&backup).unwrap()), 1);
        fs::remove_file(backup.join("cd/3")).unwrap();
        assert_eq!(before.differences(&Inventory::take(&backup).unwrap()), 2);
        assert_eq!(Inventory::read(&root.path().join("none")), None);
    }
}
