//! The neutral model of a photo library: plain data, no rendering.
//!
//! An [`Asset`] is one photo or video as its owner sees it: a Live Photo, an edited photo and a pair of RAW and JPEG are
//! one asset with several [`AssetFile`]s. Everything that is not known is `None` or empty, never a made-up value.

use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::source::Entry;
use crate::time::AppleTime;

mod album;
mod detail;
mod file;
pub(super) mod zone;

pub use album::{Album, AlbumKind};
pub use detail::{Burst, Camera, Face, Frame, Importer, Place, Region};
pub use file::{AssetFile, Availability, FileContent, FileState, Resource, Role};
pub use zone::Zone;

/// A whole library, in memory: about a kilobyte for each asset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    /// Every asset, ordered by the moment taken and then by row number; those without a date come first.
    pub assets: Vec<Asset>,
    /// Every album that a person sees, ordered by folder path, title and row number.
    pub albums: Vec<Album>,
    /// The model number that the database names (`PLModelVersion`), for reports: nothing depends on it. `None` where
    /// the files alone were read.
    pub model_version: Option<i64>,
    /// Whether the files alone were read, for want of a database that could be.
    pub is_files_alone: bool,
    /// Files of the camera roll that no row of the database names, ordered by path.
    pub unindexed: Vec<Entry>,
}

impl Library {
    /// The album of this number.
    pub fn album(&self, id: i64) -> Option<&Album> {
        self.albums.iter().find(|album| album.id == id)
    }

    /// Takes what clocks showed at places whose zone nobody knows for times of `zone`.
    pub fn assume_zone(&mut self, zone: &TimeZone) {
        for asset in &mut self.assets {
            let moment = asset.clock.and_then(|clock| clock.to_zoned(zone.clone()).ok());
            asset.date = moment.and_then(|moment| AppleTime::from_timestamp(moment.timestamp())).or(asset.date);
        }
        self.assets.sort_by_key(|asset| (asset.date, asset.id));
    }
}

/// One photo or video.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asset {
    /// The row number in the database; for files alone, their position in the order of paths.
    pub id: i64,
    /// The identifier that stays the same across backups. Where the library gives none, the path of the file.
    pub uuid: String,
    /// Photo or video.
    pub kind: AssetKind,
    /// What else it is, in the order of [`Subkind`], each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subkinds: Vec<Subkind>,
    /// When it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<AppleTime>,
    /// Who says when it was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_source: Option<DateSource>,
    /// What a clock at the place showed, where nobody knows the zone of it: until [`Library::assume_zone`], `date` takes it for
    /// UTC.
    #[serde(skip)]
    pub clock: Option<DateTime>,
    /// The time zone of the place where it was taken.
    pub zone: Zone,
    /// When it came into the library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<AppleTime>,
    /// When the library last changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<AppleTime>,
    /// The name that the file had when it was taken or imported, such as `IMG_0123.HEIC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_name: Option<String>,
    /// The directory below `Media` on the device: `DCIM/100APPLE` or `PhotoData/CPLAssets/group7`.
    pub directory: String,
    /// The name of the file in that directory.
    pub filename: String,
    /// Apple's type identifier of the original, such as `public.heic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uti: Option<String>,
    /// Whether it is marked as a favourite.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_favorite: bool,
    /// Whether it is in the album "Hidden".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_hidden: bool,
    /// Whether it is in the album "Recently Deleted".
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_trashed: bool,
    /// When it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trashed: Option<AppleTime>,
    /// The series of shots that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<Burst>,
    /// Whether the library says that it was edited. Whether the edited picture is there, [`Asset::file`] tells.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_edited: bool,
    /// The app that edited it, by name or identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editor: Option<String>,
    /// Where it was taken.
    pub place: Place,
    /// The faces that the device found in it, those with a name and those without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faces: Vec<Face>,
    /// The keywords, in alphabetical order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The description for people who cannot see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility: Option<String>,
    /// The albums that it is in, by [`Album::id`], in the order of [`Library::albums`].
    #[serde(skip)]
    pub albums: Vec<i64>,
    /// Whether it belongs to a shared album rather than to the library itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_in_shared_album: bool,
    /// Whether it belongs to the shared library (iOS 16).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_in_shared_library: bool,
    /// The app that brought it in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importer: Option<Importer>,
    /// What took it.
    pub camera: Camera,
    /// Width and height in pixels, as shown: after edits and turned upright.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<(u32, u32)>,
    /// How the picture is to be turned, as in EXIF (1 to 8): the original, or the edited picture where it was edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<u8>,
    /// Width and height of the original in pixels, as stored, and how it is to be turned.
    pub original: Stored,
    /// Whether an edit cut, turned or mirrored the picture, so that places in it are others than in the original. `None`
    /// where nothing tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_reframed: Option<bool>,
    /// Length in seconds, of videos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// The size of the original in bytes, as the library recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_size: Option<u64>,
    /// Whether the library says that the original lies in iCloud.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_in_cloud: bool,
    /// What the still and the movement of a Live Photo share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_group: Option<String>,
    /// What the library says about the files of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// The files that belong to it, ordered by role and path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AssetFile>,
}

