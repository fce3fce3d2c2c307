//! Photos: the library of `Photos.sqlite` and the files of the camera roll.
//!
//! [`model`] is what every reader gives and every format is written from.

pub mod model;

pub use model::{
    Album, AlbumKind, Asset, AssetFile, Availability, Burst, Camera, Face, FileContent, FileState, Importer, Kind,
    Library, Place, Region, Role, Subkind, Zone,
};

/// The domain of the library and its files.
pub const DOMAIN: &str = "CameraRollDomain";

/// Where the database lies: domain and path.
pub const DATABASE: (&str, &str) = (DOMAIN, "Media/PhotoData/Photos.sqlite");
