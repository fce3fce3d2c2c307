//! The files of an asset: what each is to it, where its bytes are, and what the library says about it.

use serde::{Deserialize, Serialize};

use crate::source::{Absence, Entry};

/// What the library says about one file of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// What it is to the asset.
    pub role: Role,
    /// Its length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Whether it was on the device.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_here: bool,
    /// Whether it is in iCloud.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_in_cloud: bool,
}

/// One file of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetFile {
    /// What it is to the asset.
    pub role: Role,
    /// Where its bytes are.
    pub content: FileContent,
}

impl AssetFile {
    /// A file that the source records.
    pub(in crate::photos) fn recorded(role: Role, entry: Entry) -> Self {
        Self { role, content: FileContent::Recorded(entry) }
    }

    /// The path below `CameraRollDomain`.
    pub fn path(&self) -> &str {
        match &self.content {
            FileContent::Recorded(entry) => &entry.path,
            FileContent::Unknown { path, .. } => path,
        }
    }

    /// The name of the file on the device.
    pub fn name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The record of the source, with which it can be opened if it is [`FileState::Present`].
    pub fn entry(&self) -> Option<&Entry> {
        match &self.content {
            FileContent::Recorded(entry) => Some(entry),
            FileContent::Unknown { .. } => None,
        }
    }

    /// Whether the source records that it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.entry().is_some_and(|entry| entry.size_hint == Some(0))
    }

    /// Whether the bytes are there.
    pub fn state(&self) -> FileState {
        match &self.content {
            FileContent::Recorded(entry) => match entry.presence {
                crate::Presence::Present => FileState::Present,
                crate::Presence::Absent(Absence::InCloud) => FileState::OnlyInCloud,
                crate::Presence::Absent(_) => FileState::Missing,
            },
            FileContent::Unknown { in_cloud: true, .. } => FileState::OnlyInCloud,
            FileContent::Unknown { in_cloud: false, .. } => FileState::Missing,
        }
    }
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileContent {
    /// The source records this file. Its [`Entry::presence`] says whether the bytes are there.
    Recorded(Entry),
    /// The source has no such file, though the library speaks of it.
    Unknown {
        /// Where it would be.
        path: String,
        /// Whether the library says that it is in iCloud.
        in_cloud: bool,
    },
}

/// Whether the bytes of a file are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileState {
    /// The source holds them.
    Present,
    /// They are in iCloud and were not on the device.
    OnlyInCloud,
    /// They are not there, and nobody says why.
    Missing,
}

/// What a file is to its asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// As taken or imported: `IMG_0123.HEIC`.
    Original,
    /// The movement of a Live Photo: `IMG_0123.MOV`.
    LiveVideo,
    /// The raw picture beside a JPEG or HEIC: `IMG_0123.DNG`.
    AlternateRaw,
    /// The JPEG or HEIC beside a raw original.
    AlternateImage,
    /// The edited picture or video in full size.
    EditedFullSize,
    /// The movement of an edited Live Photo.
    EditedLiveVideo,
    /// What the edit does, for editors: `IMG_0123.AAE`, `Adjustments.plist`.
    Adjustment,
    /// A smaller copy, which stays on a device that keeps originals in iCloud.
    ReducedCopy,
    /// A thumbnail.
    Thumbnail,
    /// Something else that lies with the edits.
    Other,
}

impl Role {
    /// How many there are.
    pub(in crate::photos) const COUNT: usize = Self::Other as usize + 1;
}

/// What of an asset the source holds, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Availability {
    /// The original.
    Original,
    /// Not the original, but the edited picture in full size.
    EditedOnly,
    /// A smaller copy at best.
    ReducedOnly,
    /// A thumbnail at best.
    ThumbnailOnly,
    /// No picture of the whole, but something else of it: the movement of a Live Photo, the other picture of a pair.
    PartOnly,
    /// Nothing.
    Absent,
}