impl Asset {
    /// The name that people know it by: the original name, else that of the file on the device.
    pub fn name(&self) -> &str {
        self.original_name.as_deref().unwrap_or(&self.filename)
    }

    /// The first file of a role whose bytes the source holds.
    pub fn file(&self, role: Role) -> Option<&AssetFile> {
        self.files.iter().find(|file| file.role == role && file.state() == FileState::Present)
    }

    /// Whether a file of a role is known, wherever its bytes are.
    pub(super) fn has(&self, role: Role) -> bool {
        self.files.iter().any(|file| file.role == role)
    }

    /// Whether it is of this subkind.
    pub fn is(&self, subkind: Subkind) -> bool {
        self.subkinds.contains(&subkind)
    }

    /// The moment taken on a clock at that place; where the library does not know the place's zone, in `fallback`.
    pub fn taken(&self, fallback: &TimeZone) -> Option<Zoned> {
        Some(self.date?.timestamp()?.to_zoned(self.zone.time_zone().unwrap_or_else(|| fallback.clone())))
    }

    /// What of it the source holds, the best first. A file without bytes counts where there is nothing else, and only as the
    /// original that it may have been.
    pub fn availability(&self) -> Availability {
        let best = [
            (Role::Original, Availability::Original),
            (Role::EditedFullSize, Availability::EditedOnly),
            (Role::ReducedCopy, Availability::ReducedOnly),
            (Role::Thumbnail, Availability::ThumbnailOnly),
            (Role::AlternateImage, Availability::PartOnly),
            (Role::AlternateRaw, Availability::PartOnly),
            (Role::EditedLiveVideo, Availability::PartOnly),
            (Role::LiveVideo, Availability::PartOnly),
        ];
        let holds = |role: Role| {
            let mut files = self.files.iter().filter(|file| file.role == role && file.state() == FileState::Present);
            files.any(|file| !file.is_empty())
        };
        let found = best.into_iter().find(|(role, _)| holds(*role)).map(|(_, availability)| availability);
        found.unwrap_or(match self.file(Role::Original) {
            Some(_) => Availability::Original,
            None => Availability::Absent,
        })
    }

    /// What the library says about its file of a role.
    pub fn resource(&self, role: Role) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.role == role)
    }

    /// How long the library says that a file of it is, in bytes, where it is the only one of its role.
    pub fn recorded_size(&self, role: Role) -> Option<u64> {
        if self.files.iter().filter(|file| file.role == role).count() != 1 {
            return None;
        }
        let of_resource = || self.resource(role).filter(|resource| resource.is_here)?.bytes;
        self.original_size.filter(|_| role == Role::Original).or_else(of_resource)
    }

    /// The names of the people in it, each once, in alphabetical order.
    pub fn people(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.faces.iter().filter_map(|face| face.name.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Photo or video.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    /// A still picture, with or without a Live Photo's movement.
    #[default]
    Photo,
    /// A video.
    Video,
    /// A recording of sound (seen in libraries with synced media).
    Audio,
}

/// What else an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subkind {
    /// A Live Photo: a picture that moves.
    Live,
    /// A picture of the screen.
    Screenshot,
    /// A panorama.
    Panorama,
    /// One of a series of shots.
    Burst,
    /// A picture with a depth map ("Portrait").
    Portrait,
    /// A picture with a high dynamic range.
    Hdr,
    /// A picture or video for two eyes.
    Spatial,
    /// A picture in a raw format, alone or beside a JPEG or HEIC.
    Raw,
    /// An animated picture.
    Animated,
    /// A Live Photo that is shown as a loop, bounce or long exposure.
    Looping,
    /// A video in slow motion.
    SlowMotion,
    /// A time-lapse video.
    TimeLapse,
    /// A video of the screen.
    ScreenRecording,
}

impl Subkind {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Live,
        Self::Screenshot,
        Self::Panorama,
        Self::Burst,
        Self::Portrait,
        Self::Hdr,
        Self::Spatial,
        Self::Raw,
        Self::Animated,
        Self::Looping,
        Self::SlowMotion,
        Self::TimeLapse,
        Self::ScreenRecording,
    ];
}

/// Who says when an asset was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateSource {
    /// The library, or what the device noted about the file.
    Library,
    /// The EXIF data of the picture.
    Exif,
    /// The XMP packet of the picture.
    Xmp,
    /// The movie's own metadata or header.
    QuickTime,
    /// The file system: when the file was made or changed.
    File,
}

/// A picture as it is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    /// Width and height in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<(u32, u32)>,
    /// How it is to be turned, as in EXIF (1 to 8).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orientation: Option<u8>,
}

impl Stored {
    /// Width and height in pixels, upright.
    pub fn upright(self) -> Option<(u32, u32)> {
        let (width, height) = self.dimensions?;
        Some(if self.orientation? >= 5 { (height, width) } else { (width, height) })
    }
}
