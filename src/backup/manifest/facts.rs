//! What a manifest says of one file.

use corer_schemas::source::EntryKind;

use super::FileId;

/// In the BSD flags of a file: its content is in iCloud, the device held only its name.
const DATALESS: u32 = 0x4000_0000;

/// The wrapped key of a file: protection class (u32 little-endian) and 40 bytes.
pub type WrappedFileKey = [u8; 44];

/// The digest that a record gives for its payload as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    /// SHA-1.
    Sha1([u8; 20]),
    /// SHA-256, in transfers between devices.
    Sha256([u8; 32]),
    /// Something else: of a length that no known digest has.
    Other,
}

/// What a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// A file, directory or link.
    Entry(EntryKind),
    /// A row that an interrupted backup left: it has a file ID and nothing else.
    Placeholder,
}

/// What a manifest says of one file, as it is taken in.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Names the payload.
    pub file_id: FileId,
    /// File, directory, link or placeholder.
    pub kind: RecordKind,
    /// The mode as of `stat`, where recorded.
    pub mode: Option<u32>,
    /// The size in bytes, where recorded. Advisory.
    pub size: Option<u64>,
    /// Last modification, in seconds since 1970 UTC.
    pub modified: Option<i64>,
    /// Creation, in seconds since 1970 UTC.
    pub created: Option<i64>,
    /// BSD flags.
    pub flags: u32,
    /// The protection class.
    pub class: u32,
    /// The wrapped key; only files of encrypted backups have one.
    pub key: Option<WrappedFileKey>,
    /// The record says that there is a key, but it has the wrong form.
    pub key_is_damaged: bool,
    /// The digest of the payload as stored.
    pub digest: Option<Digest>,
}

impl Facts {
    /// A record of which nothing but its identity is known.
    pub fn bare(file_id: FileId, kind: RecordKind) -> Self {
        Self {
            file_id,
            kind,
            mode: None,
            size: None,
            modified: None,
            created: None,
            flags: 0,
            class: 0,
            key: None,
            key_is_damaged: false,
            digest: None,
        }
    }

    /// Whether the device held only the name of this file, its content being in iCloud.
    pub fn is_dataless(&self) -> bool {
        self.flags & DATALESS != 0
    }
}

/// What is seldom asked, and read anew from the manifest when it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// What a link points to, on the device.
    pub target: Option<String>,
    /// Owner and group; negative numbers occur.
    pub owner: Option<(i64, i64)>,
    /// Equal numbers are hard links of each other.
    pub inode: Option<i64>,
    /// Extended attributes: name and value.
    pub attributes: Vec<(String, Vec<u8>)>,
}
