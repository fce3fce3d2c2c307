//! One row of a manifest and the payload that belongs to it, with every odd form that real backups and hostile ones show.

use crate::crypto::{hex, sha1};

/// BSD flag of a file whose content is only in iCloud.
pub const DATALESS: i64 = 0x4000_0000;

/// What a row stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A directory.
    Directory,
    /// A symbolic link and its target.
    Symlink(String),
    /// A file and its plain content.
    File(Vec<u8>),
}

/// How the content of a file lies in the backup.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum StoredForm {
    /// As devices write it: encrypted and padded, or plain.
    #[default]
    Whole,
    /// Encrypted without padding: the content must fill whole blocks.
    Unpadded,
    /// No payload at all.
    Missing,
    /// Exactly these bytes.
    Raw(Vec<u8>),
    /// A symbolic link in the backup folder itself.
    LinkTo(String),
}

/// Which hash of the stored bytes the record carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digest {
    /// None, as on most rows.
    #[default]
    None,
    /// 20 bytes.
    Sha1,
    /// 32 bytes, as in device-to-device transfers.
    Sha256,
    /// 20 bytes that fit nothing.
    Wrong,
    /// Of a length that no known digest has.
    Odd,
}

/// How the file key stands in the record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FileKey {
    /// Wrapped for the record's protection class, in encrypted backups.
    #[default]
    Usual,
    /// Wrapped for this class, though the record's own field names another.
    OfClass(u32),
    /// Left out, though the backup is encrypted: the payload is plain.
    None,
    /// These bytes, whatever they mean; the payload is encrypted with a key that nobody has.
    Raw(Vec<u8>),
}

/// How a record archives its data and strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrapping {
    /// Data in `NSMutableData`, strings bare: what devices write.
    #[default]
    Usual,
    /// Data in `NSData`, strings in `NSString`.
    Objects,
    /// Data and strings bare, inline in the root object.
    Inline,
}

/// Parts of a manifest row that differ from what the record says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowOverride {
    /// Another file ID; the payload is stored under it only if it is 40 hex digits.
    pub file_id: Option<rusqlite::types::Value>,
    /// Another domain column.
    pub domain: Option<rusqlite::types::Value>,
    /// Another path column.
    pub path: Option<rusqlite::types::Value>,
    /// Other flags.
    pub flags: Option<rusqlite::types::Value>,
    /// Another record.
    pub blob: Option<rusqlite::types::Value>,
    /// Only file ID and flags 16, as interrupted backups have.
    pub is_placeholder: bool,
}

/// One row of a manifest and its payload.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The domain.
    pub domain: String,
    /// The path below the domain; `""` is its root directory.
    pub path: String,
    /// What the row stands for.
    pub content: Content,
    /// How the content lies in the backup.
    pub stored: StoredForm,
    /// The file key.
    pub key: FileKey,
    /// How the record archives its values.
    pub wrapping: Wrapping,
    /// Which hash it carries.
    pub digest: Digest,
    /// Permission bits; the type bits follow from the content.
    pub permissions: u32,
    /// `Size`; `None` leaves the key out. At first the length of the content.
    pub size: Option<i64>,
    /// `InodeNumber`; 0 lets the builder number the row.
    pub inode: i64,
    /// `UserID`; `None` leaves the key out.
    pub user_id: Option<i64>,
    /// `GroupID`.
    pub group_id: i64,
    /// `LastModified`, Unix seconds.
    pub modified: i64,
    /// `LastStatusChange`, Unix seconds.
    pub changed: i64,
    /// `Birth`, Unix seconds.
    pub birth: i64,
    /// `ProtectionClass`.
    pub protection_class: u32,
    /// `Flags`, BSD file flags; `None` leaves the key out.
    pub bsd_flags: Option<i64>,
    /// Extended attributes.
    pub attributes: Vec<(String, Vec<u8>)>,
    /// Where the row contradicts the record.
    pub row: RowOverride,
}

impl Record {
    /// An ordinary file.
    pub fn file(domain: &str, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let size = bytes.len() as i64;
        Self { size: Some(size), protection_class: 3, ..Self::new(domain, path, Content::File(bytes), 0o644) }
    }

    /// An ordinary directory.
    pub fn directory(domain: &str, path: &str) -> Self {
        Self::new(domain, path, Content::Directory, 0o755)
    }

    /// An ordinary symbolic link.
    pub fn symlink(domain: &str, path: &str, target: &str) -> Self {
        Self::new(domain, path, Content::Symlink(target.into()), 0o755)
    }

    fn new(domain: &str, path: &str, content: Content, permissions: u32) -> Self {
        Self {
            domain: domain.into(),
            path: path.into(),
            content,
            stored: StoredForm::Whole,
            key: FileKey::Usual,
            wrapping: Wrapping::Usual,
            digest: Digest::None,
            permissions,
            size: Some(0),
            inode: 0,
            user_id: Some(501),
            group_id: 501,
            modified: 0,
            changed: 0,
            birth: 0,
            protection_class: 0,
            bsd_flags: Some(0),
            attributes: Vec::new(),
            row: RowOverride::default(),
        }
    }

    /// Sets all three times, in Unix seconds.
    pub fn at(mut self, seconds: i64) -> Self {
        (self.modified, self.changed, self.birth) = (seconds, seconds, seconds);
        self
    }

    /// SHA-1 of `domain-path`, which names the payload.
    pub fn file_id(&self) -> String {
        file_id(&self.domain, &self.path)
    }

    /// The full `st_mode`.
    pub fn mode(&self) -> u32 {
        let kind = match self.content {
            Content::Directory => 0o040_000,
            Content::Symlink(_) => 0o120_000,
            Content::File(_) => 0o100_000,
        };
        kind | self.permissions
    }

    /// The row's flags: 1 file, 2 directory, 4 link.
    pub fn flags(&self) -> i64 {
        match self.content {
            Content::File(_) => 1,
            Content::Directory => 2,
            Content::Symlink(_) => 4,
        }
    }
}

/// The name of a payload.
pub fn file_id(domain: &str, path: &str) -> String {
    hex(&sha1(format!("{domain}-{path}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_file_ids() {
        assert_eq!(file_id("HomeDomain", "Library/SMS/sms.db"), "3d0d7e5fb2ce288813306e4d4636395e047a3d28");
        assert_eq!(file_id("KeychainDomain", "keychain-backup.plist"), "51a4616e576dd33cd2abadfea874eb8ff246bf0e");
    }
}
